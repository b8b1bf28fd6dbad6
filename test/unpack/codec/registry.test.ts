import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODECS, CodecError, ZIP_METHODS } from '../../../src/unpack/codec/index.ts';
import { CONTENTS, decode, expectSame, filter, LIMITS, noise, refusal, testWith, text } from './harness.ts';

const PACKERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  zstd: ['zstd', '-qc'],
  xz: ['xz', '-c'],
  bzip2: ['bzip2', '-c'],
  lz4: ['lz4', '-qc'],
  compress: ['compress', '-f', '-c'],
  lzip: ['lzip', '-c'],
  lzma: ['xz', '-c', '--format=lzma'],
};

test('every codec has a tool to be tried against', () => {
  expect(CODECS.map(({ id }) => id).sort()).toEqual(Object.keys(PACKERS).sort());
});

describe.each(CODECS.map((codec) => [codec.id, codec] as const))('%s', (id, codec) => {
  const [tool, ...args] = PACKERS[id]!;

  testWith(tool, 'is told from all others by its first bytes', () => {
    for (const content of [Buffer.alloc(0), text(1000), noise(1000)]) {
      const head = filter(tool, args, content).subarray(0, 64);
      expect(CODECS.filter((other) => other.sniff(head)).map((other) => other.id)).toEqual([id]);
    }
    for (const other of [Buffer.alloc(0), Buffer.alloc(64), text(64), noise(64), Buffer.from('PK\x03\x04')]) {
      expect(codec.sniff(other)).toBe(false);
    }
  });

  test('input that is none of it, or nothing at all, is refused', () => {
    expect(refusal(codec, Buffer.alloc(0)).code).toBe('truncated');
    for (const bytes of [Buffer.alloc(64, 255), Buffer.from('Z'.repeat(64)), Buffer.from('tail tail tail')]) {
      for (const chunk of [1, 64])
        expect(['corrupt', 'unsupported', 'memory']).toContain(refusal(codec, bytes, chunk).code);
    }
  });

  testWith(tool, 'a decoder that refused stays refused, and none is usable once closed', () => {
    const packed = filter(tool, args, noise(4000));
    const decoder = codec.open(LIMITS);
    const feed = (bytes: Uint8Array) => {
      let length = 0;
      for (const piece of decoder.feed(bytes)) length += piece.bytes.length;
      return length;
    };
    feed(packed.subarray(0, 2000));
    expect(() => decoder.end()).toThrow(id === 'compress' ? /./ : CodecError);
    expect(decoder.finished).toBe(false);
    expect(() => feed(packed.subarray(2000))).toThrow(CodecError);
    decoder.close();
    decoder.close();
    expect(() => feed(packed)).toThrow(/closed/);
  });

  testWith(tool, 'decoders side by side and one after the other do not disturb each other', () => {
    const contents = [text(60_000), noise(50_000), text(90_000, 5), CONTENTS['run']!.subarray(0, 70_000)];
    const packed = contents.map((content) => filter(tool, args, content));
    for (let round = 0; round < 3; round++) {
      const decoders = packed.map(() => codec.open(LIMITS));
      const data: Buffer[][] = packed.map(() => []);
      for (let at = 0; packed.some((bytes) => at < bytes.length); at += 1500) {
        packed.forEach((bytes, i) => {
          for (const piece of decoders[i]!.feed(bytes.subarray(at, at + 1500))) data[i]!.push(Buffer.from(piece.bytes));
        });
      }
      contents.forEach((content, i) => {
        decoders[i]!.end();
        expectSame(Buffer.concat(data[i]!), content);
        decoders[i]!.close();
      });
    }
  });
});

test('many decoders that were not closed do not run the machine out of memory', () => {
  const codec = CODECS[0]!;
  for (let i = 0; i < 3000; i++) {
    const decoder = codec.open(LIMITS);
    const stored = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 9, 0, 0, 0x78]);
    for (const piece of decoder.feed(stored)) expect(piece.bytes.length).toBe(1);
  }
});

describe('methods of zip', () => {
  for (const [method, name] of [[9, 'Deflate64'] as const, [12, 'BZip2'] as const, [14, 'LZMA'] as const]) {
    testWith('7z', `${method}: ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'zip-'));
      try {
        writeFileSync(join(folder, 'in'), text(100_000));
        spawnSync('7z', ['a', '-tzip', `-mm=${name}`, join(folder, 'a.zip'), join(folder, 'in')]);
        const zip = readFileSync(join(folder, 'a.zip'));
        expect(zip.readUInt16LE(8)).toBe(method);
        const from = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
        const raw = zip.subarray(from, from + zip.readUInt32LE(18));
        const open = () => ZIP_METHODS[method]!({ ...LIMITS, contentSize: 100_000 });
        expectSame(decode({ open }, raw, 1000).bytes, text(100_000));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  test('93 and 95 are whole zstd and xz streams; PPMd is not decoded', () => {
    const open = (method: number) => ({ open: () => ZIP_METHODS[method]!(LIMITS) });
    expectSame(decode(open(93), filter('zstd', ['-qc'], text(5000)), 99).bytes, text(5000));
    expectSame(decode(open(95), filter('xz', ['-c'], text(5000)), 99).bytes, text(5000));
    expect(ZIP_METHODS[98]).toBeUndefined();
  });
});
