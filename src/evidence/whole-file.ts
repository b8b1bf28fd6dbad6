import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../model/index.ts';

/** Names that `replaceWhole` and `createWhole` use before the rename. */
export const isTemporary = (name: string): boolean => /\.\d+\.tmp$/.test(name);

/**
 * Replaces a file whole: temporary file, fsync, rename, fsync of the directory. `durable: false` leaves out the syncs.
 * @throws UsageError where something that is no file has the name: a rename would take a device or a link away
 */
export function replaceWhole(path: string, bytes: Uint8Array | string, mode = 0o644, durable = true): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile())
    throw new UsageError(`cannot replace ${path}: it is no file`, ['name a file, not a folder, device or link']);
  const temporary = `${path}.${process.pid}.tmp`;
  writeAll(temporary, bytes, mode, durable);
  renameSync(temporary, path);
  if (durable) syncDirectory(dirname(path));
}

/** Creates a file whole and fails where one exists. @throws UsageError */
export function createWhole(path: string, bytes: Uint8Array | string, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeAll(temporary, bytes, mode, true);
    linkSync(temporary, path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') throw new UsageError(`${path} exists already`, ['name another file']);
    throw new UsageError(`cannot write ${path} (${code ?? 'error'})`, ['name a folder that is writable and has room']);
  } finally {
    removeQuietly(temporary);
  }
}

function writeAll(path: string, bytes: Uint8Array | string, mode: number, durable: boolean): void {
  const fd = openSync(path, 'w', mode);
  try {
    const data = Buffer.from(bytes as string);
    for (let done = 0; done < data.length; ) done += writeSync(fd, data, done);
    if (durable) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A new name is durable only when its directory is. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, which is what was wanted.
  }
}
