import type { Starts } from '../rules/index.ts';
import {
  markBucket,
  markShapes,
  type Patterned,
  type Prefilter,
  type PreparedAnchors,
  sixBits,
  TRIPLES,
} from './prefilter.ts';
import type { StartWindows } from './start-windows.ts';

/** The prefilter on typed arrays, for machines without WASM SIMD: the same tables, byte by byte. */
export class PlainPrefilter implements Prefilter {
  readonly #prepared: PreparedAnchors;
  readonly #state: Int32Array;

  constructor(prepared: PreparedAnchors) {
    this.#prepared = prepared;
    this.#state = new Int32Array(prepared.shapes.words);
  }

  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void {
    const { heads, shapes } = this.#prepared;
    const { words, accept, first, last } = shapes;
    const state = this.#state;
    state.fill(0);
    let hash = 0;
    // One byte beyond the end, so that an anchor of two bytes at the very end has its third.
    for (let at = from; at <= to; at++) {
      const byte = at < to ? bytes[at]! : 0;
      hash = ((hash << 6) | sixBits(byte)) & (TRIPLES - 1);
      const head = heads[hash]!;
      if (head !== 0 && at - 2 >= from) markBucket(this.#prepared, head, bytes, at - 2, from, to, windows);
      for (let word = 0; word < words; word++) {
        const next = ((state[word]! << 1) | first[word]!) & accept[byte * words + word]!;
        state[word] = next;
        const hits = next & last[word]!;
        if (hits !== 0 && at < to) markShapes(this.#prepared, word, hits, at, windows);
      }
    }
  }

  narrow(_index: number, _rule: Patterned, starts: Starts): Starts {
    return starts;
  }
}
