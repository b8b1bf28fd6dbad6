import { readSync, writeSync } from 'node:fs';
import { closePrivateFile, openPrivateFile } from '../model/index.ts';
import type { Budget } from './budget.ts';
import type { ByteReader, Co, RandomAccess } from './reader.ts';
import { MAX_CHUNK } from './sources.ts';

/** Spools of one payload keep so many bytes in memory, all together; the rest lies in files without a name. */
const SPOOL_MEMORY = 64 * 2 ** 20;
const held = new WeakMap<Budget, number>();

export interface Spooled {
  readonly random: RandomAccess;
  close(): void;
}

/** Reads all that is left, so that it can be sought in. Nothing is ever written under a name of an archive. */
export function* spool(reader: ByteReader, budget: Budget): Co<Spooled> {
  const writer = new SpoolWriter(budget);
  try {
    for (let chunk = yield* reader.next(MAX_CHUNK); chunk; chunk = yield* reader.next(MAX_CHUNK)) writer.add(chunk);
  } catch (error) {
    writer.close();
    throw error;
  }
  return { random: writer.random(), close: () => writer.close() };
}

/** A spool that bytes are added to as they come up. */
export class SpoolWriter {
  size = 0;
  private readonly budget: Budget;
  private readonly blocks: Uint8Array[] = [];
  private readonly starts: number[] = [0];
  private file: number | undefined;
  private inMemory = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  add(chunk: Uint8Array): void {
    const used = held.get(this.budget) ?? 0;
    if (this.file === undefined && used + chunk.length <= SPOOL_MEMORY) {
      this.blocks.push(new Uint8Array(chunk));
      held.set(this.budget, used + chunk.length);
      this.inMemory += chunk.length;
      this.starts.push(this.inMemory);
    } else {
      this.file ??= openPrivateFile();
      writeSync(this.file, chunk, 0, chunk.length, this.size - this.inMemory);
    }
    this.size += chunk.length;
  }

  close(): void {
    held.set(this.budget, (held.get(this.budget) ?? 0) - this.inMemory);
    this.inMemory = 0;
    this.blocks.length = 0;
    if (this.file !== undefined) closePrivateFile(this.file);
    this.file = undefined;
  }

  /** All bytes that were added so far. */
  random(): RandomAccess {
    const { size, inMemory: memory } = this;
    const readAt = async (position: number, length: number): Promise<Uint8Array> => {
      const wanted = Math.max(0, Math.min(length, size - position));
      const out = new Uint8Array(wanted);
      let done = 0;
      for (let index = blockAt(this.starts, position); done < wanted && position + done < memory; index += 1) {
        const block = this.blocks[index]!;
        const from = position + done - this.starts[index]!;
        const part = block.subarray(from, from + wanted - done);
        out.set(part, done);
        done += part.length;
      }
      while (done < wanted && this.file !== undefined) {
        const count = readSync(this.file, out, done, wanted - done, position + done - memory);
        if (count === 0) break;
        done += count;
      }
      return out.subarray(0, done);
    };
    return { size, readAt };
  }
}

/** The last block that starts at or before a position. */
function blockAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
