import { open } from 'node:fs/promises';
import type { Sink } from './outbox.ts';

/** Appends events to a file that a log collector follows; opened anew each time, so that it may be rotated. */
export function fileSink(path: string): Sink {
  return {
    name: 'file',
    async send({ events }) {
      const file = await open(path, 'a', 0o640);
      try {
        await file.writeFile(events.map((line) => `${line}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
