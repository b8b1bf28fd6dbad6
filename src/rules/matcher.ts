import { Memory } from './memory.ts';
import {
  Backtracker,
  compileProgram,
  type FoundEnd,
  LazyDfa,
  latin1,
  Openers,
  PatternError,
  type PatternNode,
  Pike,
  type Prefix,
  type Program,
  parsePattern,
  placesOf,
  prefixesOf,
  rangeFrom,
  type Span,
  type Starts,
  spanOf,
  type Text,
} from './pattern/index.ts';

/**
 * Longest match in bytes. A longer one is found only if it also holds when it begins later or ends earlier; a pattern
 * with open repeats is cut by it.
 */
export const MAX_MATCH = 4096;

/** Most places of one pattern at which it consumes a byte, bounded repeats written out. */
const MAX_PLACES = 8192;

/** States thrown away this often, an automaton is given up. */
const MAX_FLUSHES = 2;

/** Steps for each byte of a stretch after which it is not asked any more which of many starts is a match's. */
const TRIES = 4;
const ONE: Starts = { pairs: new Int32Array(2), count: 1 };

/** Longest match whose value is remembered. */
const MAX_KEY = 256;

/** A match: the whole and the value in it, as indexes into the text. */
export interface Match {
  begin: number;
  end: number;
  valueBegin: number;
  valueEnd: number;
}

/** A compiled pattern: finds the next match, knows where its value lies. Not re-entrant, and none is needed. */
export class Matcher {
  readonly node: PatternNode;
  readonly span: Span;
  /** No match is longer than this. */
  readonly reach: number;
  readonly group: number;
  readonly #groups: number;
  /** The value is all of the match. */
  readonly #whole: boolean;
  /** Made when the rule is first tried: most never are. */
  #program: Program | undefined;
  #openers: Openers | undefined;
  #dfa: LazyDfa | undefined;
  #backtracker: Backtracker | undefined;
  #pike: Pike | undefined;
  /** Matched bytes and those beside them -> where the value begins and ends in them: logs say the same again and again. */
  readonly #places = new Memory<number>();
  readonly #found: FoundEnd = { end: 0, from: 0 };
  readonly #tried: FoundEnd = { end: 0, from: 0 };

  /** @throws PatternError if the pattern is too large */
  constructor(node: PatternNode, groups: number, group: number) {
    if (placesOf(node) > MAX_PLACES) {
      throw new PatternError(`the pattern needs more than ${MAX_PLACES} states; lower its repeats`, 0);
    }
    this.node = node;
    this.span = spanOf(node);
    this.reach = Math.min(this.span.max, MAX_MATCH);
    this.group = group;
    this.#groups = groups;
    this.#whole = group === 0 || isAll(node, group);
  }

  static parse(pattern: string, group = 0, ignoreCase = false): Matcher {
    const { node, groups } = parsePattern(pattern, ignoreCase);
    return new Matcher(node, groups, group);
  }

