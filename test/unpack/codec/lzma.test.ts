import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lzip, lzmaAlone, openZipLzma } from '../../../src/unpack/codec/lzma.ts';
import {
  attempt,
  CONTENTS,
  decode,
  expectChunks,
  expectMutants,
  expectSame,
  expectTruncations,
  filter,
  LIMITS,
  noise,
  refusal,
  testWith,
  text,
} from './harness.ts';

const alone = (content: Uint8Array, ...args: string[]) => filter('xz', ['-c', '--format=lzma', ...args], content);
const pack = (content: Uint8Array, ...args: string[]) => filter('lzip', ['-c', ...args], content);

describe('.lzma', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('xz', `${name}: presets and properties`, () => {
      for (const args of [['-0'], ['-6'], ['--lzma1=dict=4KiB,lc=0,lp=4,pb=4'], ['--lzma1=preset=1,lc=4,lp=0,pb=0']]) {
        const packed = alone(content, ...args);
        expect(lzmaAlone.sniff(packed.subarray(0, 64))).toBe(true);
        expectChunks(lzmaAlone, packed, content);
      }
    });
  }

  testWith('7z', 'a known size, without and with an end marker', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lzma-'));
    try {
      for (const content of [text(100_000), text(300), CONTENTS['run']!]) {
        writeFileSync(join(folder, 'in'), content);
        for (const marker of ['eos=off', 'eos=on']) {
          const zip = join(folder, `${marker}-${content.length}.zip`);
          spawnSync('7z', ['a', '-tzip', `-mm=LZMA:${marker}`, zip, join(folder, 'in')]);
          const { raw } = member(readFileSync(zip));
          const head = Buffer.alloc(13);
          raw.copy(head, 0, 4, 9);
          head.writeBigUInt64LE(BigInt(content.length), 5);
          const packed = Buffer.concat([head, raw.subarray(9)]);
          const tool = attempt('xz', ['-dc', '--format=lzma'], packed);
          if (tool !== undefined) expectSame(tool, content);
          expectChunks(lzmaAlone, packed, content);
          // One byte less than the stream holds: it does not end there.
          head.writeBigUInt64LE(BigInt(content.length - 1), 5);
          if (content.length > 1) {
            expect(['corrupt', 'truncated']).toContain(refusal(lzmaAlone, Buffer.concat([head, raw.subarray(9)])).code);
          }
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  testWith('xz', 'any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 60 }), (content, chunk) => {
        const { bytes, rest } = decode(lzmaAlone, alone(content, '-0'), chunk);
        return Buffer.compare(bytes, content) === 0 && rest.length === 0;
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  testWith('xz', 'what follows the end is given back', () => {
    const packed = alone(text(3000));
    for (const chunk of [1, 5, packed.length + 1, 10_000]) {
      const whole = decode(lzmaAlone, Buffer.concat([packed, Buffer.from('tail')]), chunk);
      expectSame(whole.bytes, text(3000));
      expect(whole.rest.toString()).toBe('tail');
    }
  });

  testWith('xz', 'truncations, mutants, memory', () => {
    expectTruncations(lzmaAlone, alone(text(900)));
    const packed = alone(text(6000));
    expect(refusal(lzmaAlone, packed, 100, { memory: 1 << 20 }).code).toBe('memory');
    // xz refuses dictionary sizes that it would not write itself: those are left alone.
    expectMutants(lzmaAlone, packed, ['xz', '-dc', '--format=lzma'], 600, 5);
  });

  test('what is no .lzma file is not taken for one', () => {
    for (const bytes of [Buffer.alloc(64), text(64), noise(64), Buffer.alloc(64, 255), Buffer.from([0x5d, 0, 0])]) {
      expect(lzmaAlone.sniff(bytes)).toBe(false);
    }
  });
});

/** The raw bytes of a zip's first member, by its local header. */
function member(zip: Buffer): { raw: Buffer; method: number; size: number } {
  const from = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  const raw = zip.subarray(from, from + zip.readUInt32LE(18));
  return { raw, method: zip.readUInt16LE(8), size: zip.readUInt32LE(22) };
}

testWith('7z', 'LZMA in zip (method 14)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lzma-'));
  let decoded = 0;
  try {
    for (const [name, content] of Object.entries(CONTENTS)) {
      if (content.length === 0) continue;
      writeFileSync(join(folder, 'in'), content);
      for (const marker of ['off', 'on']) {
        const zip = join(folder, `${name}-${marker}.zip`);
        spawnSync('7z', ['a', '-tzip', `-mm=LZMA:eos=${marker}`, '-mx=3', zip, join(folder, 'in')]);
        const { raw, method } = member(readFileSync(zip));
        // 7z stores what does not get smaller.
        if (method === 0) continue;
        expect(method).toBe(14);
        decoded++;
        const sized = { open: () => openZipLzma({ ...LIMITS, contentSize: content.length }) };
        for (const chunk of [1000, raw.length]) {
          const whole = decode(sized, raw, chunk);
          expectSame(whole.bytes, content);
          expect(whole.rest.length).toBe(0);
        }
        const unsized = { open: () => openZipLzma(LIMITS) };
        if (marker === 'on') expectSame(decode(unsized, raw, 999).bytes, content);
        if (raw.length < 500) expectTruncations(marker === 'on' ? unsized : sized, raw);
      }
    }
    expect(decoded).toBeGreaterThanOrEqual(6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('lzip', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('lzip', `${name}: levels`, () => {
      for (const level of ['-0', '-6', '-9']) expectChunks(lzip, pack(content, level), content);
      expectChunks(lzip, pack(content, '-0', '--member-size=100000'), content);
      expectChunks(lzip, pack(content, '-3', '--dictionary-size=5000'), content);
    });
  }

  testWith('lzip', 'what is no member is given back', () => {
    const packed = Buffer.concat([pack(text(500)), pack(noise(50))]);
    for (const tail of ['L', 'LZI', 'LZIX', 'tail']) {
      for (const chunk of [1, 4, packed.length + 1, 10_000]) {
        const whole = decode(lzip, Buffer.concat([packed, Buffer.from(tail)]), chunk);
        expectSame(whole.bytes, Buffer.concat([text(500), noise(50)]));
        expect(whole.rest.toString()).toBe(tail);
      }
    }
  });

  testWith('lzip', 'truncations, mutants, checksum, memory', () => {
    const packed = pack(text(900));
    expectTruncations(lzip, packed);
    expectMutants(lzip, packed, ['lzip', '-dc']);
    const sum = Buffer.from(packed);
    sum[sum.length - 20]! ^= 1;
    expect(refusal(lzip, sum).code).toBe('checksum');
    for (const at of [12, 8, 4, 1]) {
      const size = Buffer.from(packed);
      size[size.length - at]! ^= 1;
      expect(refusal(lzip, size).code).toBe('corrupt');
    }
    expect(refusal(lzip, pack(text(90_000), '-9'), 10, { memory: 1 << 12 }).code).toBe('memory');
  });
});
