import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storedZip } from '../../src/evidence/stored-zip.ts';
import { missing } from '../unpack/tree.ts';
import { scratch } from './fixture.ts';

const files = new Map<string, Buffer>([
  ['README.md', Buffer.from('# pack\n')],
  ['keys/grün.pub', Buffer.alloc(70_000, 'k')],
  ['empty', Buffer.alloc(0)],
]);

test('the same files give the same bytes', () => {
  expect(storedZip(files)).toEqual(storedZip(new Map(files)));
});

test.skipIf(missing('unzip', '7z'))('unzip and 7z read what was written (needs unzip and 7z)', () => {
  const dir = scratch();
  writeFileSync(join(dir, 'pack.zip'), storedZip(files));
  for (const [name, command] of [
    ['a', 'unzip -q ../pack.zip'],
    ['b', '7z x -bd ../pack.zip'],
  ] as const) {
    mkdirSync(join(dir, name));
    const done = spawnSync('sh', ['-c', command], { cwd: join(dir, name), encoding: 'utf8' });
    expect([command, done.status, done.stderr]).toEqual([command, 0, '']);
    for (const [path, bytes] of files) expect(readFileSync(join(dir, name, path))).toEqual(bytes);
  }
});
