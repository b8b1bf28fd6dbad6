import type { Confidence, Locator, Severity, Tier } from '../model/index.ts';

/** A rule pack as it stands in a file; built-in packs and customers' packs alike (`schemas/rule-pack.schema.json`). */
export interface RulePack {
  /** kebab-case; a finding's rule is `<pack id>/<rule id>` */
  readonly id: string;
  /** semver */
  readonly version: string;
  readonly title: string;
  readonly rules: readonly RuleDefinition[];
}

export interface RuleDefinition {
  readonly id: string;
  /** Open dotted word: `secret.cloud-token`, `pii.email` ... */
  readonly class: string;
  readonly title: string;
  readonly tier: Tier;
  readonly severity: Severity;
  readonly match: RuleMatch;
  /** At least one must occur near a match; derived from the pattern where absent. Case-insensitive. */
  readonly keywords?: readonly string[];
  /** All must accept the captured value. */
  readonly validators?: readonly ValidatorCall[];
  /** None need accept the value; one that does boosts the confidence and is named in the evidence. */
  readonly confirm?: readonly ValidatorCall[];
  readonly context?: RuleContext;
  /** Glob patterns over the entry's path within its container; `*` never crosses `/`, `**` does. */
  readonly files?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  /** `base` without context, `boosted` when a boost word or a required locator was seen. Defaults: medium, high. */
  readonly confidence?: { readonly base?: Confidence; readonly boosted?: Confidence };
  /** Values are names: other entries are swept for them (`net.*` only). */
  readonly learn?: true;
  /** Published sample values; found, shown as `test-value`, never held. Compared exactly, then normalised. */
  readonly testValues?: readonly string[];
  readonly examples: RuleExamples;
  readonly references?: readonly string[];
}

export type RuleMatch =
  /** Pattern of the documented linear-time subset; `group` holds the value (default 0, the whole match). */
  | { readonly regex: { readonly pattern: string; readonly group?: number; readonly ignoreCase?: boolean } }
  | { readonly literal: { readonly values: readonly string[]; readonly ignoreCase?: boolean } }
  /** The text at a structural place; `pattern` must match all of it where given. */
  | { readonly locator: Locator & { readonly pattern?: string } }
  /** Bytes at a fixed offset of the entry: a file type by its magic. */
  | { readonly magic: { readonly offset: number; readonly hex: string } }
  /** A built-in recogniser of a structure that no pattern describes well. */
  | { readonly parser: ParserName };

export type ParserName = 'pem' | 'jwt' | 'mrz' | 'keytab' | 'pkcs12' | 'jks' | 'table' | 'phone' | 'card';

export interface ValidatorCall {
  readonly name: string;
  readonly [argument: string]: unknown;
}

export interface RuleContext {
  /** Words of which at least one must stand within `window`; whole words, case-insensitive. */
  readonly require?: readonly string[];
  readonly boost?: readonly string[];
  /** Words that make the match no finding. */
  readonly suppress?: readonly string[];
  /** Bytes before and after the match; default 30, at most 256. */
  readonly window?: number;
}

/** Texts in which the rule must find something, and texts in which it must not. At least two each. */
export interface RuleExamples {
  readonly positive: readonly RuleExample[];
  readonly negative: readonly RuleExample[];
}

/** A text; or a text with a name, or bytes, where the rule looks at those. */
export type RuleExample = string | { readonly text?: string; readonly base64?: string; readonly name?: string };
