import { parse, TomlError } from 'smol-toml';
import type { Problem } from '../catalog/index.ts';
import { DataError } from '../model/index.ts';
import { compileRule } from './compile-rule.ts';
import type { RuleDefinition, RulePack, ValidatorCall } from './pack.ts';
import { everywhere } from './pattern/index.ts';
import { samplePattern, seededBelow } from './pattern-sample.ts';
import type { CompiledRule } from './rule.ts';

/** What became of one thing in the imported file. */
export interface ImportNote {
  /** Rule id, or `config` for what stands outside of rules. */
  readonly rule: string;
  readonly kind: 'dropped' | 'changed';
  readonly message: string;
}

export interface ImportedPack {
  readonly pack: RulePack;
  readonly notes: readonly ImportNote[];
}

/** The parts of a gitleaks 8 configuration that are read; all else is named in a note. */
interface GitleaksRule {
  readonly id?: string;
  readonly description?: string;
  readonly regex?: string;
  readonly path?: string;
  readonly secretGroup?: number;
  readonly entropy?: number;
  readonly keywords?: readonly string[];
  readonly allowlist?: GitleaksAllowlist;
  readonly allowlists?: readonly GitleaksAllowlist[];
  readonly required?: readonly object[];
}

interface GitleaksAllowlist {
  readonly paths?: readonly string[];
  readonly commits?: readonly string[];
  readonly stopwords?: readonly string[];
  readonly regexes?: readonly string[];
  readonly regexTarget?: string;
}

/**
 * A customer's gitleaks configuration (TOML) as a rule pack: patterns, entropy, keywords and secret groups are taken
 * over; whatever would hide content is dropped, and named. Examples are made from the patterns and checked.
 * @throws DataError if the file is not TOML or holds no rule that can be used
 */
export function importGitleaks(text: string, file: string, id: string): ImportedPack {
  const config = readToml(text, file);
  const notes: ImportNote[] = [];
  const rules: RuleDefinition[] = [];
  const taken = new Set<string>();
  if (config.extend)
    dropped(notes, 'config', 'extend: other configurations are not followed; import them by themselves');
  for (const list of listsOf(config)) dropAllowlist(notes, 'config', list);
  for (const [index, source] of (config.rules ?? []).entries()) {
    const name = slug(source.id ?? source.description ?? `rule-${index + 1}`);
    if (taken.has(name)) {
      dropped(notes, name, 'a second rule of this id');
      continue;
    }
    const rule = convert(source, name, notes);
    if (rule === undefined) continue;
    taken.add(name);
    rules.push(rule);
  }
  if (rules.length === 0) {
    throw new DataError(`${file} holds no rule that can be used`, [
      ...notes.map(({ rule, message }) => ({ file, message: `${rule}: ${message}` })),
      ...(notes.length === 0 ? [{ file, message: 'no [[rules]]' }] : []),
    ]);
  }
  return { pack: { id, version: '1.0.0', title: `Imported from a gitleaks configuration`, rules }, notes };
}

interface GitleaksConfig {
  readonly extend?: object;
  readonly allowlist?: GitleaksAllowlist;
  readonly allowlists?: readonly GitleaksAllowlist[];
  readonly rules?: readonly GitleaksRule[];
}

function readToml(text: string, file: string): GitleaksConfig {
  try {
    return parse(text) as GitleaksConfig;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = error.message.split('\n')[0]!;
    throw new DataError(`${file} is not valid TOML`, [{ file, line: error.line, column: error.column, message }]);
  }
}

