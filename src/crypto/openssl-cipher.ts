import { registry, type Suite } from './registry.ts';

/** Attributes in OpenSSL's own terms (ssl/s3_lib.c), derived from the registry. */
export interface OpensslCipher {
  readonly suite: Suite;
  readonly mkey: string;
  readonly auth: string;
  readonly enc: string;
  readonly mac: string;
  readonly minTls: string;
  readonly strengthBits: number;
  readonly strength: 'none' | 'high';
  readonly byDefault: boolean;
  readonly fips: boolean;
}

/** A pattern: absent fields match everything. */
export interface CipherMask {
  readonly mkey?: ReadonlySet<string>;
  readonly auth?: ReadonlySet<string>;
  readonly enc?: ReadonlySet<string>;
  readonly mac?: ReadonlySet<string>;
  readonly strength?: ReadonlySet<string>;
  readonly notDefault?: true;
  readonly fips?: true;
  readonly minTls?: string;
  readonly id?: string;
}

export const set = (...names: string[]): ReadonlySet<string> => new Set(names);
const AES128 = ['AES128', 'AES128GCM', 'AES128CCM', 'AES128CCM8'];
const AES256 = ['AES256', 'AES256GCM', 'AES256CCM', 'AES256CCM8'];
const ARIA = ['ARIA128GCM', 'ARIA256GCM'];
const CAMELLIA = ['CAMELLIA128', 'CAMELLIA256'];
const NOT_NULL = set(...AES128, ...AES256, ...ARIA, ...CAMELLIA, 'CHACHA20', 'OTHER');
export const EPHEMERAL = set('DHE', 'ECDHE');
const AUTHENTICATED = set('RSA', 'DSS', 'ECDSA', 'PSK', 'SRP');

/** ciphers(1), CIPHER STRINGS. Those for ciphers that no default build has match nothing there. */
export const ALIASES: Readonly<Record<string, CipherMask>> = {
  ALL: { enc: NOT_NULL },
  COMPLEMENTOFALL: { enc: set('NULL') },
  COMPLEMENTOFDEFAULT: { notDefault: true },
  kRSA: { mkey: set('RSA') },
  kEDH: { mkey: set('DHE') },
  kDHE: { mkey: set('DHE') },
  DH: { mkey: set('DHE') },
  kEECDH: { mkey: set('ECDHE') },
  kECDHE: { mkey: set('ECDHE') },
  ECDH: { mkey: set('ECDHE') },
  kPSK: { mkey: set('PSK') },
  kRSAPSK: { mkey: set('RSAPSK') },
  kECDHEPSK: { mkey: set('ECDHEPSK') },
  kDHEPSK: { mkey: set('DHEPSK') },
  kSRP: { mkey: set('SRP') },
  kGOST: { mkey: set('GOST') },
  kGOST18: { mkey: set('GOST18') },
  aRSA: { auth: set('RSA') },
  aDSS: { auth: set('DSS') },
  DSS: { auth: set('DSS') },
  aNULL: { auth: set('NULL') },
  aECDSA: { auth: set('ECDSA') },
  ECDSA: { auth: set('ECDSA') },
  aPSK: { auth: set('PSK') },
  aGOST01: { auth: set('GOST01') },
  aGOST12: { auth: set('GOST12') },
  aGOST: { auth: set('GOST01', 'GOST12') },
  aSRP: { auth: set('SRP') },
  EDH: { mkey: set('DHE'), auth: AUTHENTICATED },
  DHE: { mkey: set('DHE'), auth: AUTHENTICATED },
  EECDH: { mkey: set('ECDHE'), auth: AUTHENTICATED },
  ECDHE: { mkey: set('ECDHE'), auth: AUTHENTICATED },
  NULL: { enc: set('NULL') },
  eNULL: { enc: set('NULL') },
  RSA: { mkey: set('RSA'), auth: set('RSA') },
  ADH: { mkey: set('DHE'), auth: set('NULL') },
  AECDH: { mkey: set('ECDHE'), auth: set('NULL') },
  PSK: { mkey: set('PSK', 'RSAPSK', 'ECDHEPSK', 'DHEPSK') },
  SRP: { mkey: set('SRP') },
  '3DES': { enc: set('3DES') },
  RC4: { enc: set('RC4') },
  RC2: { enc: set('RC2') },
  IDEA: { enc: set('IDEA') },
  SEED: { enc: set('SEED') },
  GOST89: { enc: set('GOST89') },
  AES128: { enc: set(...AES128) },
  AES256: { enc: set(...AES256) },
  AES: { enc: set(...AES128, ...AES256) },
  AESGCM: { enc: set('AES128GCM', 'AES256GCM') },
  AESCCM: { enc: set('AES128CCM', 'AES128CCM8', 'AES256CCM', 'AES256CCM8') },
  AESCCM8: { enc: set('AES128CCM8', 'AES256CCM8') },
  CAMELLIA128: { enc: set('CAMELLIA128') },
  CAMELLIA256: { enc: set('CAMELLIA256') },
  CAMELLIA: { enc: set(...CAMELLIA) },
  CHACHA20: { enc: set('CHACHA20') },
  ARIA: { enc: set(...ARIA) },
  ARIAGCM: { enc: set(...ARIA) },
  ARIA128: { enc: set('ARIA128GCM') },
  ARIA256: { enc: set('ARIA256GCM') },
  MD5: { mac: set('MD5') },
  SHA1: { mac: set('SHA-1') },
  SHA: { mac: set('SHA-1') },
  GOST94: { mac: set('GOST94') },
  GOST89MAC: { mac: set('GOST89MAC') },
  SHA256: { mac: set('SHA-256') },
  SHA384: { mac: set('SHA-384') },
  GOST12: { mac: set('GOST12') },
  SSLv3: { minTls: '3' },
  TLSv1: { minTls: '1' },
  'TLSv1.0': { minTls: '1' },
  'TLSv1.2': { minTls: '2' },
  LOW: { strength: set('low') },
  MEDIUM: { strength: set('medium') },
  HIGH: { strength: set('high') },
  FIPS: { enc: NOT_NULL, fips: true },
};

