import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packingOf, unpackRun } from '../../src/scan/unpack-run.ts';

const text = 'iban and name of everyone\n'.repeat(40);
const packed = gzipSync(text);

test('a member, two members, a cut one, and one with a word behind it', () => {
  const unpacked = (...parts: Uint8Array[]) => Buffer.from(unpackRun(Buffer.concat(parts), 'gzip', 1e6)).toString();
  expect(unpacked(packed)).toBe(text);
  expect(unpacked(packed, packed)).toBe(text + text);
  expect(unpacked(packed, Buffer.from('Aug', 'base64'))).toBe(text);
  expect(text.startsWith(unpacked(packed.subarray(0, -20)))).toBe(true);
});

test('what cannot be read to its end is an error, never half an answer', () => {
  expect(() => unpackRun(Buffer.concat([packed, Buffer.alloc(500, 65)]), 'gzip', 1e6)).toThrow();
  expect(() => unpackRun(Buffer.from('plain text'), 'gzip', 1e6)).toThrow();
  expect(() => unpackRun(packed, 'gzip', 100)).toThrow();
});

test('zlib and bare deflate are told, also when cut, and nothing else is', () => {
  const words = Buffer.from(
    Array.from({ length: 300 }, (_, at) => `<entry n="${at * 7919}" of="${at * 31}"/>`).join(''),
  );
  for (const level of [1, 6, 9]) {
    const [wrapped, bare] = [deflateSync(words, { level }), deflateRawSync(words, { level })];
    for (const size of [240, wrapped.length]) {
      expect(packingOf(wrapped.subarray(0, size), false)).toBe('zlib');
      expect(packingOf(bare.subarray(0, size), true)).toBe('deflate');
      expect(packingOf(bare.subarray(0, size), false)).toBeUndefined();
    }
    expect(unpackRun(wrapped, 'zlib', 1e6)).toEqual(words);
    expect(unpackRun(bare, 'deflate', 1e6)).toEqual(words);
    expect(words.subarray(0, 900)).toEqual(
      Buffer.from(unpackRun(wrapped.subarray(0, -40), 'zlib', 1e6).subarray(0, 900)),
    );
  }
  expect(packingOf(deflateSync('short: one line'), false)).toBe('zlib');
  expect(() => unpackRun(Buffer.concat([deflateSync(words), Buffer.alloc(99)]), 'zlib', 1e6)).toThrow();
  let told = 0;
  for (let seed = 1; seed < 4000; seed++) {
    const drawn = Buffer.from(
      Array.from({ length: 240 }, (_, at) => (Math.imul(at + seed * 977, 2654435761) >>> 11) & 0xff),
    );
    if (packingOf(drawn, true)) told++;
    drawn.set([0x78, 0x9c]);
    if (packingOf(drawn, true)) told++;
  }
  expect(told).toBe(0);
});
