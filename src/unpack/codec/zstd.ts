import type { Codec, CodecLimits } from './codec.ts';
import type { Input, Match, More } from './input.ts';
import { beginsWith } from './input.ts';
import { type Kernel, KernelLease } from './kernel.ts';
import { Machine, type Walk } from './machine.ts';
import { isSkippable, skippable } from './skippable.ts';

type ZstdKernel = {
  readonly INPUT: { readonly value: number };
  readonly RING: { readonly value: number };
  readonly at: { readonly value: number };
  ringBytes(window: number): number;
  begin(window: number): void;
  rawBlock(length: number): number;
  runBlock(length: number): number;
  compressedBlock(length: number): number;
  xxh64Update(from: number, length: number): void;
  xxh64Digest(): bigint;
};

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const BLOCK_MAX = 1 << 17;

function follows(prefix: Uint8Array): Match {
  const frame = beginsWith(prefix, MAGIC);
  return frame === 'no' ? isSkippable(prefix) : frame;
}

interface FrameHeader {
  readonly window: number;
  readonly contentSize: number | undefined;
  readonly checksum: boolean;
}

/** Frame_Header (RFC 8878, 3.1.1.1). */
function* readHeader(input: Input): Generator<More, FrameHeader> {
  const descriptor = yield* input.byte();
  if ((descriptor & 8) !== 0) throw input.error('unsupported', 'a reserved bit of the frame header is set');
  const single = (descriptor & 0x20) !== 0;
  let window = 0;
  if (!single) {
    const byte = yield* input.byte();
    const base = 2 ** (10 + (byte >> 3));
    window = base + (base / 8) * (byte & 7);
  }
  const dictionary = yield* little(input, [0, 1, 2, 4][descriptor & 3]!);
  if (dictionary !== 0) throw input.error('unsupported', 'the frame needs a dictionary');
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  let contentSize: number | undefined;
  if (sizeBytes > 0) {
    contentSize = yield* little(input, sizeBytes);
    if (sizeBytes === 2) contentSize += 256;
    if (single) window = contentSize;
  }
  return { window, contentSize, checksum: (descriptor & 4) !== 0 };
}

/** A little-endian number; above 2^53 it is inexact, and far above every limit. */
function* little(input: Input, bytes: number): Generator<More, number> {
  let value = 0;
  for (let i = 0; i < bytes; i++) value += (yield* input.byte()) * 2 ** (8 * i);
  return value;
}

function* readFrame(input: Input, limits: CodecLimits, kernel: Kernel<ZstdKernel>): Walk {
  const { window, contentSize, checksum } = yield* readHeader(input);
  // A window larger than the content is never used in full.
  const needed = contentSize === undefined ? window : Math.min(window, contentSize);
  if (needed > limits.memory) throw input.error('memory', `the frame needs a window of ${needed} bytes`);
  const { call } = kernel;
  const from = call.INPUT.value;
  if (!kernel.reserve(call.RING.value + call.ringBytes(needed))) {
    throw input.error('memory', `there is no memory for a window of ${needed} bytes`);
  }
  call.begin(needed);
  const blockMax = Math.min(window, BLOCK_MAX);
  let total = 0;
  for (let last = false; !last; ) {
    const header = yield* little(input, 3);
    last = (header & 1) !== 0;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === 3) throw input.error('corrupt', 'a block has the reserved type');
    if (size > blockMax) throw input.error('corrupt', 'a block is larger than its frame allows');
    yield* input.each(type === 1 ? 1 : size, (part, at) => kernel.put(part, from + at));
    const decode = [call.rawBlock, call.runBlock, call.compressedBlock][type]!;
    const length = decode(size);
    if (length < 0) throw input.error('corrupt', 'a block cannot be decoded');
    total += length;
    if (contentSize !== undefined && total > contentSize) {
      throw input.error('corrupt', 'the frame holds more than its header says');
    }
    if (length === 0) continue;
    const end = call.at.value;
    if (checksum) call.xxh64Update(end - length, length);
    yield { type: 'data', bytes: kernel.view(end - length, end) };
  }
  if (contentSize !== undefined && total !== contentSize) {
    throw input.error('corrupt', 'the frame holds less than its header says');
  }
  if (checksum) {
    const stored = yield* little(input, 4);
    if (stored !== Number(BigInt.asUintN(32, call.xxh64Digest()))) {
      throw input.error('checksum', 'the content of the frame does not have its checksum');
    }
  }
}

function* walk(input: Input, limits: CodecLimits, lease: KernelLease<ZstdKernel>): Walk {
  let magic: Uint8Array | undefined = yield* input.begin(follows);
  for (; magic !== undefined; magic = yield* input.next(follows)) {
    if (magic[0] === MAGIC[0]) yield* readFrame(input, limits, lease.kernel);
    else yield* skippable(input);
  }
}

/** Zstandard (RFC 8878): frames and skippable frames in any number and order. */
export const zstd: Codec = {
  id: 'zstd',
  sniff: (head) => follows(head) === 'yes',
  open(limits) {
    const lease = new KernelLease<ZstdKernel>('zstd');
    return new Machine((input) => walk(input, limits, lease), lease);
  },
};
