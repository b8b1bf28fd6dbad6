import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { signatureOf } from './at-rest.ts';

const CHUNK = 1 << 20;

export interface Copied {
  readonly size: number;
  readonly sha256: string;
  /** The original's, as it was while it was read. */
  readonly signature: string;
}

/**
 * Copies a file while hashing into a new private file (0400) and syncs it. What is audited and published is this copy:
 * a writer that still has the original open cannot reach it.
 * @returns `undefined` if the original changed meanwhile
 */
export async function copyPrivately(original: string, copy: string): Promise<Copied | undefined> {
  const target = await open(copy, 'wx', 0o400);
  try {
    const copied = await readThrough(original, async (chunk) => {
      for (let done = 0; done < chunk.length; ) {
        done += (await target.write(chunk, done, chunk.length - done)).bytesWritten;
      }
    });
    await target.sync();
    return copied;
  } finally {
    await target.close();
  }
}

/** Whether the original still has the bytes that were copied: its times and its digest. */
export async function isUnchanged(original: string, copied: Copied): Promise<boolean> {
  const now = await readThrough(original, async () => undefined);
  return now?.sha256 === copied.sha256 && now.signature === copied.signature;
}

async function readThrough(path: string, take: (chunk: Uint8Array) => Promise<void>): Promise<Copied | undefined> {
  // Without blocking and without following: what lies here came from somebody else.
  const source = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = await source.stat({ bigint: true });
    if (!before.isFile()) return undefined;
    const hash = createHash('sha256');
    const size = await eachChunk(source, async (chunk) => {
      hash.update(chunk);
      await take(chunk);
    });
    const signature = signatureOf(before);
    const after = signatureOf(await source.stat({ bigint: true }));
    if (after !== signature || BigInt(size) !== before.size) return undefined;
    return { size, sha256: hash.digest('hex'), signature };
  } finally {
    await source.close();
  }
}

async function eachChunk(source: FileHandle, take: (chunk: Uint8Array) => Promise<void>): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, CHUNK, size);
    if (bytesRead === 0) return size;
    size += bytesRead;
    await take(buffer.subarray(0, bytesRead));
  }
}
