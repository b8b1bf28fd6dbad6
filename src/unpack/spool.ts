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
  const blocks: Uint8Array[] = [];
  let file: number | undefined;
  let size = 0;
  let inMemory = 0;
  const close = (): void => {
    held.set(budget, (held.get(budget) ?? 0) - inMemory);
    inMemory = 0;
    blocks.length = 0;
    if (file !== undefined) closePrivateFile(file);
    file = undefined;
  };
  try {
    for (let chunk = yield* reader.next(MAX_CHUNK); chunk; chunk = yield* reader.next(MAX_CHUNK)) {
      const used = held.get(budget) ?? 0;
      if (file === undefined && used + chunk.length <= SPOOL_MEMORY) {
        blocks.push(new Uint8Array(chunk));
        held.set(budget, used + chunk.length);
        inMemory += chunk.length;
      } else {
        file ??= openPrivateFile();
        writeSync(file, chunk, 0, chunk.length, size - inMemory);
      }
      size += chunk.length;
    }
  } catch (error) {
    close();
    throw error;
  }
  const starts = [0];
  for (const block of blocks) starts.push(starts.at(-1)! + block.length);
  const memory = inMemory;
  const readAt = async (position: number, length: number): Promise<Uint8Array> => {
    const wanted = Math.max(0, Math.min(length, size - position));
    const out = new Uint8Array(wanted);
    let done = 0;
    for (let index = blockAt(starts, position); done < wanted && position + done < memory; index += 1) {
      const block = blocks[index]!;
      const from = position + done - starts[index]!;
      const part = block.subarray(from, from + wanted - done);
      out.set(part, done);
      done += part.length;
    }
    while (done < wanted && file !== undefined) {
      const count = readSync(file, out, done, wanted - done, position + done - memory);
      if (count === 0) break;
      done += count;
    }
    return out.subarray(0, done);
  };
  return { random: { size, readAt }, close };
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
