import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let provided: { free: number[]; all: ReadonlySet<number> } | undefined;

/** In a process that may create no file: the descriptors it was given take the place of new private files. */
export function providePrivateFiles(files: readonly number[]): void {
  provided = { free: [...files], all: new Set(files) };
}

/** A file (0600) that only this process can reach: its name is gone before the first byte is written. */
export function openPrivateFile(): number {
  if (provided) {
    const file = provided.free.pop();
    if (file === undefined) throw new Error('no private file is left in this process');
    return file;
  }
  const path = join(tmpdir(), `clearance-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

/** Gives a private file back, with its bytes. */
export function closePrivateFile(file: number): void {
  if (provided?.all.has(file)) {
    ftruncateSync(file, 0);
    provided.free.push(file);
  } else {
    closeSync(file);
  }
}
