import type { Codec } from './codec.ts';
import { beginsWith, type Input } from './input.ts';
import { Lzw } from './lzw.ts';
import { Machine, type Walk } from './machine.ts';

const MAGIC = [0x1f, 0x9d];
const PIECE = 65536;

const validFlags = (flags: number): boolean => (flags & 0x60) === 0 && (flags & 31) >= 9 && (flags & 31) <= 16;

function* walk(input: Input): Walk {
  yield* input.begin((prefix) => beginsWith(prefix, MAGIC));
  const flags = yield* input.byte();
  if (!validFlags(flags)) throw input.error('unsupported', 'the header of compress asks for what is not known');
  const lzw = new Lzw(flags & 31, (flags & 0x80) !== 0);
  for (;;) {
    const { bits, count } = lzw.remainder;
    // There is no end mark. An encoder fills its last byte with zeros: more than that is a code cut short.
    if (count >= 8 || bits !== 0) yield* input.ready();
    else if (!(yield* input.readyOrEnd())) return;
    const { used, stop } = lzw.run(input.rest);
    input.skip(used);
    const bytes = lzw.take();
    if (bytes.length > 0) yield { type: 'data', bytes };
    if (stop === 'corrupt') throw input.error('corrupt', 'a code stands for no string');
    if (stop !== 'padding') continue;
    const rest = lzw.skipGroup();
    if (rest !== 0) yield { type: 'aside', where: 'padding', offset: input.offset - 1, bytes: Uint8Array.of(rest) };
    while (lzw.padding > 0) {
      if (!(yield* input.readyOrEnd())) return;
      const skipped = input.rest.slice(0, Math.min(lzw.padding, PIECE));
      lzw.padding -= skipped.length;
      input.skip(skipped.length);
      if (skipped.some((byte) => byte !== 0)) {
        yield { type: 'aside', where: 'padding', offset: input.offset - skipped.length, bytes: skipped };
      }
    }
  }
}

/**
 * compress (.Z): LZW without any checksum or length, so a file cut at a code's end cannot be told from a whole one; its
 * content has to be one that can (a tar).
 */
export const compress: Codec = {
  id: 'compress',
  sniff: (head) => head.length >= 3 && beginsWith(head, MAGIC) === 'yes' && validFlags(head[2]!),
  open: () => new Machine(walk),
};
