import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Matcher } from '../../src/rules/index.ts';
import { samplePattern, seededBelow } from '../../src/rules/pattern-sample.ts';
import { scanText } from '../../src/scan/index.ts';
import { regex, ruleSet } from './packs.ts';

const ATOMS = ['a', 'b', 'k', '9', ':', '-', ' ', '[a-k]', '[0-9]', '[^:]', '[^\\r\\n]', '[0-9a-f]', '\\n', '[^a-z]'];
const WORDS = ['key=', 'pass', 'user:', '::', '-9-', 'KEY', '(?i:token)', '@b'];

const atom = fc.oneof(
  fc.constantFrom(...ATOMS),
  fc.constantFrom(...ATOMS),
  fc.constantFrom('\\b', '^', '$', '(?:^|[^a-z])'),
);
const repeated = fc.tuple(
  fc.constantFrom(...ATOMS),
  fc.constantFrom('{1,4}', '{0,3}', '?', '{2}', '{0,40}', '{1,90}?', '*'),
);
const piece: fc.Arbitrary<string> = fc.oneof(
  atom,
  repeated.map(([what, times]) => what + times),
  fc.tuple(atom, atom).map(([left, right]) => `(?:${left}|${right}a)`),
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([left, right]) => `(?:${left}|${right})`),
  fc.tuple(atom, fc.constantFrom('{2,3}', '{1,5}')).map(([what, times]) => `(?:x${what})${times}`),
);
/** Something before and behind a word that is rare enough to look for. */
const pattern = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom(...WORDS), fc.array(piece, { maxLength: 3 }))
  .map(([before, word, after]) => [...before, word, ...after].join(''));

const scraps = [
  'key=',
  'pass',
  'user:',
  '::',
  '-9-',
  'KEY',
  'ToKeN',
  '@b',
  'a',
  'b',
  'k',
  '9',
  ':',
  '-',
  ' ',
  '\n',
  '\r',
  'xa',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...scraps), fc.constantFrom('aaaaaaaa', '99999999', 'bk9bk9bk9', '        ')), {
    minLength: 1,
    maxLength: 120,
  })
  .map((parts) => parts.join(''));

/** Node 20 has no `(?i:...)`: the one word that uses it is written out. */
function reference(source: string, subject: string): string[] {
  const plain = source.replaceAll('(?i:token)', '[tT][oO][kK][eE][nN]');
  return [...subject.matchAll(new RegExp(plain, 'gm'))].map((match) => `${match.index}+${match[0].length}`);
}

test('patterns drawn at random find in random texts what a search of the whole text finds', () => {
  let matched = 0;
  const texts = fc.array(text, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 6, maxLength: 6 }),
      texts,
      fc.nat(1_000_000),
      (sources, subjects, seed) => {
        const usable = sources.filter(isUsable);
        if (usable.length === 0) return;
        const rules = ruleSet(...usable.map((source, index) => regex(`p${index}`, source)));
        // Samples of what the patterns match, among what they mostly do not.
        const below = seededBelow(seed);
        for (const subject of subjects) {
          const samples = usable.map((source) => samplePattern(Matcher.parse(source).node, below));
          const whole = samples.map((sample) => sample + subject.slice(below(40), below(subject.length))).join('');
          const { findings } = scanText(Buffer.from(whole, 'latin1'), { where: 'content' }, rules);
          usable.forEach((source, index) => {
            const ours = findings
              .filter(({ rule, at }) => rule === `test/p${index}` && at.view === 'utf-8')
              .map(({ at }) => `${at.offset}+${at.length}`);
            const expected = reference(source, whole);
            expect(ours, JSON.stringify({ source, whole })).toEqual(expected);
            matched += expected.length;
          });
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(matched).toBeGreaterThan(2000);
});

/** False where the pattern is refused: it has no anchor, or can match nothing at all. */
function isUsable(source: string): boolean {
  try {
    ruleSet(regex('drawn', source));
    return true;
  } catch {
    return false;
  }
}
