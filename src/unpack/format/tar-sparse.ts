import type { Box } from '../box.ts';
import type { ChunkSource, Co } from '../reader.ts';
import { limited, MAX_CHUNK } from '../sources.ts';
import { BLOCK, numeric } from './tar-header.ts';

/** A stored piece of a sparse file. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** The real size of a sparse file and the pieces of it that are stored, in the order they are stored. */
export interface SparseMap {
  readonly size: number;
  readonly pieces: readonly Piece[];
}

/** Old GNU format: four pieces in the header, 21 in each extension block, the real size at 483. */
export function* readGnuMap(box: Box, header: Uint8Array): Co<SparseMap> {
  const pieces: Piece[] = [];
  const take = (block: Uint8Array, from: number, count: number): void => {
    for (let at = from; at < from + count * 24; at += 24) {
      const offset = numeric(block, [at, 12]);
      const length = numeric(block, [at + 12, 12]);
      if (offset === undefined || length === undefined) return;
      pieces.push({ offset, length });
    }
  };
  take(header, 386, 4);
  let more = header[482] !== 0;
  const size = numeric(header, [483, 12]) ?? 0;
  while (more) {
    box.chargeMetadata(BLOCK);
    const block = yield* box.reader.read(BLOCK);
    if (block.length < BLOCK) box.fail('truncated', 'the map of a sparse file is cut off');
    take(block, 0, 21);
    limitPieces(box, pieces.length);
    more = block[504] !== 0;
  }
  return { size, pieces };
}

/** pax format 1.0: decimal numbers, a line each, at the start of the data, padded to a block. Gives the bytes it took. */
export function* readDataMap(box: Box, stored: number, size: number): Co<{ map: SparseMap; used: number }> {
  let used = 0;
  let rest = '';
  const numbers: number[] = [];
  for (;;) {
    if (used + BLOCK > stored) box.fail('corrupt', 'the map of a sparse file is not closed');
    box.chargeMetadata(BLOCK);
    const block = yield* box.reader.read(BLOCK);
    if (block.length < BLOCK) box.fail('truncated', 'the map of a sparse file is cut off');
    used += BLOCK;
    const lines = (rest + Buffer.from(block).toString('latin1')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (numbers.length > 0 && numbers.length === 1 + 2 * numbers[0]!) break;
      if (!/^\d{1,16}$/.test(line)) box.fail('corrupt', 'the map of a sparse file is no list of numbers');
      numbers.push(Number(line));
    }
    limitPieces(box, numbers.length / 2);
    if (numbers.length > 0 && numbers.length === 1 + 2 * numbers[0]!) break;
  }
  return { map: { size, pieces: pairs(numbers.slice(1)) }, used };
}

function limitPieces(box: Box, count: number): void {
  if (count * 24 > box.budget.limits.entryMetadata) box.fail('over-metadata', 'the map of a sparse file is too long');
}

/** `offset,length,offset,length` of pax formats 0.0 and 0.1. */
export function pairs(numbers: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) pieces.push({ offset: numbers[at]!, length: numbers[at + 1]! });
  return pieces;
}

/** Why a map cannot be right, or `undefined`. */
export function mapFault({ size, pieces }: SparseMap, stored: number): string | undefined {
  let end = 0;
  let sum = 0;
  for (const { offset, length } of pieces) {
    if (!(offset >= end && length >= 0 && Number.isSafeInteger(offset + length)))
      return 'pieces of a sparse file overlap';
    end = offset + length;
    sum += length;
  }
  if (end > size || !Number.isSafeInteger(size)) return 'pieces of a sparse file lie behind its end';
  return sum === stored ? undefined : 'pieces of a sparse file do not add up to what is stored';
}

const ZEROS = new Uint8Array(MAX_CHUNK);

/** The file as it was, its holes filled with zeros; they are charged like decoded bytes. */
export function expanded(box: Box, { size, pieces }: SparseMap): ChunkSource {
  let at = 0;
  let index = 0;
  let piece: ChunkSource | undefined;
  return {
    *next() {
      for (;;) {
        const next = pieces[index];
        const bytes: Uint8Array | undefined = piece ? yield* piece.next() : undefined;
        if (bytes) {
          at += bytes.length;
          return bytes;
        }
        if (piece) {
          piece = undefined;
          index += 1;
          continue;
        }
        const until = next ? next.offset : size;
        if (at < until) {
          const zeros = ZEROS.subarray(0, Math.min(ZEROS.length, until - at));
          box.budget.chargeDecoded(zeros.length);
          at += zeros.length;
          return zeros;
        }
        if (!next) return undefined;
        piece = limited(box.reader, next.length, box);
      }
    },
  };
}
