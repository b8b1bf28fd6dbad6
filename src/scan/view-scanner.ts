import { KEYWORD_WINDOW, MAX_MATCH, type Match } from '../rules/index.ts';
import type { Engine } from './engine.ts';
import type { EntryCollector, Tally } from './entry-collector.ts';
import type { Extractor } from './extractor.ts';
import { covering, linePlace, type MapRecord, sourceBegin, sourceEnd } from './source-map.ts';

/** Bytes kept before the first start that is still to be tried: context, look-behind, runs not yet decided. */
const BEHIND = 1024;
/** Bytes kept after it: the longest match, its keywords and context. */
const AHEAD = MAX_MATCH + 2 * KEYWORD_WINDOW + 512;
const SEGMENT = 512 * 1024;
const SMALLEST = 512;

/** Which view of the entry a scanner reads. */
export interface ViewKind {
  /** Name before the character encoding: empty, or `base64>`, `utf-16le>base64>`... */
  readonly prefix: string;
  readonly encoding: string;
  /** Decodings between the entry and this view. */
  readonly depth: number;
}

/**
 * Searches one view of an entry, fed in pieces of any size. The text is worked off in segments of fixed size counted
 * from the view's start, so the pieces make no difference; each segment overlaps the next by more than any match needs.
 */
export class ViewScanner {
  readonly engine: Engine;
  readonly collector: EntryCollector;
  readonly kind: ViewKind;
  readonly extractorsFor: (scanner: ViewScanner) => readonly Extractor[];
  readonly name: string;
  /** How many findings of each rule the views of this name have. */
  readonly tallies: Tally[];
  /** Where view bytes come from; starts at the oldest byte still held. `null` for the entry itself. */
  map: MapRecord | null = null;
  /** Where the last place was looked up: most are asked for in ascending order, and the chain may be long. */
  #cursor: MapRecord | null = null;
  #mapEnd: MapRecord | null = null;
  #bytes: Uint8Array = Buffer.alloc(SMALLEST);
  /** View offset of `#bytes[0]`. */
  #base = 0;
  #filled = 0;
  /** View offset from which starts are still to be tried. */
  #next = 0;
  /** For each rule the view offset at which its last match ended. */
  readonly #resume = new Map<number, number>();
  readonly #extractors: readonly Extractor[];
  readonly #match: Match = { begin: 0, end: 0, valueBegin: 0, valueEnd: 0 };
  /** Line ends before `#base`, and where the line of `#base` begins; only where `map` is null. */
  #linesBefore = 0;
  #lineStart = 0;
  /** Places of line ends in the buffer, made when the first place is asked for. */
  #lineEnds: Int32Array | null = null;

