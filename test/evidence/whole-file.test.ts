import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { replaceWhole } from '../../src/evidence/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-whole-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a file is replaced; a link, which may be a device, is left and named', () => {
  const [file, link] = [join(dir, 'file'), join(dir, 'link')];
  writeFileSync(file, 'old');
  replaceWhole(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  symlinkSync('/dev/null', link);
  expect(() => replaceWhole(link, 'new')).toThrow(/it is no file/);
  expect(() => replaceWhole(dir, 'new')).toThrow(/it is no file/);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});
