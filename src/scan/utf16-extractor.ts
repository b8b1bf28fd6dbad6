import { ChildView } from './child-view.ts';
import { characterView, type Extractor } from './extractor.ts';
import type { ViewScanner } from './view-scanner.ts';

/** Shortest run of UTF-16 characters that is looked at inside other bytes. */
const MIN_UNITS = 5;

/** Printable ASCII and the white space of texts. */
const TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);

/**
 * UTF-16 text, as a whole entry or as runs inside other bytes at even and odd places, as UTF-8. A run begins where ASCII
 * characters alternate with zero bytes; runs of one byte order share a view, each a line of its own. With a byte order mark at the entry's start every unit belongs to it.
 */
export class Utf16Extractor implements Extractor {
  readonly #scanner: ViewScanner;
  readonly #views = new Map<string, ChildView>();
  #at = 0;
  #run: { readonly view: ChildView; readonly big: boolean; readonly all: boolean } | null = null;

  constructor(scanner: ViewScanner) {
    this.#scanner = scanner;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = this.#at - base;
    if (this.#at === 0 && base === 0 && end >= 2) {
      const mark = (bytes[0]! << 8) | bytes[1]!;
      if (mark === 0xfffe || mark === 0xfeff) {
        this.#open(mark === 0xfeff, true);
        at = 2;
      }
    }
    while (at < end) {
      if (this.#run) {
        const stop = this.#decode(bytes, base, at, end);
        at = stop;
        if (end - at < 2 && !atEnd) break;
        this.#run.view.separate();
        this.#run = null;
        continue;
      }
      const zero = nextZero(bytes, at, end);
      if (zero < 0 || zero >= end) {
        at = end - 1;
        break;
      }
      if (zero + 2 * MIN_UNITS + 1 >= end && !atEnd) {
        at = Math.max(at, zero - 1);
        break;
      }
      // Either way to read it, a character and another zero must follow.
      const possible = TEXT[bytes[zero + 1]!] === 1 && bytes[zero + 2] === 0;
      const start = possible ? this.#runAt(bytes, base, at, zero, end) : -1;
      if (start < 0) {
        at = zero + 1;
        // Zero bytes in a row hold no text: skip them at once.
        while (at + 1 < end && bytes[at] === 0 && bytes[at + 1] === 0) at++;
      } else {
        at = start;
      }
    }
    if (atEnd) for (const view of this.#views.values()) view.end();
    this.#at = base + Math.max(at, 0);
  }

  /** Opens a run around the zero byte and returns its first index, or -1. `least` is the first byte not yet used. */
  #runAt(bytes: Uint8Array, base: number, least: number, zero: number, end: number): number {
    const alternates = (first: number): boolean => {
      // `first` is a character, followed by zero, character, zero ...
      for (let unit = 0; unit < MIN_UNITS; unit++) {
        const at = first + 2 * unit;
        if (at >= end || TEXT[bytes[at]!] !== 1) return false;
        if (unit + 1 < MIN_UNITS && bytes[at + 1] !== 0) return false;
      }
      return true;
    };
    const before = zero - 1;
    if (before >= least && TEXT[bytes[before]!] === 1 && alternates(before) && bytes[zero + 2 * MIN_UNITS - 2] === 0) {
      this.#open(false, false);
      return before;
    }
    if (!alternates(zero + 1)) return -1;
    // Read either way, the characters are the same. Code units mostly stand at even places.
    const littlePossible = bytes[zero + 2 * MIN_UNITS] === 0;
    if ((base + zero) % 2 === 0 || !littlePossible) {
      this.#open(true, false);
      return zero;
    }
    this.#open(false, false);
    return zero + 1;
  }

  #open(big: boolean, all: boolean): void {
    const encoding = big ? 'utf-16be' : 'utf-16le';
    let view = this.#views.get(encoding);
    if (!view) {
      view = new ChildView(this.#scanner, characterView(this.#scanner, encoding), { line: 1, column: 1 });
      this.#views.set(encoding, view);
    }
    this.#run = { view, big, all };
  }

  /** Decodes units from `at` on; returns where the run ends or the bytes do. */
  #decode(bytes: Uint8Array, base: number, from: number, end: number): number {
    const { view, big, all } = this.#run!;
    let at = from;
    for (; at + 1 < end; at += 2) {
      const unit = big ? (bytes[at]! << 8) | bytes[at + 1]! : bytes[at]! | (bytes[at + 1]! << 8);
      if (unit < 0x80) {
        if (TEXT[unit] !== 1 && !all) return at;
        view.place(base + at, 2, 1);
        view.put(unit);
      } else if (all || (unit >= 0xa0 && unit < 0x180)) {
        const utf8 = Buffer.from(String.fromCharCode(unit), 'utf8');
        view.place(base + at, 2, utf8.length);
        for (const byte of utf8) view.put(byte);
      } else {
        return at;
      }
    }
    return at;
  }
}

/** As `indexOf(0, at)`, which is slow to call: zeros mostly stand close together or far apart. */
function nextZero(bytes: Uint8Array, from: number, end: number): number {
  const near = Math.min(end, from + 64);
  for (let at = from; at < near; at++) if (bytes[at] === 0) return at;
  return near === end ? -1 : bytes.indexOf(0, near);
}
