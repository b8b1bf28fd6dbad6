import { readFileSync } from 'node:fs';
import { markBucket, markShapes, NEAR, type Prefilter, type PreparedAnchors, sixBits, TRIPLES } from './prefilter.ts';
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
  triples(text: number, from: number, to: number, tables: number, out: number): number;
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
}

/** Bytes worked off by one call: hits of a slice always fit. */
const SLICE = 64 * 1024;
/** Tables of the triples: a bit for each, its head, sets and what stands near (`triples` knows this layout). */
const BITMAP = 1024;
const HEADS = BITMAP + TRIPLES / 8;
const SETS = HEADS + 2 * TRIPLES;
const NEARBY = SETS + 256 * 32;
const NEARBY_SIZE = 65536 * 8;
const OUT = NEARBY + NEARBY_SIZE;
const TABLES = OUT + 12 * SLICE;
/** Bytes before the text that may be read. */
const LEAD = 8;

let module: object | undefined;

/** The prefilter in WebAssembly. Text is copied in, which is far cheaper than looking at it. */
export class WasmPrefilter implements Prefilter {
  readonly #prepared: PreparedAnchors;
  readonly #memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly #kernel: Kernel;
  readonly #states: number;
  readonly #text: number;
  readonly #pairs: { readonly first: bigint; readonly last: bigint }[] = [];

  /** @throws where the machine cannot run WebAssembly */
  constructor(prepared: PreparedAnchors) {
    this.#prepared = prepared;
    const { words, accept } = prepared.shapes;
    const pairs = (words + 1) >> 1;
    this.#states = TABLES + 2048 * pairs;
    this.#text = ((this.#states + 8 * pairs + 63) & ~63) + LEAD;
    this.#memory = new WebAssembly.Memory({ initial: pages(this.#text + SLICE) });
    module ??= new WebAssembly.Module(readFileSync(KERNEL));
    this.#kernel = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Kernel;
    const bytes = new Uint8Array(this.#memory.buffer);
    prepared.heads.forEach((head, triple) => {
      if (head !== 0) bytes[BITMAP + (triple >> 3)]! |= 1 << (triple & 7);
    });
    new Uint16Array(this.#memory.buffer, HEADS, TRIPLES).set(prepared.heads);
    bytes.set(prepared.nearSets, SETS);
    for (let bucket = 0; bucket < prepared.buckets.length; bucket++) {
      const near = prepared.near.subarray(NEAR.length * bucket, NEAR.length * (bucket + 1));
      bytes.set(near, NEARBY + 8 * (bucket + 1));
    }
    // Two words run as one of 64 bits: what is shifted over from the first falls on a place that is set anyway.
    const table = new Int32Array(this.#memory.buffer, TABLES, 512 * pairs);
    for (let word = 0; word < words; word++) {
      for (let byte = 0; byte < 256; byte++) {
        table[512 * (word >> 1) + 2 * byte + (word & 1)] = accept[byte * words + word]!;
      }
    }
    const pair = (masks: Int32Array, word: number): bigint =>
      (BigInt((masks[word + 1] ?? 0) >>> 0) << 32n) | BigInt(masks[word]! >>> 0);
    for (let word = 0; word < words; word += 2) {
      this.#pairs.push({ first: pair(prepared.shapes.first, word), last: pair(prepared.shapes.last, word) });
    }
  }

  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void {
    const needed = pages(this.#text + (to - from) + 64) - this.#memory.buffer.byteLength / 65536;
    if (needed > 0) this.#memory.grow(needed);
    const text = new Uint8Array(this.#memory.buffer, this.#text, to - from + 16);
    text.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    text.fill(0, to - from);
    const length = to - from;
    const { heads } = this.#prepared;
    const out = new Uint32Array(this.#memory.buffer, OUT, 3 * SLICE);
    new Int32Array(this.#memory.buffer, this.#states, 2 * this.#pairs.length).fill(0);
    for (let begin = 0; begin < length; begin += SLICE) {
      const end = Math.min(length, begin + SLICE);
      const count = this.#kernel.triples(this.#text, begin, end, BITMAP, OUT);
      for (let index = 0; index < count; index++) {
        const at = out[index]!;
        const triple = (sixBits(text[at]!) << 12) | (sixBits(text[at + 1]!) << 6) | sixBits(text[at + 2]!);
        markBucket(this.#prepared, heads[triple]!, bytes, from + at, from, to, windows);
      }
      this.#pairs.forEach(({ first, last }, pair) => {
        const state = this.#states + 8 * pair;
        const hits = this.#kernel.shapes(this.#text, begin, end, TABLES + 2048 * pair, first, last, state, OUT);
        for (let index = 0; index < 3 * hits; index += 3) {
          const at = from + out[index]!;
          markShapes(this.#prepared, 2 * pair, out[index + 1]! | 0, at, windows);
          markShapes(this.#prepared, 2 * pair + 1, out[index + 2]! | 0, at, windows);
        }
      });
    }
  }
}

function pages(bytes: number): number {
  return Math.ceil(bytes / 65536);
}
