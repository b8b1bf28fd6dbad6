import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zstd } from '../../../src/unpack/codec/zstd.ts';
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

const pack = (content: Uint8Array, ...args: string[]) => filter('zstd', ['-qc', ...args], content);

const skip = (content: Buffer, nibble = 0): Buffer => {
  const head = Buffer.from([0x50 + nibble, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
};

describe('frames of the zstd tool', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('zstd', `${name}: levels, checksums, long windows`, () => {
      const small = content.length < 10_000;
      const levels = small ? [1, 2, 5, 9, 13, 19] : name === 'mixed' ? [1, 3, 7, 19] : [1, 3, 12];
      for (const level of levels) expectChunks(zstd, pack(content, `-${level}`), content);
      expectChunks(zstd, pack(content, '-3', '--no-check'), content);
      expectChunks(zstd, pack(content, '-2', '--long=24'), content);
      expectChunks(zstd, pack(content, '--fast=5'), content);
      expectChunks(zstd, pack(content, '--ultra', '-20', '--zstd=wlog=17,tlen=999'), content);
    });
  }

  testWith('zstd', 'a window much smaller than the content goes round the ring many times', () => {
    const content = CONTENTS['mixed']!;
    for (const wlog of [10, 11, 14, 17, 20]) {
      const packed = pack(content, '-9', `--zstd=wlog=${wlog}`);
      expectSame(decode(zstd, packed, 100_000).bytes, content);
      expectSame(decode(zstd, packed, 100_000, { memory: 1 << wlog }).bytes, content);
    }
  });

  testWith('zstd', 'a declared content size', () => {
    for (const size of [0, 1, 255, 256, 65_791, 65_792, 300_000]) {
      const content = text(size, 5);
      expectChunks(zstd, pack(content, '-5', `--stream-size=${size}`), content);
    }
  });

  testWith('pzstd', 'the many frames of pzstd', () => {
    const content = text(3_000_000);
    const packed = filter('pzstd', ['-q', '-c', '-p', '2', '-1'], content);
    expect(decode(zstd, packed, 5000).asides.length).toBeGreaterThan(0);
    expectSame(decode(zstd, packed, 5000).bytes, content);
  });

  test('any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), (content, chunk) => {
        const packed = pack(content, '-1');
        const { bytes, rest } = decode(zstd, packed, chunk);
        return Buffer.compare(bytes, content) === 0 && rest.length === 0;
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('more than one frame', () => {
  testWith('zstd', 'frames and skippable frames follow each other; the skippable ones are shown', () => {
    const a = text(5000, 1);
    const b = noise(700, 2);
    const note = Buffer.from('customer name in a skippable frame');
    const packed = Buffer.concat([skip(note, 3), pack(a), skip(Buffer.alloc(0)), pack(b), skip(note, 15)]);
    for (const chunk of [1, 2, 3, 5, 1000, packed.length]) {
      const whole = decode(zstd, packed, chunk);
      expectSame(whole.bytes, Buffer.concat([a, b]));
      expect(Buffer.concat(whole.asides.map((aside) => aside.bytes)).toString()).toBe(`${note}${note}`);
      expect(whole.asides[0]).toMatchObject({ where: 'skippable', offset: 8 });
      expect(whole.rest.length).toBe(0);
    }
  });

  testWith('zstd', 'what is no frame is given back, also where it looked like one across chunk borders', () => {
    const packed = pack(Buffer.from('content'));
    for (const tail of ['(', '(\xb5/', '(\xb5/x more', 'S*M', 'tail', '\0\0\0\0']) {
      const bytes = Buffer.from(tail, 'latin1');
      for (const chunk of [1, 2, 3, packed.length, packed.length + 1, packed.length + 2, 1000]) {
        const whole = decode(zstd, Buffer.concat([packed, bytes]), chunk);
        expect(whole.bytes.toString()).toBe('content');
        expect(whole.rest.toString('latin1')).toBe(tail);
      }
    }
  });

  testWith('zstd', 'finished says exactly where the input may end', () => {
    const one = pack(Buffer.from('content'));
    const decoder = zstd.open({ memory: 1 << 24 });
    const ends: number[] = [];
    const all = Buffer.concat([one, one]);
    for (let i = 0; i < all.length; i++) {
      for (const _ of decoder.feed(all.subarray(i, i + 1)));
      if (decoder.finished) ends.push(i + 1);
    }
    expect(ends).toEqual([one.length, 2 * one.length]);
    decoder.close();
  });
});

describe('what is refused', () => {
  testWith('zstd', 'every truncation', () => {
    expectTruncations(zstd, pack(text(400)));
    expectTruncations(zstd, pack(text(3000), '-19', '--no-check'));
    expectTruncations(zstd, pack(Buffer.alloc(0)));
    expectTruncations(zstd, skip(Buffer.from('twelve bytes')));
  });

  testWith('zstd', 'mutants: an error, or what zstd gives', () => {
    expectMutants(zstd, pack(text(6000)), ['zstd', '-dcq']);
    expectMutants(zstd, pack(text(6000), '-19', '--no-check'), ['zstd', '-dcq', '--memory=256MB'], 400);
    expectMutants(zstd, pack(CONTENTS['short text']!, '-3', '--no-check'), ['zstd', '-dcq', '--memory=256MB'], 600);
    expectMutants(zstd, pack(CONTENTS['mixed']!.subarray(850_000, 950_000), '-5', '--no-check'), ['zstd', '-dcq'], 200);
  });

  testWith('zstd', 'a wrong checksum, a wrong content size', () => {
    const packed = pack(Buffer.from('content'), '--stream-size=7');
    const sum = Buffer.from(packed);
    sum[sum.length - 1]! ^= 1;
    expect(refusal(zstd, sum).code).toBe('checksum');
    const size = Buffer.from(packed);
    size[5] = 8;
    expect(refusal(zstd, size).code).toBe('corrupt');
    size[5] = 6;
    expect(refusal(zstd, size).code).toBe('corrupt');
  });

  testWith('zstd', 'a window above the limit, before anything is allocated', () => {
    const packed = pack(CONTENTS['mixed']!, '-1', '--long=27');
    const error = refusal(zstd, packed, 1000, { memory: (1 << 27) - 1 });
    expect(error.code).toBe('memory');
    expect(error.offset).toBeLessThan(18);
    const declared = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]);
    expect(refusal(zstd, declared).code).toBe('memory');
  });

  test('a dictionary', () => {
    expect(refusal(zstd, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 9, 0, 0, 0x41])).code).toBe('unsupported');
  });
});
