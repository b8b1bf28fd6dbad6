import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot, readCatalogFile } from '../../src/catalog/index.ts';
import type { RulePack } from '../../src/rules/index.ts';
import { checkPack } from '../../src/scan/index.ts';

const folder = join(packageRoot, 'catalog', 'rule-packs');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const packs = files.map((name) => readCatalogFile<RulePack>(join(folder, name), 'rule-pack').value);
const rules = packs.flatMap((pack) => pack.rules.map((rule) => ({ id: `${pack.id}/${rule.id}`, rule })));

test('the seven packs of the product are there, and a file is named for its pack', () => {
  expect(packs.map((pack) => `${pack.id}.yaml`)).toEqual(files);
  expect(files).toHaveLength(7);
});

test('at least 250 rules, of which two with the same class, match and validators would count as one', () => {
  const kinds = new Set(rules.map(({ rule }) => JSON.stringify([rule.class, rule.match, rule.validators ?? []])));
  expect(kinds.size).toBe(rules.length);
  expect(kinds.size).toBeGreaterThanOrEqual(250);
});

test('every rule cites its specification and carries two examples of each kind', () => {
  const poor = rules.filter(
    ({ rule }) =>
      (rule.references ?? []).length === 0 || rule.examples.positive.length < 2 || rule.examples.negative.length < 2,
  );
  expect(poor.map(({ id }) => id)).toEqual([]);
});

describe.each(files)('%s', (name) => {
  test('finds its positive examples and none of its negative ones', () => {
    expect(checkPack(join(folder, name)).problems).toEqual([]);
  });
});
