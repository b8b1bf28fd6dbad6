import { fstatSync, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from '../model/index.ts';
import { ChangedError } from './file-source.ts';

const CHUNK = 256 * 1024;
const readAt = promisify(read);

/** A regular file that another process opened for us: the only way in for one that may open nothing itself. */
export function descriptorSource(file: number): ByteSource {
  const about = fstatSync(file);
  const fill = async (out: Uint8Array, position: number): Promise<void> => {
    for (let done = 0; done < out.length; ) {
      const { bytesRead } = await readAt(file, out, done, out.length - done, position + done);
      if (bytesRead === 0) throw new ChangedError();
      done += bytesRead;
    }
  };
  return {
    size: about.size,
    async *stream() {
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, about.size));
      for (let position = 0; position < about.size; position += CHUNK) {
        const chunk = buffer.subarray(0, about.size - position);
        await fill(chunk, position);
        yield chunk;
      }
      if (!isUnchanged(fstatSync(file), about)) throw new ChangedError();
    },
    async readAt(position, length) {
      const out = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, about.size - position)));
      await fill(out, position);
      return out;
    },
  };
}

function isUnchanged(now: Stats, before: Stats): boolean {
  return now.size === before.size && now.mtimeMs === before.mtimeMs && now.ctimeMs === before.ctimeMs;
}
