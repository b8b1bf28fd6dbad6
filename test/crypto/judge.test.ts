import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import {
  type CryptoObservation,
  cryptoPolicyIds,
  exitOf,
  judge,
  loadCryptoPolicy,
  observe,
  presentVerdicts,
} from '../../src/crypto/index.ts';

const policy = loadCryptoPolicy('nist-800-131a-r2');
const source = { adapter: 'hand', version: '1' };
const one = (shape: Partial<CryptoObservation>): CryptoObservation => ({
  id: 'o1',
  subject: {},
  layer: 'tls',
  role: 'select',
  state: 'observed',
  source,
  ...shape,
});
const only = (shape: Partial<CryptoObservation>, asOf = '2026-11-23', by = policy) => judge([one(shape)], by, asOf)[0];

test('every built-in policy loads, cites and covers', () => {
  expect(cryptoPolicyIds()).toEqual([
    'ibm-strict',
    'ibm-transition',
    'nist-800-131a-r1',
    'nist-800-131a-r2',
    'nist-800-131a-r3-ipd',
    'nist-800-52r2',
    'nist-800-77r1',
  ]);
  for (const id of cryptoPolicyIds()) {
    const { clauses, document, edition } = loadCryptoPolicy(id);
    expect(clauses.length).toBeGreaterThan(5);
    expect(document && edition).toBeTruthy();
    expect(clauses.every(({ section, caption }) => section !== '' && caption !== '')).toBe(true);
  }
});

test('a row that counts as verified says where it was read', () => {
  for (const id of cryptoPolicyIds().filter((each) => each.startsWith('nist-'))) {
    const { clauses } = loadCryptoPolicy(id);
    const mute = clauses.filter(({ verified, verifiedBy }) => verified !== (verifiedBy !== undefined));
    expect(mute.map((clause) => `${id}/${clause.id}`)).toEqual([]);
  }
});

test('an interval that the text does not speak of is not verified, though its row is', () => {
  const short = { layer: 'cert', role: 'key', alg: 'RSA', params: { bits: 1024 } } as const;
  expect(only(short, '2013-12-31')).toMatchObject({ word: 'deprecated', verified: false });
  expect(only(short, '2014-01-01')).toMatchObject({ word: 'disallowed', verified: true });
});

test('what is printed is what the schemas say', async () => {
  const observations = await observe(
    Buffer.from('frontend x\n  bind :443 ssl crt a.pem ssl-min-ver TLSv1.0 ciphers ALL:@SECLEVEL=0\n'),
    'haproxy.cfg',
  );
  const result = { observations, verdicts: judge(observations, policy, '2026-11-23') };
  const { parts, exit } = await presentVerdicts(observations, policy, '2026-11-23', { json: true });
  const printed = JSON.parse([...parts].join('')) as { observations: unknown[] };
  expect(validate('crypto-judgment', printed)).toEqual([]);
  expect(validate('crypto-observations', printed.observations)).toEqual([]);
  expect(printed).toEqual(JSON.parse(JSON.stringify(result)));
  expect(exit).toBe(1);
});

test('a suite is as bad as its worst atom, and all of them are shown', () => {
  const verdict = only({ suite: '000a', version: 'TLSv1.0' });
  expect(verdict?.atoms.map(({ atom, word }) => `${atom.kind} ${word}`)).toEqual([
    'protocol disallowed',
    'transport-scheme disallowed',
    'authentication acceptable',
    'encryption disallowed',
    'mac acceptable',
    'kdf acceptable',
  ]);
});

test('the interval and what comes next are those of the clause', () => {
  expect(only({ suite: '009c', version: 'TLSv1.2' }, '2020-06-01')).toMatchObject({
    word: 'deprecated',
    clause: 'nist-800-131a-r2/s6-t5-pkcs1',
    validTo: '2023-12-31',
    next: { date: '2024-01-01', word: 'disallowed' },
  });
  expect(only({ layer: 'cert', role: 'key', alg: 'RSA', params: { bits: 2048 } })?.next).toEqual({
    date: '2031-01-01',
    word: 'deprecated',
    draft: true,
  });
});

