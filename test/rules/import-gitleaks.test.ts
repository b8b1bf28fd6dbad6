import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError } from '../../src/model/index.ts';
import { importGitleaks } from '../../src/rules/index.ts';

const CONFIG = `
title = "acme"
[extend]
useDefault = true
[allowlist]
paths = ['''\\.pdf$''']
[[rules]]
id = "acme_Token"
description = "Acme token"
regex = '''(?i)\\b(acme_[a-f0-9]{32})(?:['"\\s]|$)'''
entropy = 3.1
keywords = ["acme_"]
[[rules.allowlists]]
stopwords = ["example"]
[[rules]]
id = "stores"
path = '''\\.p12$'''
[[rules]]
id = "behind"
regex = '''(?<!x)secret=(\\w+)'''
[[rules]]
id = "widget"
regex = '''widget-[[:alnum:]]{20}'''
path = '''conf'''
`;

describe('a gitleaks configuration', () => {
  const { pack, notes } = importGitleaks(CONFIG, 'acme.toml', 'acme');

  test('its patterns, entropy, keywords and groups are taken over', () => {
    expect(pack.rules.map(({ id }) => id)).toEqual(['acme-token', 'widget']);
    const [token] = pack.rules;
    expect(token).toMatchObject({
      match: { regex: { group: 1 } },
      keywords: ['acme_'],
      validators: [{ name: 'entropy', min: 3.1 }],
    });
    expect(token!.examples.positive).toHaveLength(2);
  });

  test('what would hide content is dropped, and every loss is named', () => {
    const said = notes.map(({ rule, kind, message }) => `${kind} ${rule} ${message.split(':')[0]}`);
    expect(said).toEqual([
      'dropped config extend',
      'dropped config allowlist',
      'dropped acme-token allowlist',
      'dropped stores looks at paths only',
      expect.stringContaining('dropped behind lookbehind'),
      'changed widget path',
    ]);
    expect(JSON.stringify(pack)).not.toContain('example"');
  });

  test('the same file makes the same pack', () => {
    expect(importGitleaks(CONFIG, 'acme.toml', 'acme').pack).toEqual(pack);
  });
});

test('what is no TOML is an error with its line', () => {
  let problem: unknown;
  try {
    importGitleaks('a = 1\nb =\n', 'x.toml', 'x');
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(DataError);
  expect((problem as DataError).problems[0]).toMatchObject({ file: 'x.toml', line: 2 });
});

test('a file without one usable rule is an error', () => {
  expect(() => importGitleaks('title = "x"\n', 'x.toml', 'x')).toThrow(DataError);
});

describe('rules import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../bin/run.js'), ...args], { encoding: 'utf8' });

  test('prints a pack that can be used, and its losses beside it', () => {
    const source = join(folder, 'acme.toml');
    const target = join(folder, 'acme.yaml');
    writeFileSync(source, CONFIG);
    const imported = run('rules', 'import', source, '--id', 'acme');
    expect([imported.status, imported.stderr.includes('dropped: stores')]).toEqual([0, true]);
    writeFileSync(target, imported.stdout);
    expect(run('rules', 'check', target).status).toBe(0);
  });

  test('a missing file is exit 2', () => {
    expect(run('rules', 'import', join(folder, 'none.toml')).status).toBe(2);
  });
});
