import type { Box } from './box.ts';
import type { Co } from './reader.ts';
import { MAX_CHUNK } from './sources.ts';

/**
 * Hands on all bytes as content of the entry itself and gives them in one piece, for documents whose parts refer to each
 * other in all directions; `undefined` and a gap where they take more than half of the decoder's memory.
 */
export function* wholeFile(box: Box): Co<Uint8Array | undefined> {
  const most = box.budget.limits.memory / 2;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let bytes = yield* box.reader.next(MAX_CHUNK); bytes; bytes = yield* box.reader.next(MAX_CHUNK)) {
    size += bytes.length;
    if (size <= most) pieces.push(new Uint8Array(bytes));
    yield* box.walk.bytes(box.entry, bytes);
  }
  box.ledger.take('entry', box.reader.position);
  if (size <= most) return Buffer.concat(pieces);
  box.gap('over-memory', `a document of ${size} bytes is read in memory`);
  return undefined;
}
