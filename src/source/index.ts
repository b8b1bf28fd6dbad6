/** Where bytes come from: a file, a directory, stdin. Bad paths are the operator's errors; bad bytes never are. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Payload, UsageError } from '../model/index.ts';
import { directoryEntries, failing } from './directory.ts';
import { fileSource } from './file-source.ts';
import { stdinSource } from './stdin-source.ts';

export { descriptorSource } from './descriptor-source.ts';

export interface SourceOptions {
  /** Every file of a directory is a payload of its own. */
  readonly each: boolean;
  /** The name of the payload that is read from `-`. */
  readonly stdinName: string;
}

/**
 * The payloads that paths stand for, in the order given. All paths are looked at before the first byte is read, so that
 * a mistake in the last one is told at once.
 */
export async function* openPayloads(paths: readonly string[], options: SourceOptions): AsyncGenerator<Payload> {
  if (paths.length === 0) throw new UsageError('no path given', ['name a file, a directory, or - for stdin']);
  if (paths.filter((path) => path === '-').length > 1) throw new UsageError('stdin (-) can be read only once');
  const opened = [];
  for (const path of paths) opened.push(await open(path, options));
  for (const payloads of opened) yield* payloads();
}

async function open(path: string, options: SourceOptions): Promise<() => AsyncIterable<Payload> | Iterable<Payload>> {
  if (path === '-') {
    const name = Buffer.from(options.stdinName);
    return () => [{ type: 'file', name, bytes: stdinSource() }];
  }
  const about = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(path, error);
  });
  const name = Buffer.from(basename(resolve(path)) || 'root');
  if (about.isFile()) {
    await fileSource(path, about)
      .probe()
      .catch((error: NodeJS.ErrnoException) => {
        throw unusable(path, error);
      });
    return () => [{ type: 'file', name, bytes: fileSource(path, about) }];
  }
  if (!about.isDirectory()) {
    throw new UsageError(`${path} is neither a file nor a directory`, [
      'pipe it in and name it: ... | clearance inspect -',
    ]);
  }
  const entries = () => directoryEntries(path);
  try {
    for await (const _ of entries()) break;
  } catch (error) {
    throw unusable(path, error as NodeJS.ErrnoException);
  }
  return options.each ? () => eachFile(path) : () => [{ type: 'directory', name, entries }];
}

/**
 * Every file below a directory, named by its own base name. What is no file, or a folder that cannot be read, is a
 * payload too, of which nothing can be read: whoever sends the directory might send what stands behind it.
 */
async function* eachFile(path: string): AsyncGenerator<Payload> {
  for await (const { path: at, kind, bytes } of directoryEntries(path)) {
    const name = at.subarray(at.lastIndexOf(0x2f) + 1);
    if (kind === 'file') yield { type: 'file', name, bytes: bytes ?? failing(undefined) };
    else if (kind !== 'directory' || bytes) yield { type: 'file', kind, name, bytes: bytes ?? failing(UNOPENED[kind]) };
  }
}

const UNOPENED: Readonly<Record<string, { readonly code: string }>> = {
  symlink: { code: 'ELINK' },
  special: { code: 'EDEVICE' },
};

function unusable(path: string, error: NodeJS.ErrnoException): UsageError {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new UsageError(`${path} does not exist`, ['check the path; it is taken from the working directory']);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new UsageError(`${path} cannot be read: permission denied`, ['run as a user that may read it']);
  }
  return new UsageError(`${path} cannot be read: ${error.code ?? 'unknown error'}`, ['check the path and the disk']);
}
