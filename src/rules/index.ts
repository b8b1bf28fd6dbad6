/** Rule packs -> compiled rules; the closed list of validators. */
export { DEAR_COST } from './compile-rule.ts';
export { type ImportedPack, type ImportNote, importGitleaks } from './import-gitleaks.ts';
export { MAX_MATCH, type Match, Matcher } from './matcher.ts';
export { Memory } from './memory.ts';
export { type KnownName, nameRules } from './name-rules.ts';
export type * from './pack.ts';
export {
  type Anchor,
  BYTE_SHARES,
  type ByteSet,
  latin1,
  likelihood,
  numberOf,
  PREFIX_BYTES,
  type Prefix,
  type Starts,
  type Text,
} from './pattern/index.ts';
export { AROUND, type Surroundings } from './recognisers/index.ts';
export { type CompiledRule, foldAscii, KEYWORD_WINDOW, type Magic, normaliseValue } from './rule.ts';
export { type LoadedPack, loadRulePacks, type RuleSet, readPack } from './rule-set.ts';
export type { Validator, ValidatorAnswer } from './validators/index.ts';