function convert(source: GitleaksRule, id: string, notes: ImportNote[]): RuleDefinition | undefined {
  if (source.regex === undefined) {
    dropped(notes, id, 'looks at paths only: an inventory says which files are documented');
    return undefined;
  }
  if (source.path !== undefined) changed(notes, id, 'path: the rule now looks at every file');
  if (source.required !== undefined)
    changed(notes, id, 'required: the rule no longer waits for the other rules it names');
  for (const list of listsOf(source)) dropAllowlist(notes, id, list);
  const validators: ValidatorCall[] = source.entropy === undefined ? [] : [{ name: 'entropy', min: source.entropy }];
  const keywords = source.keywords?.filter((word) => word !== '') ?? [];
  const draft = (group: number, examples: RuleDefinition['examples']): RuleDefinition => ({
    id,
    class: 'secret.imported',
    title: (source.description ?? id).slice(0, 200),
    tier: 'T0',
    severity: 'high',
    match: { regex: { pattern: source.regex!, ...(group > 0 && { group }) } },
    ...(keywords.length > 0 && { keywords }),
    ...(validators.length > 0 && { validators }),
    examples,
  });
  // Without a secret group, gitleaks takes the first group that holds something.
  const none = { positive: [], negative: [] };
  const problems: Problem[] = [];
  const group = source.secretGroup ?? 1;
  let compiled = compileRule('import', draft(group, none), '', problems);
  let used = group;
  if (compiled === undefined && group > 0) {
    problems.length = 0;
    used = 0;
    compiled = compileRule('import', draft(0, none), '', problems);
  }
  if (compiled === undefined) {
    dropped(notes, id, problems.map(({ message }) => message).join('; '));
    return undefined;
  }
  const examples = makeExamples(compiled, keywords);
  if (examples === undefined) {
    dropped(notes, id, 'no text could be made that the rule finds, so nothing shows that it works');
    return undefined;
  }
  return draft(used, examples);
}

/** Two texts that the rule finds, made from its pattern, and the same two cut in half. */
function makeExamples(rule: CompiledRule, keywords: readonly string[]): RuleDefinition['examples'] | undefined {
  const below = seededBelow(1);
  const positive = new Set<string>();
  for (let attempt = 0; attempt < 400 && positive.size < 2; attempt++) {
    const core = samplePattern(rule.matcher!.node, below);
    const named = keywords.length === 0 || keywords.some((word) => core.toLowerCase().includes(word.toLowerCase()));
    const text = named ? core : `${keywords[0]} ${core}`;
    if (/^[\t\n\r\x20-\x7e]+$/.test(text) && finds(rule, text)) positive.add(text);
  }
  if (positive.size < 2) return undefined;
  const negative = [...positive].map((text) => text.slice(0, text.length / 2)).filter((text) => !finds(rule, text));
  return { positive: [...positive], negative: [...negative, 'nothing of this kind', 'some other text'].slice(0, 2) };
}

function finds(rule: CompiledRule, text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  const match = { begin: 0, end: 0, valueBegin: 0, valueEnd: 0 };
  if (!rule.matcher!.find({ bytes, begin: 0, end: bytes.length }, everywhere(0, bytes.length), 0, match)) return false;
  const value = text.slice(match.valueBegin, match.valueEnd);
  return rule.validators.every(({ validator, args }) => validator.check(value, args) !== 'invalid');
}

const listsOf = ({
  allowlist,
  allowlists = [],
}: Pick<GitleaksRule, 'allowlist' | 'allowlists'>): GitleaksAllowlist[] =>
  allowlist === undefined ? [...allowlists] : [allowlist, ...allowlists];

function dropAllowlist(notes: ImportNote[], rule: string, list: GitleaksAllowlist): void {
  const count = (items: readonly string[] | undefined, what: string, why: string) => {
    if (items !== undefined && items.length > 0) dropped(notes, rule, `allowlist: ${items.length} ${what}: ${why}`);
  };
  count(list.paths, 'paths', 'they would hide files from the scan');
  count(list.commits, 'commits', 'a payload has none');
  count(list.stopwords, 'stop words', 'they would hide findings without a reason; use a waiver');
  count(list.regexes, 'patterns', 'they would hide findings without a reason; use a waiver');
}

function dropped(notes: ImportNote[], rule: string, message: string): void {
  notes.push({ rule, kind: 'dropped', message });
}

function changed(notes: ImportNote[], rule: string, message: string): void {
  notes.push({ rule, kind: 'changed', message });
}

function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['rule'];
  return words.join('-').slice(0, 80).replace(/-$/, '');
}
