import { readFileSync } from 'node:fs';
import type { ByteSet, Matcher, Starts } from '../rules/index.ts';
import { NIBBLE_TABLES, nibbleTables } from './nibble-tables.ts';
import { markShapes, NEAR, type Prefilter, type PreparedAnchors, TRIPLES } from './prefilter.ts';
import type { StartWindows } from './start-windows.ts';

/** The part of WebAssembly that is used; the compiler's library has it only together with the whole of the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** The committed kernel; its SHA-256 is the engine's identity. */
export const KERNEL = new URL('./prefilter.wasm', import.meta.url);

interface Kernel {
  triples(text: number, from: number, to: number, length: number, tables: number, out: number, room: number): number;
  stopped(): number;
  shapes(
    text: number,
    from: number,
    to: number,
    accept: number,
    first: bigint,
    last: bigint,
    state: number,
    out: number,
  ): number;
  narrow(text: number, pairs: number, count: number, tables: number, out: number): number;
}

/** Bytes worked off by one call: hits of shapes in a slice always fit. */
const SLICE = 64 * 1024;
/** Tables of the triples: a bit for each, its bucket, sets, buckets and their entries (`triples` knows this layout). */
const BITMAP = 1024;
const HEADS = BITMAP + TRIPLES / 8;
const SETS = HEADS + 2 * TRIPLES;
const MAX_SETS = 4096;
const BUCKETS = SETS + 32 * MAX_SETS;
const BUCKET_SIZE = 16;
const ENTRY_SIZE = 32;
const MAX_PLACES = 14;
const ROOM = 12 * SLICE;
/** Bytes before the text that may be read. */
const LEAD = 8;
/** Bytes after the text that may be read. */
const TRAIL = 64;
/** Ranges of fewer places than this are not worth a call. */
const WIDE = 6;

let module: object | undefined;

/** The prefilter in WebAssembly. Text is copied in, which is far cheaper than looking at it. */
export class WasmPrefilter implements Prefilter {
  readonly #prepared: PreparedAnchors;
  readonly #memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly #kernel: Kernel;
  readonly #out: number;
  readonly #shapes: number;
  readonly #states: number;
  readonly #nibbles: number;
  readonly #text: number;
  readonly #pairs: { readonly first: bigint; readonly last: bigint }[] = [];
  /** For each rule: 0 while its nibble tables are not made, 1 if it has none, 2 if they are there. */
  readonly #tabled: Uint8Array;
  #bytes: Uint8Array;
  #words: Int32Array;
  /** Index in the caller's bytes that `#text` stands for, and how many are held. */
  #from = 0;
  #length = 0;

  /** @throws where the machine cannot run WebAssembly, or the rules are too many for its tables */
  constructor(prepared: PreparedAnchors, rules: number) {
    this.#prepared = prepared;
    const { buckets, shapes } = prepared;
    const entries = BUCKETS + BUCKET_SIZE * (buckets.length + 1);
    this.#out = aligned(entries + ENTRY_SIZE * buckets.reduce((sum, bucket) => sum + bucket.length, 0));
    const most = 4 * 8 * Math.max(0, ...buckets.map((bucket) => bucket.length));
    this.#shapes = aligned(this.#out + ROOM + most);
    const pairs = (shapes.words + 1) >> 1;
    this.#states = this.#shapes + 2048 * pairs;
    this.#nibbles = aligned(this.#states + 8 * pairs);
    this.#text = aligned(this.#nibbles + NIBBLE_TABLES * rules) + LEAD;
    this.#tabled = new Uint8Array(rules);
    this.#memory = new WebAssembly.Memory({ initial: pages(this.#text + SLICE) });
    module ??= new WebAssembly.Module(readFileSync(KERNEL));
    this.#kernel = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernel;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Int32Array(this.#memory.buffer);
    this.#layTriples(entries);
    this.#layShapes();
  }

