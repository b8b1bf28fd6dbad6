import { ChildView } from './child-view.ts';
import { decodedView, type Extractor } from './extractor.ts';
import { looksUseful } from './looks-useful.ts';
import { type Packing, packingOf, unpackRun } from './unpack-run.ts';
import type { ViewScanner } from './view-scanner.ts';

/** How bytes are written as characters: base64 and hexadecimal. */
export interface Coding {
  readonly name: 'base64' | 'hex';
  /** Value of each character, 255 for all others. */
  readonly values: Uint8Array;
  readonly bitsPerChar: number;
  /** Characters and bytes of one full group. */
  readonly chars: number;
  readonly bytes: number;
  /** Shortest run that is looked at. */
  readonly shortest: number;
  /** From this length on a run is decoded whatever it seems to hold. */
  readonly always: number;
}

/** Lines at least this long may go on on the next line. */
const WRAPPED = 56;
const PREVIEW_CHARS = 320;
/** What `#preview` decoded; valid until it is called again. */
const PREVIEW = new Uint8Array(PREVIEW_CHARS);
const MAX_PACKED = 16 * 1024 * 1024;
const MAX_UNPACKED = 64 * 1024 * 1024;

function valuesOf(alphabets: readonly string[]): Uint8Array {
  const values = new Uint8Array(256).fill(255);
  for (const alphabet of alphabets) {
    for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index;
  }
  return values;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** RFC 4648 sections 4 and 5, also mixed; padded or not; wrapped as in RFC 2045 or PEM. */
export const BASE64: Coding = {
  name: 'base64',
  values: valuesOf([`${LETTERS}+/`, `${LETTERS}-_`]),
  bitsPerChar: 6,
  chars: 4,
  bytes: 3,
  shortest: 16,
  always: 300,
};

/** RFC 4648 section 8, either case. */
export const HEX: Coding = {
  name: 'hex',
  values: valuesOf(['0123456789abcdef', '0123456789ABCDEF']),
  bitsPerChar: 4,
  chars: 2,
  bytes: 1,
  shortest: 16,
  always: 300,
};

/** First two bytes of gzip and zlib, DER sequences, Java key stores and keytabs. */
const STARTS = new Set([0x1f8b, 0x7801, 0x785e, 0x789c, 0x78da, 0x3081, 0x3082, 0x3083, 0xfeed, 0xcece, 0x0502]);

/** Compressed bytes of a run, kept until its end. */
interface Packed {
  readonly packing: Packing;
  bytes: Uint8Array;
  length: number;
  readonly from: number;
}

interface Run {
  /** Absent while a run is passed over. */
  readonly view?: ChildView;
  readonly packed?: Packed;
  bits: number;
  held: number;
  /** Parent offset of the group's first character. */
  group: number;
  line: number;
}

/** Runs of characters that stand for bytes, decoded into a view of their own if they seem to hold anything. */
export class RunExtractor implements Extractor {
  readonly #scanner: ViewScanner;
  readonly #coding: Coding;
  #at = 0;
  #run: Run | null = null;

  constructor(scanner: ViewScanner, coding: Coding) {
    this.#scanner = scanner;
    this.#coding = coding;
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const { values, shortest } = this.#coding;
    const end = length - base;
    let at = Math.max(0, this.#at - base);
    while (at < end) {
      if (this.#run) {
        at = this.#decode(bytes, base, at, end);
        if (at < end) {
          const onward = this.#nextLine(bytes, at, end);
          if (onward > end && !atEnd) break;
          if (onward > 0 && onward < end) {
            this.#run.line = 0;
            at = onward;
            continue;
          }
        } else if (!atEnd) {
          break;
        }
        this.#close(base + at);
        continue;
      }
      const probe = at + shortest - 1;
      if (probe >= end) break;
      if (values[bytes[probe]!] === 255) {
        at = probe + 1;
        continue;
      }
      let start = probe;
      while (start > at && values[bytes[start - 1]!] !== 255) start--;
      let stop = probe + 1;
      const most = start + PREVIEW_CHARS;
      while (stop < end && stop < most && values[bytes[stop]!] !== 255) stop++;
      if (stop - start < shortest) {
        if (stop < end) {
          at = stop + 1;
          continue;
        }
        at = start;
        break;
      }
      if (stop === end && stop < most && !atEnd) {
        at = start;
        break;
      }
      at = this.#open(bytes, base, start, stop);
    }
    if (atEnd && this.#run) this.#close(base + at);
    this.#at = base + at;
  }

  /** Decides what a run holds by its first characters; returns where decoding begins. */
  #open(bytes: Uint8Array, base: number, start: number, stop: number): number {
    const { chars, always } = this.#coding;
    // A run may have swallowed characters before it that are of the alphabet too: try every alignment.
    for (let skip = 0; skip < chars; skip++) {
      const certain = skip === 0 && stop - start >= always;
      if (!certain && !this.#promising(bytes, start + skip, Math.min(stop, start + skip + 16))) continue;
      const preview = this.#preview(bytes, start + skip, stop);
      const long = certain && !(chars === 4 && isHex(bytes, start, stop));
      const packed = packingOf(preview, long);
      if (!packed && !long && !looksUseful(preview)) continue;
      const kind = decodedView(this.#scanner, packed ? `${this.#coding.name}>${packed}` : this.#coding.name);
      const view = new ChildView(this.#scanner, kind, null);
      this.#run = { view, bits: 0, held: 0, group: 0, line: 0 };
      if (packed)
        this.#run = {
          ...this.#run,
          packed: { packing: packed, bytes: new Uint8Array(4096), length: 0, from: base + start + skip },
        };
      return start + skip;
    }
    this.#run = { bits: 0, held: 0, group: 0, line: 0 };
    return start;
  }

  /** A first look at a dozen bytes that turns most words, paths and digests away. */
  #promising(bytes: Uint8Array, from: number, to: number): boolean {
    const { values, bitsPerChar } = this.#coding;
    let bits = 0;
    let held = 0;
    let count = 0;
    let text = 0;
    let zeros = 0;
    let foreign = 0;
    for (let at = from; at < to; at++) {
      // Two whole bytes, and what is held of the next.
      bits = ((bits << bitsPerChar) | values[bytes[at]!]!) & 0xffffff;
      held += bitsPerChar;
      if (held < 8) continue;
      held -= 8;
      const byte = (bits >> held) & 0xff;
      count++;
      if (byte === 0) zeros++;
      else if ((byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13)) text++;
      if (byte >= 0x40 && (byte >= 0x81 || byte === 0x40)) foreign++;
      // The first bytes of stores of keys and of gzip.
      if (count === 2 && STARTS.has((bits >> held) & 0xffff)) return true;
    }
    return text >= count * 0.45 || zeros >= count * 0.4 || foreign >= count * 0.9;
  }

  #preview(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const { values, bitsPerChar } = this.#coding;
    let size = 0;
    let bits = 0;
    let held = 0;
    for (let at = from; at < to; at++) {
      bits = ((bits << bitsPerChar) | values[bytes[at]!]!) & 0xffff;
      held += bitsPerChar;
      if (held >= 8) {
        held -= 8;
        PREVIEW[size++] = (bits >> held) & 0xff;
      }
    }
    return PREVIEW.subarray(0, size);
  }

  #decode(bytes: Uint8Array, base: number, from: number, end: number): number {
    const { values, bitsPerChar, chars, bytes: perGroup } = this.#coding;
    const run = this.#run!;
    const { view, packed } = run;
    let at = from;
    let { bits, held, group } = run;
    for (; at < end; at++) {
      const value = values[bytes[at]!]!;
      if (value === 255) break;
      if (!view) continue;
      if (group === 0 && !packed) view.place(base + at, chars, perGroup);
      group = group + 1 === chars ? 0 : group + 1;
      bits = ((bits << bitsPerChar) | value) & 0xffff;
      held += bitsPerChar;
      if (held < 8) continue;
      held -= 8;
      const byte = (bits >> held) & 0xff;
      if (!packed) view.put(byte);
      else keep(packed, byte);
    }
    run.bits = bits;
    run.held = held;
    run.group = group;
    run.line += at - from;
    return at;
  }

  /** Where a wrapped run goes on after the line break at `at`: 0 if it does not, beyond `end` if that is not known yet. */
  #nextLine(bytes: Uint8Array, at: number, end: number): number {
    if (this.#run!.line < WRAPPED) return 0;
    let next = at;
    while (next < end && (bytes[next] === 13 || bytes[next] === 10)) next++;
    if (next === at) {
      // The two characters `\n` of a quoted string.
      if (bytes[next] !== 0x5c) return 0;
      if (next + 4 >= end) return end + 1;
      if (bytes[next + 1] === 0x72 && bytes[next + 2] === 0x5c) next += 2;
      if (bytes[next + 1] !== 0x6e) return 0;
      next += 2;
    }
    while (next < end && next - at < 64 && (bytes[next] === 32 || bytes[next] === 9)) next++;
    if (next >= end) return end + 1;
    return this.#coding.values[bytes[next]!] === 255 ? 0 : next;
  }

  #close(end: number): void {
    const { view, packed } = this.#run!;
    this.#run = null;
    if (!view) return;
    if (packed) {
      const { collector } = this.#scanner;
      try {
        if (packed.length >= MAX_PACKED) throw new RangeError('too long');
        const plain = unpackRun(packed.bytes.subarray(0, packed.length), packed.packing, MAX_UNPACKED);
        view.putWhole(plain, packed.from, end - packed.from);
      } catch (error) {
        const tooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' || error instanceof RangeError;
        const offset = this.#scanner.sourceOf(packed.from);
        const what = `${packed.packing} data in ${this.#coding.name}`;
        const byChance = packed.packing === 'gzip' && !isGzip(packed.bytes);
        if (tooLong && packed.packing === 'gzip' && !byChance) collector.leave(offset);
        else if (tooLong && !byChance) {
          collector.gap({ code: 'over-budget', detail: `${what} is too large to unpack`, offset });
        } else if (!byChance) {
          collector.gap({ code: 'undecodable-view', detail: `${what} does not unpack`, offset });
        }
      }
    }
    view.end();
  }
}

function keep(packed: Packed, byte: number): void {
  if (packed.length >= MAX_PACKED) return;
  if (packed.length === packed.bytes.length) {
    const grown = new Uint8Array(2 * packed.length);
    grown.set(packed.bytes);
    packed.bytes = grown;
  }
  packed.bytes[packed.length++] = byte;
}

/** A digest may begin like gzip by chance; the bits 5 to 7 of its flags are never set (RFC 1952, 2.3.1.2). */
const isGzip = (bytes: Uint8Array): boolean => (bytes[3]! & 0xe0) === 0;

function isHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (HEX.values[bytes[at]!] === 255) return false;
  return true;
}
