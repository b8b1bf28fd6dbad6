import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, PAYLOADS } from './hostile-payloads.ts';

interface Shown {
  readonly path: readonly string[];
  readonly coverage: string;
  readonly gaps: readonly { code: string }[];
  readonly findings: readonly { rule: string }[];
}

/** Entries of each payload, as `audit` in its restricted process gives them. */
const seen = new Map<string, Shown[]>();
const absent: string[] = [];
let folder: string;
let raw: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearance-hostile-'));
  const payloads = join(folder, 'payloads');
  mkdirSync(payloads);
  Object.entries(PAYLOADS).forEach(([title, make], index) => {
    const bytes = make();
    if (bytes) writeFileSync(join(payloads, String(index)), bytes);
    else absent.push(title);
  });
  const command = ['bin/run.js', 'audit', '--each', '--inventory', 'none', '--json', payloads];
  const { stdout } = spawnSync(process.execPath, command, { maxBuffer: 2 ** 28 });
  raw = stdout.toString();
  const titles = Object.keys(PAYLOADS);
  for (const entry of (JSON.parse(raw) as { entries: Shown[] }).entries) {
    const title = titles[Number(entry.path[0])]!;
    seen.set(title, [...(seen.get(title) ?? []), entry]);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.keys(PAYLOADS))('%s: the key is found, or it is said that something was not read', (title) => {
  if (absent.includes(title)) return expect(absent).toContain(title);
  const entries = seen.get(title) ?? [];
  expect(entries.length).toBeGreaterThan(0);
  const found = entries.some(({ findings }) => findings.some(({ rule }) => rule.startsWith('credentials/')));
  const unread = entries.some(({ coverage, gaps }) => coverage === 'unread' || gaps.length > 0);
  expect({ title, told: found || unread }).toEqual({ title, told: true });
});

test('no output holds the key', () => {
  expect(raw).not.toContain(KEY);
});
