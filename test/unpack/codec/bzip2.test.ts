import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bzip2 } from '../../../src/unpack/codec/bzip2.ts';
import {
  CONTENTS,
  decode,
  expectChunks,
  expectMutants,
  expectSame,
  expectTruncations,
  filter,
  noise,
  refusal,
  testWith,
  text,
} from './harness.ts';

const pack = (content: Uint8Array, ...args: string[]) => filter('bzip2', ['-c', ...args], content);

describe('files of the bzip2 tool', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('bzip2', `${name}: block sizes`, () => {
      for (const level of ['-1', '-5', '-9']) expectChunks(bzip2, pack(content, level), content);
    });
  }

  testWith('bzip2', 'runs of every length about the counted ones', () => {
    for (const length of [1, 2, 3, 4, 5, 6, 254, 255, 256, 258, 259, 260, 261, 262, 263, 264, 514, 518, 519, 520]) {
      const content = Buffer.concat([Buffer.alloc(length, 'a'), Buffer.from('b'), Buffer.alloc(length, 'b')]);
      expectSame(decode(bzip2, pack(content)).bytes, content);
    }
  });

  testWith('bzip2', 'any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), (content, chunk) => {
        const { bytes, rest } = decode(bzip2, pack(content), chunk);
        return Buffer.compare(bytes, content) === 0 && rest.length === 0;
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('more than one stream', () => {
  testWith('bzip2', 'streams follow each other; what is none is given back', () => {
    const packed = Buffer.concat([pack(text(500)), pack(Buffer.alloc(0)), pack(noise(50), '-1')]);
    const content = Buffer.concat([text(500), noise(50)]);
    for (const tail of ['', 'B', 'BZh', 'BZh0', 'BZx', 'tail']) {
      for (const chunk of [1, 3, packed.length + 1, 10_000]) {
        const whole = decode(bzip2, Buffer.concat([packed, Buffer.from(tail)]), chunk);
        expectSame(whole.bytes, content);
        expect(whole.rest.toString()).toBe(tail);
      }
    }
  });
});

/** Bits of a stream with one block: the CRC stands at byte 10, the randomised bit is the first of byte 14. */
function randomise(packed: Buffer, crc: number): Buffer {
  const bits = [...packed].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => (byte >> i) & 1));
  const mark = [...'000101110111001001000101001110000101000010010000'].map(Number);
  let at = bits.length - 80;
  while (at > 0 && !mark.every((bit, i) => bits[at + i] === bit)) at--;
  const put = (from: number) => {
    for (let i = 0; i < 32; i++) bits[from + i] = (crc >>> (31 - i)) & 1;
  };
  put(80);
  put(at + 48);
  bits[112] = 1;
  return Buffer.from(packed.map((_, i) => bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => byte * 2 + bit, 0)));
}

function bzipCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let k = 0; k < 8; k++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return ~crc >>> 0;
}

testWith('bzip2', 'a randomised block, as bzip2 before 0.9.5 wrote them', () => {
  // Without runs in what is packed and what comes out, flipping bytes is all that the flag does.
  const length = 60_000;
  const packedContent = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + (i >> 7) * 4) & 254));
  const kernel = readFileSync(new URL('../../../src/unpack/kernel/bzip2.ts', import.meta.url), 'utf8');
  const steps = kernel
    .match(/data<u16>\(\[([^\]]*)\]/)![1]!
    .match(/\d+/g)!
    .map(Number);
  expect(steps.length).toBe(512);
  const content = Buffer.from(packedContent);
  for (let at = steps[0]! - 2, i = 0; at < length; at += steps[++i % 512]!) content[at]! ^= 1;
  const packed = randomise(pack(packedContent), bzipCrc(content));
  expectSame(filter('bzip2', ['-dc'], packed), content);
  for (const chunk of [777, packed.length]) expectSame(decode(bzip2, packed, chunk).bytes, content);
});

describe('what is refused', () => {
  testWith('bzip2', 'every truncation', () => {
    expectTruncations(bzip2, pack(text(900)));
    expectTruncations(bzip2, pack(Buffer.alloc(0)));
    expectTruncations(bzip2, pack(Buffer.alloc(2000, 'r')));
  });

  testWith('bzip2', 'mutants: an error, or what bzip2 gives', () => {
    expectMutants(bzip2, pack(text(6000)), ['bzip2', '-dc']);
    expectMutants(bzip2, pack(Buffer.alloc(300_000, 'r'), '-1'), ['bzip2', '-dc']);
    expectMutants(bzip2, Buffer.concat([pack(text(50)), pack(noise(90))]), ['bzip2', '-dc'], 600);
  });

  testWith('bzip2', 'a wrong block CRC, a wrong stream CRC, too little memory', () => {
    const packed = pack(text(100));
    const block = Buffer.from(packed);
    block[10]! ^= 1;
    expect(refusal(bzip2, block).code).toBe('checksum');
    const stream = Buffer.from(packed);
    stream[stream.length - 2]! ^= 1;
    expect(refusal(bzip2, stream).code).toBe('checksum');
    expect(refusal(bzip2, packed, 10, { memory: 3_599_999 }).code).toBe('memory');
    expectSame(decode(bzip2, packed, 10, { memory: 3_600_000 }).bytes, text(100));
  });

  testWith('bzip2', 'bits behind the end of a stream are shown', () => {
    for (let length = 1; length < 40; length++) {
      const content = text(length, length);
      const packed = pack(content);
      packed[packed.length - 1]! |= 1;
      let whole: ReturnType<typeof decode>;
      try {
        whole = decode(bzip2, packed, 7);
      } catch {
        // This one ends at a byte border: the bit belonged to its CRC.
        continue;
      }
      expectSame(whole.bytes, content);
      const ends = whole.asides.length === 1;
      if (!ends) expect(decode(bzip2, pack(content), 7).asides.length).toBe(0);
      else expect(whole.asides[0]).toMatchObject({ where: 'padding', offset: packed.length - 1 });
    }
  });

  test('text that begins like a stream is not taken for one', () => {
    expect(bzip2.sniff(Buffer.from('BZh9 is how a bzip2 file begins'))).toBe(false);
    expect(bzip2.sniff(Buffer.from('BZh91AY&SY'))).toBe(true);
  });
});
