import { KIND, kindOfByte } from './program.ts';

/**
 * Bytes to search: `bytes[begin..end)`, where a byte before `begin` or after `end` does not exist for assertions. While
 * more of a stream is to come, `end` must lie at least the longest match beyond every start that is tried.
 */
export interface Text {
  readonly bytes: Uint8Array;
  readonly begin: number;
  readonly end: number;
}

/** Ranges of allowed match starts, ascending and disjoint: `[first, last]` pairs of indexes, inclusive. */
export interface Starts {
  readonly pairs: Int32Array;
  readonly count: number;
}

export function everywhere(from: number, to: number): Starts {
  return { pairs: Int32Array.of(from, to), count: from <= to ? 1 : 0 };
}

/** Index of the first range that ends at or after `from`; `count` if there is none. */
export function rangeFrom({ pairs, count }: Starts, from: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle + 1]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function kindBefore(text: Text, index: number): number {
  return index > text.begin ? kindOfByte[text.bytes[index - 1]!]! : KIND.edge;
}

export function kindAfter(text: Text, index: number): number {
  return index < text.end ? kindOfByte[text.bytes[index]!]! : KIND.edge;
}

/** Bytes as a string of as many chars. Quickest on a Buffer, as no other view of it has to be made. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1', from, to);
}
