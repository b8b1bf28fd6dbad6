import { expect, test } from 'vitest';
import { type CryptoObservation, judge, loadCryptoPolicy } from '../../src/crypto/index.ts';

const policy = loadCryptoPolicy('nist-800-131a-r2');
const draft = loadCryptoPolicy('nist-800-131a-r3-ipd');
const tls = loadCryptoPolicy('nist-800-52r2');
const ipsec = loadCryptoPolicy('nist-800-77r1');

type Shape = Partial<Omit<CryptoObservation, 'id' | 'source' | 'subject'>>;
function word(shape: Shape, asOf: string, by = policy): string | undefined {
  const observation: CryptoObservation = {
    id: 'o1',
    subject: {},
    layer: 'tls',
    role: 'select',
    state: 'observed',
    source: { adapter: 'hand', version: '1' },
    ...shape,
  };
  return judge([observation], by, asOf)[0]?.word;
}

const rsa = (bits: number): Shape => ({ layer: 'cert', role: 'key', alg: 'RSA', params: { bits } });
const dsa = (bits: number): Shape => ({ layer: 'cert', role: 'key', alg: 'DSA', params: { bits } });
const transport = (bits: number, padding: string): Shape => ({
  layer: 'cert',
  role: 'kex',
  alg: 'RSA',
  params: { bits, padding },
});
const verifying = (shape: Shape): Shape => ({ ...shape, direction: 'process' });
const named = (alg: string, role: CryptoObservation['role'] = 'select'): Shape => ({ layer: 'cert', role, alg });
const spoken = (version: 'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2'): Shape => ({ role: 'offer', alg: version, version });
const dh = (bits: number): Shape => ({ role: 'kex', alg: 'DH', params: { bits } });
const hashed = (alg: string): Shape => ({ layer: 'cert', role: 'signature', alg });
const cipher = (alg: string, direction: 'apply' | 'process' = 'apply'): Shape => ({
  layer: 'esp',
  role: 'select',
  alg,
  direction,
});
const suite = (id: string, version = 'TLSv1.2'): Shape => ({ suite: id, version });

