import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tarOf, zipOf } from './archive-builder.ts';
import { noise } from './tree.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-'));
  const inner = gzipSync(tarOf({ name: 'var/log/messages', data: 'a line\n' }));
  writeFileSync(
    join(folder, 'bundle.tgz'),
    gzipSync(tarOf({ name: 'acuppd.tgz', data: inner }, { name: 'd/', type: '5' })),
  );
  writeFileSync(join(folder, 'cut.tgz'), gzipSync(tarOf({ name: 'a', data: noise(5000) })).subarray(0, 3000));
  writeFileSync(join(folder, 'locked.zip'), zipOf([{ name: 'a', data: 'x', flags: 1 }]));
  writeFileSync(join(folder, 'key'), noise(300));
  writeFileSync(join(folder, 'nothing'), '');
  writeFileSync(join(folder, 'none.zip'), zipOf([]));
  writeFileSync(join(folder, 'odd.tar'), tarOf({ name: 'a\u001b[31mb', data: 'x' }));
  mkdirSync(join(folder, 'empty'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inspect(args: string[], input?: Buffer) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'inspect', ...args], {
    cwd: folder,
    ...(input && { input }),
  });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

test('--json gives every entry at every depth, in walk order, with exactly these keys', () => {
  const { status, stdout, stderr } = inspect(['bundle.tgz', '--json']);
  expect([status, stderr]).toEqual([0, '']);
  const entries = lines(stdout);
  expect(entries.map(({ path }) => path)).toEqual([
    ['bundle.tgz'],
    ['bundle.tgz', 'acuppd.tgz'],
    ['bundle.tgz', 'acuppd.tgz', 'var/log/messages'],
    ['bundle.tgz', 'd'],
  ]);
  for (const entry of entries)
    expect(Object.keys(entry)).toEqual(['path', 'kind', 'size', 'sha256', 'coverage', 'gaps']);
  expect(entries.map(({ coverage }) => coverage)).toEqual(['opened', 'opened', 'decoded', 'decoded']);
});

test('--ledger adds the account of containers only', () => {
  const entries = lines(inspect(['bundle.tgz', '--json', '--ledger']).stdout);
  expect(entries.map(({ ledger }) => ledger?.map(({ format }: { format: string }) => format))).toEqual([
    ['tar', 'gzip'],
    ['tar', 'gzip'],
    undefined,
    undefined,
  ]);
});

test('stdin is a payload with a name', () => {
  const { status, stdout } = inspect(['-', '--json', '--stdin-name', 'x.tar'], tarOf({ name: 'a', data: 'b' }));
  expect([status, lines(stdout).map(({ path }) => path)]).toEqual([0, [['x.tar'], ['x.tar', 'a']]]);
});

test.each([
  ['cut.tgz', 'truncated'],
  ['locked.zip', 'encrypted'],
  ['key', 'high-entropy'],
])('%s ends with 3 and names %s', (file, code) => {
  const { status, stdout } = inspect([file]);
  expect([status, stdout.includes(`! ${code}`)]).toEqual([3, true]);
});

test.each(['nothing', 'none.zip', 'empty'])('%s: nothing to examine ends with 3', (file) => {
  expect(inspect([file, '--json']).status).toBe(3);
});

test.each([[['missing']], [[]], [['bundle.tgz', '--max-depth', 'x']], [['bundle.tgz', '--wrong']]])(
  'wrong use %j ends with 2 and a hint',
  (args) => {
    const { status, stdout, stderr } = inspect(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/clearance: hint: /);
  },
);

test('limits are flags', () => {
  const { status, stdout } = inspect(['bundle.tgz', '--max-depth', '2']);
  expect([status, stdout.includes('over-depth')]).toEqual([3, true]);
});

test('a name cannot steer the terminal', () => {
  const { stdout } = inspect(['odd.tar']);
  expect(stdout).toContain('a\\u001b[31mb');
  expect(stdout).not.toContain('\u001b');
});
