import { createHmac, randomBytes } from 'node:crypto';
import type { FindingWhere, Gap, LocatedAt, RawFinding } from '../model/index.ts';
import { type CompiledRule, type Match, normaliseValue } from '../rules/index.ts';
import type { Engine } from './engine.ts';
import type { LearnedNames } from './learned-names.ts';
import type { LocatedPlaces } from './locators/index.ts';
import { maskedExcerpt } from './mask.ts';
import type { Prefilter } from './prefilter.ts';
import type { ViewScanner } from './view-scanner.ts';

/** Findings of one rule in one view of an entry that are listed one by one; from there on they are counted. */
const LISTED = 1000;
/** The same for tiers that hold no documented file (T2, T3): logs are full of addresses and names of hosts. */
const LISTED_IDENTIFIERS = 100;
/** Bytes that decoding may add to an entry: a fixed amount and a multiple of what was read. */
const DECODED_BASE = 64 * 1024 * 1024;
const DECODED_FACTOR = 8;

interface Mutable extends Omit<RawFinding, 'count' | 'evidence' | 'located'> {
  evidence: readonly string[];
  count?: number;
  located: LocatedAt[];
}

/** How many findings of a rule in a view are listed, and summaries of those beyond, by what matters for judging. */
export interface Tally {
  listed: number;
  readonly counted: Map<string, Mutable>;
}

const TEST_VALUE = { high: 'high test value', medium: 'medium test value', low: 'low test value' } as const;

/** Everything that scanning one entry yields: findings of all its views, gaps of the engine. */
export class EntryCollector {
  readonly #engine: Engine;
  readonly #where: FindingWhere;
  readonly #path: Uint8Array | null;
  readonly #key: Uint8Array | undefined;
  readonly #places: LocatedPlaces;
  readonly #names: LearnedNames | undefined;
  readonly #mostListed: number;
  readonly #mostIdentifiers: number;
  readonly #applies: Uint8Array;
  readonly #findings: Mutable[] = [];
  /** By name of the view, then by rule. */
  readonly #tallies = new Map<string, Tally[]>();
  readonly #gaps = new Map<string, Gap>();
  readonly #left: number[] = [];
  #budget = DECODED_BASE;
  /** What looks for anchors of rules that look at some files only; `null` if none looks at this one. */
  readonly particular: Prefilter | null;

  /** `path`: the entry's path within its container, for rules that look at some files only; `null` if unknown. */
  constructor(
    engine: Engine,
    where: FindingWhere,
    path: Uint8Array | null,
    key: Uint8Array | undefined,
    places: LocatedPlaces,
    { names, listed = LISTED }: { names?: LearnedNames | undefined; listed?: number } = {},
  ) {
    this.#names = names;
    this.#mostListed = listed;
    this.#mostIdentifiers = Math.min(listed, LISTED_IDENTIFIERS);
    this.#places = places;
    this.#engine = engine;
    this.#where = where;
    this.#path = path;
    this.#key = key;
    this.#applies = new Uint8Array(engine.rules.length);
    this.particular = engine.prefilterFor(path);
  }

  /** True if the rule looks at this entry. */
  wants(index: number): boolean {
    if (this.#applies[index] === 0) {
      const applies = this.#engine.rules[index]!.appliesTo(this.#path);
      this.#applies[index] = applies ? 1 : 2;
    }
    return this.#applies[index] === 1;
  }

  /** Bytes of the entry itself were read: more may be decoded from them. */
  earn(bytes: number): void {
    this.#budget += DECODED_FACTOR * bytes;
  }