let built: readonly OpensslCipher[] | undefined;

/** What a build of OpenSSL 3.0 can do, in the order of its table. */
export function ciphers(): readonly OpensslCipher[] {
  built ??= [...registry().suites.values()]
    .filter(({ flags, id }) => /o[123]/.test(flags) && id.length === 4)
    // ssl3_get_cipher counts from the end of its table.
    .sort((a, b) => b.code - a.code)
    .map(asCipher);
  return built;
}

function asCipher(suite: Suite): OpensslCipher {
  const { kx, auth, enc, encBits, mode, name } = suite;
  const psk = auth === 'PSK';
  const short = /CCM_8/.test(name);
  const cipherName =
    enc === 'NULL'
      ? 'NULL'
      : enc.startsWith('CHACHA')
        ? 'CHACHA20'
        : `${enc}${encBits}${mode === 'CBC' ? '' : mode}${short ? '8' : ''}`;
  const authName = kx === 'RSA' && psk ? 'RSA' : auth === 'anon' ? 'NULL' : auth === 'DSA' ? 'DSS' : auth;
  return {
    suite,
    mkey: psk && kx !== 'PSK' ? `${kx}PSK` : kx,
    auth: authName,
    enc: cipherName,
    mac: suite.mac,
    minTls: suite.flags.at(-1) ?? '',
    strengthBits: encBits,
    strength: enc === 'NULL' ? 'none' : 'high',
    byDefault: !(
      enc === 'CAMELLIA' ||
      enc === 'ARIA' ||
      mode === 'CCM' ||
      (authName === 'NULL' && enc !== 'NULL') ||
      authName === 'DSS'
    ),
    fips: enc === 'AES' && mode !== 'CCM' && kx !== 'SRP',
  };
}

export function fits(cipher: OpensslCipher, mask: CipherMask): boolean {
  if (mask.id !== undefined && mask.id !== cipher.suite.id) return false;
  return (
    (mask.mkey?.has(cipher.mkey) ?? true) &&
    (mask.auth?.has(cipher.auth) ?? true) &&
    (mask.enc?.has(cipher.enc) ?? true) &&
    (mask.mac?.has(cipher.mac) ?? true) &&
    (mask.strength?.has(cipher.strength) ?? true) &&
    (mask.minTls === undefined || mask.minTls === cipher.minTls) &&
    (!mask.notDefault || !cipher.byDefault) &&
    (!mask.fips || cipher.fips)
  );
}

/** A suite named in full is a pattern of all that it is. */
export function masksOf(cipher: OpensslCipher): CipherMask {
  return {
    id: cipher.suite.id,
    mkey: set(cipher.mkey),
    auth: set(cipher.auth),
    enc: set(cipher.enc),
    mac: set(cipher.mac),
    strength: set(cipher.strength),
  };
}
