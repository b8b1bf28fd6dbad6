import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import { readResultFile } from '../../src/evidence/index.ts';
import { auditStatement } from '../../src/evidence/result-file.ts';
import { canonicalJson } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { clearance } from '../cli/process.ts';
import { cleared, collect, held, incomplete } from './samples.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-in-toto-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ['cleared', cleared()],
  ['held', held()],
  ['incomplete', incomplete()],
])('%s: the statement that submit signs, by its schema', async (name, result) => {
  const path = join(dir, `${name}.json`);
  writeFileSync(path, await collect(render('json', result, DEFAULT_OPTIONS)));
  const bytes = await collect(render('in-toto', result, DEFAULT_OPTIONS));
  expect(bytes.toString()).toBe(canonicalJson(auditStatement(readResultFile(path), [])));
  expect(validate('statement-audit', JSON.parse(bytes.toString()))).toEqual([]);
});

test('a directory and several payloads are refused before anything is read', async () => {
  for (const paths of [[dir], [join(dir, 'held.json'), join(dir, 'cleared.json')]]) {
    const out = join(dir, 'statement.json');
    const { code, stdout, stderr } = await clearance(['audit', ...paths, '-o', `in-toto=${out}`]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('one payload that is one file');
  }
});
