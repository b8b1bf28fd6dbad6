import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSample } from '../../scripts/sample/index.ts';
import { scratch } from './fixture.ts';

const root = join(import.meta.dirname, '..', '..');

test('from nothing to a released payload: the commands of docs/evidence.md, as they stand', async () => {
  const dir = scratch();
  const page = readFileSync(join(root, 'docs', 'evidence.md'), 'utf8');
  const [, script] = /## From nothing to a released payload\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(page) ?? [];
  await writeSample({ out: join(dir, 'bundle.tgz'), size: 300_000, seed: 11 });
  writeFileSync(join(dir, 'clearance'), `#!/bin/sh\nexec "${process.execPath}" "${root}/bin/run.js" "$@"\n`, {
    mode: 0o755,
  });
  const env = { PATH: `${dir}:${process.env['PATH']}`, HOME: dir };
  const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', script ?? 'exit 9'], {
    cwd: dir,
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(readFileSync(join(dir, 'outbound/bundle.tgz'))).toEqual(readFileSync(join(dir, 'bundle.tgz')));
  expect(stdout.match(/ok$/gm)?.length).toBeGreaterThan(3);
  expect(stdout).toMatch(/^expires: \d{4}-\d\d-\d\dT[\d:.]+Z$/m);
  expect(readdirSync(join(dir, 'pack'))).toContain('README.md');
}, 120_000);
