import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../model/index.ts';

/** SHA-256, lower-case hex. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** SHA-256 and size of an open file from its start, handing every chunk to `each` on the way. */
export function digestFile(fd: number, each?: (chunk: Uint8Array) => void): { sha256: string; size: number } {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(1 << 18);
  let size = 0;
  for (let n = readSync(fd, block, 0, block.length, 0); n > 0; n = readSync(fd, block, 0, block.length, size)) {
    const chunk = block.subarray(0, n);
    hash.update(chunk);
    each?.(chunk);
    size += n;
  }
  return { sha256: hash.digest('hex'), size };
}

/** Base64 that is the only encoding of its bytes; `undefined` for any other text. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** SHA-256 of a file by its path. @throws UsageError where it cannot be read */
export function fileDigest(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new UsageError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  try {
    return digestFile(fd).sha256;
  } finally {
    closeSync(fd);
  }
}
