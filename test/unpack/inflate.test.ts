import { crc32, deflateRawSync, inflateRawSync, constants as zlib } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Broken } from '../../src/unpack/broken.ts';
import { Budget } from '../../src/unpack/budget.ts';
import { InflateSource } from '../../src/unpack/inflate.ts';
import { DEFAULT_LIMITS } from '../../src/unpack/limits.ts';
import { ByteReader, type Co } from '../../src/unpack/reader.ts';
import { zipOf } from './archive-builder.ts';
import { collect, payloadOf } from './collect.ts';

interface Outcome {
  readonly content: Buffer;
  readonly gap: string | undefined;
  /** Bytes of the input that were used. */
  readonly used: number;
}

function run<T>(walk: Co<T>): T {
  const step = walk.next();
  if (!step.done) throw new Error('nothing here has to be waited for');
  return step.value;
}

/** Inflates input that comes in chunks of one size, each written over once the next is asked for. */
function inflate(input: Uint8Array, chunk: number): Outcome {
  const lent = Buffer.alloc(chunk);
  let at = 0;
  const reader = new ByteReader({
    // biome-ignore lint/correctness/useYield: all bytes are here
    *next() {
      if (at >= input.length) return undefined;
      lent.fill(0xaa);
      const part = input.subarray(at, at + chunk);
      lent.set(part);
      at += part.length;
      return lent.subarray(0, part.length);
    },
  });
  const source = new InflateSource(reader, new Budget(DEFAULT_LIMITS), {});
  const pieces: Buffer[] = [];
  let gap: string | undefined;
  try {
    for (let piece = run(source.next()); piece; piece = run(source.next())) pieces.push(Buffer.from(piece));
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    gap = error.gap.code;
  } finally {
    source.close();
  }
  return { content: Buffer.concat(pieces), gap, used: reader.position };
}

/** What zlib makes of the same bytes. */
function reference(input: Uint8Array): { gap: string | undefined; content?: Buffer; used?: number } {
  try {
    const { buffer, engine } = inflateRawSync(input, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { gap: undefined, content: buffer, used: engine.bytesWritten };
  } catch (error) {
    return { gap: (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt' };
  }
}

/** Text, noise, runs and bytes of few values, from nothing to more than one piece of output. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 4000 }),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat({ max: 3000 }))
    .map(([unit, times]) => Buffer.concat(Array.from({ length: times }, () => unit))),
  fc.uint8Array({ maxLength: 60_000 }).map((bytes) => bytes.map((byte) => (byte * byte) >> 10)),
);
const ways = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED),
});
const chunks = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 200_000 }));

describe('the inflate kernel', () => {
  test('what deflate made comes back, in any chunks, and not a byte behind it is used', () => {
    fc.assert(
      fc.property(contents, ways, chunks, fc.uint8Array({ maxLength: 20 }), (content, way, chunk, behind) => {
        const stream = deflateRawSync(content, way);
        const { content: got, gap, used } = inflate(Buffer.concat([stream, behind]), chunk);
        expect(gap).toBeUndefined();
        expect(used).toBe(stream.length);
        expect(got.equals(Buffer.from(content))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('mutants: the same answer as zlib, the same bytes however the input is cut', () => {
    const places = fc.array(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 7 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(contents, ways, chunks, places, (content, way, chunk, flips) => {
        const stream = deflateRawSync(content, way);
        for (const [place, bit] of flips) stream[place % stream.length]! ^= 1 << bit;
        const got = inflate(stream, chunk);
        expect(inflate(stream, 1 << 20)).toEqual(got);
        const wanted = reference(stream);
        expect(got.gap).toBe(wanted.gap);
        if (wanted.content) expect([got.used, got.content.equals(wanted.content)]).toEqual([wanted.used, true]);
      }),
      { numRuns: 600 },
    );
  });

  test('cut anywhere it is truncated, and all that could be decoded is given', () => {
    const content = Buffer.from(Array.from({ length: 3000 }, (_, n) => `line ${n} of ${n % 7}\n`).join(''));
    const stream = deflateRawSync(content);
    for (let length = 0; length < stream.length; length += 97) {
      const { content: got, gap } = inflate(stream.subarray(0, length), 64);
      expect(gap).toBe('truncated');
      expect(content.subarray(0, got.length).equals(got)).toBe(true);
      if (length > 3000) expect(got.length).toBeGreaterThan(content.length / 10);
    }
  });
});

test('a zip member with more content than its header says is read whole, and told', async () => {
  // The stated size is that of the first piece that the decoder gives, and the CRC is that of this piece.
  for (const piece of [2 ** 18, 2 ** 19]) {
    const content = Buffer.concat([Buffer.alloc(piece, 'log '), Buffer.from('hidden behind the first piece')]);
    const data = deflateRawSync(content);
    const archive = zipOf([{ name: 'a.log', data: content.subarray(0, piece), raw: data }]);
    expect(crc32(content.subarray(0, piece))).toBe(archive.readUInt32LE(14));
    const { entries } = await collect(payloadOf(archive, 'a.zip'));
    const member = entries.find(({ entry }) => entry.kind === 'file' && entry.path.at(-1) === 'a.log');
    expect(member?.content.includes('hidden behind')).toBe(true);
    expect(member?.tail.coverage).toBe('unread');
    expect(member?.tail.gaps.map(({ code }) => code)).toContain('size-mismatch');
  }
});