  /** Asks leave to scan decoded bytes; without it there is a gap. */
  spend(bytes: number): boolean {
    this.#budget -= bytes;
    if (this.#budget >= 0) return true;
    this.gap({ code: 'over-budget', detail: 'encoded data nests or repeats beyond the budget of decoded views' });
    return false;
  }

  gap(gap: Gap): void {
    const key = `${gap.code} ${gap.detail}`;
    if (!this.#gaps.has(key)) this.#gaps.set(key, gap);
  }

  /** A compressed run is too large to be unpacked here; who takes archives out of texts may have opened it. */
  leave(offset: number): void {
    this.#left.push(offset);
  }

  /** Tallies of all views of one name, by rule. */
  talliesOf(view: string): Tally[] {
    let tallies = this.#tallies.get(view);
    if (!tallies) {
      tallies = [];
      this.#tallies.set(view, tallies);
    }
    return tallies;
  }

  found(scanner: ViewScanner, index: number, match: Match, end: number): void {
    const rule = this.#engine.rules[index]!;
    const assessed = this.#engine.assessor(index).assess(scanner.bytes, match, end);
    if (!assessed) return;
    const { value, confidence, testValue } = assessed;
    const { definition, id } = rule;
    if (definition.learn) this.#names?.add(rule, value);
    scanner.tallies[index] ??= { listed: 0, counted: new Map() };
    const tally = scanner.tallies[index];
    const kind = testValue ? TEST_VALUE[confidence] : confidence;
    const most = definition.tier === 'T0' || definition.tier === 'T1' ? this.#mostListed : this.#mostIdentifiers;
    if (tally.listed >= most) {
      const summary = tally.counted.get(kind);
      if (summary) {
        summary.count = (summary.count ?? 1) + 1;
        return;
      }
    }
    const begin = scanner.base + match.valueBegin;
    const { offset, length, line, column } = scanner.locate(begin, scanner.base + match.valueEnd);
    const finding: Mutable = {
      rule: id,
      class: definition.class,
      tier: definition.tier,
      severity: definition.severity,
      confidence,
      testValue,
      at: { offset, line, column, length, view: scanner.name, where: this.#where },
      excerpt: maskedExcerpt(value, definition.tier),
      ...(this.#key && { fingerprint: fingerprint(this.#key, rule, value) }),
      evidence: assessed.evidence(),
      located: [],
      ...(definition.tier === 'T1' && { valueId: valueId(value) }),
    };
    this.#findings.push(finding);
    if (tally.listed < most) {
      tally.listed++;
    } else {
      tally.counted.set(kind, finding);
      finding.count = 1;
      finding.evidence = [
        ...finding.evidence,
        `stands for all further matches: only the first ${most} are listed one by one`,
      ];
    }
  }

  /**
   * Findings by offset, then rule; what a rule found at the same bytes in several views only in the plainest. `opened`:
   * offsets of runs that are entries of their own.
   */
  finish(opened?: ReadonlySet<number>): { findings: RawFinding[]; gaps: Gap[] } {
    const offset = this.#left.find((run) => !opened?.has(run));
    if (offset !== undefined) {
      this.gap({ code: 'over-budget', detail: 'gzip data in base64 is too large to unpack', offset });
    }
    const plainest = new Map<string, string>();
    for (const { rule, at } of this.#findings) {
      const key = `${rule} ${at.offset} ${at.length}`;
      const other = plainest.get(key);
      if (other === undefined || compareViews(at.view, other) < 0) plainest.set(key, at.view);
    }
    const findings = this.#findings.filter(
      ({ count, rule, at }) => count !== undefined || plainest.get(`${rule} ${at.offset} ${at.length}`) === at.view,
    );
    findings.sort(byPlace);
    // What is only counted lies in many places: it is located nowhere.
    this.#places.annotate(findings.filter(({ count }) => count === undefined));
    return { findings, gaps: [...this.#gaps.values()] };
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** By offset, then rule: the order of a result. */
export function byPlace(left: RawFinding, right: RawFinding): number {
  return (
    left.at.offset - right.at.offset ||
    compare(left.rule, right.rule) ||
    left.at.length - right.at.length ||
    compareViews(left.at.view, right.at.view)
  );
}

/** Fewer decodings first. */
function compareViews(left: string, right: string): number {
  return left.split('>').length - right.split('>').length || rank(left) - rank(right) || compare(left, right);
}

function rank(view: string): number {
  return view === 'utf-8' ? 0 : 1;
}

const runKey = randomBytes(32);

/** Says within this process, and nowhere else, that two values are equal; only T1 may be disclosed, so only T1 asks. */
function valueId(value: string): string {
  return createHmac('sha256', runKey).update(normaliseValue(value), 'latin1').digest('base64url').slice(0, 22);
}

/** HMAC-SHA-256 (RFC 2104) cut to 96 bits: without the key, a short value cannot be found by trying all. */
function fingerprint(key: Uint8Array, rule: CompiledRule, value: string): string {
  const plain = rule.definition.class.startsWith('secret.') ? value : normaliseValue(value);
  return createHmac('sha256', key).update(`${rule.id}\0${plain}`, 'latin1').digest('hex').slice(0, 24);
}
