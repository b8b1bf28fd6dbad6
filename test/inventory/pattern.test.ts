import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalise } from '../../src/inventory/path-name.ts';
import { compilePattern } from '../../src/inventory/pattern.ts';
import { isTimestamp, placeholderToken } from '../../src/inventory/segment.ts';

const placeholders = new Map([
  ['word', placeholderToken({ title: 'w', words: ['a', 'ab', 'b'] })],
  ['run', placeholderToken({ title: 'r', chars: 'a-b', min: 1, max: 3 })],
]);

/** The same pattern as a regular expression: an independent, backtracking reading of it. */
function oracle(text: string): RegExp {
  const parts = text.split('/').map((segment) => {
    if (segment === '{lost}') return '(?:[^/]+/)?';
    if (segment === '**') return '[^/]+(?:/[^/]+)*';
    const inner = segment
      .replaceAll('.', '\\.')
      .replaceAll('*', '[^/]*')
      .replaceAll('{word}', '(?:a|ab|b)')
      .replaceAll('{run}', '[ab]{1,3}');
    return `(?=[^/])${inner}/`;
  });
  const body = parts.join('');
  return new RegExp(`^${body.endsWith('/') ? body.slice(0, -1) : body}$`);
}

const piece = fc.constantFrom('a', 'b', 'ab', '.', '*', '{word}', '{run}');
const segment = fc
  .array(piece, { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join('').replace(/\*+/g, '*'))
  .filter((text) => text !== '.' && text !== '..' && text !== '*');
const patterns = fc
  .tuple(fc.array(fc.oneof(segment, fc.constant('{lost}'), fc.constant('*')), { maxLength: 4 }), segment, fc.boolean())
  .map(([head, last, below]) => [...head, last, ...(below ? ['**'] : [])].join('/'));
const paths = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 6,
  })
  .filter((segments) => segments.every((each) => each !== '.' && each !== '..'));

test('the linear matcher agrees with a regular expression', () => {
  let matched = 0;
  fc.assert(
    fc.property(patterns, paths, (text, path) => {
      const found = compilePattern(text, placeholders).matches(path);
      if (found) matched++;
      expect(found, `${text} on ${path.join('/')}`).toBe(oracle(text).test(path.join('/')));
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test('a directory is on the way exactly if some path below it matches', () => {
  fc.assert(
    fc.property(patterns, paths, (text, path) => {
      const pattern = compilePattern(text, placeholders);
      if (!pattern.matches(path)) return;
      for (let depth = 1; depth < path.length; depth++) expect(pattern.mayLieBelow(path.slice(0, depth))).toBe(true);
    }),
    { numRuns: 20_000 },
  );
  expect(compilePattern('a/b', placeholders).mayLieBelow(['a', 'b'])).toBe(false);
  expect(compilePattern('a/b', placeholders).mayLieBelow(['b'])).toBe(false);
});

test('a timestamp is a date that exists, as Date sees it', () => {
  fc.assert(
    fc.property(
      fc.nat(9999),
      fc.nat(14),
      fc.nat(33),
      fc.nat(25),
      fc.nat(61),
      fc.nat(61),
      (year, month, day, hour, minute, second) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const text = `${String(year).padStart(4, '0')}${two(month)}${two(day)}${two(hour)}${two(minute)}${two(second)}`;
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        date.setUTCHours(hour, minute, second);
        const exists =
          year >= 1 &&
          date.getUTCFullYear() === year &&
          date.getUTCMonth() === month - 1 &&
          date.getUTCDate() === day &&
          date.getUTCHours() === hour &&
          date.getUTCMinutes() === minute &&
          date.getUTCSeconds() === second;
        expect(isTimestamp(text, 0), text).toBe(exists);
      },
    ),
    { numRuns: 5_000 },
  );
});

test('normalisation strips and folds, and never resolves', () => {
  expect(normalise('/./a//b/')).toEqual({ segments: ['a', 'b'], directory: true });
  expect(normalise('.//../a')).toBeUndefined();
  expect(normalise('a/./b')).toBeUndefined();
  expect(normalise('.')).toEqual({ segments: [], directory: true });
  expect(normalise('')).toEqual({ segments: [], directory: false });
  expect(normalise(' a ')).toEqual({ segments: [' a '], directory: false });
});
