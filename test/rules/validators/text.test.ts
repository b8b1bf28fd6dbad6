import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRepeated } from '../../../src/rules/validators/characters.ts';
import { VALIDATORS } from '../../../src/rules/validators/index.ts';
import { check } from './check.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['correct-horse-battery', false],
  ['configuration_manager_factory', false],
  ['x7Kq2Vn9RtB4mZp8', true],
  ['3f786850e387550fdab836ed7e6dc881', true],
  ['qLvTzXwRkBnMpDsG', true],
])('rarity of %s', (value, rare) => {
  expect(check('rarity', value, { max: -0.35 }) === 'valid').toBe(rare);
});

test.each([
  'xxxxxxxxxxxxxxxx',
  'your-api-key',
  '<password>',
  'pw-$(cat file)',
  '{{ vault_secret }}',
  'changeme',
  'EXAMPLE_TOKEN',
  '0123456789abcdef',
  'password123',
  '****************',
  'sha256=W_WPzPspmUIAYj6OISJURHfD5kmxUn',
  '0x53474972756c6573ull',
  'AZURE_CLIENT_SECRET',
  'arg_password',
  '%-.120s',
  'ab\x01Kq2Vn9RtB4',
])('%j is a placeholder', (value) => {
  expect(check('not-placeholder', value)).toBe('invalid');
});

test.each(['Gr4nite!House', 'x7Kq2Vn9RtB4mZp8', 'wint3r.Storm'])('%s is no placeholder', (value) => {
  expect(check('not-placeholder', value)).toBe('valid');
});

test.each([
  ['SSL_TXT_TLSV1_2', 'invalid'],
  ['_XBS5_ILP32_OFFBIG', 'invalid'],
  ['src/gui_gtk_x11.c', 'invalid'],
  ['KDF.pbkdf2_hmac.', 'invalid'],
  ['x7Kq2Vn9RtB4mZp8', 'valid'],
  ['Gr4nite.Ho9use-x7Kq2Vn9RtB4', 'valid'],
  ['ieuwSF9xPPSt45+tcoB4zMWcqlp5/ahsstc1xJxUL', 'valid'],
])('as an identifier %s is %s', (value, answer) => {
  expect(check('not-identifier', value)).toBe(answer);
});

test.each(['qwErTy123', 'asdf99'])('%s is a bad password, and one', (value) => {
  expect(check('not-placeholder', value)).toBe('valid');
});

test('entropy is Shannon entropy in bits a character', () => {
  expect(check('entropy', 'abcd', { min: 2 })).toBe('valid');
  expect(check('entropy', 'abcd', { min: 2.01 })).toBe('invalid');
  expect(check('entropy', 'aaaa', { min: 0.1 })).toBe('invalid');
});

test('what is repeated is what the expression with back references would find', () => {
  const reference = /([^0-9])\1{4,}|(\d)\2{7,}|([\w-]{2,4})\3{3,}/;
  const piece = fc.tuple(
    fc.string({ unit: fc.constantFrom('a', 'B', '1', '7', '-', '_', '.', '\n', '\xe9'), minLength: 1, maxLength: 5 }),
    fc.nat(9),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const value = pieces.map(([text, times]) => text.repeat(times)).join('');
      expect(isRepeated(value)).toBe(reference.test(value));
    }),
    { numRuns: 2000 },
  );
});

test('mixed counts kinds and distinct characters', () => {
  expect(check('mixed', 'ab12', { digits: 2, letters: 2 })).toBe('valid');
  expect(check('mixed', 'ab1', { digits: 2 })).toBe('invalid');
  expect(check('mixed', 'aA1!', { kinds: 4 })).toBe('valid');
  expect(check('mixed', 'aaa1', { distinct: 3 })).toBe('invalid');
});

test('varied rejects long runs of one character, and nothing else', () => {
  expect(check('varied', `{SSHA}${'x'.repeat(32)}`)).toBe('invalid');
  expect(check('varied', '$1$aB3dE5fG$kLmNoPqRsTuVwXyZ0123a.')).toBe('valid');
});

test('names that products ship with are no secrets', () => {
  expect(check('not-default', 'public')).toBe('invalid');
  expect(check('not-default', 'n0rrb4nk')).toBe('valid');
});

test('the header of a JWT must decode and name an algorithm', () => {
  expect(check('jwt-header', `${b64('{"alg":"HS256"}')}.e30.sig`)).toBe('valid');
  expect(check('jwt-header', `${b64('{"typ":"JWT"}')}.e30.sig`)).toBe('invalid');
  expect(check('jwt-header', 'eyJub3Q.e30.sig')).toBe('invalid');
});

