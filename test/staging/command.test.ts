import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import { clearance } from '../cli/process.ts';

let dir: string;
const at = (...parts: string[]) => join(dir, ...parts);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-watch-'));
  mkdirSync(at('incoming'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const QUICK = ['--inventory', 'none', '--settle', '0.2', '--interval', '0.1'];

test('watch --once: 0 cleared, 1 held, 2 no staging directory', async () => {
  writeFileSync(at('incoming', 'a.txt'), 'nothing to see\n');
  const cleared = await clearance(['watch', dir, '--once', '--json', '--report', 'csv', ...QUICK]);
  expect([cleared.code, JSON.parse(cleared.stdout).verdict.outcome]).toEqual([0, 'cleared']);
  expect(validate('sidecar', JSON.parse(cleared.stdout))).toEqual([]);
  expect(readdirSync(at('cleared')).sort()).toEqual(['a.txt', 'a.txt.clearance.csv', 'a.txt.clearance.json']);
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n';
  writeFileSync(at('incoming', 'b.txt'), `aws_access_key_id = AKIAZQ3TGHJK4LMN5PQR\n${key}`);
  const held = await clearance(['watch', dir, '--once', ...QUICK]);
  expect([held.code, readdirSync(at('held')).includes('b.txt')]).toEqual([1, true]);
  expect((await clearance(['watch', at('cleared'), '--once', ...QUICK])).code).toBe(2);
});

test('audit: the child gives the same bytes; stopped by a watchdog it is incomplete, with a valid result', async () => {
  writeFileSync(at('p.txt'), 'password = hunter2hunter2\n'.repeat(1000));
  const args = ['audit', at('p.txt'), '--inventory', 'none', '--json'];
  const [apart, inside] = [await clearance(args), await clearance([...args, '--in-process'])];
  expect([apart.code, apart.stdout]).toEqual([inside.code, inside.stdout]);
  const stopped = await clearance([...args, '--max-rss', '20MiB']);
  expect(stopped.code).toBe(3);
  const result = JSON.parse(stopped.stdout);
  expect(validate('result', result)).toEqual([]);
  expect(result.entries[0].gaps).toMatchObject([{ code: 'over-memory' }]);
  expect(result.reproducible).toBe(false);
});
