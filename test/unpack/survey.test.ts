import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DUMP, OPENS, RUN, VISIBLE } from '../../src/unpack/encoded/characters.ts';
import { SHORTEST, Survey } from '../../src/unpack/encoded/survey.ts';
import { noise } from './tree.ts';

/** Stretches of a kind, one byte after the other. */
function stretches(bytes: Uint8Array, kind: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const from = at;
    while (at < bytes.length && kind[bytes[at]!] === 1) at += 1;
    if (at - from >= SHORTEST) found.push(from, at);
  }
  return found;
}

/** Text with long words, so that stretches of all lengths come up. */
const words = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'a',
        'F',
        '0',
        '/',
        '\\',
        '%',
        '=',
        ',',
        ' ',
        '\t',
        '~',
        'z',
        '\n',
        'é',
        '37\\',
        '1f%',
        '31,1',
        '7zX',
      ),
      fc.integer({ min: 1, max: 70 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.map(([character, count]) => character.repeat(count)).join('')));

test('stretches are those that looking at each byte gives', () => {
  const check = (bytes: Buffer): void => {
    const survey = Survey.of(bytes);
    expect([...survey.runs]).toEqual(stretches(bytes, RUN));
    expect([...survey.dumps]).toEqual(stretches(bytes, DUMP));
    for (const place of survey.places) {
      expect(bytes.subarray(place, place + SHORTEST).every((byte) => VISIBLE[byte] === 1)).toBe(true);
      if (place > 0 && VISIBLE[bytes[place - 1]!] === 1) expect(OPENS[bytes[place - 1]!]).toBe(1);
    }
    // Behind PK, two more characters share their nibbles with those that count.
    const marks = bytes.toString('latin1').matchAll(/(?=37\\|1[fF][\\%=]|31,[1 7]|PK[\\%U]|PK,[1 7]|80,[1 7]|7zX)/g);
    expect([...survey.escapes]).toEqual([...marks].map(({ index }) => index));
  };
  fc.assert(fc.property(words, check), { numRuns: 2000 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => check(Buffer.from(bytes))),
    { numRuns: 500 },
  );
  check(noise(100_000));
  check(Buffer.from(noise(100_000).toString('hex')));
});

test('a stretch is found from any place in it, and behind the first bytes', () => {
  const bytes = Buffer.from(`x ${'a'.repeat(50)}: ${'b'.repeat(31)} ${'c'.repeat(32)}`);
  const survey = Survey.of(bytes);
  expect(survey.stretch('runs', 0)).toBe(2);
  expect(survey.stretch('runs', 20)).toBe(20);
  expect(survey.stretch('runs', 21)).toBe(bytes.length - 32);
  expect(survey.behind(10).stretch('runs', 0)).toBe(0);
  expect(survey.behind(21).stretch('runs', 0)).toBe(bytes.length - 32 - 21);
  expect(survey.stretch('runs', bytes.length - 31)).toBe(-1);
});