test('base64 must decode into the shape asked for', () => {
  expect(check('base64-decodes', b64('operator:Blue-Kite'), { shape: 'user-password' })).toBe('valid');
  expect(check('base64-decodes', b64('no colon'), { shape: 'user-password' })).toBe('invalid');
  expect(check('base64-decodes', b64('user:password'), { shape: 'user-password' })).toBe('invalid');
  expect(check('base64-decodes', 'a===b')).toBe('invalid');
  expect(check('base64-decodes', b64('abcdef'), { min: 7 })).toBe('invalid');
});

test.each([
  ['karin@norrbank.se', 'valid'],
  ['ops@hmc.corp.internal', 'valid'],
  ['x@nas.home.arpa', 'valid'],
  ['a@example.com', 'test-value'],
  ['a@host.invalid', 'test-value'],
  ['root@localhost', 'invalid'],
  ['user@host', 'invalid'],
  ['a@b.nosuchtld', 'invalid'],
  ['.a@norrbank.se', 'invalid'],
  ['a..b@norrbank.se', 'invalid'],
])('mail address %s is %s', (value, answer) => {
  expect(check('email-tld', value)).toBe(answer);
});

test.each([
  ['10.1.2.3', 'valid'],
  ['8.8.4.4', 'valid'],
  ['192.0.2.7', 'test-value'],
  ['127.0.0.1', 'invalid'],
  ['255.255.255.0', 'invalid'],
  ['0.0.0.0', 'invalid'],
  ['256.1.1.1', 'invalid'],
  ['01.2.3.4', 'invalid'],
])('IPv4 %s is %s', (value, answer) => {
  expect(check('ipv4', value)).toBe(answer);
});

test('scopes of addresses can be asked for', () => {
  expect(check('ipv4', '127.0.0.1', { scope: ['loopback'] })).toBe('valid');
  expect(check('ipv4', '10.0.0.1', { scope: ['public'] })).toBe('invalid');
  expect(check('ipv6', '::1', { scope: ['loopback'] })).toBe('valid');
});

test.each([
  ['2a02:8108:9a40:1b::17', 'valid'],
  ['fe80::1%en0', 'valid'],
  ['fd00:1::5', 'valid'],
  ['2001:db8::1', 'test-value'],
  ['::', 'invalid'],
  ['12:34:56', 'invalid'],
])('IPv6 %s is %s', (value, answer) => {
  expect(check('ipv6', value)).toBe(answer);
});

test('names of stations and ports', () => {
  expect(check('mac', '5c:f3:fc:aa:10:7b')).toBe('valid');
  expect(check('mac', 'ff:ff:ff:ff:ff:ff')).toBe('invalid');
  expect(check('wwpn', '5005076801403a21')).toBe('valid');
  expect(check('wwpn', '20:00:00:25:b5:01:00:0f')).toBe('valid');
  expect(check('wwpn', 'a1b2c3d4e5f60718')).toBe('invalid');
  expect(check('wwpn', '60050768018e8a3b0800000000001f2c')).toBe('valid');
});

test('host names', () => {
  expect(check('hostname', 'db01.rz.internal')).toBe('valid');
  expect(check('hostname', 'www.norrbank.se')).toBe('valid');
  expect(check('hostname', 'setup.py')).toBe('invalid');
  expect(check('hostname', 'module.nosuch')).toBe('invalid');
});

test.each([
  ['1984-02-29', 'valid'],
  ['1985-02-29', 'invalid'],
  ['07.11.1962', 'valid'],
  ['12/31/1970', 'valid'],
  ['3 March 1971', 'valid'],
  ['March 3rd, 1971', 'valid'],
  ['19900412', 'valid'],
  ['1885-01-01', 'invalid'],
  ['13.13.1990', 'invalid'],
])('date of birth %s is %s', (value, answer) => {
  expect(check('birth-date', value)).toBe(answer);
});

test('every validator names its source', () => {
  expect(VALIDATORS.size).toBeGreaterThan(50);
  for (const validator of VALIDATORS.values()) expect(validator.source.length).toBeGreaterThan(5);
});

test('a token that was issued is told from one that was typed', () => {
  // A sample of the format that circulates in public discussions of it; and the same with one letter changed.
  const issued = ['ghp', 'zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17'].join('_');
  expect(check('crc32-base62', issued)).toBe('valid');
  expect(check('crc32-base62', issued.replace('QWB', 'QXB'))).toBe('invalid');
  expect(check('crc32-base62', 'ghp_')).toBe('invalid');
});