  /** `extractorsFor` says what is looked for in this view and those below it. */
  constructor(
    engine: Engine,
    collector: EntryCollector,
    kind: ViewKind,
    extractorsFor: (scanner: ViewScanner) => readonly Extractor[],
  ) {
    this.engine = engine;
    this.extractorsFor = extractorsFor;
    this.collector = collector;
    this.kind = kind;
    this.name = kind.prefix + kind.encoding;
    this.tallies = collector.talliesOf(this.name);
    this.#extractors = extractorsFor(this);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
  /** View offset of `bytes[0]`. */
  get base(): number {
    return this.#base;
  }
  get length(): number {
    return this.#base + this.#filled;
  }

  /** From here on, view bytes come from elsewhere: `added.view` is where the view ends now. Called before they are pushed. */
  addRecord(added: MapRecord): void {
    if (this.#mapEnd) this.#mapEnd.next = added;
    else this.map = added;
    this.#mapEnd = added;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const room = Math.min(bytes.length - at, SEGMENT - this.#filled);
      if (this.#filled + room > this.#bytes.length) {
        const grown = Buffer.alloc(Math.min(SEGMENT, Math.max(2 * this.#bytes.length, this.#filled + room)));
        grown.set(this.#bytes.subarray(0, this.#filled));
        this.#bytes = grown;
      }
      this.#bytes.set(bytes.subarray(at, at + room), this.#filled);
      this.#filled += room;
      this.#lineEnds = null;
      at += room;
      if (this.#filled === SEGMENT) this.#work(false);
    }
  }

  end(): void {
    this.#work(true);
  }

  #work(atEnd: boolean): void {
    const limit = atEnd ? this.#filled : this.#filled - AHEAD;
    const first = this.#next - this.#base;
    if (first === 0 && this.#base === 0) this.#runMagics();
    this.#search(first, limit);
    for (const extractor of this.#extractors) extractor.feed(this.#bytes, this.#base, this.length, atEnd);
    this.#next = this.#base + limit;
    if (atEnd) return;
    const drop = limit - BEHIND;
    if (!this.map) this.#countLines(drop);
    this.#bytes.copyWithin(0, drop, this.#filled);
    this.#base += drop;
    this.#filled -= drop;
    if (this.map) this.map = this.recordAt(this.#base);
  }

  /** The record that covers a view byte that is still held; `null` in the entry itself. */
  recordAt(offset: number): MapRecord | null {
    const from = this.#cursor && this.#cursor.view <= offset ? this.#cursor : this.map;
    this.#cursor = from && covering(from, offset);
    return this.#cursor;
  }

  /** Tries every start in `[first, limit)`, indexes into the buffer. */
  #search(first: number, limit: number): void {
    const { engine } = this;
    const { windows, prefilter, rules } = engine;
    windows.reset(this.#bytes, first, limit - 1);
    const from = Math.max(0, first - BEHIND);
    prefilter.run(this.#bytes, from, this.#filled, windows);
    this.collector.particular?.run(this.#bytes, from, this.#filled, windows);
    const text = { bytes: this.#bytes, begin: 0, end: this.#filled };
    const match = this.#match;
    for (const index of windows.touched()) {
      const rule = rules[index]!;
      if (!this.collector.wants(index)) continue;
      let from = Math.max(first, (this.#resume.get(index) ?? 0) - this.#base);
      const narrowed = prefilter.narrow(index, rule, windows.starts(index));
      if (narrowed.count === 0) continue;
      const matcher = rule.matcher!;
      const starts = matcher.narrow(text, narrowed);
      while (matcher.find(text, starts, from, match)) {
        this.collector.found(this, index, match, this.#filled);
        from = match.end;
        this.#resume.set(index, this.#base + from);
      }
    }
  }

  #runMagics(): void {
    for (const index of this.engine.magics) {
      const { offset, bytes, mask } = this.engine.rules[index]!.magic!;
      const end = offset + bytes.length;
      if (end > this.#filled) continue;
      let same = 0;
      while (same < bytes.length && (mask[same] === 0 || this.#bytes[offset + same] === bytes[same])) same++;
      if (same < bytes.length || !this.collector.wants(index)) continue;
      const match = { begin: offset, end, valueBegin: offset, valueEnd: end };
      this.collector.found(this, index, match, this.#filled);
    }
  }

  /** Place in the entry of view bytes `[begin, end)`. */
  locate(begin: number, end: number): { offset: number; length: number; line: number; column: number } {
    const record = this.recordAt(begin);
    if (!record) return { offset: begin, length: end - begin, ...this.linePlaceOf(begin) };
    const offset = sourceBegin(record, begin);
    return { offset, length: Math.max(0, sourceEnd(record, end - 1) - offset), ...linePlace(record, begin) };
  }

  /** Offset in the entry that a view byte came from. */
  sourceOf(offset: number): number {
    const record = this.recordAt(offset);
    return record ? sourceBegin(record, offset) : offset;
  }

  /** Line and column of a view byte that is still held; lines end at `\n`. */
  linePlaceOf(offset: number): { line: number; column: number } {
    const record = this.recordAt(offset);
    if (record) return linePlace(record, offset);
    this.#lineEnds ??= lineEndsIn(this.#bytes.subarray(0, this.#filled));
    const before = countBelow(this.#lineEnds, offset - this.#base);
    const start = before > 0 ? this.#base + this.#lineEnds[before - 1]! + 1 : this.#lineStart;
    return { line: this.#linesBefore + before + 1, column: offset - start + 1 };
  }

  #countLines(dropped: number): void {
    const ends = this.#lineEnds ?? lineEndsIn(this.#bytes.subarray(0, dropped));
    const count = countBelow(ends, dropped);
    if (count > 0) this.#lineStart = this.#base + ends[count - 1]! + 1;
    this.#linesBefore += count;
    this.#lineEnds = null;
  }
}

function lineEndsIn(bytes: Uint8Array): Int32Array {
  const ends: number[] = [];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at);
  return Int32Array.from(ends);
}

function countBelow(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
