import type { Input, Match } from './input.ts';
import { beginsWith } from './input.ts';
import type { Walk } from './machine.ts';

const PIECE = 65536;

/** Whether a prefix is the magic number of a skippable frame, 0x184D2A50 to 0x184D2A5F (RFC 8878, 3.1.2). */
export function isSkippable(prefix: Uint8Array): Match {
  return beginsWith(prefix, [(prefix[0] ?? 0) >> 4 === 5 ? prefix[0]! : 0x50, 0x2a, 0x4d, 0x18]);
}

/** What follows the magic number of a skippable frame of zstd or LZ4: its content could be anything, so it is shown. */
export function* skippable(input: Input): Walk {
  const [a, b, c, d] = (yield* input.take(4)) as unknown as [number, number, number, number];
  let left = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  while (left > 0) {
    const offset = input.offset;
    const bytes = yield* input.take(Math.min(left, PIECE));
    left -= bytes.length;
    yield { type: 'aside', where: 'skippable', offset, bytes };
  }
}
