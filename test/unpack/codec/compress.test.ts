import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compress } from '../../../src/unpack/codec/compress.ts';
import {
  attempt,
  CONTENTS,
  decode,
  expectChunks,
  expectMutants,
  expectSame,
  filter,
  LIMITS,
  noise,
  refusal,
  testWith,
  text,
} from './harness.ts';

/** `-f` packs also what does not get smaller. */
const pack = (content: Uint8Array, bits = 16) => filter('compress', ['-f', '-c', '-b', `${bits}`], content);

describe('files of the compress tool', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('compress', `${name}: every width`, () => {
      for (let bits = 10; bits <= 16; bits++) expectChunks(compress, pack(content, bits), content);
    });
  }

  testWith('compress', 'content that changes, so that the table is cleared', () => {
    for (const bits of [10, 11, 12, 14, 16]) {
      const parts = [text(400_000), noise(200_000), text(300_000, 17), Buffer.alloc(200_000), noise(99_999, 4)];
      const content = Buffer.concat(parts);
      expectChunks(compress, pack(content, bits), content);
    }
  });

  testWith('compress', '9 bits: what its own tool reads is read, what it does not is refused', () => {
    for (const length of [0, 1, 100, 200, 255, 256, 300, 500, 1000, 5000]) {
      const packed = pack(noise(length), 9);
      const tool = attempt('compress', ['-d', '-c'], packed);
      if (tool?.equals(noise(length))) {
        expectChunks(compress, packed, noise(length));
      } else {
        expect(refusal(compress, packed).code).toBe('corrupt');
      }
    }
  });

  testWith('compress', 'any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 10, max: 16 }),
        (content, chunk, bits) => {
          const { bytes, rest } = decode(compress, pack(content, bits), chunk);
          return Buffer.compare(bytes, content) === 0 && rest.length === 0;
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});

/** Literals of 9 bits with the table cleared after 13 of them, and `filler` in the bits that are then left out. */
function withPadding(filler: number): { packed: Buffer; content: Buffer } {
  const content = noise(100, 21);
  const codes = [...content];
  // The clear code is the fourteenth; two are missing to the group of eight.
  codes.splice(13, 0, 256, filler, filler);
  const bits = codes.flatMap((code) => Array.from({ length: 9 }, (_, i) => (code >> i) & 1));
  while (bits.length % 8 !== 0) bits.push(0);
  const bytes = Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit, k) => byte | (bit << k), 0),
  );
  return { packed: Buffer.from([0x1f, 0x9d, 0x90, ...bytes]), content };
}

testWith('compress', 'bits that are left out behind a clear code are shown unless they are zero', () => {
  for (const filler of [0, 0x1ff, 0x41]) {
    const { packed, content } = withPadding(filler);
    expectSame(filter('compress', ['-d', '-c'], packed), content);
    for (const chunk of [1, 5, packed.length]) {
      const whole = decode(compress, packed, chunk);
      expectSame(whole.bytes, content);
      // 14 codes fill 15 bytes and 6 bits: 2 bits of byte 18 and bytes 19 and 20 are left out.
      const shown = whole.asides.reduce((sum, aside) => sum + aside.bytes.length, 0);
      expect(shown).toBe(filler === 0 ? 0 : 3);
      for (const aside of whole.asides) {
        expect(aside.where).toBe('padding');
        const there = packed.subarray(aside.offset, aside.offset + aside.bytes.length);
        // A byte shared with a code comes alone, and only with the bits that are no code's.
        if (aside.bytes.length > 1) expect(there).toEqual(Buffer.from(aside.bytes));
        else expect([there[0], there[0]! >> 6]).toContain(aside.bytes[0]);
      }
    }
  }
});

describe('what is refused', () => {
  testWith('compress', 'a file cut within a code', () => {
    const packed = pack(text(5000));
    let refused = 0;
    for (let length = 1; length < packed.length; length++) {
      const decoder = compress.open(LIMITS);
      const data: Buffer[] = [];
      for (const piece of decoder.feed(packed.subarray(0, length))) data.push(Buffer.from(piece.bytes));
      // There is nothing in the format that says how long it is: what decodes is a beginning of the content.
      expect(text(5000).indexOf(Buffer.concat(data))).toBe(0);
      if (decoder.finished) decoder.end();
      else {
        expect(() => decoder.end()).toThrow(/ends within/);
        refused++;
      }
      decoder.close();
    }
    expect(refused).toBeGreaterThan(packed.length / 2);
  });

  testWith('compress', 'mutants: an error, or what compress gives', () => {
    expectMutants(compress, pack(text(6000)), ['compress', '-d', '-c'], 250);
    expectMutants(compress, pack(text(60_000), 10), ['compress', '-d', '-c'], 130);
    expectMutants(compress, pack(noise(3000), 11), ['compress', '-d', '-c'], 130);
  });

  test('a header of another kind', () => {
    for (const flags of [0x88, 0x91, 0xb0, 0xd0]) {
      expect(compress.sniff(Buffer.from([0x1f, 0x9d, flags]))).toBe(false);
      expect(refusal(compress, Buffer.from([0x1f, 0x9d, flags, 0, 0])).code).toBe('unsupported');
    }
  });
});
