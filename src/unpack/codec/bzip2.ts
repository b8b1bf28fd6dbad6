import { type Codec, CodecError, type CodecErrorCode, type CodecLimits } from './codec.ts';
import { beginsWith, type Input, type Match, type More } from './input.ts';
import { type Kernel, KernelLease } from './kernel.ts';
import { Machine, type Walk } from './machine.ts';

/** The exports of the kernel `bzip2`. */
type Bzip2Kernel = {
  readonly INPUT: { readonly value: number };
  readonly INPUT_MAX: { readonly value: number };
  readonly OUTPUT: { readonly value: number };
  readonly VECTOR: { readonly value: number };
  begin(): void;
  give(length: number): void;
  unread(): number;
  align(): number;
  bits(n: number): number;
  beginBlock(most: number, origin: number, randomised: number): void;
  useBytes(first: number, map: number): void;
  beginTables(tables: number, selectors: number): number;
  readSelectors(): number;
  readTables(): number;
  readSymbols(): number;
  invert(): number;
  output(): number;
  blockCrc(): number;
};

const BLOCK_UNIT = 100_000;
/** Upper and lower half of the marks before a block (pi) and before the end of a stream (its square root). */
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;

/** Compressed bits as the kernel takes them, with input handed in as it runs out. */
class Bits {
  readonly #input: Input;
  readonly #kernel: Kernel<Bzip2Kernel>;

  constructor(input: Input, kernel: Kernel<Bzip2Kernel>) {
    this.#input = input;
    this.#kernel = kernel;
    kernel.call.begin();
  }

  error(code: CodecErrorCode, message: string): CodecError {
    return new CodecError(code, message, this.#input.offset - this.#kernel.call.unread());
  }

  *#more(): Generator<More, void> {
    yield* this.#input.ready();
    const part = this.#input.rest.subarray(0, this.#kernel.call.INPUT_MAX.value);
    this.#kernel.put(part, this.#kernel.call.INPUT.value);
    this.#kernel.call.give(part.length);
    this.#input.skip(part.length);
  }

  /** Up to 24 bits. */
  *take(n: number): Generator<More, number> {
    for (;;) {
      const value = this.#kernel.call.bits(n);
      if (value >= 0) return value;
      yield* this.#more();
    }
  }

  *take32(): Generator<More, number> {
    const high = yield* this.take(16);
    return ((high << 16) | (yield* this.take(16))) >>> 0;
  }

  /** Repeats a step of the kernel until it is done. */
  *run(step: () => number): Generator<More, void> {
    for (;;) {
      const result = step();
      if (result === 0) return;
      if (result < 0) throw this.error('corrupt', 'a block cannot be decoded');
      yield* this.#more();
    }
  }

  /** Goes to the next byte border and gives the input's unread bytes back; the bits left out are the result. */
  close(): number {
    const padding = this.#kernel.call.align();
    // Whatever is unread came with the chunk at hand: earlier bytes were used up before more was asked for.
    this.#input.skip(-this.#kernel.call.unread());
    return padding;
  }
}

/** A block behind its mark; gives its CRC. */
function* readBlock(bits: Bits, kernel: Kernel<Bzip2Kernel>, most: number): Generator<More | Uint8Array, number> {
  const { call } = kernel;
  const stored = yield* bits.take32();
  const randomised = yield* bits.take(1);
  const origin = yield* bits.take(24);
  call.beginBlock(most, origin, randomised);
  const groups = yield* bits.take(16);
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) !== 0) call.useBytes(group * 16, yield* bits.take(16));
  }
  const tables = yield* bits.take(3);
  if (!call.beginTables(tables, yield* bits.take(15))) throw bits.error('corrupt', 'a block cannot be decoded');
  yield* bits.run(call.readSelectors);
  yield* bits.run(call.readTables);
  yield* bits.run(call.readSymbols);
  if (!call.invert()) throw bits.error('corrupt', 'a block cannot be decoded');
  const from = call.OUTPUT.value;
  for (let length = call.output(); length > 0; length = call.output()) yield kernel.view(from, from + length);
  if (stored !== call.blockCrc() >>> 0) throw bits.error('checksum', 'a block does not have its CRC');
  return stored;
}

/** A stream behind `BZh` and its level, up to its combined CRC. */
function* readStream(input: Input, level: number, limits: CodecLimits, lease: KernelLease<Bzip2Kernel>): Walk {
  const most = level * BLOCK_UNIT;
  if (4 * most > limits.memory) throw input.error('memory', `a block needs ${4 * most} bytes`);
  const { kernel } = lease;
  if (!kernel.reserve(kernel.call.VECTOR.value + 4 * most)) {
    throw input.error('memory', `there is no memory for a block of ${4 * most} bytes`);
  }
  const bits = new Bits(input, kernel);
  let combined = 0;
  for (;;) {
    const high = yield* bits.take(24);
    const low = yield* bits.take(24);
    if (high === END[0] && low === END[1]) break;
    if (high !== BLOCK[0] || low !== BLOCK[1]) throw bits.error('corrupt', 'there is no block where one should begin');
    const block = readBlock(bits, kernel, most);
    let step = block.next();
    for (; !step.done; step = block.next()) {
      yield typeof step.value === 'symbol' ? step.value : { type: 'data', bytes: step.value };
    }
    combined = (((combined << 1) | (combined >>> 31)) ^ step.value) >>> 0;
  }
  if ((yield* bits.take32()) !== combined) throw bits.error('checksum', 'the stream does not have its CRC');
  const padding = bits.close();
  if (padding !== 0) {
    yield { type: 'aside', where: 'padding', offset: input.offset - 1, bytes: Uint8Array.of(padding) };
  }
}

/** `BZh` and the level, then a mark: without it text that begins so would be taken for a stream. */
function begins(prefix: Uint8Array): Match {
  const head = beginsWith(prefix, [0x42, 0x5a, 0x68]);
  if (head !== 'yes') return head;
  if (prefix.length === 3) return 'more';
  return prefix[3]! >= 0x31 && prefix[3]! <= 0x39 ? 'yes' : 'no';
}

function sniff(head: Uint8Array): boolean {
  const mark = (half: readonly number[]) => half.flatMap((bits) => [bits >> 16, (bits >> 8) & 255, bits & 255]);
  const next = head.subarray(4);
  return begins(head) === 'yes' && (beginsWith(next, mark(BLOCK)) === 'yes' || beginsWith(next, mark(END)) === 'yes');
}

function* walk(input: Input, limits: CodecLimits, lease: KernelLease<Bzip2Kernel>): Walk {
  let head: Uint8Array | undefined = yield* input.begin(begins);
  for (; head !== undefined; head = yield* input.next(begins)) {
    yield* readStream(input, head[3]! - 0x30, limits, lease);
  }
}

/** bzip2: any number of streams, each block's and each stream's CRC verified. */
export const bzip2: Codec = {
  id: 'bzip2',
  sniff,
  open(limits) {
    const lease = new KernelLease<Bzip2Kernel>('bzip2');
    return new Machine((input) => walk(input, limits, lease), lease);
  },
};
