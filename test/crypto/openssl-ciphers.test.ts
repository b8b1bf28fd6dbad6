import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateCipherString } from '../../src/crypto/cipher-string.ts';
import { registry } from '../../src/crypto/registry.ts';
import { has } from './servers.ts';

/** Names as `openssl ciphers` prints them; empty where it refuses the string. */
function openssl(text: string): string[] {
  // A string that begins with a minus would be an option; an empty item before it changes nothing.
  const done = spawnSync('openssl', ['ciphers', text.startsWith('-') ? `:${text}` : text], { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim().split(':') : [];
}
const ours = (text: string): (string | null)[] => evaluateCipherString(text).suites.map(({ openssl: name }) => name);

const known = [
  'DEFAULT',
  'ALL',
  'ALL:COMPLEMENTOFALL',
  'HIGH:!aNULL:!MD5',
  'HIGH:!aNULL:!kRSA:!PSK:!SRP:!MD5:!RC4',
  'ECDHE-RSA-AES128-GCM-SHA256:ECDHE:DHE:!CAMELLIA:@STRENGTH',
  'EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH',
  'ALL:!ADH:+HIGH:+MEDIUM',
  'DEFAULT:-AES256:AES256',
  'DEFAULT@SECLEVEL=2',
  'DEFAULT:@SECLEVEL=0',
  'FIPS:!PSK',
  'kRSA+AES:-SHA1:SHA1',
  'TLSv1.2+kECDHE:SSLv3',
  'FOO',
  '',
  'AES128-SHA:FOO:@BAD',
  'RC4-SHA:AES128-SHA',
  'SUITEB192',
];
test.skipIf(!has('openssl')).each(known)('%s (needs openssl)', (text) => {
  expect(ours(text)).toEqual(openssl(text));
});

const words = fc.constantFrom(
  ...[
    'ALL',
    'COMPLEMENTOFALL',
    'COMPLEMENTOFDEFAULT',
    'HIGH',
    'MEDIUM',
    'LOW',
    'FIPS',
    'kRSA',
    'kDHE',
    'kECDHE',
    'ECDHE',
    'DHE',
    'EECDH',
    'EDH',
    'ADH',
    'AECDH',
    'PSK',
    'kPSK',
    'kRSAPSK',
    'kDHEPSK',
    'kECDHEPSK',
    'SRP',
    'aRSA',
    'aDSS',
    'aNULL',
    'eNULL',
    'aECDSA',
    'aPSK',
    'aSRP',
    'RSA',
    'AES',
    'AES128',
    'AES256',
    'AESGCM',
    'AESCCM',
    'AESCCM8',
    'CAMELLIA',
    'CAMELLIA128',
    'CHACHA20',
    'ARIA',
    'ARIA256',
    'MD5',
    'SHA1',
    'SHA256',
    'SHA384',
    'SSLv3',
    'TLSv1',
    'TLSv1.2',
    'RC4',
    '3DES',
    'NOPE',
  ],
  ...[...registry().suites.values()].flatMap(({ openssl: name, id }) => (name && id.length === 4 ? [name] : [])),
);
const item = fc
  .tuple(fc.constantFrom('', '', '', '!', '-', '+'), fc.array(words, { minLength: 1, maxLength: 3 }))
  .map(([prefix, parts]) => prefix + parts.join('+'));
const special = fc.constantFrom('@STRENGTH', '@SECLEVEL=0', '@SECLEVEL=2');
const string = fc
  .tuple(
    fc.constantFrom('', 'DEFAULT', 'ALL', 'HIGH'),
    fc.array(fc.oneof({ weight: 9, arbitrary: item }, { weight: 1, arbitrary: special }), { maxLength: 7 }),
    fc.constantFrom(':', ' ', ','),
  )
  .map(([start, items, separator]) => [...(start === '' ? [] : [start]), ...items].join(separator));

test.skipIf(!has('openssl'))('500 generated strings mean what openssl says (needs openssl)', () => {
  let full = 0;
  fc.assert(
    fc.property(string, (text) => {
      const expected = openssl(text);
      if (expected.length > 3) full++;
      expect(ours(text)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
  expect(full).toBeGreaterThan(200);
});

test('what only older libraries had is told apart', () => {
  const { suites, historic } = evaluateCipherString('HIGH:RC4-SHA:EXP:!EXP');
  expect(suites.some(({ enc }) => enc === 'RC4')).toBe(false);
  expect(historic.map(({ openssl: name }) => name)).toEqual(['RC4-SHA']);
});
