import type { Confidence } from '../model/index.ts';
import type { Matcher } from './matcher.ts';
import type { RuleDefinition } from './pack.ts';
import type { AnchorSet } from './pattern/index.ts';
import type { Recogniser } from './recognisers/index.ts';
import type { Validator } from './validators/index.ts';

/** Distance in bytes within which a keyword of a rule must stand, before or after the match. */
export const KEYWORD_WINDOW = 256;
export const DEFAULT_CONTEXT_WINDOW = 30;

/** A rule that is ready to run. */
export interface CompiledRule {
  /** `<pack id>/<rule id>` */
  readonly id: string;
  readonly definition: RuleDefinition;
  /** Absent for a magic, which looks at one place only. */
  readonly matcher?: Matcher;
  readonly magic?: Magic;
  /** What every match has near it, and where a match may begin from there; empty for a magic. */
  readonly anchors: AnchorSet;
  /** Where the anchors come from. */
  readonly anchoredBy: 'pattern' | 'keywords' | 'context' | 'offset';
  /** What a pattern cannot say of the match. */
  readonly recogniser?: Recogniser;
  readonly validators: readonly BoundValidator[];
  readonly confirm: readonly BoundValidator[];
  /** Lower case, ASCII folded; latin1 chars. */
  readonly keywords: readonly string[];
  readonly context: { readonly window: number } & Readonly<Record<'require' | 'boost' | 'suppress', readonly string[]>>;
  readonly base: Confidence;
  readonly boosted: Confidence;
  readonly testValues: ReadonlySet<string>;
  /** True if the rule looks at an entry of this path (bytes, within its container); `null` if it has none. */
  readonly appliesTo: (path: Uint8Array | null) => boolean;
}

export interface Magic {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** 1 where the byte counts. */
  readonly mask: Uint8Array;
}

export interface BoundValidator {
  readonly validator: Validator;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Text of a pack as the engine compares it: UTF-8 bytes as latin1 chars. */
export function latin1OfUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** ASCII letters to lower case; nothing else is touched. */
export function foldAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

/** The form of a value that two spellings of it share: no spaces, dashes or letter case. */
export function normaliseValue(value: string): string {
  return foldAscii(value.replace(/[\s-]+/g, ''));
}
