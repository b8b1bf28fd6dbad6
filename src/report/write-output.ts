import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../model/index.ts';

/**
 * Writes an output file whole or not at all: a private file (0600) beside the target, synced, then renamed over it.
 * A run that is stopped leaves the old file, never half a report.
 * @throws UsageError if the place cannot be written
 */
export async function writeOutput(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  // Renaming over a device would take the device away from everybody.
  const there = await lstat(path).catch(() => undefined);
  if (there && !there.isFile())
    throw new UsageError(`cannot replace ${path}: it is no file`, ['name a file, not a folder, device or link']);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  const discard = () => rmSync(temporary, { force: true });
  // An interrupt ends the process without unwinding: the half-written file must go with it.
  process.once('exit', discard);
  const file = await open(temporary, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot write ${path} (${cause.code})`, [
      'name a path in a folder that exists and is writable',
    ]);
  });
  try {
    for await (const chunk of bytes) await file.writeFile(chunk).catch(unwritable(path));
    await file.sync().catch(unwritable(path));
    await file.close().catch(unwritable(path));
    await rename(temporary, path).catch((cause: NodeJS.ErrnoException) => {
      throw new UsageError(`cannot replace ${path} (${cause.code})`, ['name a file, not a folder']);
    });
  } catch (error) {
    await file.close().catch(() => undefined);
    discard();
    throw error;
  } finally {
    process.off('exit', discard);
  }
}

/** A disk that is full, gone or broken is the operator's to mend. */
function unwritable(path: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new UsageError(`cannot write ${path} (${cause.code})`, [
      cause.code === 'ENOSPC' || cause.code === 'EDQUOT' ? 'make room, or write elsewhere' : 'check the disk',
    ]);
  };
}
