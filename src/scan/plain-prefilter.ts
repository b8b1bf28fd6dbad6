import { anchorHolds, type Prefilter, type PreparedAnchors } from './prefilter.ts';
import type { StartWindows } from './start-windows.ts';

/**
 * The prefilter on typed arrays, for machines without WASM SIMD and for short texts: one look-up of the last three bytes
 * for literals, and a bit for every place of every shape, shifted byte by byte (Baeza-Yates and Gonnet 1992, shift-and).
 */
export class PlainPrefilter implements Prefilter {
  readonly #prepared: PreparedAnchors;
  /** Hash -> 1 + bucket, 0 where there is none. */
  readonly #heads = new Uint16Array(65536);
  readonly #buckets: (readonly { readonly anchor: number; readonly at: number }[])[] = [];
  readonly #words: number;
  /** [byte x word]: the places of shapes that accept the byte. */
  readonly #accept: Int32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #owner: Int32Array;
  readonly #state: Int32Array;

  constructor(prepared: PreparedAnchors) {
    this.#prepared = prepared;
    for (const [hash, bucket] of prepared.buckets) this.#heads[hash] = this.#buckets.push(bucket);
    const places: { word: number; bit: number; anchor: number; at: number }[] = [];
    let word = 0;
    let bit = 0;
    for (const anchor of prepared.shapes) {
      const { length } = prepared.anchors[anchor]!.sets;
      if (bit + length > 32) {
        word++;
        bit = 0;
      }
      for (let at = 0; at < length; at++) places.push({ word, bit: bit++, anchor, at });
    }
    this.#words = places.length === 0 ? 0 : word + 1;
    this.#accept = new Int32Array(256 * this.#words);
    this.#first = new Int32Array(this.#words);
    this.#last = new Int32Array(this.#words);
    this.#owner = new Int32Array(32 * this.#words);
    this.#state = new Int32Array(this.#words);
    for (const { word: index, bit: place, anchor, at } of places) {
      const { sets } = prepared.anchors[anchor]!;
      for (let byte = 0; byte < 256; byte++) {
        if (sets[at]![byte] === 1) this.#accept[byte * this.#words + index]! |= 1 << place;
      }
      if (at === 0) this.#first[index]! |= 1 << place;
      if (at === sets.length - 1) {
        this.#last[index]! |= 1 << place;
        this.#owner[32 * index + place] = anchor;
      }
    }
  }

  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void {
    const heads = this.#heads;
    const words = this.#words;
    const accept = this.#accept;
    const state = this.#state;
    const { anchors } = this.#prepared;
    state.fill(0);
    // Two bytes that no trigram holds: the first hash is complete at the third byte.
    let hash = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      hash = ((hash << 6) ^ (byte | 0x20)) & 0xffff;
      const head = heads[hash]!;
      if (head !== 0) {
        for (const { anchor, at: place } of this.#buckets[head - 1]!) {
          const begin = at - 2 - place;
          if (begin >= from && anchorHolds(anchors[anchor]!, bytes, begin, to)) windows.mark(anchors[anchor]!, begin);
        }
      }
      for (let word = 0; word < words; word++) {
        const next = ((state[word]! << 1) | this.#first[word]!) & accept[byte * words + word]!;
        state[word] = next;
        let hits = next & this.#last[word]!;
        while (hits !== 0) {
          const bit = 31 - Math.clz32(hits & -hits);
          hits &= hits - 1;
          const anchor = anchors[this.#owner[32 * word + bit]!]!;
          windows.mark(anchor, at + 1 - anchor.sets.length);
        }
      }
    }
  }
}
