import type { RuleSet } from '../rules/index.ts';
import { PlainPrefilter } from './plain-prefilter.ts';
import { type Prefilter, prepareAnchors } from './prefilter.ts';
import { StartWindows } from './start-windows.ts';

/** What scanning one rule set needs, prepared once and shared by all views of all entries. */
export interface Engine {
  readonly rules: RuleSet['rules'];
  readonly prefilter: Prefilter;
  readonly windows: StartWindows;
  /** Indexes of rules that look at a fixed place. */
  readonly magics: readonly number[];
}

const prepared = new WeakMap<RuleSet, Engine>();

export function engineFor(ruleSet: RuleSet): Engine {
  let engine = prepared.get(ruleSet);
  if (!engine) {
    const { rules } = ruleSet;
    engine = {
      rules,
      prefilter: new PlainPrefilter(prepareAnchors(rules)),
      windows: new StartWindows(rules.length),
      magics: rules.flatMap((rule, index) => (rule.magic ? [index] : [])),
    };
    prepared.set(ruleSet, engine);
  }
  return engine;
}
