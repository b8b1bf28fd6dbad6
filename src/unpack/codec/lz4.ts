import type { Codec, CodecLimits } from './codec.ts';
import { beginsWith, type Input, type Match, type More } from './input.ts';
import { type Kernel, KernelLease } from './kernel.ts';
import { Machine, type Walk } from './machine.ts';
import { isSkippable, skippable } from './skippable.ts';

/** The exports of the kernel `lz4`. */
type Lz4Kernel = {
  readonly INPUT: { readonly value: number };
  readonly output: { readonly value: number };
  memoryEnd(inputMax: number, blockMax: number): number;
  begin(inputMax: number, blockMax: number): void;
  rawBlock(length: number, linked: number): number;
  compressedBlock(length: number, linked: number): number;
  xxh32(from: number, length: number): number;
  xxh32Update(from: number, length: number): void;
  xxh32Digest(): number;
};

const MAGIC = [0x04, 0x22, 0x4d, 0x18];
const LEGACY = [0x02, 0x21, 0x4c, 0x18];
const PIECE = 1 << 20;
const LEGACY_BLOCK = 8 << 20;
/** The largest a block of the legacy format can be: 8 MiB that do not get smaller. */
const LEGACY_STORED = LEGACY_BLOCK + Math.floor(LEGACY_BLOCK / 255) + 16;

function follows(prefix: Uint8Array): Match {
  const answers = [beginsWith(prefix, MAGIC), beginsWith(prefix, LEGACY), isSkippable(prefix)];
  return answers.includes('yes') ? 'yes' : answers.includes('more') ? 'more' : 'no';
}

function* little32(input: Input): Generator<More, number> {
  const [a, b, c, d] = (yield* input.take(4)) as unknown as [number, number, number, number];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Makes room for blocks of the given sizes, within the limit. */
function prepare(input: Input, kernel: Kernel<Lz4Kernel>, stored: number, block: number, limits: CodecLimits): void {
  if (block > limits.memory) throw input.error('memory', `the frame has blocks of ${block} bytes`);
  if (!kernel.reserve(kernel.call.memoryEnd(stored, block))) {
    throw input.error('memory', `there is no memory for blocks of ${block} bytes`);
  }
  kernel.call.begin(stored, block);
}

function* pieces(kernel: Kernel<Lz4Kernel>, length: number): Walk {
  const from = kernel.call.output.value;
  for (let at = 0; at < length; at += PIECE) {
    yield { type: 'data', bytes: kernel.view(from + at, from + Math.min(at + PIECE, length)) };
  }
}

/** A frame behind its magic number (LZ4 frame format description 1.6.4). */
function* readFrame(input: Input, limits: CodecLimits, kernel: Kernel<Lz4Kernel>): Walk {
  const { call } = kernel;
  const flags = yield* input.byte();
  const size = yield* input.byte();
  if (flags >> 6 !== 1 || (flags & 2) !== 0 || (size & 0x8f) !== 0 || size >> 4 < 4) {
    throw input.error('unsupported', 'the frame header is of another version');
  }
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const rest = yield* input.take((hasSize ? 8 : 0) + (hasDictionary ? 4 : 0));
  const block = 1 << (8 + 2 * (size >> 4));
  prepare(input, kernel, block, block, limits);
  kernel.put(Uint8Array.of(flags, size, ...rest), call.INPUT.value);
  const sum = (call.xxh32(call.INPUT.value, 2 + rest.length) >>> 8) & 255;
  if ((yield* input.byte()) !== sum) throw input.error('checksum', 'the frame header does not have its checksum');
  if (hasDictionary) throw input.error('unsupported', 'the frame needs a dictionary');
  const declared = hasSize ? rest.reduce((value, byte, i) => value + byte * 2 ** (8 * i), 0) : undefined;
  const linked = (flags & 0x20) === 0 ? 1 : 0;
  let total = 0;
  for (;;) {
    const header = yield* little32(input);
    if (header === 0) break;
    const stored = header % 2 ** 31;
    if (stored > block) throw input.error('corrupt', 'a block is larger than its frame allows');
    yield* input.each(stored, (part, at) => kernel.put(part, call.INPUT.value + at));
    if ((flags & 0x10) !== 0 && (yield* little32(input)) !== call.xxh32(call.INPUT.value, stored) >>> 0) {
      throw input.error('checksum', 'a block does not have its checksum');
    }
    const length = header >= 2 ** 31 ? call.rawBlock(stored, linked) : call.compressedBlock(stored, linked);
    if (length < 0) throw input.error('corrupt', 'a block cannot be decoded');
    total += length;
    if (total > (declared ?? total)) throw input.error('corrupt', 'the frame holds more than its header says');
    if ((flags & 4) !== 0) call.xxh32Update(call.output.value, length);
    yield* pieces(kernel, length);
  }
  if (total !== (declared ?? total)) throw input.error('corrupt', 'the frame holds less than its header says');
  if ((flags & 4) !== 0 && (yield* little32(input)) !== call.xxh32Digest() >>> 0) {
    throw input.error('checksum', 'the content of the frame does not have its checksum');
  }
}

/** What follows a block of the legacy format: another block, by a size that can be one, or another frame. */
function legacyFollows(prefix: Uint8Array): Match {
  if (prefix.length < 4) return 'more';
  const size = (prefix[0]! | (prefix[1]! << 8) | (prefix[2]! << 16) | (prefix[3]! << 24)) >>> 0;
  return size > 0 && size <= LEGACY_STORED ? 'yes' : follows(prefix);
}

/** The blocks of a legacy frame (same description, "Legacy frame"); gives the magic number that ended it. */
function* readLegacy(
  input: Input,
  limits: CodecLimits,
  kernel: Kernel<Lz4Kernel>,
): Generator<More | { type: 'data'; bytes: Uint8Array }, Uint8Array | undefined> {
  const { call } = kernel;
  prepare(input, kernel, LEGACY_STORED, LEGACY_BLOCK, limits);
  for (;;) {
    const head = yield* input.next(legacyFollows);
    if (head === undefined || follows(head) === 'yes') return head;
    const stored = head[0]! | (head[1]! << 8) | (head[2]! << 16) | (head[3]! << 24);
    yield* input.each(stored, (part, at) => kernel.put(part, call.INPUT.value + at));
    const length = call.compressedBlock(stored, 0);
    if (length < 0) throw input.error('corrupt', 'a block cannot be decoded');
    for (const piece of pieces(kernel, length)) if (typeof piece !== 'symbol' && piece.type === 'data') yield piece;
  }
}

function* walk(input: Input, limits: CodecLimits, lease: KernelLease<Lz4Kernel>): Walk {
  let magic: Uint8Array | undefined = yield* input.begin(follows);
  while (magic !== undefined) {
    if (magic[0] === LEGACY[0]) {
      magic = yield* readLegacy(input, limits, lease.kernel);
      continue;
    }
    if (magic[0] === MAGIC[0]) yield* readFrame(input, limits, lease.kernel);
    else yield* skippable(input);
    magic = yield* input.next(follows);
  }
}

/** LZ4: frames, skippable frames and legacy frames. A legacy frame has no end mark: it may end behind any block. */
export const lz4: Codec = {
  id: 'lz4',
  // Skippable frames alone are taken for zstd's, which come first and are the same.
  sniff: (head) => beginsWith(head, MAGIC) === 'yes' || beginsWith(head, LEGACY) === 'yes',
  open(limits) {
    const lease = new KernelLease<Lz4Kernel>('lz4');
    return new Machine((input) => walk(input, limits, lease), lease);
  },
};
