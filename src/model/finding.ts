import type { EntryHead, EntryTail, FindingWhere, Gap } from './entry.ts';

/** T0 never allowable (credentials, keys, cards, ids), T1 only at a locator, T2 per file, T3 informational. */
export type Tier = 'T0' | 'T1' | 'T2' | 'T3';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Confidence = 'high' | 'medium' | 'low';

/** What a finding means for the payload; only `client-data` and `undocumented` count against it. */
export type FindingState =
  | 'client-data'
  | 'undocumented'
  | 'disclosed-as-documented'
  | 'environment-identifier'
  | 'test-value'
  | 'suppressed';

/** Where a finding lies: byte offset in the entry (from 0), line and column (from 1), length in bytes of the entry. */
export interface FindingPlace {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The byte view it was seen in: `utf-8`, `utf-16le`, `ebcdic-037`, `base64>utf-8` ... outermost first. */
  readonly view: string;
  readonly where: FindingWhere;
}

/** A structural place that holds a finding: which of the asked-for locators, and a digest of the element instance. */
export interface LocatedAt {
  readonly locator: string;
  /** Same text of the located element, same instance; used to count distinct contacts. Never leaves the process. */
  readonly instance: string;
}

/** A finding as the engine makes it, before inventory and policy say what it means. The value is masked already. */
export interface RawFinding {
  /** `<pack id>/<rule id>` */
  readonly rule: string;
  /** Entity class, dotted: `secret.cloud-token`, `pii.email`, `net.ipv4`, `content.database`. */
  readonly class: string;
  readonly tier: Tier;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly testValue: boolean;
  readonly at: FindingPlace;
  /** Masked; never holds the matched value. */
  readonly excerpt: string;
  /** HMAC-SHA-256 of rule and normalised value, 24 hex digits; absent without a key. */
  readonly fingerprint?: string;
  /** The steps that led to the confidence, in order. */
  readonly evidence: readonly string[];
  /** How often, where the engine switched to counting with samples; absent means once. */
  readonly count?: number;
  readonly located: readonly LocatedAt[];
  /** Equal for equal values of one class within one run, under a key drawn for the run; never leaves the process. */
  readonly valueId?: string;
}

/** An entry once it was unpacked and scanned: everything that judging needs, nothing of its bytes. */
export interface Scanned {
  readonly entry: EntryHead;
  readonly tail: EntryTail;
  /** Of content, name, link target; in order of view-independent offset, then rule id. */
  readonly findings: readonly RawFinding[];
  /** What the engine itself could not do (a budget, a broken locator document). */
  readonly gaps: readonly Gap[];
}

/** A finding in a result. */
export interface Finding extends Omit<RawFinding, 'testValue' | 'located' | 'valueId'> {
  readonly state: FindingState;
  /** The disclosure or waiver that explains the state. */
  readonly by?: string;
}

/** A structural place in a text: what a rule may demand and a disclosure may allow. */
export type Locator =
  | { readonly xml: { readonly element: string; readonly attribute?: string } }
  | { readonly json: { readonly path: string } }
  | { readonly key: { readonly name: string; readonly record?: string } }
  | { readonly column: { readonly name: string } };
