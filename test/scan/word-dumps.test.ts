import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { UnpackEvent } from '../../src/model/index.ts';
import { scan, scanText } from '../../src/scan/index.ts';
import { regex, ruleSet } from './packs.ts';

const rules = ruleSet(regex('word', 'orange[0-9]{4}juice'));
const TEXT = `${'what a machine reports of itself\n'.repeat(9)}the word is orange4711juice, and so on\n${'more\n'.repeat(20)}`;

/** Views in which the word was found. */
const views = (bytes: Uint8Array): string[] =>
  scanText(bytes, { where: 'content' }, rules).findings.map(({ at }) => at.view);

const TOOLS: readonly (readonly [string, ...string[]])[] = [
  ['od', '-x'],
  ['od', '-A', 'n', '-x'],
  ['od', '-t', 'x4'],
  ['od', '-A', 'n', '-t', 'x4'],
  ['od', '-t', 'x8'],
  ['od', '-v', '-A', 'x', '-x'],
  ['hexdump'],
  ['hexdump', '-v'],
  ['xxd', '-e'],
];
for (const [tool, ...flags] of TOOLS) {
  const there = spawnSync(tool, ['--version']).error === undefined;
  test.skipIf(!there)(`text in a dump of words by ${tool} ${flags.join(' ')}${there ? '' : ` (no ${tool})`}`, () => {
    for (const lead of ['', 'x', 'four']) {
      const { stdout } = spawnSync(tool, flags, { input: lead + TEXT });
      expect(views(stdout)).toEqual(['words>utf-8']);
      expect(
        views(Buffer.concat([Buffer.from('dump of a buffer:\n'), stdout, Buffer.from('end of the dump\n')])),
      ).toEqual(['words>utf-8']);
    }
  });
}

/** As hexdump(1) writes it on a little-endian machine. */
function hexdump(text: string): string {
  const bytes = Buffer.from(text.padEnd(Math.ceil(text.length / 16) * 16, '\n'));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const words = Array.from({ length: 8 }, (_, word) =>
      bytes
        .readUInt16LE(at + 2 * word)
        .toString(16)
        .padStart(4, '0'),
    );
    lines.push(`${at.toString(16).padStart(7, '0')} ${words.join(' ')}\n`);
  }
  return lines.join('');
}

test('the pieces in which a dump arrives make no difference', async () => {
  const entry = {
    ordinal: 0,
    parent: undefined,
    path: ['x'],
    name: Buffer.from('x'),
    kind: 'file',
    where: 'content',
  } as const;
  const tail = { size: 0, sha256: null, media: '', coverage: 'raw', highEntropy: false, gaps: [] } as const;
  const bytes = Buffer.from(`${'head '.repeat(40)}\n${hexdump(TEXT)}tail\n${hexdump(TEXT)}`);
  const seen = new Set<string>();
  for (const size of [1, 7, 61, 300, 100_000]) {
    async function* events(): AsyncGenerator<UnpackEvent> {
      for (let at = 0; at < bytes.length; at += size) {
        yield { type: 'bytes', entry: { ...entry, path: ['x'] }, bytes: bytes.subarray(at, at + size) };
      }
      yield { type: 'end', entry: { ...entry, path: ['x'] }, tail };
    }
    for await (const { findings } of scan(events(), rules)) {
      expect(findings.map(({ at }) => at.view)).toEqual(['words>utf-8', 'words>utf-8']);
      seen.add(JSON.stringify(findings.map(({ at }) => at)));
    }
  }
  expect(seen.size).toBe(1);
});

test('a dump across the end of a segment is read whole', () => {
  for (let pad = 0; pad < 160; pad += 5) {
    const before = Buffer.alloc(2 ** 19 - 300 - pad, 'prose and no dump\n');
    expect(views(Buffer.concat([before, Buffer.from(`\n${hexdump(TEXT)}`)]))).toEqual(['words>utf-8']);
  }
});

test('words in the order of their bytes, tables of numbers and cut lines are no such dump', () => {
  const columns = '0001234 1234 1234 1234\n'.repeat(20);
  expect(views(Buffer.from(columns))).toEqual([]);
  const straight = Buffer.from(TEXT).toString('hex').replace(/.{4}/g, '$& ').replace(/.{40}/g, '00000000: $&\n');
  expect(views(Buffer.from(straight)).filter((view) => view.startsWith('words'))).toEqual([]);
});