  #layTriples(firstEntry: number): void {
    const { anchors, heads, buckets, near, nearSets } = this.#prepared;
    const bytes = this.#bytes;
    const view = new DataView(this.#memory.buffer);
    for (let triple = 0; triple < TRIPLES; triple++) {
      if (heads[triple] !== 0) bytes[BITMAP + (triple >> 3)]! |= 1 << (triple & 7);
    }
    new Uint16Array(this.#memory.buffer, HEADS, TRIPLES).set(heads);
    bytes.set(nearSets, SETS);
    let sets = nearSets.length / 32;
    const known = new Map<ByteSet, number>();
    const numberOf = (set: ByteSet): number => {
      let number = known.get(set);
      if (number === undefined) {
        if (sets === MAX_SETS) throw new RangeError('more sets of bytes than the kernel holds');
        number = sets++;
        known.set(set, number);
        for (let byte = 0; byte < 256; byte++) bytes[SETS + 32 * number + (byte >> 3)]! |= set[byte]! << (byte & 7);
      }
      return number;
    };
    if (anchors.length > 0xffff) throw new RangeError('more anchors than the kernel holds');
    let entry = firstEntry;
    buckets.forEach((bucket, index) => {
      const place = BUCKETS + BUCKET_SIZE * (index + 1);
      for (let which = 0; which < NEAR.length; which++) {
        view.setUint16(place + 2 * which, near[NEAR.length * index + which]!, true);
      }
      view.setUint16(place + 10, bucket.length, true);
      view.setUint32(place + 12, entry - BITMAP, true);
      for (const { anchor, at } of bucket) {
        const places = anchors[anchor]!.sets;
        if (places.length > MAX_PLACES) throw new RangeError('an anchor longer than the kernel holds');
        view.setUint16(entry, anchor, true);
        view.setUint8(entry + 2, at);
        view.setUint8(entry + 3, places.length);
        for (const [offset, set] of places.entries()) view.setUint16(entry + 4 + 2 * offset, numberOf(set), true);
        entry += ENTRY_SIZE;
      }
    });
  }

  #layShapes(): void {
    const { words, accept, first, last } = this.#prepared.shapes;
    const pairs = (words + 1) >> 1;
    // Two words run as one of 64 bits: what is shifted over from the first falls on a place that is set anyway.
    const table = new Int32Array(this.#memory.buffer, this.#shapes, 512 * pairs);
    for (let word = 0; word < words; word++) {
      for (let byte = 0; byte < 256; byte++) {
        table[512 * (word >> 1) + 2 * byte + (word & 1)] = accept[byte * words + word]!;
      }
    }
    const pair = (masks: Int32Array, word: number): bigint =>
      (BigInt((masks[word + 1] ?? 0) >>> 0) << 32n) | BigInt(masks[word]! >>> 0);
    for (let word = 0; word < words; word += 2) this.#pairs.push({ first: pair(first, word), last: pair(last, word) });
  }

  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void {
    const length = to - from;
    this.#hold(bytes, from, to);
    const { anchors } = this.#prepared;
    const kernel = this.#kernel;
    const words = this.#words;
    const out = this.#out >> 2;
    words.fill(0, this.#states >> 2, (this.#states >> 2) + 2 * this.#pairs.length);
    for (let begin = 0; begin < length; begin += SLICE) {
      const end = Math.min(length, begin + SLICE);
      for (let at = begin; at < end; at = kernel.stopped()) {
        const count = kernel.triples(this.#text, at, end, length, BITMAP, this.#out, ROOM);
        for (let index = out; index < out + 2 * count; index += 2) {
          windows.mark(anchors[words[index]!]!, from + words[index + 1]!);
        }
      }
      for (let pair = 0; pair < this.#pairs.length; pair++) {
        const { first, last } = this.#pairs[pair]!;
        const state = this.#states + 8 * pair;
        const accept = this.#shapes + 2048 * pair;
        const hits = kernel.shapes(this.#text, begin, end, accept, first, last, state, this.#out);
        for (let index = out; index < out + 3 * hits; index += 3) {
          const at = from + words[index]!;
          markShapes(this.#prepared, 2 * pair, words[index + 1]!, at, windows);
          markShapes(this.#prepared, 2 * pair + 1, words[index + 2]!, at, windows);
        }
      }
    }
  }

  narrow(rule: number, matcher: Matcher, starts: Starts): Starts {
    const { pairs, count } = starts;
    if (count === 0 || this.#tabled[rule] === 1) return starts;
    let places = 0;
    for (let index = 0; index < 2 * count; index += 2) places += pairs[index + 1]! - pairs[index]! + 1;
    if (places < WIDE * count || places < 4 * WIDE) return starts;
    const tables = this.#nibbles + NIBBLE_TABLES * rule;
    if (this.#tabled[rule] === 0) {
      const prefixes = matcher.prefixes();
      this.#tabled[rule] = prefixes ? 2 : 1;
      if (!prefixes) return starts;
      this.#bytes.set(nibbleTables(prefixes), tables);
    }
    const asked = aligned(this.#text + this.#length + TRAIL);
    const answer = asked + 4 * aligned(this.#length + TRAIL);
    this.#words.set(count === pairs.length / 2 ? pairs : pairs.subarray(0, 2 * count), asked >> 2);
    const found = this.#kernel.narrow(this.#text - this.#from, asked, count, tables, answer);
    const first = answer >> 2;
    // Nothing stands before the very first byte: there a match may begin whatever the tables say.
    if (pairs[0] !== 0 || (found > 0 && this.#words[first] === 0)) {
      return { pairs: this.#words.subarray(first, first + 2 * found), count: found };
    }
    this.#words[first - 2] = 0;
    this.#words[first - 1] = found > 0 && this.#words[first] === 1 ? this.#words[first + 1]! : 0;
    const joined = this.#words[first - 1] !== 0;
    if (!joined) return { pairs: this.#words.subarray(first - 2, first + 2 * found), count: found + 1 };
    this.#words[first] = 0;
    return { pairs: this.#words.subarray(first, first + 2 * found), count: found };
  }

  /** Copies the text in, with the byte before it; makes room for ranges in it, asked and answered. */
  #hold(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    const needed = pages(this.#text + 9 * aligned(length + 2 * TRAIL)) - this.#memory.buffer.byteLength / 65536;
    if (needed > 0) {
      this.#memory.grow(needed);
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#words = new Int32Array(this.#memory.buffer);
    }
    const lead = Math.min(1, from);
    this.#bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from - lead, to), this.#text - lead);
    this.#bytes.fill(0, this.#text + length, this.#text + length + TRAIL);
    this.#from = from;
    this.#length = length;
  }
}

function pages(bytes: number): number {
  return Math.ceil(bytes / 65536);
}

function aligned(bytes: number): number {
  return (bytes + 63) & ~63;
}
