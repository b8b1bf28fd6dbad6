import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawFinding, UnpackEvent } from '../../src/model/index.ts';
import type { RuleSet } from '../../src/rules/index.ts';
import { scan, scanText } from '../../src/scan/index.ts';
import { regex, ruleSet } from './packs.ts';

const PATTERNS: Readonly<Record<string, string>> = {
  token: '\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b',
  mail: '\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,8}\\.[A-Za-z]{2,24}\\b',
  ipv4: '\\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\b',
  ssn: '\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b',
  assigned: '[Pp]assword[ \\t]{0,3}[=:][ \\t]{0,3}["\']?[^ \\t\\r\\n"\']{4,64}',
  line: '^root:[^:\\r\\n]{1,80}:.*$',
  mac: '\\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\\b',
  card: '\\b(?:[0-9]{4}[ -]?){3}[0-9]{4}\\b',
};
const rules = ruleSet(...Object.entries(PATTERNS).map(([id, pattern]) => regex(id, pattern)));

/** Places in the plain view, by our engine with the text cut into pieces of `size`. */
async function ours(bytes: Uint8Array, size: number, set: RuleSet = rules): Promise<string[]> {
  return (await scanned(bytes, size, set))
    .filter(({ at }) => at.view === 'utf-8')
    .flatMap(({ rule, at, count = 1 }) =>
      count > 1 ? [`${rule} many ${count}`] : [`${rule} ${at.offset}+${at.length} ${at.line}:${at.column}`],
    );
}

async function scanned(bytes: Uint8Array, size: number, set: RuleSet): Promise<readonly RawFinding[]> {
  const entry = {
    ordinal: 0,
    parent: undefined,
    path: ['x'] as [string],
    name: Buffer.from('x'),
    kind: 'file',
    where: 'content',
  } as const;
  async function* events(): AsyncGenerator<UnpackEvent> {
    yield { type: 'begin', entry };
    // One buffer for all pieces: what was handed out is not valid any more.
    const shared = new Uint8Array(size);
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      shared.set(piece);
      yield { type: 'bytes', entry, bytes: shared.subarray(0, piece.length) };
    }
    const tail = {
      size: bytes.length,
      sha256: null,
      media: '',
      coverage: 'decoded',
      highEntropy: false,
      gaps: [],
    } as const;
    yield { type: 'end', entry, tail };
  }
  for await (const { findings } of scan(events(), set)) return findings;
  throw new Error('nothing ended');
}

/** The same by V8 on the whole text at once. */
function reference(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  let lines = 1;
  const lineAt = Int32Array.from(text, (char) => (char === '\n' ? lines++ : lines));
  const found = Object.entries(PATTERNS).flatMap(([id, source]) =>
    [...text.matchAll(new RegExp(source, 'gm'))].map((match) => {
      const line = lineAt[match.index]!;
      return {
        id: `test/${id}`,
        at: match.index,
        length: match[0].length,
        line,
        column: match.index - text.lastIndexOf('\n', match.index - 1),
      };
    }),
  );
  found.sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
  return found.map(({ id, at, length, line, column }) => `${id} ${at}+${length} ${line}:${column}`);
}

/** Text in which the rules find much, and much that is nearly a match. */
function sample(length: number, seed: number): Uint8Array {
  let state = seed;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const digits = (count: number): string => Array.from({ length: count }, () => next(10)).join('');
  const words = [
    () => `AKIA${digits(16)}`,
    () => `ASIA${digits(15)}`,
    () => `joe.${digits(2)}@mail-${digits(1)}.example.org`,
    () => `10.${next(300)}.${next(256)}.${next(256)}`,
    () => `${digits(3)}-${digits(2)}-${digits(4)}`,
    () => `password = "${digits(6)}x"`,
    () => `Password:${digits(3)}`,
    () => `\nroot:*:${digits(3)}\r\n`,
    () => '00:1a:2B:3c:4D:5e',
    () => `${digits(4)} ${digits(4)}-${digits(8)}`,
    () => 'the quick brown fox jumps over the lazy dog, and',
    () => '\n',
    () => '@ . - : password root: AKIA',
    () => String.fromCharCode(0x80 + next(128)),
  ];
  let text = '';
  while (text.length < length) text += words[next(words.length)]!() + (next(3) === 0 ? '' : ' ');
  return Buffer.from(text.slice(0, length), 'latin1');
}

describe('findings are those of a search in the whole text, however it is cut', () => {
  test('pieces of 1 to 257 bytes', async () => {
    const bytes = sample(3000, 7);
    const expected = reference(bytes);
    expect(expected.length).toBeGreaterThan(50);
    for (let size = 1; size <= 257; size++) expect(await ours(bytes, size), `pieces of ${size}`).toEqual(expected);
  });

  test.each([65535, 65536, 65537, 524287, 524288, 524289, 1048575, 1048576, 1048577])(
    'pieces of %i bytes',
    async (size) => {
      const seed = Date.now() % 100_000;
      const bytes = sample(1_200_000 + (seed % 5), seed);
      const expected = reference(bytes);
      const found = await ours(bytes, size);
      // More than a thousand of one rule are counted; then the listed ones are the first.
      const counted = new Map(
        found
          .filter((place) => place.includes(' many '))
          .map((place) => [place.split(' ')[0]!, Number(place.split(' ')[2])]),
      );
      for (const rule of new Set(expected.map((place) => place.split(' ')[0]!))) {
        const all = expected.filter((place) => place.startsWith(`${rule} `));
        const listed = found.filter((place) => place.startsWith(`${rule} `) && !place.includes(' many '));
        expect(listed, `${rule}, seed ${seed}`).toEqual(all.slice(0, listed.length));
        expect(listed.length + (counted.get(rule) ?? 0), `${rule}, seed ${seed}`).toBe(all.length);
      }
    },
  );

  test('a match at every place around the border of a segment', async () => {
    for (const border of [512 * 1024 - 5120, 512 * 1024]) {
      for (let shift = -24; shift <= 4; shift++) {
        const bytes = Buffer.alloc(border + 600_000, 0x2e);
        bytes.write(' AKIAABCDEFGHIJKLMNOP ', border + shift, 'latin1');
        expect(await ours(bytes, 100_000)).toEqual([`test/token ${border + shift + 1}+20 1:${border + shift + 2}`]);
      }
    }
  });

  test('random texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_000_000),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 99 }),
        async (seed, length, size) => {
          const bytes = sample(length, seed);
          expect(await ours(bytes, size)).toEqual(reference(bytes));
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('hit-dense input is counted, not cut', () => {
  const { findings } = scanText(Buffer.from('AKIAABCDEFGHIJKLMNOP\n'.repeat(5000)), { where: 'content' }, rules);
  expect(findings.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(5000);
  expect(findings.length).toBe(1001);
  expect(findings.at(-1)!.evidence.join()).toContain('stands for all further matches');
});
