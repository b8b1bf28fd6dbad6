import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Codec, CodecLimits } from './codec.ts';
import { beginsWith, type Input, type Match, type More } from './input.ts';
import { KernelLease } from './kernel.ts';
import { type LzmaKernel, openWindow } from './lzma-window.ts';
import { lzma2 } from './lzma2.ts';
import { Machine, type Walk } from './machine.ts';
import { le32, openCheck } from './xz-check.ts';
import { drain, type Filter, openFilter, through } from './xz-filters.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZMA2 = 0x21;
/** Literal contexts of LZMA2: lc + lp is at most 4. */
const CONTEXTS = 4;

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** A variable-length integer (xz file format 1.1.0, section 1.2); above 2^53 inexact, and then of nothing's size. */
function* variable(next: () => Generator<More, number>, input: Input): Generator<More, number> {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = yield* next();
    if (byte === 0 && i > 0) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value;
  }
  throw input.error('corrupt', 'a number is not written as it must be');
}

/** What a block's sizes were, in the order of the index: a digest, so that a million blocks cost no more than one. */
class Records {
  readonly #hash = createHash('sha256');
  #count = 0;
  #unpadded = 0;

  add(unpadded: number, size: number): void {
    this.#hash.update(`${unpadded},${size};`);
    this.#count++;
    this.#unpadded += unpadded;
  }

  get count(): number {
    return this.#count;
  }

  digest(): string {
    return `${this.#hash.digest('hex')} ${this.#unpadded}`;
  }
}

interface BlockHeader {
  readonly size: number;
  readonly packed: number | undefined;
  readonly content: number | undefined;
  readonly filters: readonly Filter[];
  readonly dictionary: number;
}

/** Block header (section 3.1); `first` is its size byte. */
function* readBlockHeader(input: Input, first: number): Generator<More, BlockHeader> {
  const size = (first + 1) * 4;
  const header = new Uint8Array(size);
  header[0] = first;
  header.set(yield* input.take(size - 1), 1);
  const end = size - 4;
  if (!equal(header.subarray(end), le32(crc32(header.subarray(0, end))))) {
    throw input.error('checksum', 'a block header does not have its CRC-32');
  }
  let at = 1;
  const corrupt = () => input.error('corrupt', 'a block header is not written as it must be');
  // Nothing is waited for here, but a number may as well come from where it is.
  // biome-ignore lint/correctness/useYield: the index reads its numbers from the input
  const next = function* (): Generator<More, number> {
    if (at >= end) throw corrupt();
    return header[at++]!;
  };
  const flags = header[at++]!;
  if ((flags & 0x3c) !== 0) throw input.error('unsupported', 'a reserved bit of a block header is set');
  const packed = (flags & 0x40) !== 0 ? yield* variable(next, input) : undefined;
  const content = (flags & 0x80) !== 0 ? yield* variable(next, input) : undefined;
  const filters: Filter[] = [];
  let dictionary = 0;
  for (let left = (flags & 3) + 1; left > 0; left--) {
    const id = yield* variable(next, input);
    const length = yield* variable(next, input);
    if (length > end - at) throw corrupt();
    const properties = header.subarray(at, at + length);
    at += length;
    if ((id === LZMA2) !== (left === 1)) throw input.error('unsupported', 'the filters of a block are not supported');
    if (id !== LZMA2) {
      filters.push(openFilter(input, id, properties));
      continue;
    }
    const bits = properties[0] ?? 255;
    if (length !== 1 || bits > 40) throw corrupt();
    dictionary = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
  }
  if (header.subarray(at, end).some((byte) => byte !== 0)) throw corrupt();
  return { size, packed, content, filters, dictionary };
}

interface StreamContext {
  readonly limits: CodecLimits;
  readonly lease: KernelLease<LzmaKernel>;
  readonly checkId: number;
  readonly records: Records;
}

