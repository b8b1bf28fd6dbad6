import { Broken } from './broken.ts';
import type { Budget } from './budget.ts';
import { type ByteReader, type ChunkSource, type RandomAccess, wait } from './reader.ts';

/** The most that is handed on at once. */
export const MAX_CHUNK = 2 ** 20;

/** Content up to this size is held in one piece, so that it can be looked at from both ends. */
export const WHOLE = 2 ** 20;

/** `size` bytes of a container's reader. A container that ends before them is truncated. */
export function limited(reader: ByteReader, size: number, layer: object): ChunkSource {
  let left = size;
  return {
    *next() {
      if (left === 0) return undefined;
      let chunk = left <= WHOLE ? reader.atHand(left) : undefined;
      if (chunk) {
        reader.advance(left);
      } else {
        if (left <= WHOLE) yield* reader.peek(left);
        chunk = yield* reader.next(Math.min(left, MAX_CHUNK));
      }
      if (!chunk) throw new Broken(layer, 'truncated', `${left} bytes of a member are missing`, reader.position);
      left -= chunk.length;
      return chunk;
    },
  };
}

/** All that is left of a reader. */
export function remaining(reader: ByteReader): ChunkSource {
  return { next: () => reader.next(MAX_CHUNK) };
}

/** A range of something seekable, from its start; `charge` counts bytes that are read once more than they are stored. */
export function ranged(random: RandomAccess, from: number, to: number, charge?: Budget): ChunkSource {
  let at = from;
  return {
    *next() {
      if (at >= to) return undefined;
      const bytes = yield* wait(random.readAt(at, Math.min(to - at, MAX_CHUNK / 4)));
      if (bytes.length === 0) return undefined;
      charge?.chargeDecoded(bytes.length);
      at += bytes.length;
      return bytes;
    },
  };
}

/** A part of something seekable as a whole of its own. */
export function section(random: RandomAccess, from: number, size: number): RandomAccess {
  return {
    size,
    readAt: (position, length) => random.readAt(from + position, Math.max(0, Math.min(length, size - position))),
  };
}

export function inMemory(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    readAt: async (position, length) => bytes.subarray(position, position + length),
  };
}
