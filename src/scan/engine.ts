import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RuleSet } from '../rules/index.ts';
import { PlainPrefilter } from './plain-prefilter.ts';
import { type Prefilter, type PreparedAnchors, prepareAnchors } from './prefilter.ts';
import { StartWindows } from './start-windows.ts';
import { KERNEL, WasmPrefilter } from './wasm-prefilter.ts';

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
      prefilter: prefilterFor(prepareAnchors(rules)),
      windows: new StartWindows(rules.length),
      magics: rules.flatMap((rule, index) => (rule.magic ? [index] : [])),
    };
    prepared.set(ruleSet, engine);
  }
  return engine;
}

/** Without WebAssembly (`--jitless`, an exotic processor) the same tables run on typed arrays. */
function prefilterFor(anchors: PreparedAnchors): Prefilter {
  try {
    return new WasmPrefilter(anchors);
  } catch {
    return new PlainPrefilter(anchors);
  }
}

/** What searched: SHA-256 of the committed kernel, lower-case hex. Both prefilters are held to the same findings. */
export function engineIdentity(): string {
  return createHash('sha256').update(readFileSync(KERNEL)).digest('hex');
}
