import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearance } from './process.ts';

let dir: string;
const pack = () => join(dir, 'pack.yaml');
const rule = (id: string, pattern: string, tier: string) =>
  `  - {id: ${id}, class: test.${id}, title: ${id}, tier: ${tier}, severity: high, match: {regex: {pattern: '${pattern}'}}, examples: {positive: [zz-0001, zz-0002], negative: [a, b]}}\n`;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-scan-'));
  writeFileSync(pack(), `id: mine\nversion: 1.0.0\ntitle: Mine\nrules:\n${rule('number', '\\bzz-[0-9]{4}\\b', 'T0')}`);
  mkdirSync(join(dir, 'tree'));
  writeFileSync(join(dir, 'tree', 'one.txt'), 'nothing here\n');
  writeFileSync(join(dir, 'tree', 'zz-1234.txt'), 'and here: zz-5678\n');
  execFileSync('tar', ['-czf', join(dir, 'tree.tgz'), '-C', dir, 'tree']);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const jsonl = (...lines: unknown[]) =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

test('texts a line: answers in order, findings masked', async () => {
  const input = jsonl(
    { id: 1, text: 'say zz-0815 twice' },
    { id: 'b', text: 'no' },
    { id: 3, base64: Buffer.from('zz-0001').toString('base64'), name: 'x' },
  );
  const { code, stdout, stderr } = await clearance(['scan', '--jsonl', '-', '--packs', pack()], { input });
  expect([code, stderr]).toEqual([1, '']);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id, findings }) => [id, findings.length])).toEqual([
    [1, 1],
    ['b', 0],
    [3, 1],
  ]);
  expect(answers[0].findings[0]).toMatchObject({
    rule: 'mine/number',
    class: 'test.number',
    tier: 'T0',
    severity: 'high',
    confidence: 'medium',
    state: 'client-data',
    at: { offset: 4, line: 1, column: 5, length: 7, view: 'utf-8', where: 'content' },
  });
  expect(stdout).not.toContain('0815');
});

test.each([
  ['nothing to hold', jsonl({ id: 1, text: 'no' }), 0],
  ['nothing at all', '', 3],
  ['not JSON', jsonl({ id: 1, text: 'no' }, '{"id":'), 2],
  ['no text', jsonl({ id: 1 }), 2],
  ['both', jsonl({ id: 1, text: 'a', base64: 'YQ==' }), 2],
])('exit code: %s', async (_, input, expected) => {
  const { code, stderr } = await clearance(['scan', '--jsonl', '-', '--packs', pack()], { input });
  expect(code).toBe(expected);
  if (expected === 2) expect(stderr).toMatch(/line [12] of the input/);
});

test('a directory and an archive of it: the same findings, names masked', async () => {
  for (const path of ['tree', 'tree.tgz']) {
    const { code, stdout, stderr } = await clearance(['scan', join(dir, path), '--packs', pack(), '--json']);
    expect([code, stderr]).toEqual([1, '']);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const findings = answers.flatMap((answer) => answer.findings);
    expect(findings.map(({ at }) => at.where).sort()).toEqual(['content', 'name']);
    expect(stdout).not.toMatch(/1234|5678/);
  }
});

test('a pack that cannot be used names its place', async () => {
  writeFileSync(join(dir, 'bad.yaml'), `id: bad\nversion: 1.0.0\ntitle: Bad\nrules:\n${rule('back', '(a)\\1', 'T0')}`);
  const { code, stderr } = await clearance(['rules', 'check', join(dir, 'bad.yaml')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/bad\.yaml:5:\d+ \(\/rules\/0\/match\/regex\/pattern\): backreferences .*character 4/);
});
