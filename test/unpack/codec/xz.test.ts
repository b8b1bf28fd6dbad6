import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xz } from '../../../src/unpack/codec/xz.ts';
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

const pack = (content: Uint8Array, ...args: string[]) => filter('xz', ['-c', ...args], content);

describe('files of the xz tool', () => {
  for (const [name, content] of Object.entries(CONTENTS)) {
    testWith('xz', `${name}: presets, checks, blocks`, () => {
      for (const preset of ['-0', '-3', '-6', '-9e']) expectChunks(xz, pack(content, preset), content);
      for (const check of ['none', 'crc32', 'crc64', 'sha256']) {
        expectChunks(xz, pack(content, '-1', `--check=${check}`), content);
      }
      expectChunks(xz, pack(content, '-1', '--block-size=70000', '-T2'), content);
      expectChunks(xz, pack(content, '--lzma2=preset=1,dict=4096,lc=0,lp=4,pb=4'), content);
      expectChunks(xz, pack(content, '--lzma2=preset=1,dict=70000,lc=2,lp=1,pb=0'), content);
    });
  }

  // A real program has branches to turn back; the other instruction sets see it as data that may look like theirs.
  const program = readFileSync(process.execPath).subarray(3_000_000, 3_400_000);
  for (const arch of ['x86', 'arm', 'armthumb', 'arm64', 'powerpc', 'ia64', 'sparc']) {
    testWith('xz', `branch filter ${arch}`, () => {
      // Noise with the filter's own opcodes strewn in, so that each branch of it is taken.
      const words = noise(120_000, 5);
      const opcodes: Record<string, readonly number[]> = {
        x86: [0xe8],
        arm: [0xeb],
        armthumb: [0xf0, 0xf8],
        arm64: [0x94, 0x90, 0xb0],
        powerpc: [0x48],
        ia64: [0x10, 0x16, 0x1c],
        sparc: [0x40, 0x7f],
      };
      const marks = opcodes[arch]!;
      const step = arch === 'x86' ? 3 : arch === 'armthumb' ? 2 : arch === 'ia64' ? 16 : 4;
      const place = arch === 'arm' || arch === 'arm64' ? 3 : arch === 'armthumb' ? 1 : 0;
      for (let i = 0; i + 8 < words.length; i += step) {
        words[i + place] = marks[(i / step) % marks.length]!;
        if (arch === 'powerpc') words[i + 3] = (words[i + 3]! & 0xfc) | 1;
        if (arch === 'x86' && i % 2 === 0) words[i + 4] = i % 4 === 0 ? 0 : 255;
        if (arch === 'arm64' && i % 8 === 0) words[i + 2] = 0;
      }
      for (const content of [words, program, Buffer.from('abc')]) {
        const packed = pack(content, `--${arch}`, '--lzma2=preset=0');
        for (const chunk of [1000, packed.length]) expectSame(decode(xz, packed, chunk).bytes, content);
        const check = pack(content, '--check=crc64', `--${arch}=start=4096`, '--delta=dist=4', '--lzma2=preset=0');
        expectSame(decode(xz, check, 4096).bytes, content);
      }
    });
  }

  testWith('xz', 'delta of every distance class', () => {
    for (const distance of [1, 2, 3, 4, 16, 255, 256]) {
      const content = text(50_000);
      expectChunks(xz, pack(content, `--delta=dist=${distance}`, '--lzma2=preset=0'), content);
    }
  });

  test('any bytes come back, in any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 100 }), (content, chunk) => {
        const { bytes, rest } = decode(xz, pack(content, '-0'), chunk);
        return Buffer.compare(bytes, content) === 0 && rest.length === 0;
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('more than one stream', () => {
  testWith('xz', 'streams with padding between them', () => {
    const a = text(5000);
    const packed = Buffer.concat([pack(a), Buffer.alloc(8), pack(a, '--check=sha256'), Buffer.alloc(4)]);
    for (const chunk of [1, 3, 100, packed.length]) {
      const whole = decode(xz, packed, chunk);
      expectSame(whole.bytes, Buffer.concat([a, a]));
      expect(whole.rest.length).toBe(0);
    }
  });

  testWith('xz', 'what is neither stream nor padding is given back', () => {
    const packed = pack(Buffer.from('content'));
    for (const tail of ['\xfd7zX', '\xfd7zXZ\x01', 'tail', '\0', '\0\0\0', '\0\0\0x', '\xfd']) {
      const bytes = Buffer.from(tail, 'latin1');
      for (const chunk of [1, 2, packed.length, packed.length + 1, 1000]) {
        const whole = decode(xz, Buffer.concat([packed, Buffer.alloc(4), bytes]), chunk);
        expect(whole.bytes.toString()).toBe('content');
        expect(whole.rest.toString('latin1')).toBe(tail);
      }
    }
  });
});

describe('what is refused', () => {
  testWith('xz', 'every truncation', () => {
    expectTruncations(xz, pack(text(400)));
    expectTruncations(xz, pack(noise(300), '--check=none'));
    expectTruncations(xz, pack(text(900), '--check=sha256', '--block-size=300'));
    expectTruncations(xz, pack(text(300), '--x86', '--delta', '--lzma2'));
  });

  testWith('xz', 'mutants: an error, or what xz gives', () => {
    expectMutants(xz, pack(text(6000)), ['xz', '-dc']);
    expectMutants(xz, pack(text(6000), '--check=none'), ['xz', '-dc'], 600);
    expectMutants(xz, pack(CONTENTS['short text']!, '--check=crc32'), ['xz', '-dc'], 600);
  });

  testWith('xz', 'a wrong check of each type, a wrong index, a wrong footer', () => {
    for (const [check, size] of [['crc32', 4] as const, ['crc64', 8] as const, ['sha256', 32] as const]) {
      const packed = pack(Buffer.from('content'), `--check=${check}`);
      // Behind the check stand an index of 8 bytes and the footer of 12.
      const at = packed.length - 20 - size;
      packed[at]! ^= 1;
      expect(refusal(xz, packed).code).toBe('checksum');
    }
    const packed = pack(Buffer.from('content'));
    for (let at = packed.length - 20; at < packed.length; at++) {
      const wrong = Buffer.from(packed);
      wrong[at]! ^= 1;
      expect(['corrupt', 'checksum', 'truncated']).toContain(refusal(xz, wrong).code);
    }
  });

  testWith('xz', 'a dictionary above the limit, before anything is allocated', () => {
    const packed = pack(text(1000), '-9');
    const error = refusal(xz, packed, 10, { memory: (64 << 20) - 1 });
    expect(error.code).toBe('memory');
    expect(error.offset).toBeLessThan(40);
    expectSame(decode(xz, packed, 10, { memory: 64 << 20 }).bytes, text(1000));
  });
});
