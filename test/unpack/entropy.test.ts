import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntropyMeter } from '../../src/unpack/entropy.ts';
import { noise } from './tree.ts';

const BLOCK = 1024;

/** The rule as it is documented: every block counted, nothing passed over. */
function looksRandom(bytes: Uint8Array): boolean {
  let run = 0;
  let longest = 0;
  let sum = 0;
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.length < 256) break;
    const counts = new Map<number, number>();
    for (const byte of block) counts.set(byte, (counts.get(byte) ?? 0) + 1);
    let pairs = 0;
    for (const count of counts.values()) pairs += count * (count - 1);
    const random = (256 * pairs) / (block.length * (block.length - 1)) < 1.5;
    run = random ? run + block.length : 0;
    sum += random ? block.length : 0;
    longest = Math.max(longest, run);
  }
  return bytes.length <= 16 * BLOCK ? bytes.length >= 256 && sum * 2 >= bytes.length : longest >= 16 * BLOCK;
}

test('blocks that are leapt over never change the answer, however the bytes are cut', () => {
  const stretch = fc.record({
    random: fc.boolean(),
    length: fc.oneof(
      fc.integer({ min: 1, max: 20 }).map((blocks) => blocks * BLOCK),
      fc.nat(18 * BLOCK),
    ),
  });
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 8 }), fc.integer({ min: 100, max: 40_000 }), (stretches, cut) => {
      const bytes = Buffer.concat(
        stretches.map(({ random, length }, index) => (random ? noise(length, index + 1) : Buffer.alloc(length, 0x90))),
      );
      for (const size of [cut, bytes.length + 1]) {
        const meter = new EntropyMeter();
        for (let at = 0; at < bytes.length; at += size) meter.update(bytes.subarray(at, at + size), false);
        expect(meter.finish()).toBe(looksRandom(bytes));
      }
    }),
    { numRuns: 300 },
  );
});
