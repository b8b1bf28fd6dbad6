import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/catalog/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-crypto-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const clearance = (...args: string[]) =>
  spawnSync(process.execPath, [join(packageRoot, 'bin/run.js'), ...args], { encoding: 'utf8' });
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const observation = (suite: string): string =>
  JSON.stringify([{ id: 'a', layer: 'tls', role: 'select', version: 'TLSv1.2', suite, state: 'observed' }]);

const good = write('good.json', observation('c02f'));
const weak = write('weak.json', observation('0005'));
const none = write('none.txt', 'nothing of the kind\n');
const broken = write('broken.json', '{"observations": [{"layer": "tls", "role": "nobody"}]}');

const rows: [string, string[], number][] = [
  ['acceptable', ['crypto', 'judge', good], 0],
  ['a violation', ['crypto', 'judge', weak], 1],
  ['a violation outranks the unknown', ['crypto', 'judge', none, weak], 1],
  ['no evidence', ['crypto', 'judge', none], 3],
  ['good and no evidence', ['crypto', 'judge', good, none], 3],
  ['no such file', ['crypto', 'judge', join(folder, 'absent')], 2],
  ['no file named', ['crypto', 'judge'], 2],
  ['no such day', ['crypto', 'judge', good, '--as-of', '2026-02-30'], 2],
  ['no such policy', ['crypto', 'judge', good, '--policy', 'mine'], 2],
  ['no such type', ['crypto', 'judge', good, '--type', 'mine'], 2],
  ['observations that are none', ['crypto', 'judge', broken], 2],
  ['a closed port', ['tls', 'scan', '127.0.0.1:1'], 3],
  ['no endpoint', ['tls', 'scan'], 2],
  ['an endpoint that is none', ['tls', 'scan', 'a b'], 2],
  ['a list', ['crypto', 'list'], 0],
  ['a policy', ['crypto', 'show', 'nist-800-131a-r2'], 0],
];
test.each(rows)('%s', (_, args, code) => {
  const plain = clearance(...args);
  expect([plain.status, plain.stderr]).toEqual([code, code === 2 ? expect.stringMatching(/^clearance: error: /) : '']);
  if (code === 2) expect(plain.stdout).toBe('');
});

test('JSON has the same exit code, and ids that are unique over several files', () => {
  const { stdout, status } = clearance('crypto', 'judge', good, weak, '--json');
  const { observations, verdicts } = JSON.parse(stdout) as { observations: { id: string }[]; verdicts: unknown[] };
  expect([status, verdicts.length]).toEqual([1, 2]);
  expect(observations.map(({ id }) => id)).toEqual(['f1.a', 'f2.a']);
});

test('the same evidence gives the same bytes, as JSON and as a CBOM', () => {
  const args = ['crypto', 'judge', good, weak, '--as-of', '2026-11-23', '--json'];
  expect(clearance(...args).stdout).toBe(clearance(...args).stdout);
  const bom = JSON.parse(clearance('crypto', 'judge', weak, '--cbom').stdout) as {
    specVersion: string;
    components: { name: string }[];
  };
  expect([bom.specVersion, bom.components.map(({ name }) => name)]).toEqual([
    '1.6',
    ['TLSv1.2 TLS_RSA_WITH_RC4_128_SHA'],
  ]);
});

test('evidence cannot steer the terminal', () => {
  const hostile = write('hostile.json', JSON.stringify([{ layer: 'ssh', role: 'mac', alg: 'x\u001b[31m' }]));
  expect(clearance('crypto', 'judge', hostile).stdout).not.toContain('\u001b');
});
