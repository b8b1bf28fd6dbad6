import type { CodecLimits, StreamDecoder } from './codec.ts';
import { Inflate64 } from './inflate64.ts';
import type { Input, More } from './input.ts';
import { Machine, type Walk } from './machine.ts';
import { PrefixCode } from './prefix-code.ts';

/** In which order the lengths of the code for code lengths come (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const FIXED_LITERALS = new PrefixCode(
  Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = new PrefixCode(new Uint8Array(32).fill(5));

const corrupt = (input: Input) => input.error('corrupt', 'a block cannot be decoded');

function* bits(input: Input, inflate: Inflate64, n: number): Generator<More, number> {
  while (inflate.count < n) inflate.add(yield* input.byte());
  return inflate.bits(n);
}

/** Bits up to the next byte border; whole bytes that were read ahead go back to the input. */
function* align(input: Input, inflate: Inflate64): Walk {
  const ahead = inflate.count >> 3;
  const rest = inflate.bits(inflate.count & 7);
  inflate.bits(8 * ahead);
  // They came with the chunk at hand: no bits were left over when it was asked for.
  input.skip(-ahead);
  if (rest !== 0) yield { type: 'aside', where: 'padding', offset: input.offset - 1, bytes: Uint8Array.of(rest) };
}

function* storedBlock(input: Input, inflate: Inflate64): Walk {
  yield* align(input, inflate);
  const [a, b, c, d] = (yield* input.take(4)) as unknown as [number, number, number, number];
  let left = a | (b << 8);
  if ((left ^ 0xffff) !== (c | (d << 8))) throw corrupt(input);
  while (left > 0) {
    yield* input.ready();
    const used = inflate.store(input.rest.subarray(0, left));
    input.skip(used);
    left -= used;
    const bytes = inflate.take();
    if (bytes.length > 0) yield { type: 'data', bytes };
  }
}

/** The codes of a dynamic block (RFC 1951, 3.2.7), where Deflate64 may have 32 distances. */
function* readCodes(input: Input, inflate: Inflate64): Generator<More, [PrefixCode, PrefixCode]> {
  const literals = (yield* bits(input, inflate, 5)) + 257;
  const distances = (yield* bits(input, inflate, 5)) + 1;
  const meta = new Uint8Array(19);
  const count = (yield* bits(input, inflate, 4)) + 4;
  for (const symbol of ORDER.slice(0, count)) meta[symbol] = yield* bits(input, inflate, 3);
  const code = new PrefixCode(meta);
  if (code.spare !== 0 || literals > 286) throw corrupt(input);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length; ) {
    let entry = code.look(inflate.peek, inflate.count);
    while (entry === 0) {
      inflate.add(yield* input.byte());
      entry = code.look(inflate.peek, inflate.count);
    }
    if (entry < 0) throw corrupt(input);
    inflate.bits(entry & 15);
    const symbol = entry >> 4;
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw corrupt(input);
    const value = symbol === 16 ? lengths[at - 1]! : 0;
    const [base, extra] = symbol === 16 ? [3, 2] : symbol === 17 ? [3, 3] : [11, 7];
    const end = at + base! + (yield* bits(input, inflate, extra!));
    if (end > lengths.length) throw corrupt(input);
    lengths.fill(value, at, end);
    at = end;
  }
  const ofLiterals = new PrefixCode(lengths.subarray(0, literals));
  const ofDistances = new PrefixCode(lengths.subarray(literals));
  // Only a single distance, or none, may leave codes unused; a block without an end cannot be.
  const used = lengths.subarray(literals).filter((length) => length > 0);
  const sparse = used.length === 0 || (used.length === 1 && used[0] === 1);
  if (lengths[256] === 0 || ofLiterals.spare !== 0 || ofDistances.spare < 0 || (ofDistances.spare > 0 && !sparse)) {
    throw corrupt(input);
  }
  return [ofLiterals, ofDistances];
}

function* symbols(input: Input, inflate: Inflate64): Walk {
  for (;;) {
    const { used, stop } = inflate.run(input.rest);
    input.skip(used);
    const bytes = inflate.take();
    if (bytes.length > 0) yield { type: 'data', bytes };
    if (stop === 'corrupt') throw corrupt(input);
    if (stop === 'end') return;
    if (stop === 'input') yield* input.ready();
  }
}

function* walk(input: Input): Walk {
  const inflate = new Inflate64();
  for (let last = false; !last; ) {
    last = (yield* bits(input, inflate, 1)) === 1;
    const type = yield* bits(input, inflate, 2);
    if (type === 3) throw corrupt(input);
    if (type === 0) {
      yield* storedBlock(input, inflate);
      continue;
    }
    inflate.useCodes(...(type === 1 ? ([FIXED_LITERALS, FIXED_DISTANCES] as const) : yield* readCodes(input, inflate)));
    yield* symbols(input, inflate);
  }
  yield* align(input, inflate);
}

/** Method 9 of zip, Deflate64: DEFLATE with a window of 64 KiB. It has no checksum; zip's CRC-32 is the caller's. */
export function openDeflate64(_limits: CodecLimits): StreamDecoder {
  return new Machine(walk);
}
