import type { ByteSource } from '../model/index.ts';
import { Broken } from './broken.ts';
import type { Budget } from './budget.ts';
import { type ChunkSource, type RandomAccess, wait } from './reader.ts';

/** Bytes of a payload, charged as read. What goes wrong is the gap of the entry that `owner` stands for. */
export function payloadSource(bytes: ByteSource, budget: Budget, owner: object): ChunkSource {
  let stream: AsyncIterator<Uint8Array> | undefined;
  return {
    *next() {
      stream ??= bytes.stream()[Symbol.asyncIterator]();
      let result: IteratorResult<Uint8Array>;
      try {
        result = yield* wait(stream.next());
      } catch (error) {
        throw readFailure(error, owner);
      }
      if (result.done) return undefined;
      budget.chargeRead(result.value.length);
      return result.value;
    },
    close: () => void stream?.return?.(),
  };
}

/** Places of a payload, with the same failures; `undefined` where it cannot seek. */
export function payloadRandom(bytes: ByteSource, owner: object): RandomAccess | undefined {
  const { size } = bytes;
  if (!bytes.readAt || size === undefined) return undefined;
  return {
    size,
    readAt: (position, length) =>
      bytes.readAt!(position, length).catch((error: unknown) => {
        throw readFailure(error, owner);
      }),
  };
}

export function readFailure(error: unknown, owner: object): Broken {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ECHANGED') return new Broken(owner, 'changed-while-read', 'size or time of the file changed');
  if (code === 'EDEVICE') return new Broken(owner, 'device', 'a device, fifo or socket: it was not opened');
  if (code === 'ELINK') return new Broken(owner, 'link-not-followed', 'a symbolic link: it was not followed');
  return new Broken(owner, 'read-error', typeof code === 'string' ? `reading failed: ${code}` : 'reading failed');
}
