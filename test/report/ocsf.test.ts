import { expect, test } from 'vitest';
import type { EntryKind, Finding, StoredResult } from '../../src/model/index.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { collect, entry, held, stored } from './samples.ts';

const events = async (result: StoredResult) =>
  (await collect(render('ocsf', result, DEFAULT_OPTIONS)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const finding = (type: string): Finding => ({
  rule: 'pack/rule',
  class: type,
  tier: 'T0',
  severity: 'high',
  confidence: 'high',
  state: 'client-data',
  at: { offset: 0, line: 1, column: 1, length: 3, view: 'utf-8', where: 'content' },
  excerpt: '[masked]',
  evidence: [],
});

async function eventOf(kind: EntryKind, path: readonly string[], type: string) {
  const reason = { code: 'client-data', severity: 'high', path, message: 'found', count: 1 } as const;
  const verdict = { outcome: 'held', level: 'L1', reasons: [reason], notices: [] } as const;
  const all = await events(stored([entry(path, { kind, findings: [finding(type)] })], verdict));
  return all.find((event) => event.class_uid === 2006);
}

test('an entry is named by its last part, with the type of file that the standard has for it', async () => {
  const at = async (kind: EntryKind, name: string) => (await eventOf(kind, ['p.tgz', name], 'pii.email')).file;
  expect(await at('file', 'var/log/messages')).toMatchObject({
    name: 'messages',
    path: 'p.tgz › var/log/messages',
    type_id: 1,
    type: 'Regular File',
  });
  expect(await at('hardlink', 'a')).toMatchObject({ name: 'a', type_id: 1 });
  expect(await at('directory', 'etc/ssh/')).toMatchObject({ name: 'ssh', type_id: 2, type: 'Folder' });
  expect(await at('symlink', 'a/b')).toMatchObject({ name: 'b', type_id: 7, type: 'Symbolic Link' });
  expect(await at('special', 'dev/sda')).toMatchObject({ type_id: 99, type: 'special' });
  expect(await at('pseudo', '/')).toMatchObject({ name: '/', type_id: 99, type: 'pseudo' });
});

test.each([
  ['pii.email', 1, 'Personal'],
  ['pii.passport', 2, 'Governmental'],
  ['pii.iban', 3, 'Financial'],
  ['content.payment', 3, 'Financial'],
  ['content.document', 4, 'Business'],
  ['secret.jwt', 6, 'Security'],
  ['net.ipv4', 6, 'Security'],
  ['acme.part-number', 99, 'acme.part-number'],
])('%s is data of category %i, %s', async (type, category_id, category) => {
  expect((await eventOf('file', ['p.tgz'], type)).data_security).toMatchObject({ category_id, category });
});

test('what could not be concluded is a warning, what was found a failure', async () => {
  const codes = ['unread-content', 'untrusted-structure', 'nothing-examined', 'transport-unknown'];
  const reason = (code: string) => ({ code, severity: 'high', path: null, message: 'x', count: 1 }) as const;
  const reasons = [...codes, 'client-data', 'forbidden-file', 'a-code-of-tomorrow'].map(reason);
  const [verdict, ...others] = await events(stored([], { outcome: 'held', level: 'L0', reasons, notices: [] }));
  expect(verdict.compliance.status).toBe('Fail');
  for (const { compliance } of others)
    expect([compliance.control, compliance.status]).toEqual([
      compliance.control,
      codes.includes(compliance.control) ? 'Warning' : 'Fail',
    ]);
  expect(others).toHaveLength(reasons.length);
});

test('the events of one result belong together, and each has an identifier of its own', async () => {
  const all = await events(held());
  expect(new Set(all.map(({ metadata }) => metadata.correlation_uid))).toEqual(new Set([await resultDigest(held())]));
  expect(new Set(all.map(({ metadata }) => metadata.uid)).size).toBe(all.length);
});