  /** Automaton steps so far. */
  get steps(): number {
    return [this.#openers, this.#dfa, this.#backtracker, this.#pike].reduce((sum, part) => sum + (part?.steps ?? 0), 0);
  }

  /** All ways in which a match can begin; `null` if that is not known. */
  prefixes(): readonly Prefix[] | null {
    this.#program ??= compileProgram(this.node, this.#groups);
    return prefixesOf(this.#program);
  }

  /** Those of `starts` at which a match may begin, by a look at three bytes; they hold until the next call. */
  narrow(text: Text, starts: Starts): Starts {
    this.#program ??= compileProgram(this.node, this.#groups);
    this.#openers ??= new Openers(this.#program);
    return this.#openers.narrow(text, starts);
  }

  /** Writes the leftmost match that starts in `starts` at or after `from` into `match`. */
  find(text: Text, starts: Starts, from: number, match: Match): boolean {
    this.#program ??= compileProgram(this.node, this.#groups);
    this.#dfa ??= new LazyDfa(this.#program);
    if (this.#dfa.flushes >= MAX_FLUSHES && this.span.max <= MAX_MATCH) {
      this.#backtracker ??= new Backtracker(this.#program);
      if (this.#backtracker.room > this.reach) return this.#findDirectly(this.#backtracker, text, starts, from, match);
    }
    for (let at = from; this.#dfa.find(text, starts, at, this.reach, this.#found); at = this.#found.end) {
      const { end } = this.#found;
      if (this.#whole && this.span.min === this.span.max) {
        match.begin = match.valueBegin = end - this.span.min;
        match.end = match.valueEnd = end;
        return true;
      }
      const begin = this.#beginOf(text, starts, end);
      if (begin >= 0) {
        match.begin = match.valueBegin = begin;
        match.end = match.valueEnd = end;
        if (this.#whole || this.#remembered(text, match)) return true;
      }
      const slots = this.#capture(text, starts, Math.max(this.#found.from, end - this.reach), end);
      if (!slots) continue;
      this.#report(slots, match);
      if (begin >= 0) this.#remember(text, match);
      return true;
    }
    return false;
  }

  /**
   * The same without the automaton, which would have too many states (several counted repeats side by side): the starts
   * of one stretch after the other are tried, no place twice by the same instruction. No match is longer than `reach`.
   */
  #findDirectly(backtracker: Backtracker, text: Text, starts: Starts, from: number, match: Match): boolean {
    const { pairs, count } = starts;
    const stretch = Math.min(backtracker.room - this.reach, this.reach);
    let range = rangeFrom(starts, from);
    for (let at = from; range < count; ) {
      const low = Math.max(at, pairs[2 * range]!);
      while (range < count && pairs[2 * range]! < low + stretch) range++;
      const high = Math.min(pairs[2 * range - 1]!, low + stretch - 1);
      if (backtracker.find(text, starts, low, Math.min(text.end, high + this.reach), high)) {
        this.#report(backtracker.slots, match);
        return true;
      }
      at = high + 1;
      if (pairs[2 * range - 1]! > high) range--;
    }
    return false;
  }

  /**
   * Where the match that was found to end at `end` begins: at the only start that is possible, or else the first from
   * which the automaton alone comes to it. -1 if that took more steps than a few for each byte.
   */
  #beginOf(text: Text, starts: Starts, end: number): number {
    const { pairs, count } = starts;
    const { from } = this.#found;
    const last = end - this.span.min;
    const dfa = this.#dfa!;
    const most = dfa.steps + TRIES * (end - from);
    const first = rangeFrom(starts, from);
    if (first === count || end - Math.max(from, pairs[2 * first]!) > this.reach) return -1;
    for (let range = first; range < count && pairs[2 * range]! <= last; range++) {
      const high = Math.min(last, pairs[2 * range + 1]!);
      for (let at = Math.max(from, pairs[2 * range]!); at <= high; at++) {
        const isOnly = at === high && (range + 1 === count || pairs[2 * range + 2]! > last);
        if (isOnly) return at;
        ONE.pairs.fill(at);
        if (dfa.find(text, ONE, at, this.reach, this.#tried)) return this.#tried.end === end ? at : -1;
        if (dfa.steps > most) return -1;
      }
    }
    return -1;
  }

  /** Writes where the value lies in a match whose bytes, and those beside it, were met before. */
  #remembered(text: Text, match: Match): boolean {
    const key = this.#places.useful ? keyOf(text, match) : null;
    const place = key === null ? undefined : this.#places.get(key);
    if (place === undefined) return false;
    match.valueBegin = match.begin + (place >> 13);
    match.valueEnd = match.begin + (place & 8191);
    return true;
  }

  #remember(text: Text, match: Match): void {
    const key = this.#places.useful ? keyOf(text, match) : null;
    if (key === null) return;
    this.#places.set(key, ((match.valueBegin - match.begin) << 13) | (match.valueEnd - match.begin));
  }

  #report(slots: Int32Array, match: Match): void {
    match.begin = slots[0]!;
    match.end = slots[1]!;
    match.valueBegin = slots[2 * this.group]!;
    match.valueEnd = slots[2 * this.group + 1]!;
    // A group that took no part in this match: the whole match is the value.
    if (match.valueBegin < 0 || match.valueEnd <= match.valueBegin) {
      match.valueBegin = match.begin;
      match.valueEnd = match.end;
    }
  }

  /** Begin, end and groups of the match that ends at `last`. */
  #capture(text: Text, starts: Starts, from: number, last: number): Int32Array | null {
    this.#backtracker ??= new Backtracker(this.#program!);
    if (last - from <= this.#backtracker.room) {
      return this.#backtracker.find(text, starts, from, last) ? this.#backtracker.slots : null;
    }
    this.#pike ??= new Pike(this.#program!);
    return this.#pike.find(text, starts, from, last);
  }
}

/** True if nothing but places stands beside the group. */
function isAll(node: PatternNode, group: number): boolean {
  if (node.type === 'group') return node.index === group || isAll(node.item, group);
  if (node.type !== 'concat') return false;
  const rest = node.items.filter(({ type }) => type !== 'assert' && type !== 'empty');
  return rest.length === 1 && isAll(rest[0]!, group);
}

/** The bytes of a match with one beside it on either side: they decide where its groups lie. `null` at an edge. */
function keyOf({ bytes, begin, end }: Text, match: Match): string | null {
  if (match.begin <= begin || match.end >= end || match.end - match.begin > MAX_KEY) return null;
  return latin1(bytes, match.begin - 1, match.end + 1);
}
