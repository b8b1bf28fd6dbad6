import type { Box } from './box.ts';
import { type Co, wait } from './reader.ts';

const BLOCK = 128 * 1024;
const KEPT = 64;

/** Bytes at any place of a box, through a few blocks that are kept: pages that lie together are read together. */
export class BlockReader {
  private readonly box: Box;
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(box: Box) {
    this.box = box;
  }

  get size(): number {
    return this.box.random?.size ?? 0;
  }

  /** Fewer bytes only at the end. */
  *read(position: number, length: number): Co<Buffer> {
    const first = Math.floor(position / BLOCK);
    const last = Math.floor((position + length - 1) / BLOCK);
    if (first === last) {
      const block = yield* this.block(first);
      const at = position - first * BLOCK;
      return Buffer.from(block.buffer, block.byteOffset, block.length).subarray(at, at + length);
    }
    const parts: Uint8Array[] = [];
    for (let index = first; index <= last; index += 1) parts.push(yield* this.block(index));
    const at = position - first * BLOCK;
    return Buffer.concat(parts).subarray(at, at + length);
  }

  private *block(index: number): Co<Uint8Array> {
    const known = this.blocks.get(index);
    if (known) {
      // The one that was used longest ago goes first.
      this.blocks.delete(index);
      this.blocks.set(index, known);
      return known;
    }
    const bytes = yield* wait(this.box.random!.readAt(index * BLOCK, BLOCK));
    this.box.budget.chargeDecoded(bytes.length);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size < KEPT) break;
      this.blocks.delete(oldest);
    }
    this.blocks.set(index, bytes);
    return bytes;
  }
}
