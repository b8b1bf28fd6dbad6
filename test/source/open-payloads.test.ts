import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Payload, UsageError } from '../../src/model/index.ts';
import { openPayloads } from '../../src/source/index.ts';
import { collect, gapsOf } from '../unpack/collect.ts';

let root: string;
const options = { each: false, stdinName: 'stdin' };

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'source-'));
  mkdirSync(join(root, 'bundle/b'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  writeFileSync(join(root, 'bundle/b/two'), 'two');
  writeFileSync(join(root, 'bundle/a'), 'one');
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'bundle/')), Buffer.from([0xff, 0x41])]), 'raw name');
  symlinkSync('/etc/passwd', join(root, 'bundle/link'));
  spawnSync('mkfifo', [join(root, 'bundle/fifo')]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function all(paths: string[], each = false): Promise<Payload[]> {
  const payloads: Payload[] = [];
  for await (const payload of openPayloads(paths, { ...options, each })) payloads.push(payload);
  return payloads;
}

test('a directory is one bundle: names in byte order, links told, special files never opened', async () => {
  const [payload] = await all([join(root, 'bundle')]);
  const { entries } = await collect(payload!);
  expect(entries.map(({ entry, content }) => [entry.kind, ...entry.path.slice(1), content.toString()])).toEqual([
    ['directory', ''],
    ['file', 'a', 'one'],
    ['directory', 'b', ''],
    ['file', 'b/two', 'two'],
    ['special', 'fifo', ''],
    ['symlink', 'link', ''],
    ['file', '\\xffA', 'raw name'],
  ]);
  expect(gapsOf(entries)).toEqual(['fifo: device', 'link: link-outside']);
});

test('--each takes every file, and tells what is none', async () => {
  spawnSync('python3', [
    '-c',
    'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])',
    join(root, 'sock'),
  ]);
  mkdirSync(join(root, 'odd/below'), { recursive: true });
  for (const [name, from] of [
    ['link', 'bundle/a'],
    ['dangling', 'nowhere'],
    ['folder', 'bundle'],
  ]) {
    symlinkSync(join(root, from as string), join(root, 'odd/below', name as string));
  }
  const payloads = await all([join(root, 'bundle'), join(root, 'odd')], true);
  expect(payloads.map(({ name }) => Buffer.from(name).toString('latin1'))).toEqual([
    'a',
    'two',
    'fifo',
    'link',
    '\xffA',
    'dangling',
    'folder',
    'link',
  ]);
  const entries = [];
  for (const payload of payloads) entries.push(...(await collect(payload)).entries);
  expect(gapsOf(entries)).toEqual([
    'fifo: device',
    'link: link-not-followed',
    'dangling: link-not-followed',
    'folder: link-not-followed',
    'link: link-not-followed',
  ]);
  expect(entries.map(({ entry }) => entry.kind)).toEqual([
    'file',
    'file',
    'special',
    'symlink',
    'file',
    'symlink',
    'symlink',
    'symlink',
  ]);
});

test('a file that grows while it is read is a gap', async () => {
  const path = join(root, 'growing');
  writeFileSync(path, 'x'.repeat(600_000));
  const [payload] = await all([path]);
  appendFileSync(path, 'more');
  const { entries } = await collect(payload!);
  expect(gapsOf(entries)).toEqual(['growing: changed-while-read']);
});

test.each([
  ['a path that does not exist', ['nowhere'], /does not exist/],
  ['a fifo', ['bundle/fifo'], /neither a file nor a directory/],
  ['no path', [], /no path given/],
  ['stdin twice', ['-', '-'], /only once/],
])('%s is the operator’s error', async (_, paths, message) => {
  const given = paths.map((path) => (path === '-' ? path : join(root, path)));
  await expect(all(given)).rejects.toThrow(UsageError);
  await expect(all(given)).rejects.toThrow(message);
});

test.skipIf(process.getuid?.() === 0)('an unreadable file is the operator’s error (skipped for root)', async () => {
  const path = join(root, 'locked');
  writeFileSync(path, 'x');
  chmodSync(path, 0);
  await expect(all([path])).rejects.toThrow(/permission denied/);
});
