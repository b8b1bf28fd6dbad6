import type { Box } from '../box.ts';
import { type Co, type RandomAccess, wait } from '../reader.ts';
import { findZipEnd, ZIP_END_REACH, ZIP_END_SIZE } from '../zip-end.ts';
import { CENTRAL, CENTRAL_SIZE, centralLength, END64, LOCATOR64, parseCentral, type ZipHeader } from './zip-records.ts';

/** Where the end of a zip archive lies and what it says. All places are real ones, not as stated. */
export interface ZipEnd {
  /** Of the central directory: first byte, and first byte behind it. */
  readonly start: number;
  readonly stop: number;
  /** What has to be added to a stated offset: bytes in front of the archive that its offsets do not count. */
  readonly shift: number;
  readonly entries: number;
  /** Of the end record. */
  readonly position: number;
  readonly comment: Uint8Array;
  readonly zip64: boolean;
}

const LOCATOR_SIZE = 20;
const END64_SIZE = 56;

/** Finds the last end record; `undefined` where there is none. */
export function* findEnd(box: Box, random: RandomAccess): Co<ZipEnd | undefined> {
  const from = Math.max(0, random.size - ZIP_END_REACH - LOCATOR_SIZE);
  const tail = Buffer.from(yield* wait(random.readAt(from, random.size - from)));
  const at = findZipEnd(tail, from);
  if (at < 0) return undefined;
  const record = tail.subarray(at);
  const position = from + at;
  if (record.readUInt16LE(4) !== 0 && record.readUInt16LE(4) !== 0xffff) {
    box.fail('unsupported', 'one volume of a zip archive in several', position);
  }
  let entries = record.readUInt16LE(10);
  let size = record.readUInt32LE(12);
  let stated = record.readUInt32LE(16);
  let stop = position;
  const wide = yield* readEnd64(random, position);
  if (wide) {
    ({ entries, size, stated } = wide);
    stop = wide.position;
  }
  const comment = record.subarray(ZIP_END_SIZE, ZIP_END_SIZE + record.readUInt16LE(20));
  const start = stop - size;
  const shift = start - stated;
  const first = entries === 0 ? undefined : Buffer.from(yield* wait(random.readAt(Math.max(0, start), 4)));
  if (start < 0 || shift < 0 || (first && (first.length < 4 || first.readUInt32LE() !== CENTRAL))) {
    box.fail('corrupt', 'the central directory is not where the end record says', position);
  }
  return { start, stop, shift, entries, position, comment, zip64: wide !== undefined };
}

function* readEnd64(
  random: RandomAccess,
  position: number,
): Co<{ entries: number; size: number; stated: number; position: number } | undefined> {
  if (position < LOCATOR_SIZE + END64_SIZE) return undefined;
  const locator = Buffer.from(yield* wait(random.readAt(position - LOCATOR_SIZE, LOCATOR_SIZE)));
  if (locator.readUInt32LE(0) !== LOCATOR64) return undefined;
  const stated = Number(locator.readBigUInt64LE(8));
  // Offsets may not count what is in front of the archive; then the record is looked for right before its locator.
  for (const at of [stated, position - LOCATOR_SIZE - END64_SIZE]) {
    if (at < 0 || at + END64_SIZE > position) continue;
    const record = Buffer.from(yield* wait(random.readAt(at, END64_SIZE)));
    if (record.readUInt32LE(0) !== END64) continue;
    return {
      entries: Number(record.readBigUInt64LE(32)),
      size: Number(record.readBigUInt64LE(40)),
      stated: Number(record.readBigUInt64LE(48)),
      position: at,
    };
  }
  return undefined;
}

/** Bytes of the directory that are held at once. */
const WINDOW = 256 * 1024;

/**
 * The central directory by place: which members there are, in the order they lie in the file. Holds two numbers a
 * member; the records are read again when their turn comes.
 */
export class ZipDirectory {
  /** First byte of the directory that is no record. */
  parsed: number;
  private readonly box: Box;
  private readonly random: RandomAccess;
  private readonly end: ZipEnd;
  private readonly records: number[] = [];
  private readonly locals: number[] = [];
  private window: Buffer = Buffer.alloc(0);
  private windowAt = 0;

  constructor(box: Box, random: RandomAccess, end: ZipEnd) {
    this.box = box;
    this.random = random;
    this.end = end;
    this.parsed = end.start;
  }

  *scan(): Co<void> {
    const { end, box } = this;
    while (this.parsed + CENTRAL_SIZE <= end.stop) {
      const record = yield* this.record(this.parsed);
      if (!record) break;
      box.chargeMetadata(record.length, this.parsed);
      this.records.push(this.parsed);
      this.locals.push(parseCentral(record).offset + end.shift);
      if (this.records.length > box.budget.limits.entries) {
        box.fail('over-entries', `more than ${box.budget.limits.entries} members in a zip directory`, this.parsed);
      }
      this.parsed += record.length;
    }
    const stated = end.zip64 ? end.entries : end.entries % 65536;
    const counted = end.zip64 ? this.records.length : this.records.length % 65536;
    if (stated !== counted)
      box.gap('header-mismatch', `${this.records.length} members, ${end.entries} stated`, end.position);
  }

  /** Members by place of their local header, each with that place. */
  *members(): Generator<{ record: number; local: number }> {
    const order = this.records.map((_, index) => index).sort((a, b) => this.locals[a]! - this.locals[b]! || a - b);
    for (const index of order) yield { record: this.records[index]!, local: this.locals[index]! };
  }

  *header(position: number): Co<ZipHeader> {
    const record = yield* this.record(position);
    if (!record) this.box.fail('changed-while-read', 'a zip directory changed', position);
    return parseCentral(record);
  }

  private *record(position: number): Co<Buffer | undefined> {
    const fixed = yield* this.bytes(position, CENTRAL_SIZE);
    if (fixed.length < CENTRAL_SIZE || fixed.readUInt32LE() !== CENTRAL) return undefined;
    const length = centralLength(fixed);
    const record = yield* this.bytes(position, length);
    return record.length === length ? record : undefined;
  }

  private *bytes(position: number, length: number): Co<Buffer> {
    const { end } = this;
    if (position < this.windowAt || position + length > this.windowAt + this.window.length) {
      const wanted = Math.max(0, Math.min(Math.max(WINDOW, length), end.stop - position));
      this.window = Buffer.from(yield* wait(this.random.readAt(position, wanted)));
      this.windowAt = position;
    }
    const at = position - this.windowAt;
    return this.window.subarray(at, at + length);
  }
}
