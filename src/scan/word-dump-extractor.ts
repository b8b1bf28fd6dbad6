import { ChildView } from './child-view.ts';
import { decodedView, type Extractor } from './extractor.ts';
import type { ViewScanner } from './view-scanner.ts';

/** No line of such a dump is longer: a number, then sixteen bytes in two-digit to sixteen-digit words. */
const LONGEST = 128;
/** Characters in a row that only such a line has. */
const SHORTEST = 36;
/** Bytes of a full line, which the first line of a dump has to be. */
const FULL = 16;

/** Digits of each character, 16 for what may stand between words, 255 for all others. */
const KINDS = new Uint8Array(256).fill(255);
for (const [value, char] of [...'0123456789abcdef'].entries()) {
  KINDS[char.charCodeAt(0)] = value;
  KINDS[char.toUpperCase().charCodeAt(0)] = value;
}
for (const char of ' \t\r\n:') KINDS[char.charCodeAt(0)] = 16;

/** Where the words of a line begin, and how many digits each has. */
interface Line {
  readonly words: readonly number[];
  readonly digits: number;
}

/**
 * Dumps of words as a little-endian machine shows them: `hexdump` and `od -x` (two bytes), `od -t x4`, `xxd -e` (four)
 * and `od -t x8`. Their bytes stand in reverse within each word, so the text of a dump is no text as it is written.
 * POSIX od (XCU), section on -t x; hexdump(1); xxd(1) -e. Groups of four digits behind a colon are `xxd`'s own, in order.
 */
export class WordDumpExtractor implements Extractor {
  readonly #scanner: ViewScanner;
  #view: ChildView | undefined;
  /** Digits of a word of the dump that goes on, 0 between dumps. */
  #digits = 0;
  #at = 0;

  constructor(scanner: ViewScanner) {
    this.#scanner = scanner;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = Math.max(0, this.#at - base);
    while (at < end) {
      if (this.#digits === 0) {
        const stretch = findStretch(bytes, at, end);
        if (stretch < 0) {
          // The line that the last characters stand on may be the first of a dump.
          at = Math.max(at, end - SHORTEST - LONGEST);
          break;
        }
        at = lineStart(bytes, stretch, at);
      }
      const stop = lineEnd(bytes, at, end);
      if (stop < 0) {
        if (end - at < LONGEST && !atEnd) break;
        if (end - at >= LONGEST) {
          this.#close();
          at += LONGEST;
          continue;
        }
      }
      const to = stop < 0 ? end : stop;
      this.#take(bytes, base, at, to);
      at = stop < 0 ? end : stop + 1;
    }
    if (atEnd) {
      this.#close();
      this.#view?.end();
    }
    this.#at = base + Math.min(at, end);
  }

  #take(bytes: Uint8Array, base: number, from: number, to: number): void {
    // A star stands for lines like the one before.
    if (this.#digits > 0 && to - from <= 2 && bytes[from] === 0x2a) return;
    const line = parse(bytes, from, to);
    const size = line === undefined ? 0 : (line.words.length * line.digits) / 2;
    if (line === undefined || (this.#digits === 0 ? size !== FULL : line.digits !== this.#digits)) {
      this.#close();
      return;
    }
    this.#digits = line.digits;
    this.#view ??= new ChildView(this.#scanner, decodedView(this.#scanner, 'words'), null);
    for (const word of line.words) {
      this.#view.place(base + word, 2, 1);
      for (let at = word + line.digits - 2; at >= word; at -= 2) {
        this.#view.put((KINDS[bytes[at]!]! << 4) | KINDS[bytes[at + 1]!]!);
      }
    }
  }

  #close(): void {
    if (this.#digits > 0) this.#view?.separate();
    this.#digits = 0;
  }
}

/** Where `SHORTEST` characters of a dump follow each other at or behind `from`; -1 if they do nowhere. */
function findStretch(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    let probe = at + SHORTEST - 1;
    if (probe >= end) return -1;
    while (probe >= at && KINDS[bytes[probe]!] !== 255) probe--;
    if (probe < at) return at;
    at = probe + 1;
  }
}

/** The beginning of the line of `at`, not before `least`, or of the next one if that line begins before. */
function lineStart(bytes: Uint8Array, at: number, least: number): number {
  let start = at;
  while (start > least && start > at - LONGEST && bytes[start - 1] !== 10) start--;
  return start;
}

function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  const most = Math.min(end, from + LONGEST);
  for (let at = from; at < most; at++) if (bytes[at] === 10) return at;
  return -1;
}

/** A number in front, then words of one even length up to sixteen bytes, and nothing else (`xxd -e` has its text behind). */
function parse(bytes: Uint8Array, from: number, to: number): Line | undefined {
  const words: number[] = [];
  let digits = 0;
  let colon = false;
  let tokens = 0;
  let number = 0;
  let numberDigits = 0;
  for (let at = from; at < to; ) {
    const kind = KINDS[bytes[at]!]!;
    if (kind === 255) {
      if (colon && words.length > 0) break;
      return undefined;
    }
    if (kind === 16) {
      at++;
      continue;
    }
    const start = at;
    while (at < to && KINDS[bytes[at]!]! < 16) at++;
    tokens++;
    // The number in front; a first word of eight digits is one if more of its length follow.
    if (tokens === 1 && at - start >= 6) {
      colon = bytes[at] === 0x3a;
      number = start;
      numberDigits = colon ? 0 : at - start;
      continue;
    }
    if (digits === 0) {
      digits = at - start;
      if (digits === numberDigits) words.push(number);
    }
    if (at - start !== digits || (words.length * digits) / 2 >= FULL) {
      if (colon && words.length > 0) break;
      return undefined;
    }
    words.push(start);
  }
  if ((digits !== 4 && digits !== 8 && digits !== 16) || (colon && digits === 4)) return undefined;
  return words.length === 0 ? undefined : { words, digits };
}