function* readBlock(input: Input, first: number, { limits, lease, checkId, records }: StreamContext): Walk {
  const { kernel } = lease;
  const header = yield* readBlockHeader(input, first);
  openWindow(input, kernel, header.dictionary, CONTEXTS, limits);
  const check = openCheck(checkId, input, kernel);
  const start = input.offset;
  const plain = header.filters.length === 0;
  let size = 0;
  for (const step of lzma2(input, kernel)) {
    if (typeof step === 'symbol') {
      yield step;
    } else if (plain) {
      size += step.length;
      check.update(step, true);
      yield { type: 'data', bytes: step };
    } else {
      for (const bytes of through(header.filters, step)) {
        size += bytes.length;
        check.update(bytes, false);
        yield { type: 'data', bytes };
      }
    }
    if (header.content !== undefined && size > header.content) {
      throw input.error('corrupt', 'a block holds more than its header says');
    }
  }
  for (const bytes of drain(header.filters)) {
    size += bytes.length;
    check.update(bytes, false);
    yield { type: 'data', bytes };
  }
  const packed = input.offset - start;
  if ((header.packed ?? packed) !== packed || (header.content ?? size) !== size) {
    throw input.error('corrupt', 'a block does not have the sizes its header says');
  }
  for (const byte of yield* input.take(-packed & 3)) {
    if (byte !== 0) throw input.error('corrupt', 'the padding of a block is not zero');
  }
  if (!equal(yield* input.take(check.size), check.digest())) {
    throw input.error('checksum', 'the content of a block does not have its checksum');
  }
  records.add(header.size + packed + check.size, size);
}

/** Index (section 4) behind its indicator byte; gives its size. */
function* readIndex(input: Input, records: Records): Generator<More, number> {
  let sum = crc32(Uint8Array.of(0));
  let size = 1;
  function* next(): Generator<More, number> {
    const byte = yield* input.byte();
    sum = crc32(Uint8Array.of(byte), sum);
    size++;
    return byte;
  }
  const seen = new Records();
  const count = yield* variable(next, input);
  if (count !== records.count) throw input.error('corrupt', 'the index does not list the blocks of the stream');
  while (seen.count < count) seen.add(yield* variable(next, input), yield* variable(next, input));
  if (seen.digest() !== records.digest())
    throw input.error('corrupt', 'the index does not list the blocks of the stream');
  while (size % 4 !== 0)
    if ((yield* next()) !== 0) throw input.error('corrupt', 'the padding of the index is not zero');
  if (!equal(yield* input.take(4), le32(sum))) throw input.error('checksum', 'the index does not have its CRC-32');
  return size + 4;
}

/** Everything behind a stream's magic number. */
function* readStream(input: Input, limits: CodecLimits, lease: KernelLease<LzmaKernel>): Walk {
  const header = yield* input.take(6);
  const flags = header.subarray(0, 2);
  if (!equal(header.subarray(2), le32(crc32(flags)))) {
    throw input.error('checksum', 'the stream header does not have its CRC-32');
  }
  if (flags[0] !== 0 || flags[1]! > 15) throw input.error('unsupported', 'a reserved bit of the stream header is set');
  const records = new Records();
  const context = { limits, lease, checkId: flags[1]!, records };
  for (;;) {
    const first = yield* input.byte();
    if (first === 0) break;
    yield* readBlock(input, first, context);
  }
  const indexSize = yield* readIndex(input, records);
  const footer = yield* input.take(12);
  if (!equal(footer.subarray(0, 4), le32(crc32(footer.subarray(4, 10))))) {
    throw input.error('checksum', 'the stream footer does not have its CRC-32');
  }
  const matches = equal(footer.subarray(4, 8), le32(indexSize / 4 - 1)) && equal(footer.subarray(8, 10), flags);
  if (!matches || footer[10] !== 0x59 || footer[11] !== 0x5a) {
    throw input.error('corrupt', 'the stream footer does not match the stream');
  }
}

/** Another stream, or stream padding: zeros, four at a time (section 2.2). */
function follows(prefix: Uint8Array): Match {
  return prefix[0] === 0 ? beginsWith(prefix, [0, 0, 0, 0]) : beginsWith(prefix, MAGIC);
}

function* walk(input: Input, limits: CodecLimits, lease: KernelLease<LzmaKernel>): Walk {
  let magic: Uint8Array | undefined = yield* input.begin((prefix) => beginsWith(prefix, MAGIC));
  for (; magic !== undefined; magic = yield* input.next(follows)) {
    if (magic[0] !== 0) yield* readStream(input, limits, lease);
  }
}

/** .xz (file format 1.1.0): streams and stream padding, every check verified. */
export const xz: Codec = {
  id: 'xz',
  sniff: (head) => beginsWith(head, MAGIC) === 'yes',
  open(limits) {
    const lease = new KernelLease<LzmaKernel>('lzma');
    return new Machine((input) => walk(input, limits, lease), lease);
  },
};
