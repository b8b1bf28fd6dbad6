import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzipRun } from '../../src/scan/gunzip-run.ts';

const text = 'iban and name of everyone\n'.repeat(40);
const packed = gzipSync(text);

test('a member, two members, a cut one, and one with a word behind it', () => {
  const unpacked = (...parts: Uint8Array[]) => Buffer.from(gunzipRun(Buffer.concat(parts), 1e6)).toString();
  expect(unpacked(packed)).toBe(text);
  expect(unpacked(packed, packed)).toBe(text + text);
  expect(unpacked(packed, Buffer.from('Aug', 'base64'))).toBe(text);
  expect(text.startsWith(unpacked(packed.subarray(0, -20)))).toBe(true);
});

test('what cannot be read to its end is an error, never half an answer', () => {
  expect(() => gunzipRun(Buffer.concat([packed, Buffer.alloc(500, 65)]), 1e6)).toThrow();
  expect(() => gunzipRun(Buffer.from('plain text'), 1e6)).toThrow();
  expect(() => gunzipRun(packed, 100)).toThrow();
});