// Written by hand from the texts; the policy files are not read here.
const rows: [string, Shape, string, string][] = [
  ['RSA-1024 signing, last day', rsa(1024), '2013-12-31', 'deprecated'],
  ['RSA-1024 signing, first day', rsa(1024), '2014-01-01', 'disallowed'],
  ['RSA-1024 signing before', rsa(1024), '2010-12-31', 'acceptable'],
  ['RSA-1024 today', rsa(1024), '2026-11-23', 'disallowed'],
  ['RSA-512 while 1024 was deprecated', rsa(512), '2012-06-01', 'disallowed'],
  ['RSA-2047', rsa(2047), '2026-11-23', 'disallowed'],
  ['RSA-2048 in 2013', rsa(2048), '2013-12-31', 'acceptable'],
  ['RSA-2048 today', rsa(2048), '2026-11-23', 'acceptable'],
  ['RSA-2048, last day of 2030', rsa(2048), '2030-12-31', 'acceptable'],
  ['RSA-2048, 2031, by the draft', rsa(2048), '2031-01-01', 'deprecated'],
  ['RSA-3072 in 2031', rsa(3072), '2031-01-01', 'acceptable'],
  ['RSA-1024 verifying', { ...rsa(1024), direction: 'process' }, '2026-11-23', 'legacy-use'],
  ['RSA-512 verifying', { ...rsa(512), direction: 'process' }, '2026-11-23', 'disallowed'],
  [
    'DSA-1024 signing, 2013',
    { layer: 'cert', role: 'key', alg: 'DSA', params: { bits: 1024 } },
    '2013-12-31',
    'deprecated',
  ],
  [
    'DSA-1024 signing, 2014',
    { layer: 'cert', role: 'key', alg: 'DSA', params: { bits: 1024 } },
    '2014-01-01',
    'disallowed',
  ],
  ['DSA-2048', { layer: 'cert', role: 'key', alg: 'DSA', params: { bits: 2048 } }, '2026-11-23', 'acceptable'],
  [
    'ECDSA P-192, 2013',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { curve: 'P-192' } },
    '2013-12-31',
    'deprecated',
  ],
  [
    'ECDSA P-192, 2014',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { curve: 'P-192' } },
    '2014-01-01',
    'disallowed',
  ],
  [
    'ECDSA P-192 verifying',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { bits: 192 }, direction: 'process' },
    '2026-11-23',
    'legacy-use',
  ],
  [
    'ECDSA P-224, 2030',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { curve: 'secp224r1' } },
    '2030-12-31',
    'acceptable',
  ],
  [
    'ECDSA P-224, 2031',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { curve: 'secp224r1' } },
    '2031-01-01',
    'deprecated',
  ],
  [
    'ECDSA P-256, 2031',
    { layer: 'cert', role: 'key', alg: 'EC', params: { curve: 'prime256v1' } },
    '2031-01-01',
    'acceptable',
  ],
  ['Ed25519 before FIPS 186-5', { layer: 'cert', role: 'key', alg: 'Ed25519' }, '2023-02-02', 'not-approved'],
  ['Ed25519 from FIPS 186-5', { layer: 'cert', role: 'key', alg: 'Ed25519' }, '2023-02-03', 'acceptable'],
  ['SHA-1 signing, 2013', hashed('sha1WithRSAEncryption'), '2013-12-31', 'deprecated'],
  ['SHA-1 signing, 2014', hashed('sha1WithRSAEncryption'), '2014-01-01', 'disallowed'],
  ['SHA-1 verifying', { ...hashed('sha1WithRSAEncryption'), direction: 'process' }, '2026-11-23', 'legacy-use'],
  ['SHA-256 signing', hashed('sha256WithRSAEncryption'), '2026-11-23', 'acceptable'],
  ['ECDSA with SHA-384', hashed('ecdsa-with-SHA384'), '2026-11-23', 'acceptable'],
  ['MD5 signing', hashed('md5WithRSAEncryption'), '2026-11-23', 'disallowed'],
  ['3DES encrypting before 131A r2', cipher('3DES'), '2019-03-20', 'acceptable'],
  ['3DES encrypting under r2', cipher('3DES'), '2019-03-21', 'deprecated'],
  ['3DES encrypting, last day', cipher('3DES-CBC'), '2023-12-31', 'deprecated'],
  ['3DES encrypting, first day', cipher('des-ede3-cbc'), '2024-01-01', 'disallowed'],
  ['3DES decrypting', cipher('3DES', 'process'), '2026-11-23', 'legacy-use'],
  ['2-key TDEA encrypting, 2015', cipher('2TDEA'), '2015-12-31', 'deprecated'],
  ['2-key TDEA encrypting, 2016', cipher('2TDEA'), '2016-01-01', 'disallowed'],
  ['2-key TDEA decrypting', cipher('2TDEA', 'process'), '2026-11-23', 'legacy-use'],
  ['DES', cipher('DES-CBC'), '2017-12-01', 'disallowed'],
  ['SKIPJACK decrypting', cipher('SKIPJACK', 'process'), '2026-11-23', 'legacy-use'],
  ['AES-128', cipher('AES-128-CBC'), '2013-12-31', 'acceptable'],
  ['AES-256-GCM in 2031', cipher('aes256gcm16'), '2031-01-01', 'acceptable'],
  ['RC4', cipher('RC4'), '2026-11-23', 'not-approved'],
  ['Camellia', cipher('camellia256'), '2026-11-23', 'not-approved'],
  ['ChaCha20-Poly1305', cipher('chacha20poly1305'), '2026-11-23', 'not-approved'],
  ['no encryption', cipher('null'), '2026-11-23', 'no-protection'],
  ['DH-1024, 2013', dh(1024), '2013-12-31', 'deprecated'],
  ['DH-1024, 2014', dh(1024), '2014-01-01', 'disallowed'],
  ['DH-2048, 2030', { role: 'kex', params: { group: 'ffdhe2048' }, alg: 'DHE' }, '2030-12-31', 'acceptable'],
  ['DH-2048, 2031', { role: 'kex', params: { group: 'ffdhe2048' }, alg: 'DHE' }, '2031-01-01', 'deprecated'],
  ['DH of unknown size', { layer: 'ike', role: 'kex', alg: 'DH' }, '2026-11-23', 'unknown'],
  [
    'DH-2048 of its own making',
    { role: 'kex', alg: 'DHE', params: { bits: 2048, group: 'custom' } },
    '2026-11-23',
    'unknown',
  ],
  ['IKE group 2', { layer: 'ike', role: 'kex', alg: 'modp1024' }, '2026-11-23', 'disallowed'],
  [
    'SSH group14 with SHA-1',
    { layer: 'ssh', role: 'kex', alg: 'diffie-hellman-group14-sha1' },
    '2026-11-23',
    'acceptable',
  ],
  ['SSH group1', { layer: 'ssh', role: 'kex', alg: 'diffie-hellman-group1-sha1' }, '2026-11-23', 'disallowed'],
  ['X25519', { role: 'kex', alg: 'X25519' }, '2026-11-23', 'not-approved'],
  ['P-256', { role: 'kex', alg: 'ECDHE', params: { group: 'secp256r1' } }, '2026-11-23', 'acceptable'],
  ['X25519MLKEM768 before IG D.S', { role: 'kex', alg: 'X25519MLKEM768' }, '2026-04-08', 'not-approved'],
  ['X25519MLKEM768 from IG D.S', { role: 'kex', alg: 'X25519MLKEM768' }, '2026-04-09', 'acceptable'],
  ['HMAC-SHA1', { layer: 'esp', role: 'mac', alg: 'HMAC-SHA1-96' }, '2026-11-23', 'acceptable'],
  [
    'HMAC-SHA1 in 2031, by the draft only',
    { layer: 'esp', role: 'mac', alg: 'HMAC-SHA1-96' },
    '2031-01-01',
    'deprecated',
  ],
  [
    'HMAC with a key of 80 bits, 2013',
    { role: 'mac', alg: 'HMAC-SHA256', params: { bits: 80 } },
    '2013-12-31',
    'deprecated',
  ],
  [
    'HMAC with a key of 80 bits, 2014',
    { role: 'mac', alg: 'HMAC-SHA256', params: { bits: 80 } },
    '2014-01-01',
    'disallowed',
  ],
  ['HMAC-MD5', { layer: 'esp', role: 'mac', alg: 'hmac-md5' }, '2017-12-01', 'disallowed'],
  ['RSA key transport PKCS 1 v1.5, 2023', suite('009c'), '2023-12-31', 'deprecated'],
  ['RSA key transport PKCS 1 v1.5, 2024', suite('009c'), '2024-01-01', 'disallowed'],
  ['RSA key transport in 2017', suite('009c'), '2017-12-31', 'deprecated'],
  ['ECDHE AES-GCM', suite('c02f'), '2026-11-23', 'acceptable'],
  ['ECDHE AES-CBC-SHA', suite('c013'), '2026-11-23', 'acceptable'],
  ['DHE with 1024 bits', { ...suite('009e'), params: { bits: 1024 } }, '2026-11-23', 'disallowed'],
  ['3DES suite, 2023', suite('c012'), '2023-12-31', 'deprecated'],
  ['3DES suite, 2024', suite('c012'), '2024-01-01', 'disallowed'],
  ['EXPORT suite', suite('0003', 'SSLv3'), '2026-11-23', 'disallowed'],
  ['NULL suite', suite('0002'), '2026-11-23', 'no-protection'],
  ['anonymous suite', suite('00a6'), '2026-11-23', 'no-protection'],
  ['ChaCha suite of TLS 1.3', suite('1303', 'TLSv1.3'), '2026-11-23', 'not-approved'],
  ['AES suite of TLS 1.3', suite('1301', 'TLSv1.3'), '2026-11-23', 'acceptable'],
  ['AES suite under SSLv3', suite('c013', 'SSLv3'), '2026-11-23', 'disallowed'],
  ['AES suite under TLS 1.0', suite('c013', 'TLSv1.0'), '2026-11-23', 'disallowed'],
  ['AES suite under TLS 1.0 in 2013', suite('c013', 'TLSv1.0'), '2013-12-31', 'acceptable'],
  ['SSLv2 suite', suite('010080', 'SSLv2'), '2026-11-23', 'disallowed'],
  ['suite that does not exist', suite('fafb'), '2026-11-23', 'unknown'],
  ['version that does not exist', { version: 'SSLv4', role: 'select' }, '2026-11-23', 'unknown'],
  ['Dual_EC_DRBG', { role: 'key', alg: 'Dual_EC_DRBG' }, '2026-11-23', 'disallowed'],
  ['AES key wrap', { role: 'key', alg: 'AES-KW' }, '2026-11-23', 'acceptable'],
  ['TDEA key wrap, 2023', { role: 'key', alg: '3DES-wrap' }, '2023-12-31', 'deprecated'],
  ['TDEA key wrap, 2024', { role: 'key', alg: '3DES-wrap' }, '2024-01-01', 'disallowed'],
  [
    'curve written out',
    { layer: 'cert', role: 'key', alg: 'ECDSA', params: { bits: 256, curve: 'explicit' } },
    '2026-11-23',
    'unknown',
  ],
  ['suite by its name', { alg: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', version: 'TLSv1.2' }, '2023-12-31', 'deprecated'],
  ['suite by its OpenSSL name', { alg: 'ECDHE-RSA-AES128-SHA', version: 'TLSv1.2' }, '2026-11-23', 'acceptable'],
  ['RSA key exchange of TLS, 2023', { role: 'kex', alg: 'RSA' }, '2023-12-31', 'deprecated'],
  ['RSA key exchange of TLS, 2024', { role: 'kex', alg: 'RSA', params: { bits: 2048 } }, '2024-01-01', 'disallowed'],
  [
    'RSA-OAEP',
    { layer: 'cert', role: 'kex', alg: 'RSA', params: { bits: 2048, padding: 'OAEP' } },
    '2026-11-23',
    'acceptable',
  ],
  ['three-key TDEA in words', cipher('3-key TDEA'), '2024-01-01', 'disallowed'],
  ['two-key TDEA in words', cipher('two-key TDEA'), '2019-06-01', 'disallowed'],
  ['key on a curve', { layer: 'cert', role: 'key', alg: 'P-256' }, '2026-11-23', 'acceptable'],
  ['ECDSA-P256', { layer: 'cert', role: 'key', alg: 'ECDSA-P256' }, '2026-11-23', 'acceptable'],
  ['group by number in words', { layer: 'ike', role: 'kex', alg: 'DH group 14' }, '2026-11-23', 'acceptable'],
  ['RSA key transport, 1024 bits, decrypting', verifying(transport(1024, 'OAEP')), '2026-11-23', 'disallowed'],
  ['PKCS 1 v1.5, decrypting, 2023', verifying(transport(2048, 'PKCS1-v1.5')), '2023-12-31', 'deprecated'],
  ['PKCS 1 v1.5, decrypting, 2024', verifying(transport(2048, 'PKCS1-v1.5')), '2024-01-01', 'disallowed'],
  ['DSA-3072', dsa(3072), '2022-01-01', 'acceptable'],
  ['DSA of a size that is not listed', dsa(4096), '2022-01-01', 'disallowed'],
  ['DSA-512 verifying', verifying(dsa(512)), '2022-01-01', 'legacy-use'],
  ['DSA-511 verifying', verifying(dsa(511)), '2022-01-01', 'disallowed'],
  ['CMAC with two-key TDEA', named('2TDEA-CMAC', 'mac'), '2022-01-01', 'disallowed'],
  ['CMAC with two-key TDEA, verifying', verifying(named('2TDEA-CMAC', 'mac')), '2022-01-01', 'legacy-use'],
  ['KMAC with a key of 80 bits', { ...named('KMAC128', 'mac'), params: { bits: 80 } }, '2022-01-01', 'disallowed'],
  ['KMAC with a key of 112 bits', { ...named('KMAC128', 'mac'), params: { bits: 112 } }, '2022-01-01', 'acceptable'],
  ['wrapping with two-key TDEA, 2015', named('two-key TDEA wrap'), '2015-12-31', 'deprecated'],
  ['wrapping with two-key TDEA, 2016', named('two-key TDEA wrap'), '2016-01-01', 'disallowed'],
  ['unwrapping with two-key TDEA', verifying(named('two-key TDEA wrap')), '2022-01-01', 'legacy-use'],
  ['wrapping with three-key TDEA, 2023', named('TKW'), '2023-12-31', 'deprecated'],
  ['wrapping with three-key TDEA, 2024', named('TKW'), '2024-01-01', 'disallowed'],
  ['wrapping that is not approved, 2017', named('camellia-wrap'), '2017-12-31', 'deprecated'],
  ['wrapping that is not approved, 2018', named('camellia-wrap'), '2018-01-01', 'disallowed'],
  ['generator of X9.31, 2015', named('X9.31-PRNG'), '2015-12-31', 'deprecated'],
  ['generator of X9.31, 2016', named('X9.31-PRNG'), '2016-01-01', 'disallowed'],
  ['Dual_EC_DRBG under Rev. 1', named('Dual_EC_DRBG'), '2015-11-06', 'disallowed'],
  ['TLS 1.0 from SP 800-52 Rev. 2', spoken('TLSv1.0'), '2019-08-29', 'disallowed'],
  ['TLS 1.1 from SP 800-52 Rev. 2', spoken('TLSv1.1'), '2019-08-29', 'deprecated'],
  ['TLS 1.1 before RFC 8996', spoken('TLSv1.1'), '2021-03-22', 'deprecated'],
  ['TLS 1.1 from RFC 8996', spoken('TLSv1.1'), '2021-03-23', 'disallowed'],
  ['RSA-2048 verifying in 2031', verifying(rsa(2048)), '2031-01-01', 'acceptable'],
  ['algorithm nobody knows', { role: 'mac', alg: 'frobnicate' }, '2026-11-23', 'unknown'],
];

test.each(rows)('%s', (_, shape, asOf, expected) => {
  expect(word(shape, asOf)).toBe(expected);
});

const drafted: [string, Shape, string, string][] = [
  ['DSA signing', { layer: 'cert', role: 'key', alg: 'DSA', params: { bits: 3072 } }, '2026-11-23', 'disallowed'],
  ['RSA-2048, 2030', rsa(2048), '2030-12-31', 'acceptable'],
  ['RSA-2048, 2031', rsa(2048), '2031-01-01', 'deprecated'],
  ['ECB', { role: 'select', alg: 'AES-256-ECB' }, '2026-11-23', 'disallowed'],
  ['HMAC-SHA1, 2030', { role: 'mac', alg: 'HMAC-SHA1' }, '2030-12-31', 'deprecated'],
  ['HMAC-SHA1, 2031', { role: 'mac', alg: 'HMAC-SHA1' }, '2031-01-01', 'disallowed'],
  ['ML-KEM', { role: 'kex', alg: 'ML-KEM-768' }, '2026-11-23', 'acceptable'],
  ['RSA-2048 verifying, 2031', verifying(rsa(2048)), '2031-01-01', 'acceptable'],
  ['RSA-1024 verifying', verifying(rsa(1024)), '2026-11-23', 'legacy-use'],
  ['RSA-1023 verifying', verifying(rsa(1023)), '2026-11-23', 'disallowed'],
  [
    'ECDSA P-224 verifying, 2031',
    verifying({ layer: 'cert', role: 'key', alg: 'ECDSA', params: { curve: 'secp224r1' } }),
    '2031-01-01',
    'acceptable',
  ],
  ['HMAC-SHA224, 2030', { role: 'mac', alg: 'HMAC-SHA224' }, '2030-12-31', 'deprecated'],
  ['HMAC-SHA1 verifying, 2031', verifying({ role: 'mac', alg: 'HMAC-SHA1' }), '2031-01-01', 'legacy-use'],
  [
    'HMAC verifying with 80 bits',
    verifying({ role: 'mac', alg: 'HMAC-SHA256', params: { bits: 80 } }),
    '2026-11-23',
    'legacy-use',
  ],
  ['HMAC with 112 bits, 2031', { role: 'mac', alg: 'HMAC-SHA256', params: { bits: 112 } }, '2031-01-01', 'disallowed'],
  ['RSA-1024 key transport, decrypting', verifying(transport(1024, 'OAEP')), '2026-11-23', 'legacy-use'],
  ['RSA-1024 key transport', transport(1024, 'OAEP'), '2026-11-23', 'disallowed'],
  ['DH-1024, to process', verifying(dh(1024)), '2026-11-23', 'legacy-use'],
  ['SKIPJACK has left the text', cipher('SKIPJACK', 'process'), '2026-11-23', 'not-approved'],
  ['generator of X9.31 has left the text', named('X9.31-PRNG'), '2026-11-23', 'not-approved'],
];
test.each(drafted)('draft: %s', (_, shape, asOf, expected) => {
  expect(word(shape, asOf, draft)).toBe(expected);
});

const overlaid: [string, typeof tls, Shape, string, string][] = [
  ['TLS 1.0, government', tls, spoken('TLSv1.0'), '2020-01-01', 'disallowed'],
  ['TLS 1.1, government: should not', tls, spoken('TLSv1.1'), '2020-01-01', 'deprecated'],
  ['TLS 1.2, government', tls, spoken('TLSv1.2'), '2020-01-01', 'acceptable'],
  ['ESP with 3DES, 2023', ipsec, cipher('3DES'), '2023-12-31', 'deprecated'],
  ['ESP with 3DES, 2024', ipsec, cipher('3DES'), '2024-01-01', 'disallowed'],
  ['group 14', ipsec, { layer: 'ike', role: 'kex', alg: 'group14' }, '2026-11-23', 'acceptable'],
  ['group 24', ipsec, { layer: 'ike', role: 'kex', alg: 'group24' }, '2026-11-23', 'not-approved'],
  ['ESP with HMAC-SHA1', ipsec, { layer: 'esp', role: 'mac', alg: 'HMAC-SHA1-96' }, '2026-11-23', 'deprecated'],
  ['ESP with HMAC-MD5', ipsec, { layer: 'esp', role: 'mac', alg: 'HMAC-MD5-96' }, '2026-11-23', 'disallowed'],
];
test.each(overlaid)('overlay: %s', (_, by, shape, asOf, expected) => {
  expect(word(shape, asOf, by)).toBe(expected);
});

test('there are at least 60 rows by hand', () => {
  expect(rows.length + drafted.length).toBeGreaterThanOrEqual(60);
});