test('a draft alone never fails, whatever it says', () => {
  const draft = loadCryptoPolicy('nist-800-131a-r3-ipd');
  const dsa = judge([one({ layer: 'cert', role: 'key', alg: 'DSA', params: { bits: 3072 } })], draft, '2026-11-23');
  expect(dsa[0]).toMatchObject({ word: 'disallowed', draft: true });
  expect(exitOf(dsa)).toBe(0);
  expect(only({ role: 'mac', alg: 'HMAC-SHA1' }, '2031-01-01')).toMatchObject({ word: 'deprecated', draft: true });
});

test('an overlay is judged beside its base', () => {
  const overlay = loadCryptoPolicy('nist-800-52r2');
  expect(only({ suite: 'c02f', version: 'TLSv1.2' }, '2026-11-23', overlay)?.word).toBe('acceptable');
  // In SP 800-131A's own terms a suite without a row; outside the list of SP 800-52.
  expect(only({ suite: 'cca8', version: 'TLSv1.2' }, '2026-11-23', overlay)?.word).toBe('disallowed');
  expect(only({ suite: '009c', version: 'TLSv1.2' }, '2026-11-23', overlay)?.word).toBe('disallowed');
  const ipsec = loadCryptoPolicy('nist-800-77r1');
  expect(only({ layer: 'ike', role: 'kex', alg: 'group22' }, '2026-11-23', ipsec)?.word).toBe('disallowed');
});

test("IBM's strict mode passes what Rev. 2 no longer does", () => {
  const strict = loadCryptoPolicy('ibm-strict');
  expect(only({ suite: '009c', version: 'TLSv1.2' }, '2026-11-23', strict)?.word).toBe('acceptable');
  expect(only({ suite: '009c', version: 'TLSv1.2' })?.word).toBe('disallowed');
  expect(only({ suite: '009c', version: 'TLSv1.1' }, '2026-11-23', strict)?.word).toBe('disallowed');
  expect(
    only(
      { layer: 'cert', role: 'key', alg: 'RSA', params: { bits: 1024 } },
      '2026-11-23',
      loadCryptoPolicy('ibm-transition'),
    )?.word,
  ).toBe('acceptable');
});

test('nothing seen is not a pass', () => {
  expect(exitOf([])).toBe(3);
  expect(only({ state: 'not-tested', alg: 'AES-256-GCM' })?.word).toBe('unknown');
  expect(only({ state: 'contradictory', alg: 'AES-256-GCM' })?.word).toBe('unknown');
  expect(judge([one({ state: 'absent', alg: 'SSLv3', version: 'SSLv3' })], policy, '2026-11-23')).toEqual([]);
});

test('a certificate is judged in its time', () => {
  const overlay = loadCryptoPolicy('nist-800-52r2');
  const validity = { layer: 'cert', role: 'offer', alg: 'validity 2025-01-01/2026-01-01' } as const;
  expect(['2024-12-31', '2025-06-01', '2026-01-02'].map((asOf) => only(validity, asOf, overlay)?.word)).toEqual([
    'disallowed',
    'acceptable',
    'disallowed',
  ]);
});

test('a policy of the operator is checked, with its lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-policy-'));
  const path = join(folder, 'mine.yaml');
  const head =
    'id: mine\nversion: 1.0.0\ntitle: Mine\ndocument: House rule\nedition: first\ntext: final\nvalidFrom: 2020-01-01\nfallback: disallowed\n';
  const clause = (status: string) =>
    `clauses:\n  - id: aes\n    section: '1'\n    caption: AES\n    select: { kind: encryption, alg: AES }\n    status: ${status}\n    verified: true\n`;
  writeFileSync(path, head + clause('[{ word: acceptable }]'));
  expect(only({ alg: 'AES-128-GCM' }, '2026-11-23', loadCryptoPolicy(path))?.word).toBe('acceptable');
  writeFileSync(path, head + clause('[{ word: fine }]'));
  expect(() => loadCryptoPolicy(path)).toThrow(/not a valid/);
  writeFileSync(path, head + clause('[{ to: 2020-02-30, word: acceptable }]'));
  expect(() => loadCryptoPolicy(path)).toThrow(/not a valid/);
  writeFileSync(path, `${head}extends: mine-two\n${clause('[{ word: acceptable }]')}`);
  expect(() => loadCryptoPolicy(path)).toThrow(/unknown crypto policy/);
  expect(() => judge([], policy, '2026-02-30')).toThrow(/not a date/);
});
