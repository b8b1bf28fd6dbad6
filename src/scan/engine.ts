import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CompiledRule, RuleSet } from '../rules/index.ts';
import { Assessor } from './assess.ts';
import { readTables } from './kept-tables.ts';
import { layTables } from './kernel-tables.ts';
import { PlainPrefilter } from './plain-prefilter.ts';
import { type Prefilter, prepareAnchors } from './prefilter.ts';
import { StartWindows } from './start-windows.ts';
import { KERNEL, WasmPrefilter } from './wasm-prefilter.ts';

/** What scanning one rule set needs, prepared once and shared by all views of all entries. */
export interface Engine {
  readonly rules: RuleSet['rules'];
  /** What looks for the anchors of all rules that look at any file. */
  readonly prefilter: Prefilter;
  /** The same for those rules that look at some files only, as far as they look at this one; `null` if none does. */
  prefilterFor(path: Uint8Array | null): Prefilter | null;
  readonly windows: StartWindows;
  /** What puts matches of the rule of this index to its tests. */
  assessor(index: number): Assessor;
  /** Indexes of rules that look at a fixed place. */
  readonly magics: readonly number[];
}

/** Prefilters for some files that are kept: payloads hold few kinds of them. */
const MAX_KEPT = 8;

const prepared = new WeakMap<RuleSet, Engine>();

export function engineFor(ruleSet: RuleSet): Engine {
  let engine = prepared.get(ruleSet);
  if (!engine) {
    engine = prepare(ruleSet);
    prepared.set(ruleSet, engine);
  }
  return engine;
}

function prepare(ruleSet: RuleSet): Engine {
  const { rules } = ruleSet;
  const assessors: Assessor[] = [];
  const kept = new Map<string, Prefilter>();
  const particular = rules.flatMap((rule, index) => (looksAtSome(rule) && !rule.magic ? [index] : []));
  const prefilterFor = (path: Uint8Array | null): Prefilter | null => {
    const looking = particular.filter((index) => rules[index]!.appliesTo(path));
    if (looking.length === 0) return null;
    const key = looking.join();
    let prefilter = kept.get(key);
    if (!prefilter) {
      if (kept.size === MAX_KEPT) kept.clear();
      prefilter = quickest(ruleSet, looking);
      kept.set(key, prefilter);
    }
    return prefilter;
  };
  let last: { readonly path: Uint8Array; readonly prefilter: Prefilter | null } | undefined;
  return {
    rules,
    prefilter: quickest(ruleSet, generalRules(ruleSet)),
    prefilterFor(path) {
      if (path === null) return prefilterFor(null);
      // Name, link target and content of an entry ask one after the other.
      if (!last || Buffer.compare(path, last.path) !== 0) last = { path, prefilter: prefilterFor(path) };
      return last.prefilter;
    },
    windows: new StartWindows(rules.length),
    assessor: (index) => {
      assessors[index] ??= new Assessor(rules[index]!);
      return assessors[index];
    },
    magics: rules.flatMap((rule, index) => (rule.magic ? [index] : [])),
  };
}

function looksAtSome({ definition }: CompiledRule): boolean {
  return (definition.files?.include?.length ?? 0) > 0;
}

/** Indexes of the rules that look at every file. */
export function generalRules({ rules }: RuleSet): number[] {
  return rules.flatMap((rule, index) => (looksAtSome(rule) ? [] : [index]));
}

/** Without WebAssembly (`--jitless`, an exotic processor) the same tables run on typed arrays. */
function quickest(ruleSet: RuleSet, among: readonly number[]): Prefilter {
  const { rules } = ruleSet;
  const chosen = new Set(among);
  const anchors = () => prepareAnchors(rules, (index) => chosen.has(index));
  try {
    return new WasmPrefilter(readTables(ruleSet, among) ?? layTables(anchors(), rules.length), rules.length);
  } catch {
    return new PlainPrefilter(anchors());
  }
}

/** What searched: SHA-256 of the committed kernel, lower-case hex. Both prefilters are held to the same findings. */
export function engineIdentity(): string {
  return createHash('sha256').update(readFileSync(KERNEL)).digest('hex');
}
