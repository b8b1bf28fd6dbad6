import { expect, test } from 'vitest';
import { draftInventory, matchPath, parseEntries, parseInventory } from '../../src/inventory/index.ts';

const entry = (...path: string[]) =>
  JSON.stringify({ path, kind: 'file', size: 1, sha256: '', coverage: 'decoded', gaps: [] });
const load = (text: string) => parseInventory(new TextEncoder().encode(text), 'draft.yaml');

test('a draft from inspect --json is valid and matches the bundle it was made from, in every context', () => {
  const lines = [
    JSON.stringify({ path: ['b.tgz'], kind: 'file', coverage: 'opened' }),
    entry('b.tgz', 'b/problems.xml'),
    entry('b.tgz', 'b/LOG.1012345.20171204091500'),
    entry('b.tgz', 'b/acuppd.tgz'),
    entry('b.tgz', 'b/acuppd.tgz', 'etc/hosts'),
    entry('b.tgz', 'b/acuppd.tgz', 'proc/12345/cmdline'),
    entry('b.tgz', 'b/messages.gz'),
    entry('b.tgz', 'b/messages.gz', 'messages'),
    entry('b.tgz', 'b/odd {name} * \\xff: #x'),
  ];
  const inventory = load(draftInventory(parseEntries(lines.join('\n')), { id: 'mine', title: 'Mine' }));
  const match = (context: string, path: string) => matchPath(inventory, context, path).status;
  expect(inventory.contexts.map(({ id }) => id)).toEqual(['top', 'acuppd-tgz']);
  for (const path of ['problems.xml', 'LOG.1012345.20171204091500', 'acuppd.tgz', 'messages.gz']) {
    expect(match('top', path), path).toBe('known-from-other-source');
  }
  expect(match('top', 'LOG.7.20200229000000')).toBe('known-from-other-source');
  expect(match('top', 'LOG.7.20190229000000')).toBe('undocumented');
  expect(match('acuppd-tgz', 'etc/hosts')).toBe('known-from-other-source');
  expect(match('acuppd-tgz', 'proc/1/cmdline')).toBe('known-from-other-source');
  expect(match('acuppd-tgz', 'problems.xml')).toBe('undocumented');
  expect(matchPath(inventory, 'top', Buffer.from('odd {name} * \xff: #x', 'latin1')).status).toBe(
    'known-from-other-source',
  );
});

test('a listing will do', () => {
  const inventory = load(draftInventory(parseEntries('b/\nb/a.txt\nb/c/d.log\n'), { id: 'mine', title: 'Mine' }));
  expect(inventory.items.map(({ patterns }) => patterns[0])).toEqual(['a.txt', 'c/d.log']);
});
