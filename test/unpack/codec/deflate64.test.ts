import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDeflate64 } from '../../../src/unpack/codec/deflate64.ts';
import { type Codec, CodecError } from '../../../src/unpack/codec/index.ts';
import { CONTENTS, decode, expectSame, expectTruncations, LIMITS, noise, random, testWith, text } from './harness.ts';

const deflate64: Pick<Codec, 'open'> = { open: openDeflate64 };

/** The raw bytes that 7z makes of some content, and the zip around them. */
function pack(content: Uint8Array, level = 5): { raw: Buffer; zip: Buffer; from: number } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'deflate64-'));
  try {
    writeFileSync(join(folder, 'in'), content);
    spawnSync('7z', ['a', '-tzip', '-mm=Deflate64', `-mx=${level}`, join(folder, 'a.zip'), join(folder, 'in')]);
    const zip = readFileSync(join(folder, 'a.zip'));
    const from = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
    const raw = Buffer.from(zip.subarray(from, from + zip.readUInt32LE(18)));
    return zip.readUInt16LE(8) === 9 ? { raw, zip, from } : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What 7z makes of a zip whose member's raw bytes were changed, without regard to its CRC. */
function reference(packed: { zip: Buffer; from: number }, raw: Buffer, content: Uint8Array): Buffer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'deflate64-'));
  try {
    const zip = Buffer.from(packed.zip);
    raw.copy(zip, packed.from);
    const central = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    for (const [at, of] of [[14, 22] as const, [central + 16, central + 24] as const]) {
      zip.writeUInt32LE(crc32(content), at);
      zip.writeUInt32LE(content.length, of);
    }
    writeFileSync(join(folder, 'a.zip'), zip);
    const run = spawnSync('7z', ['e', '-so', join(folder, 'a.zip')], { maxBuffer: 1 << 28 });
    return run.status === 0 ? run.stdout : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('members that 7z packed', () => {
  testWith('7z', 'contents and levels, in any chunks', () => {
    let packs = 0;
    for (const content of Object.values(CONTENTS)) {
      for (const level of [1, 5, 9]) {
        const packed = pack(content, level);
        if (packed === undefined) continue;
        packs++;
        for (const chunk of packed.raw.length > 20_000 ? [4096, packed.raw.length] : [1, 7, 4096]) {
          const whole = decode(deflate64, packed.raw, chunk);
          expectSame(whole.bytes, content);
          expect(whole.rest.length).toBe(0);
          expect(whole.asides).toEqual([]);
        }
      }
    }
    expect(packs).toBeGreaterThanOrEqual(12);
  });

  testWith('7z', 'what follows the end is given back', () => {
    const { raw } = pack(text(5000))!;
    for (const chunk of [1, 2, raw.length, raw.length + 1, 10_000]) {
      const whole = decode(deflate64, Buffer.concat([raw, Buffer.from('tail')]), chunk);
      expectSame(whole.bytes, text(5000));
      expect(whole.rest.toString()).toBe('tail');
    }
  });

  testWith('7z', 'every truncation', () => {
    expectTruncations(deflate64, pack(text(900))!.raw);
    expectTruncations(deflate64, pack(Buffer.alloc(90_000, 'r'))!.raw);
  });

  testWith('7z', 'mutants: an error, or what 7z gives', () => {
    const content = Buffer.concat([text(3000), text(70_000, 8), text(3000)]).subarray(0, 76_000);
    for (const packed of [pack(content)!, pack(Buffer.concat([text(400), Buffer.alloc(500, 'x')]))!]) {
      const next = random(packed.raw.length);
      let refused = 0;
      let compared = 0;
      for (let i = 0; i < 500; i++) {
        const mutant = Buffer.from(packed.raw);
        mutant[next() % mutant.length]! ^= 1 << (next() % 8);
        try {
          const whole = decode(deflate64, mutant, 1 + (next() % 5000));
          if (whole.rest.length > 0 || compared >= 60) continue;
          compared++;
          const other = reference(packed, mutant, whole.bytes);
          if (other === undefined) throw new Error(`mutant ${i}: decoded, but 7z refuses it`);
          expectSame(whole.bytes, other);
        } catch (error) {
          if (!(error instanceof CodecError)) throw error;
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(20);
      expect(compared).toBeGreaterThan(0);
    }
  });
});

describe('plain DEFLATE without its longest match is Deflate64 too', () => {
  test('stored and fixed blocks come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), (content, chunk) => {
        for (const raw of [deflateRawSync(content, { level: 0 }), deflateRawSync(content, { strategy: 2 })]) {
          const { bytes, rest } = decode(deflate64, raw, chunk);
          if (Buffer.compare(bytes, content) !== 0 || rest.length !== 0) return false;
        }
        return true;
      }),
      { numRuns: 200, seed: 1 },
    );
    const large = noise(300_000);
    expectSame(decode(deflate64, deflateRawSync(large, { level: 0 }), 999).bytes, large);
  });

  test('padding bits in front of stored bytes are shown unless they are zero', () => {
    const stored = Buffer.from([1, 3, 0, 0xfc, 0xff, 0x61, 0x62, 0x63]);
    expect(decode(deflate64, stored).asides).toEqual([]);
    stored[0] = 0x51;
    for (const chunk of [1, 8]) {
      const whole = decode(deflate64, stored, chunk, LIMITS);
      expect(whole.bytes.toString()).toBe('abc');
      expect(whole.asides).toEqual([{ where: 'padding', offset: 0, bytes: Buffer.from([0x51 >> 3]) }]);
    }
  });
});
