import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot, validate } from '../../src/catalog/index.ts';
import { judge, loadCryptoPolicy } from '../../src/crypto/index.ts';
import { registry } from '../../src/crypto/registry.ts';

const { suites, groups, signatureSchemes } = registry();

/** The output of a tool, or undefined where it is not installed. */
function output(tool: string, args: string[]): string | undefined {
  try {
    return execFileSync(tool, args, { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}
const openssl = output('openssl', ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0']);
const gnutls = output('gnutls-cli', ['--list']);

test('the registry file is valid', () => {
  const file = JSON.parse(readFileSync(join(packageRoot, 'catalog/crypto/registry/tls.json'), 'utf8'));
  expect(validate('crypto-registry', file)).toEqual([]);
});

test('every suite IANA assigned is there and nothing twice', () => {
  const assigned = [...suites.values()].filter(({ flags }) => flags.includes('i'));
  // TLS parameters registry: 0000-001B, 001E-0046, 0067-006D, 0084-00C7, 1301-1307, C001-C0B5, C100-C106, CCA8-CCAE, D001-D003, D005
  expect(assigned.length).toBe(28 + 41 + 7 + 68 + 7 + 181 + 7 + 7 + 4);
  expect(new Set(assigned.map(({ name }) => name)).size).toBe(assigned.length);
});

test('every suite is classified down to its atoms', () => {
  const policy = loadCryptoPolicy('nist-800-131a-r2');
  const observations = [...suites.values()].map(({ id }) => ({
    id,
    subject: {},
    layer: 'tls' as const,
    role: 'select' as const,
    version: id.length === 6 ? 'SSLv2' : id.startsWith('13') ? 'TLSv1.3' : 'TLSv1.2',
    suite: id,
    state: 'observed' as const,
    source: { adapter: 'registry', version: '1' },
  }));
  const verdicts = judge(observations, policy, '2026-11-23');
  expect(verdicts.length).toBe(suites.size);
  expect(verdicts.filter(({ word }) => word === 'unknown').map(({ observation }) => observation)).toEqual([]);
  const acceptable = verdicts
    .filter(({ word }) => word === 'acceptable')
    .map(({ observation }) => suites.get(observation)!);
  // What is acceptable is AES with an approved exchange and nothing else.
  expect(new Set(acceptable.map(({ enc }) => enc))).toEqual(new Set(['AES']));
  expect(new Set(acceptable.map(({ kx }) => kx))).toEqual(new Set(['any', 'DH', 'DHE', 'ECDH', 'ECDHE', 'PSK']));
  expect(acceptable.filter(({ auth }) => auth === 'anon')).toEqual([]);
});

test('SP 800-52 Rev. 2 accepts its 84 suites and no other', () => {
  const policy = loadCryptoPolicy('nist-800-52r2');
  const clauses = new Map(policy.clauses.map((clause) => [clause.id, clause.select.alg]));
  const listed = ['s3.3.1-tls13', 's3.3.1-tls12', 'app-c-psk', 'app-d-rsa'].map((id) => clauses.get(id) as string[]);
  expect(listed.map((ids) => ids.length)).toEqual([4, 56, 24, 10]);
  expect(listed.flat().filter((id) => !suites.has(id))).toEqual([]);
});

test.skipIf(openssl === undefined)('OpenSSL lists nothing we lack, under the same names (needs openssl)', () => {
  const rows = openssl!
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) {
    const id = row[0]!.replaceAll(/0x|,/g, '').toLowerCase();
    const suite = suites.get(id);
    expect([id, suite?.name, suite?.openssl]).toEqual([id, row[2], row[4]]);
    expect(suite?.flags).toContain('o');
  }
  expect([...suites.values()].filter(({ flags }) => flags.includes('o')).length).toBe(rows.length);
});

test.skipIf(openssl === undefined)('our parts of a suite are those OpenSSL prints (needs openssl)', () => {
  for (const line of openssl!.trim().split('\n')) {
    const suite = suites.get(line.trim().slice(0, 9).replaceAll(/0x|,/g, '').toLowerCase())!;
    const bits = Number(/Enc=[^(\s]+\((\d+)\)/.exec(line)?.[1] ?? 0);
    const anon = line.includes('Au=None');
    expect([suite.name, suite.encBits, suite.auth === 'anon']).toEqual([suite.name, bits, anon]);
    expect([suite.name, suite.mac === 'AEAD']).toEqual([suite.name, /Mac=AEAD/.test(line)]);
  }
});

test.skipIf(gnutls === undefined)('GnuTLS lists no suite we lack (needs gnutls-cli)', () => {
  const ids = [...gnutls!.matchAll(/0x([0-9a-f]{2}), 0x([0-9a-f]{2})/g)].map((match) => match[1]! + match[2]!);
  expect(ids.length).toBeGreaterThan(150);
  expect(ids.filter((id) => !suites.has(id))).toEqual([]);
});

test('groups and signature schemes are whole and judged', () => {
  expect([...groups.values()].filter(({ kind }) => kind === 'hybrid').map(({ name }) => name)).toContain(
    'X25519MLKEM768',
  );
  expect(signatureSchemes.size).toBeGreaterThanOrEqual(45);
  const policy = loadCryptoPolicy('nist-800-131a-r2');
  const base = {
    subject: {},
    layer: 'tls' as const,
    state: 'observed' as const,
    source: { adapter: 'registry', version: '1' },
  };
  const seen = judge(
    [
      ...[...groups.values()].map(({ name }) => ({
        ...base,
        id: name,
        role: 'kex' as const,
        alg: 'group',
        params: { group: name },
      })),
      ...[...signatureSchemes.values()].map(({ name, alg, hash }) => ({
        ...base,
        id: name,
        role: 'signature' as const,
        alg,
        ...(hash !== null && { params: { hash } }),
      })),
    ],
    policy,
    '2026-11-23',
  );
  const unknown = seen.filter(({ word }) => word === 'unknown').map(({ observation }) => observation);
  // Curves sent in full say nothing about themselves; identity-based schemes have no name of their own here.
  expect(unknown).toEqual([
    'arbitrary_explicit_prime_curves',
    'arbitrary_explicit_char2_curves',
    'eccsi_sha256',
    'iso_ibs1',
    'iso_ibs2',
    'iso_chinese_ibs',
  ]);
});
