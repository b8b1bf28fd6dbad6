import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gap } from '../../src/model/index.ts';
import { Budget } from '../../src/unpack/budget.ts';
import { DUMP, OPENS, RUN, VISIBLE } from '../../src/unpack/encoded/characters.ts';
import { EncodedParts } from '../../src/unpack/encoded/encoded-parts.ts';
import { SHORTEST, Survey } from '../../src/unpack/encoded/survey.ts';
import { FORMATS } from '../../src/unpack/format/index.ts';
import { DEFAULT_LIMITS } from '../../src/unpack/index.ts';
import { base32, base85, ebcdic } from './encodings.ts';
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

/** What is taken out of a text, by all ways or by those only that a first look lets through. */
function taken(text: Buffer, whole: boolean): string[] {
  const budget = new Budget(DEFAULT_LIMITS);
  const parts = whole ? EncodedParts.forWhole(budget, FORMATS, text) : new EncodedParts(budget, FORMATS);
  if (!parts) return [];
  try {
    parts.update(text);
    const gaps: Gap[] = [];
    const names = parts.finish(gaps).map(({ name }) => Buffer.from(name).toString());
    return [...names, ...gaps.map(({ code, offset }) => `${code} ${offset}`)];
  } finally {
    parts.close();
  }
}

test('a first look lets everything through that comes of anything', () => {
  const archives = [gzipSync('x'), gzipSync('a few words of a text that is short'), gzipSync(noise(300))];
  const codings: readonly ((bytes: Buffer) => string)[] = [
    (bytes) => bytes.toString('base64'),
    (bytes) => bytes.toString('hex'),
    (bytes) => base85(bytes, 'ascii85'),
    (bytes) => base85(bytes, 'z85'),
    (bytes) => base32(bytes),
    (bytes) => [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    (bytes) => `[${[...bytes].join(', ')}]`,
    (bytes) => bytes.toString('hex').replace(/../g, '$& '),
    () => 'no/archive/at/all but a path_and_some_words_of_it',
  ];
  const written = fc
    .record({
      archive: fc.constantFrom(...archives),
      coding: fc.constantFrom(...codings),
      width: fc.integer({ min: 20, max: 120 }),
      prefix: fc.constantFrom('', '', 'x: ', '# ', 'Nov 23 12:00:00 host app: ', '00000000: ', '"'),
      cut: fc.nat(40),
    })
    .map(({ archive, coding, width, prefix, cut }) => {
      const all = coding(archive);
      const lines = all.slice(0, all.length - cut).match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      return lines.map((line) => `${prefix}${line}\n`).join('');
    });
  const text = fc.array(fc.oneof(written, fc.constantFrom('plain words\n', '\n', ' ', '-'.repeat(60))), {
    maxLength: 4,
  });
  let some = 0;
  const check = (parts: readonly string[]): void => {
    const bytes = Buffer.from(parts.join(''));
    for (const form of [bytes, Buffer.from(bytes.toString(), 'utf16le')]) {
      const all = taken(form, false);
      expect(taken(form, true)).toEqual(all);
      some += all.length;
    }
  };
  fc.assert(fc.property(text, check), { numRuns: 400 });
  expect(some).toBeGreaterThan(200);
  const lines = ebcdic(`${archives[1]!.toString('base64')}\n`);
  expect(taken(lines, true)).toEqual(taken(lines, false));
});
