import { CodecError } from './codec.ts';

/** One raw LZ4 block (LZ4 Block Format Description) whose decoded size is known. */
export function decodeLz4Block(input: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  let to = 0;
  const length = (nibble: number): number => {
    let total = nibble;
    if (nibble < 15) return total;
    for (;;) {
      const byte = input[at++];
      if (byte === undefined) throw new CodecError('truncated', 'an LZ4 block is cut off', at);
      total += byte;
      if (byte < 255) return total;
    }
  };
  while (at < input.length) {
    const token = input[at++]!;
    const literals = length(token >> 4);
    if (at + literals > input.length || to + literals > size) {
      throw new CodecError('corrupt', 'an LZ4 block with literals that do not fit', at);
    }
    out.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === input.length) break;
    const distance = input[at]! | ((input[at + 1] ?? 0) << 8);
    at += 2;
    const match = length(token & 15) + 4;
    if (distance === 0 || distance > to || to + match > size) {
      throw new CodecError('corrupt', 'an LZ4 block with a match that does not fit', at);
    }
    for (let left = match; left > 0; left -= 1, to += 1) out[to] = out[to - distance]!;
  }
  if (to !== size) throw new CodecError('corrupt', `an LZ4 block of ${to} bytes instead of ${size}`, at);
  return out;
}
