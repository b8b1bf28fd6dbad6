import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import type { ByteSource, DirectoryEntry } from '../model/index.ts';
import { fileSource } from './file-source.ts';

const SLASH = Buffer.from('/');

/**
 * Everything below a directory, each directory before what lies in it, names in the order of their bytes. Symlinks are
 * told, never followed; special files are told, never opened. A file or folder that cannot be read is told with bytes
 * that fail.
 */
export async function* directoryEntries(root: string): AsyncGenerator<DirectoryEntry> {
  yield* below(Buffer.from(root), undefined, await names(Buffer.from(root)));
}

async function* below(
  folder: Buffer,
  relative: Buffer | undefined,
  entries: readonly Buffer[],
): AsyncGenerator<DirectoryEntry> {
  for (const name of entries) {
    const path = Buffer.concat([folder, SLASH, name]);
    const shown = relative ? Buffer.concat([relative, SLASH, name]) : name;
    let about: Stats;
    try {
      about = await lstat(path);
    } catch (error) {
      yield { path: shown, kind: 'file', bytes: failing(error) };
      continue;
    }
    if (about.isDirectory()) {
      const inside = await names(path).catch((error: unknown) => failing(error));
      if (Array.isArray(inside)) {
        yield { path: shown, kind: 'directory' };
        yield* below(path, shown, inside);
      } else {
        yield { path: shown, kind: 'directory', bytes: inside as ByteSource };
      }
    } else if (about.isSymbolicLink()) {
      yield await symlink(path, shown);
    } else if (about.isFile()) {
      yield { path: shown, kind: 'file', bytes: fileSource(path, about, true) };
    } else {
      yield { path: shown, kind: 'special' };
    }
  }
}

async function names(folder: Buffer): Promise<Buffer[]> {
  return (await readdir(folder, { encoding: 'buffer' })).sort(Buffer.compare);
}

async function symlink(path: Buffer, shown: Buffer): Promise<DirectoryEntry> {
  try {
    return { path: shown, kind: 'symlink', linkTarget: await readlink(path, { encoding: 'buffer' }) };
  } catch (error) {
    return { path: shown, kind: 'symlink', bytes: failing(error) };
  }
}

/** Bytes that cannot be read. */
export function failing(error: unknown): ByteSource {
  return {
    size: undefined,
    // biome-ignore lint/correctness/useYield: reading fails before there is a byte to give
    async *stream() {
      throw error;
    },
  };
}
