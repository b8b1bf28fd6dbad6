import { ChildView } from './child-view.ts';
import { characterView, type Extractor } from './extractor.ts';
import type { ViewScanner } from './view-scanner.ts';

/** Shortest run of characters that is looked at inside other bytes. */
const MIN_UNITS = 5;

/** Printable ASCII and the white space of texts. */
const TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);

/**
 * UTF-16 text, as a whole entry or as runs inside other bytes at even and odd places, as UTF-8. A run begins where ASCII
 * characters alternate with zero bytes; runs of one byte order share a view, each a line of its own. With a byte order mark
 * at the entry's start every unit belongs to it. Runs of UTF-32 (`wchar_t` of Unix, in memory and in arrays) begin where
 * three zero bytes stand between characters.
 */
export class Utf16Extractor implements Extractor {
  readonly #scanner: ViewScanner;
  readonly #views = new Map<string, ChildView>();
  #at = 0;
  /** Where the last run ended. */
  #least = 0;
  #run: { readonly view: ChildView; readonly width: 2 | 4; readonly big: boolean; readonly all: boolean } | null = null;

  constructor(scanner: ViewScanner) {
    this.#scanner = scanner;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = this.#at - base;
    if (this.#at === 0 && base === 0 && end >= 2) {
      const mark = (bytes[0]! << 8) | bytes[1]!;
      if (mark === 0xfffe || mark === 0xfeff) {
        // With zeros behind it, it is the mark of UTF-32, whose runs are found by themselves.
        const wide = mark === 0xfffe && end >= 8 && [2, 3, 6, 7].every((index) => bytes[index] === 0);
        if (!wide) this.#open(2, mark === 0xfeff, true);
        at = wide ? 4 : 2;
      }
    }
    while (at < end) {
      if (this.#run) {
        const stop = this.#decode(bytes, base, at, end);
        at = stop;
        if (end - at < this.#run.width && !atEnd) break;
        this.#run.view.separate();
        this.#run = null;
        this.#least = base + at;
        continue;
      }
      const zero = nextZero(bytes, at, end);
      if (zero < 0 || zero >= end) {
        at = end - 1;
        break;
      }
      if (zero + 4 * MIN_UNITS + 1 >= end && !atEnd) {
        at = Math.max(this.#least - base, zero - 3, 0);
        break;
      }
      // Either way to read it, a character and another zero must follow.
      const possible = TEXT[bytes[zero + 1]!] === 1 && bytes[zero + 2] === 0;
      let start = possible ? this.#runAt(bytes, base, at, zero, end) : -1;
      if (start < 0 && possible) start = this.#wideRunAt(bytes, base, zero, end);
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
      this.#open(2, false, false);
      return before;
    }
    if (!alternates(zero + 1)) return -1;
    // Read either way, the characters are the same. Code units mostly stand at even places.
    const littlePossible = bytes[zero + 2 * MIN_UNITS] === 0;
    if ((base + zero) % 2 === 0 || !littlePossible) {
      this.#open(2, true, false);
      return zero;
    }
    this.#open(2, false, false);
    return zero + 1;
  }

  /** The same for UTF-32: `zero` is the last zero byte before a character. What is before it was not used by a run. */
  #wideRunAt(bytes: Uint8Array, base: number, zero: number, end: number): number {
    const first = zero + 1;
    for (let unit = 0; unit < MIN_UNITS; unit++) {
      const at = first + 4 * unit;
      if (at >= end || TEXT[bytes[at]!] !== 1) return -1;
      if (unit + 1 < MIN_UNITS && (bytes[at + 1] !== 0 || bytes[at + 2] !== 0 || bytes[at + 3] !== 0)) return -1;
    }
    const zerosBefore = zero >= 2 && bytes[zero - 1] === 0 && bytes[zero - 2] === 0;
    // The character before three zeros is the first of a little-endian run. Else characters mostly stand aligned.
    if (zerosBefore && zero - 3 >= Math.max(0, this.#least - base) && TEXT[bytes[zero - 3]!] === 1) {
      this.#open(4, false, false);
      return zero - 3;
    }
    if (zerosBefore && zero - 2 >= this.#least - base && (base + zero - 2) % 4 === 0) {
      this.#open(4, true, false);
      return zero - 2;
    }
    this.#open(4, false, false);
    return first;
  }

  #open(width: 2 | 4, big: boolean, all: boolean): void {
    const encoding = `utf-${8 * width}${big ? 'be' : 'le'}`;
    let view = this.#views.get(encoding);
    if (!view) {
      view = new ChildView(this.#scanner, characterView(this.#scanner, encoding), { line: 1, column: 1 });
      this.#views.set(encoding, view);
    }
    this.#run = { view, width, big, all };
  }

  /** Decodes units from `at` on; returns where the run ends or the bytes do. */
  #decode(bytes: Uint8Array, base: number, from: number, end: number): number {
    const { view, width, big, all } = this.#run!;
    if (width === 4) return this.#decodeWide(bytes, base, from, end);
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
  #decodeWide(bytes: Uint8Array, base: number, from: number, end: number): number {
    const { view, big } = this.#run!;
    let at = from;
    for (; at + 3 < end; at += 4) {
      const [high, low] = big ? [at, at + 3] : [at + 3, at];
      const step = big ? -1 : 1;
      const unit = bytes[low]! | (bytes[low + step]! << 8) | (bytes[low + 2 * step]! << 16);
      const text =
        unit < 0x80 ? TEXT[unit] === 1 : unit >= 0xa0 && unit <= 0x10ffff && (unit < 0xd800 || unit > 0xdfff);
      if (!text || bytes[high] !== 0) return at;
      const utf8 = Buffer.from(String.fromCodePoint(unit), 'utf8');
      view.place(base + at, 4, utf8.length);
      for (const byte of utf8) view.put(byte);
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
