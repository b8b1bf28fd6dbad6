import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'clearance-full-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js');

/** Runs a command while no file may grow: for the program the same as a full disk. */
const onFullDisk = (...args: string[]) =>
  spawnSync('sh', ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, program, ...args], { encoding: 'utf8' });

test('a store that cannot be written is the operator’s to mend: exit 2, a hint and no stack', () => {
  const key = join(dir, 'root.pem');
  const made = spawnSync(process.execPath, [program, 'key', 'generate', key, '--unencrypted'], { encoding: 'utf8' });
  expect(made.status).toBe(0);
  const add = ['--add', `${key}.pub`, '--person', 'R', '--role', 'admin', '--key', key];
  const { status, stderr } = onFullDisk('key', 'trust', join(dir, 'trust.json'), ...add);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^clearance: error: .*\(EFBIG.*\nclearance: hint: .+\n$/);
});
