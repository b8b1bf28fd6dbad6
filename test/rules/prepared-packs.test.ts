import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCatalog, readCatalogFile, resolveOnShelf, shelfIds } from '../../src/catalog/index.ts';
import { keepPrepared, readPrepared } from '../../src/catalog/prepared.ts';
import { readPack } from '../../src/rules/index.ts';
import type { KeptRule } from '../../src/rules/kept-anchors.ts';

test.each(shelfIds('rule-packs'))('what the build kept of %s is what its YAML says', (id) => {
  const path = resolveOnShelf('rule-packs', id);
  const bytes = readFileSync(path);
  const slow = parseCatalog(bytes, 'slow.yaml', 'rule-pack');
  const fast = readCatalogFile(path, 'rule-pack');
  expect(readPrepared(bytes, 'rule-pack')).toEqual(slow.value);
  expect(fast.value).toEqual(slow.value);
  expect(fast.sha256).toBe(slow.sha256);
  expect(fast.position('/rules/1/id').line).toBe(slow.position('/rules/1/id').line);
});

/** One digest for each rule: what differs is not worth printing. */
const digests = (rules: readonly KeptRule[]): string[] =>
  rules.map(({ anchors, anchoredBy }) => {
    const hash = createHash('sha256').update(`${anchoredBy} ${anchors.cost}`);
    for (const { sets, before, through } of anchors.anchors) {
      hash.update(`${before.min} ${before.max} ${sets.length}`).update(through);
      for (const set of sets) hash.update(set);
    }
    return hash.digest('hex');
  });

test.each(shelfIds('rule-packs'))('the anchors that the build kept of %s are those of its patterns', async (id) => {
  const built = await import(new URL('../../dist/rules/kept-anchors.js', import.meta.url).href);
  const { document, rules } = readPack(id);
  expect(digests(built.readKept(document.sha256))).toEqual(digests(rules));
});

test('a pack with one byte changed, or asked for by another schema, is read anew', () => {
  const bytes = readFileSync(resolveOnShelf('rule-packs', 'keys'));
  const changed = Buffer.concat([bytes, Buffer.from('\n')]);
  expect(readPrepared(changed, 'rule-pack')).toBeUndefined();
  expect(readPrepared(bytes, 'inventory')).toBeUndefined();
  keepPrepared(bytes, 'rule-pack', readPrepared(bytes, 'rule-pack'));
  expect(readPrepared(bytes, 'rule-pack')).toEqual(parseCatalog(bytes, 'slow.yaml', 'rule-pack').value);
});
