import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isolationLevel, permissionFlag } from '../../src/staging/index.ts';
import { clearance } from './process.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-doctor-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const found = async (...args: string[]) => {
  const { code, stdout } = await clearance(['doctor', ...args, '--json']);
  const { checks } = JSON.parse(stdout) as { checks: { check: string; ok: boolean; found: string; hint?: string }[] };
  return { code, checks, of: (name: string) => checks.find(({ check }) => check === name) };
};

test('the level of isolation that is active here, and by which flag', async () => {
  const { code, checks, of } = await found();
  expect(of('isolation')?.found).toBe(isolationLevel());
  expect(of('isolation by')?.found).toContain(`node ${permissionFlag}`);
  expect(code).toBe(checks.every(({ ok }) => ok) ? 0 : 3);
});

test('no folder for private files: what is weak, and what to do', async () => {
  const { stdout } = await clearance(['doctor'], { env: { TMPDIR: join(dir, 'none') } });
  expect(stdout).toMatch(/weak {2}private files .*ENOENT\)\n +set TMPDIR/);
});

test('a staging directory: without incoming it is weak, with it all is well', async () => {
  const before = await found(dir);
  expect([before.code, before.of('incoming')?.ok, before.of('incoming')?.hint]).toEqual([3, false, expect.any(String)]);
  mkdirSync(join(dir, 'incoming'));
  expect((await found(dir)).of('incoming')?.ok).toBe(true);
});

test('no such directory, or a file, is an error of the operator', async () => {
  for (const [name, says] of [
    [join(dir, 'missing'), 'does not exist'],
    ['/dev/null', 'is no directory'],
  ] as const) {
    const { code, stdout, stderr } = await clearance(['doctor', name]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`${name} ${says}\nclearance: hint: name the staging directory`));
  }
});
