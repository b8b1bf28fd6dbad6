import { constants, type PathLike, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../model/index.ts';

const CHUNK = 256 * 1024;

/** The file is not the one that was looked at, or it was written to meanwhile. */
export class ChangedError extends Error {
  readonly code = 'ECHANGED';

  constructor() {
    super('the file changed while it was read');
  }
}

export interface FileSource extends ByteSource {
  readonly readAt: (position: number, length: number) => Promise<Uint8Array>;
  /** Opens and closes the file, to find out early that it cannot be read. */
  probe(): Promise<void>;
}

/**
 * A regular file. `about` is what it was when it was found: a file that is replaced, grows or shrinks while it is read
 * is no longer what the audit speaks of. Symlinks are followed only for a path that the operator named.
 */
export function fileSource(path: PathLike, about: Stats, noFollow = false): FileSource {
  // Without blocking, so that a fifo put in the file's place cannot hold us up.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (noFollow ? constants.O_NOFOLLOW : 0);
  const opened = async (): Promise<FileHandle> => {
    const handle = await open(path, flags);
    try {
      unchanged(await handle.stat(), about);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  };
  let random: Promise<FileHandle> | undefined;
  return {
    size: about.size,
    async *stream() {
      const handle = await opened();
      try {
        let read = 0;
        const chunk = Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK, about.size)));
        for (;;) {
          const { bytesRead } = await handle.read(chunk, 0, chunk.length, read);
          if (bytesRead === 0) break;
          read += bytesRead;
          if (read > about.size) throw new ChangedError();
          yield chunk.subarray(0, bytesRead);
        }
        unchanged(await handle.stat(), about);
        if (read !== about.size) throw new ChangedError();
      } finally {
        await handle.close();
        await (await random?.catch(() => undefined))?.close();
        random = undefined;
      }
    },
    async readAt(position, length) {
      random ??= opened();
      const handle = await random;
      const out = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, about.size - position)));
      let done = 0;
      while (done < out.length) {
        const { bytesRead } = await handle.read(out, done, out.length - done, position + done);
        if (bytesRead === 0) throw new ChangedError();
        done += bytesRead;
      }
      return out;
    },
    async probe() {
      await (await opened()).close();
    },
  };
}

function unchanged(now: Stats, before: Stats): void {
  const same =
    now.isFile() &&
    now.ino === before.ino &&
    now.dev === before.dev &&
    now.size === before.size &&
    now.mtimeMs === before.mtimeMs &&
    now.ctimeMs === before.ctimeMs;
  if (!same) throw new ChangedError();
}
