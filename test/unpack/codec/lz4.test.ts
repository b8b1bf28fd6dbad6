import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lz4 } from '../../../src/unpack/codec/lz4.ts';
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

const pack = (content: Uint8Array, ...args: string[]) => filter('lz4', ['-qc', ...args], content);

describe('files of the lz4 tool', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('lz4', `${name}: levels, block sizes, checksums, linked blocks`, () => {
      for (const args of [
        ['-1'],
        ['-9'],
        ['-1', '-BD'],
        ['-9', '-BD', '-B4'],
        ['-3', '-BX', '-B5'],
        ['-1', '-BX', '-BD', '-B6', '--content-size'],
        ['-1', '--no-frame-crc', '-B7'],
      ]) {
        expectChunks(lz4, pack(content, ...args), content);
      }
      expectChunks(lz4, pack(content, '-l'), content);
    });
  }

  testWith('lz4', 'legacy frames of more than one block', () => {
    const content = Buffer.concat([CONTENTS['mixed']!, noise(4_000_000), CONTENTS['mixed']!]);
    expectSame(decode(lz4, pack(content, '-l'), 100_000).bytes, content);
  });

  testWith('lz4', 'any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), (content, chunk) => {
        const { bytes, rest } = decode(lz4, pack(content), chunk);
        return Buffer.compare(bytes, content) === 0 && rest.length === 0;
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('more than one frame', () => {
  testWith('lz4', 'frames of every kind follow each other; what is none is given back', () => {
    const note = Buffer.from('customer name in a skippable frame');
    const skip = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, note.length, 0, 0, 0]), note]);
    const a = text(5000);
    const b = noise(300);
    const packed = Buffer.concat([pack(a), skip, pack(b, '-l'), pack(a, '-l'), pack(b), skip]);
    for (const tail of ['', '\x04', '\x04"M', '\x02!Lx', 'ZZ', 'tail', '\xff\xff\xff\xff']) {
      const bytes = Buffer.from(tail, 'latin1');
      for (const chunk of [1, 3, packed.length, packed.length + 1, 100_000]) {
        const whole = decode(lz4, Buffer.concat([packed, bytes]), chunk);
        expectSame(whole.bytes, Buffer.concat([a, b, a, b]));
        expect(whole.asides.map((aside) => aside.bytes.toString())).toEqual([note.toString(), note.toString()]);
        expect(whole.rest.toString('latin1')).toBe(tail);
      }
    }
  });
});

describe('what is refused', () => {
  testWith('lz4', 'every truncation', () => {
    expectTruncations(lz4, pack(text(900)));
    expectTruncations(lz4, pack(noise(300), '-BX', '--no-frame-crc'));
    // A legacy frame may end behind its magic number, and what is cut in a block's size belongs to nothing.
    const legacy = pack(text(900), '-l');
    expectTruncations(lz4, legacy, [4, 5, 6, 7]);
    expect(decode(lz4, legacy.subarray(0, 6)).rest.length).toBe(2);
  });

  testWith('lz4', 'mutants: an error, or what lz4 gives', () => {
    expectMutants(lz4, pack(text(6000)), ['lz4', '-dcq']);
    expectMutants(lz4, pack(text(600), '--no-frame-crc'), ['lz4', '-dcq'], 800);
    expectMutants(lz4, pack(CONTENTS['short text']!, '-BX', '-BD', '--no-frame-crc'), ['lz4', '-dcq'], 500);
  });

  testWith('lz4', 'wrong checksums, a wrong size, a dictionary, too little memory', () => {
    const packed = pack(text(500), '-BX', '--content-size');
    const flip = (at: number) => {
      const wrong = Buffer.from(packed);
      wrong[at < 0 ? wrong.length + at : at]! ^= 1;
      return refusal(lz4, wrong).code;
    };
    expect(flip(6)).toBe('checksum');
    expect(flip(14)).toBe('checksum');
    expect(flip(-1)).toBe('checksum');
    // In front of the end mark and the content's checksum stands that of the block.
    expect(flip(-9)).toBe('checksum');
    expect(refusal(lz4, packed, 10, { memory: 1 << 15 }).code).toBe('memory');
    expect(refusal(lz4, pack(text(500), '-l'), 10, { memory: 1 << 20 }).code).toBe('memory');
  });

  test('a dictionary', () => {
    // One of the 256 header checksums is right: that frame is refused for its dictionary, the others for the checksum.
    const header = [0x61, 0x40, 1, 0, 0, 0];
    const codes = new Set<string>();
    for (let sum = 0; sum < 256; sum++) {
      codes.add(refusal(lz4, Buffer.from([0x04, 0x22, 0x4d, 0x18, ...header, sum, 0, 0, 0, 0])).code);
    }
    expect([...codes].sort()).toEqual(['checksum', 'unsupported']);
  });
});
