import type { CodecLimits } from './codec.ts';
import type { Input, More } from './input.ts';
import type { Kernel } from './kernel.ts';

/** The exports of the kernel `lzma`. */
export type LzmaKernel = {
  readonly INPUT: { readonly value: number };
  readonly INPUT_MAX: { readonly value: number };
  readonly SCRATCH: { readonly value: number };
  readonly from: { value: number };
  readonly at: { readonly value: number };
  memoryEnd(window: number, contexts: number): number;
  setWindow(window: number, contexts: number): void;
  resetDictionary(): void;
  setProperties(lc: number, lp: number, pb: number): void;
  resetState(): void;
  resetRange(): number;
  rangeIsDone(): number;
  room(): number;
  putPlain(offset: number, length: number): void;
  decode(inputEnd: number, end: number): number;
  decodeWhole(inputEnd: number, end: number): number;
  endMarker(inputEnd: number): number;
  crc64Reset(): void;
  crc64Update(from: number, length: number): void;
  crc64Digest(): bigint;
};

/** lc, lp and pb of the LZMA specification. */
export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

export const PIECE = 1 << 20;
/** What the kernel's decoding functions answer. */
const WANTS_MORE = 1;
const MARKER = 2;

/** The properties byte; nothing if it is none. */
export function parseProperties(byte: number): LzmaProperties | undefined {
  if (byte >= 9 * 5 * 5) return undefined;
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

/** Gives the kernel a window of `size` bytes and room for the literal contexts, within the limit. */
export function openWindow(
  input: Input,
  kernel: Kernel<LzmaKernel>,
  size: number,
  contexts: number,
  limits: CodecLimits,
): void {
  if (size > limits.memory) throw input.error('memory', `the stream needs a dictionary of ${size} bytes`);
  if (!kernel.reserve(kernel.call.memoryEnd(size, contexts))) {
    throw input.error('memory', `there is no memory for a dictionary of ${size} bytes`);
  }
  kernel.call.setWindow(size, contexts);
}

/** How a bare LZMA stream ends: after `size` bytes, at a marker, or at either. */
export interface LzmaEnd {
  readonly size: number | undefined;
  readonly marker: 'required' | 'allowed';
}

/** A bare LZMA stream from its range coder's first byte to its last; yields pieces of the window. */
export function* bareLzma(
  input: Input,
  kernel: Kernel<LzmaKernel>,
  { lc, lp, pb }: LzmaProperties,
  { size, marker }: LzmaEnd,
): Generator<More | Uint8Array, void> {
  const { call } = kernel;
  const start = call.INPUT.value;
  call.setProperties(lc, lp, pb);
  call.resetState();
  yield* input.each(5, (part, at) => kernel.put(part, start + at));
  if (!call.resetRange()) throw input.error('corrupt', 'the LZMA stream does not begin as one');
  let left = size ?? Number.POSITIVE_INFINITY;
  if (left === 0 && marker === 'allowed' && call.rangeIsDone()) return;
  let held = 0;
  for (;;) {
    yield* input.ready();
    const part = input.rest.subarray(0, call.INPUT_MAX.value - held);
    kernel.put(part, start + held);
    const end = start + held + part.length;
    call.from.value = start;
    let result = 0;
    while (result === 0) {
      const room = call.room();
      const first = call.at.value;
      result = left > 0 ? call.decode(end, first + Math.min(room, left, PIECE)) : call.endMarker(end);
      const length = call.at.value - first;
      left -= length;
      if (length > 0) yield kernel.view(first, first + length);
      if (result === 0 && left === 0 && marker === 'allowed' && call.rangeIsDone()) result = MARKER;
    }
    const rest = end - call.from.value;
    if (result === MARKER) {
      input.skip(part.length - rest);
      if (!call.rangeIsDone() || (size !== undefined && left > 0)) {
        throw input.error('corrupt', 'the LZMA stream ends before its content does');
      }
      return;
    }
    if (result !== WANTS_MORE) throw input.error('corrupt', 'the LZMA stream cannot be decoded');
    input.skip(part.length);
    kernel.put(kernel.view(end - rest, end).slice(), start);
    held = rest;
  }
}
