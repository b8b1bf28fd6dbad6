import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ResultEntry } from '../../src/model/index.ts';
import { clearance } from '../cli/process.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-names-'));
afterAll(() => rmSync(dir, { recursive: true }));
mkdirSync(join(dir, 'b/etc'), { recursive: true });
writeFileSync(join(dir, 'b/a.log'), 'before: storwize77 answered, klindqvist logged in\n');
writeFileSync(
  join(dir, 'b/etc/hosts'),
  '127.0.0.1 localhost\n10.20.1.4\tstorwize77.norrbank.se storwize77\n10.20.1.5 db1\n',
);
writeFileSync(join(dir, 'b/etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nklindqvist:x:1001:1001::/home/k:/bin/sh\n');
writeFileSync(
  join(dir, 'b/z.log'),
  `after: STORWIZE77 answered, klindqvist logged in, KLINDQVIST and storwize771 and db1 did not\n${'at storwize77\n'.repeat(50)}`,
);
execFileSync('tar', ['-cf', join(dir, 'b.tar'), '-C', join(dir, 'b'), 'a.log', 'etc/hosts', 'etc/passwd', 'z.log']);

async function learned(...flags: string[]): Promise<Record<string, string[]>> {
  const { stdout, stderr } = await clearance(['audit', join(dir, 'b.tar'), '--inventory', 'none', '--json', ...flags]);
  expect(stdout, stderr).not.toBe('');
  const { entries } = JSON.parse(stdout) as { entries: ResultEntry[] };
  return Object.fromEntries(
    entries.map(({ path, findings }) => [
      path.at(-1) as string,
      findings
        .filter(({ rule }) => rule.startsWith('network-identity/learned-'))
        .map(
          ({ rule, at, evidence, count }) => `${rule.slice(17)} ${at.line}:${at.column} ${evidence[1]} ${count ?? 1}`,
        ),
    ]),
  );
}

describe('names learned in one entry are swept for in others', () => {
  test('in later ones by themselves', async () => {
    const found = await learned();
    expect(found['a.log']).toEqual([]);
    expect(found['z.log']?.slice(0, 3)).toEqual([
      'learned-host 1:8 learned by network-identity/hosts-entry 1',
      'learned-user 1:29 learned by network-identity/passwd-user 1',
      'learned-host 2:4 learned by network-identity/hosts-entry 1',
    ]);
  });

  test('a name that stands everywhere is counted', async () => {
    const counts = (await learned())['z.log']?.map((line) => Number(line.split(' ').at(-1)));
    expect(counts?.reduce((sum, count) => sum + count, 0)).toBe(52);
    expect(counts?.length).toBeLessThan(12);
  });

  test('in earlier ones with --sweep, and the finding says so', async () => {
    expect((await learned('--sweep'))['a.log']).toEqual([
      'learned-host 1:9 learned by network-identity/hosts-entry, in a pass before 1',
      'learned-user 1:30 learned by network-identity/passwd-user, in a pass before 1',
    ]);
  });

  test('stdin cannot be read twice', async () => {
    const { code, stderr } = await clearance(['audit', '-', '--sweep'], { input: 'x' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('stdin can be read once')]);
  });
});
