import { isUtf8 } from 'node:buffer';
import { inflateSync, constants as zlib } from 'node:zlib';
import type { Format } from './box.ts';
import type { Budget } from './budget.ts';
import { EncodedParts } from './encoded/encoded-parts.ts';
import { isArchive, mayStart } from './encoded/judge.ts';
import { EntropyMeter } from './entropy.ts';

/** Shorter fields hold no archive that says anything. */
export const SHORTEST_FIELD = 16;
/** A zlib stream has a mark of two bytes only: behind other bytes it must also give so much. */
const ZLIB_GIVES = 24;
/** A zlib stream is looked for at so many places of a field. */
const ZLIB_PLACES = 16;

/**
 * Where in a field of a header (a name, a comment, a record) compressed data or an archive begins; -1 where it is what it
 * seems. `encoded`: also what is written out in characters counts, from the field's start.
 */
export function contentInField(
  formats: readonly Format[],
  budget: Budget,
  field: Uint8Array,
  encoded: boolean,
): number {
  if (field.length < SHORTEST_FIELD) return -1;
  if (!isUtf8(field)) {
    const at = compressedAt(formats, field);
    if (at >= 0) return at;
  }
  return encoded && holdsEncoded(formats, budget, field) ? 0 : -1;
}

function compressedAt(formats: readonly Format[], field: Uint8Array): number {
  let places = 0;
  for (let at = 0; at + 8 <= field.length; at += 1) {
    const first = field[at]!;
    const second = field[at + 1]!;
    if (mayStart((first << 16) | (second << 8) | field[at + 2]!)) {
      if (isArchive(formats, field.subarray(at), true, true)) return at;
    } else if ((first & 15) === 8 && first <= 0x78 && ((first << 8) | second) % 31 === 0 && places < ZLIB_PLACES) {
      places += 1;
      if (inflates(field.subarray(at))) return at;
    }
  }
  const meter = new EntropyMeter();
  meter.update(field, false);
  return meter.finish() ? 0 : -1;
}

function inflates(bytes: Uint8Array): boolean {
  try {
    const options = { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 2 ** 20 };
    return inflateSync(bytes, options).length >= ZLIB_GIVES;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}

function holdsEncoded(formats: readonly Format[], budget: Budget, field: Uint8Array): boolean {
  const parts = EncodedParts.forWhole(budget, formats, field);
  if (!parts) return false;
  try {
    parts.update(field);
    const gaps: [] = [];
    return parts.finish(gaps).length > 0 || gaps.length > 0;
  } finally {
    parts.close();
  }
}
