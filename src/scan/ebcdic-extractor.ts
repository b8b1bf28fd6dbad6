import { isAscii } from 'node:buffer';
import { ChildView } from './child-view.ts';
import { EBCDIC_037, EBCDIC_1047 } from './ebcdic.ts';
import { characterView, type Extractor } from './extractor.ts';
import type { ViewScanner } from './view-scanner.ts';

/** Shortest run inside other bytes, and how many of its first bytes must be letters or digits. */
const MIN_RUN = 12;
const MIN_WORDS = 6;

/** 1: may stand in EBCDIC text of either code page, 2: letter or digit. Tab, line feed, new line and carriage return may. */
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = EBCDIC_037[byte]!;
  if (/[0-9A-Za-z]/.test(String.fromCharCode(char))) return 2;
  if (byte === 0x05 || byte === 0x0d || byte === 0x15 || byte === 0x25) return 1;
  return [char, EBCDIC_1047[byte]!].some((code) => code >= 0x20 && code < 0x7f) ? 1 : 0;
});

/** EBCDIC text, whole entries and runs inside other bytes, read in code pages 037 and 1047 side by side. */
export class EbcdicExtractor implements Extractor {
  readonly #scanner: ViewScanner;
  #at = 0;
  #running = false;
  /** One for each code page; runs share them, each a line of its own. */
  #views: readonly ChildView[] = [];

  constructor(scanner: ViewScanner) {
    this.#scanner = scanner;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = Math.max(0, this.#at - base);
    if (!this.#running && isAscii(bytes.subarray(at, end))) {
      this.#at = length;
      if (atEnd) for (const view of this.#views) view.end();
      return;
    }
    while (at < end) {
      if (this.#running) {
        at = this.#decode(bytes, base, at, end);
        if (at === end && !atEnd) break;
        for (const view of this.#views) view.separate();
        this.#running = false;
        continue;
      }
      // A run of MIN_RUN must cover every MIN_RUN-th byte: most of other text is skipped without a look.
      const probe = at + MIN_RUN - 1;
      if (probe >= end) break;
      if (CLASS[bytes[probe]!] === 0) {
        at = probe + 1;
        continue;
      }
      let start = probe;
      let words = 0;
      while (start > at && CLASS[bytes[start - 1]!] !== 0) start--;
      let stop = start;
      while (stop < end && stop - start < MIN_RUN && CLASS[bytes[stop]!] !== 0) {
        if (CLASS[bytes[stop]!] === 2) words++;
        stop++;
      }
      if (stop - start < MIN_RUN) {
        if (stop === end) {
          at = start;
          break;
        }
        at = stop + 1;
      } else if (words >= MIN_WORDS) {
        if (this.#views.length === 0) {
          this.#views = ['ebcdic-037', 'ebcdic-1047'].map(
            (name) => new ChildView(this.#scanner, characterView(this.#scanner, name), { line: 1, column: 1 }),
          );
        }
        this.#running = true;
        at = start;
      } else {
        at = start + 1;
      }
    }
    if (atEnd) for (const view of this.#views) view.end();
    this.#at = base + at;
  }

  #decode(bytes: Uint8Array, base: number, from: number, end: number): number {
    let at = from;
    while (at < end && CLASS[bytes[at]!] !== 0) at++;
    const tables = [EBCDIC_037, EBCDIC_1047];
    this.#views.forEach((view, index) => {
      const table = tables[index]!;
      for (let place = from; place < at; place++) {
        const byte = bytes[place]!;
        const char = byte === 0x15 || byte === 0x25 ? 10 : table[byte]!;
        if (char < 0x80) {
          view.place(base + place, 1, 1);
          view.put(char);
        } else {
          view.place(base + place, 1, 2);
          view.put(0xc0 | (char >> 6));
          view.put(0x80 | (char & 0x3f));
        }
      }
    });
    return at;
  }
}
