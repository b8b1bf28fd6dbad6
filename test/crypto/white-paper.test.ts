import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/catalog/index.ts';
import { exitOf, judge, loadCryptoPolicy, observe } from '../../src/crypto/index.ts';

const policy = loadCryptoPolicy('nist-800-131a-r2');
const path = join(packageRoot, 'catalog/crypto/evidence/hmc-860-white-paper.json');
const observations = await observe(readFileSync(path), 'hmc-860-white-paper.json');

/** Row of the paper, words in December 2017 and today; written by hand. */
const rows: [string, string, string, string][] = [
  ['row1', '1024-bit handshake', 'disallowed', 'disallowed'],
  ['row2', 'AES-256', 'acceptable', 'acceptable'],
  ['row3', 'SSLv4', 'unknown', 'unknown'],
  ['row4', 'ESP with 192-bit 3DES', 'acceptable', 'disallowed'],
  ['row5', '160-bit MD5', 'disallowed', 'disallowed'],
  ['row6', 'IKE, group not given', 'unknown', 'unknown'],
  ['row7', 'L2TP and PPP', 'no-protection', 'no-protection'],
  ['row8', 'PAP', 'no-protection', 'no-protection'],
  ['row9', 'CHAP', 'not-approved', 'not-approved'],
  ['row10', 'HTTP on port 80', 'no-protection', 'no-protection'],
  ['row11', 'ftps on port 21', 'unknown', 'unknown'],
  ['row12', 'port 9920', 'unknown', 'unknown'],
  ['row13', 'proxy with basic authentication', 'no-protection', 'no-protection'],
  ['row14', 'telnet', 'no-protection', 'no-protection'],
  ['row15.1', 'esupport.ibm.com', 'unknown', 'unknown'],
];

test.each(rows)('%s: %s', (id, _, then, now) => {
  const at = (asOf: string) => judge(observations, policy, asOf).find(({ observation }) => observation === id);
  expect([at('2017-12-01')?.word, at('2017-12-31')?.word, at('2026-11-23')?.word]).toEqual([then, then, now]);
});

test('the edition that governed at the time is cited', () => {
  const esp = (asOf: string) => judge(observations, policy, asOf).find(({ observation }) => observation === 'row4');
  expect(esp('2017-12-01')?.clause).toBe('nist-800-131a-r1/s2-t1-tdea3-encrypt');
  expect(esp('2026-11-23')).toMatchObject({
    clause: 'nist-800-131a-r2/s2-t1-tdea3-encrypt',
    validFrom: '2024-01-01',
    next: null,
  });
  expect(esp('2020-01-01')).toMatchObject({
    word: 'deprecated',
    validTo: '2023-12-31',
    next: { date: '2024-01-01', word: 'disallowed' },
  });
});

test('what contradicts itself says so, beside the worse reading', () => {
  const md5 = judge(observations, policy, '2026-11-23').find(({ observation }) => observation === 'row5');
  expect(md5?.atoms.map(({ word }) => word)).toEqual(['unknown', 'disallowed']);
});

test('each address has a verdict of its own', () => {
  const verdicts = judge(observations, policy, '2026-11-23').filter(({ observation }) =>
    observation.startsWith('row15'),
  );
  expect(new Set(verdicts.map(({ subject }) => subject.address)).size).toBe(6);
  expect(exitOf(judge(observations, policy, '2026-11-23'))).toBe(1);
});
