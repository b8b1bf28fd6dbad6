import { crc32 } from 'node:zlib';
import type { Codec, CodecLimits, StreamDecoder } from './codec.ts';
import { beginsWith, type Input } from './input.ts';
import { KernelLease } from './kernel.ts';
import { bareLzma, type LzmaKernel, openWindow, parseProperties } from './lzma-window.ts';
import { Machine, type Walk } from './machine.ts';

type Lease = KernelLease<LzmaKernel>;

const SMALLEST_DICTIONARY = 4096;

function open(walk: (input: Input, lease: Lease) => Walk): StreamDecoder {
  const lease: Lease = new KernelLease('lzma');
  return new Machine((input) => walk(input, lease), lease);
}

function littleEndian(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = to - 1; i >= from; i--) value = value * 256 + bytes[i]!;
  return value;
}

/** Properties byte, dictionary size and what follows them, up to the stream's end. */
function* withProperties(
  input: Input,
  lease: Lease,
  head: Uint8Array,
  size: number | undefined,
  marker: 'required' | 'allowed',
  limits: CodecLimits,
): Walk {
  const properties = parseProperties(head[0]!);
  if (properties === undefined) throw input.error('corrupt', 'the LZMA properties are none');
  const dictionary = Math.max(littleEndian(head, 1, 5), SMALLEST_DICTIONARY);
  // A dictionary larger than the content is never used in full.
  const needed = size === undefined ? dictionary : Math.max(Math.min(dictionary, size), SMALLEST_DICTIONARY);
  const { kernel } = lease;
  openWindow(input, kernel, needed, properties.lc + properties.lp, limits);
  for (const step of bareLzma(input, kernel, properties, { size, marker })) {
    yield typeof step === 'symbol' ? step : { type: 'data', bytes: step };
  }
}

const UNKNOWN = 2 ** 64;

/** The header of a .lzma file: properties, dictionary size, content size (LZMA specification, "LZMA format"). */
function looksAlone(head: Uint8Array): boolean {
  const properties = parseProperties(head[0] ?? 255);
  if (head.length < 14 || properties === undefined || properties.lc + properties.lp > 4) return false;
  // There is no magic number: as in xz, sizes that no encoder writes are taken for another format.
  const dictionary = littleEndian(head, 1, 5);
  const top = 2 ** Math.floor(Math.log2(dictionary));
  const usual = dictionary === 0xffffffff || dictionary === top || dictionary === top * 1.5;
  const size = littleEndian(head, 5, 13);
  return usual && dictionary >= SMALLEST_DICTIONARY && (size === UNKNOWN || size < 2 ** 38) && head[13] === 0;
}

function* aloneWalk(input: Input, lease: Lease, limits: CodecLimits): Walk {
  const head = yield* input.take(13);
  const known = head.subarray(5).some((byte) => byte !== 255);
  const size = known ? littleEndian(head, 5, 13) : undefined;
  yield* withProperties(input, lease, head, size, known ? 'allowed' : 'required', limits);
}

/** .lzma ("LZMA alone"). It has no checksum: what can be verified is that the stream ends as one. */
export const lzmaAlone: Codec = {
  id: 'lzma',
  sniff: looksAlone,
  open: (limits) => open((input, lease) => aloneWalk(input, lease, limits)),
};

function* zipWalk(input: Input, lease: Lease, limits: CodecLimits, size: number | undefined): Walk {
  const version = yield* input.take(4);
  if (version[2] !== 5 || version[3] !== 0) throw input.error('unsupported', 'the LZMA properties are not 5 bytes');
  const head = yield* input.take(5);
  yield* withProperties(input, lease, head, size, size === undefined ? 'required' : 'allowed', limits);
}

/** Method 14 of zip (APPNOTE 6.3.10, 5.8.8). Without a content size the stream must have an end marker. */
export function openZipLzma(limits: CodecLimits & { readonly contentSize?: number }): StreamDecoder {
  return open((input, lease) => zipWalk(input, lease, limits, limits.contentSize));
}

const LZIP = [0x4c, 0x5a, 0x49, 0x50];

/** One member behind its magic number: version, dictionary size, LZMA stream, trailer (lzip manual, "File format"). */
function* lzipMember(input: Input, lease: Lease, limits: CodecLimits): Walk {
  const start = input.offset - LZIP.length;
  if ((yield* input.byte()) !== 1) throw input.error('unsupported', 'the lzip version is not 1');
  const coded = yield* input.byte();
  const base = 2 ** (coded & 31);
  const dictionary = base - (base / 16) * (coded >> 5);
  if (dictionary < SMALLEST_DICTIONARY || dictionary > 2 ** 29)
    throw input.error('corrupt', 'the dictionary size is none');
  const { kernel } = lease;
  openWindow(input, kernel, dictionary, 3, limits);
  let sum = 0;
  let size = 0;
  for (const step of bareLzma(input, kernel, { lc: 3, lp: 0, pb: 2 }, { size: undefined, marker: 'required' })) {
    if (typeof step === 'symbol') {
      yield step;
      continue;
    }
    sum = crc32(step, sum);
    size += step.length;
    yield { type: 'data', bytes: step };
  }
  const trailer = yield* input.take(20);
  if (littleEndian(trailer, 0, 4) !== sum) throw input.error('checksum', 'the member does not have its CRC-32');
  if (littleEndian(trailer, 4, 12) !== size || littleEndian(trailer, 12, 20) !== input.offset - start) {
    throw input.error('corrupt', 'the member does not have the sizes its trailer says');
  }
}

function* lzipWalk(input: Input, lease: Lease, limits: CodecLimits): Walk {
  const begins = (prefix: Uint8Array) => beginsWith(prefix, LZIP);
  let magic: Uint8Array | undefined = yield* input.begin(begins);
  for (; magic !== undefined; magic = yield* input.next(begins)) yield* lzipMember(input, lease, limits);
}

/** lzip: any number of members. */
export const lzip: Codec = {
  id: 'lzip',
  sniff: (head) => beginsWith(head, LZIP) === 'yes',
  open: (limits) => open((input, lease) => lzipWalk(input, lease, limits)),
};
