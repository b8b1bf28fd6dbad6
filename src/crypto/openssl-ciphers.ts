import { registry, type Suite } from './registry.ts';

/** What a cipher string means to OpenSSL 3.0: suites in order of preference, best first. */
export interface CipherStringResult {
  readonly suites: readonly Suite[];
  /** Names of suites that this build lacks and older libraries had: enabled where such a library reads the string. */
  readonly historic: readonly Suite[];
  readonly securityLevel: number | undefined;
  /** False where OpenSSL would refuse the string. */
  readonly valid: boolean;
}

/** Attributes in OpenSSL's own terms (ssl/s3_lib.c), derived from the registry. */
interface Cipher {
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
interface Mask {
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

const set = (...names: string[]): ReadonlySet<string> => new Set(names);
const AES128 = ['AES128', 'AES128GCM', 'AES128CCM', 'AES128CCM8'];
const AES256 = ['AES256', 'AES256GCM', 'AES256CCM', 'AES256CCM8'];
const ARIA = ['ARIA128GCM', 'ARIA256GCM'];
const CAMELLIA = ['CAMELLIA128', 'CAMELLIA256'];
const NOT_NULL = set(...AES128, ...AES256, ...ARIA, ...CAMELLIA, 'CHACHA20', 'OTHER');
const EPHEMERAL = set('DHE', 'ECDHE');
const AUTHENTICATED = set('RSA', 'DSS', 'ECDSA', 'PSK', 'SRP');

/** ciphers(1), CIPHER STRINGS. Those for ciphers that no default build has match nothing there. */
const ALIASES: Readonly<Record<string, Mask>> = {
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

const DEFAULT = 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';
const DEFAULT_TLS13 = ['1302', '1303', '1301'];
const SUITE_B: Readonly<Record<string, readonly string[]>> = {
  SUITEB128: ['c02b', 'c02c'],
  SUITEB128ONLY: ['c02b'],
  SUITEB128C2: ['c02c'],
  SUITEB192: ['c02c'],
};

let built: readonly Cipher[] | undefined;

function ciphers(): readonly Cipher[] {
  built ??= [...registry().suites.values()]
    .filter(({ flags, id }) => /o[123]/.test(flags) && id.length === 4)
    // ssl3_get_cipher counts from the end of its table.
    .sort((a, b) => b.code - a.code)
    .map(asCipher);
  return built;
}

function asCipher(suite: Suite): Cipher {
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

/** The list as OpenSSL keeps it: order, and which entries are active. */
class CipherList {
  #order: Cipher[] = [...ciphers()];
  readonly #active = new Set<Cipher>();

  apply(rule: 'add' | 'del' | 'ord' | 'kill' | 'bump', mask: Mask, strengthBits = -1): void {
    const hit = (cipher: Cipher): boolean =>
      strengthBits >= 0 ? cipher.strengthBits === strengthBits : fits(cipher, mask);
    const on = (cipher: Cipher): boolean => this.#active.has(cipher);
    const moved = this.#order.filter((cipher) => hit(cipher) && (rule === 'kill' || on(cipher) === (rule !== 'add')));
    const taken = new Set(moved);
    const rest = this.#order.filter((cipher) => !taken.has(cipher));
    for (const cipher of moved) {
      if (rule === 'add') this.#active.add(cipher);
      if (rule === 'del' || rule === 'kill') this.#active.delete(cipher);
    }
    // What was deleted comes first when it is added again; what was killed is gone.
    this.#order = rule === 'add' || rule === 'ord' ? [...rest, ...moved] : rule === 'kill' ? rest : [...moved, ...rest];
  }

  sortByStrength(): void {
    const sizes = [...new Set([...this.#active].map(({ strengthBits }) => strengthBits))].sort((a, b) => b - a);
    for (const bits of sizes) this.apply('ord', {}, bits);
  }

  active(): Suite[] {
    return this.#order.filter((cipher) => this.#active.has(cipher)).map(({ suite }) => suite);
  }
}

function fits(cipher: Cipher, mask: Mask): boolean {
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

/** OpenSSL's own preference, before the string is read (ssl_create_cipher_list). */
function preferred(): CipherList {
  const list = new CipherList();
  const all = {};
  list.apply('add', { mkey: set('ECDHE'), auth: set('ECDSA') });
  list.apply('add', { mkey: set('ECDHE') });
  list.apply('del', { mkey: set('ECDHE') });
  list.apply('add', { enc: set('AES128GCM', 'AES256GCM') });
  list.apply('add', { enc: set('CHACHA20') });
  list.apply('add', { enc: set('AES128', 'AES256', 'AES128CCM', 'AES256CCM', 'AES128CCM8', 'AES256CCM8') });
  list.apply('add', all);
  list.apply('ord', { mac: set('MD5') });
  list.apply('ord', { auth: set('NULL') });
  list.apply('ord', { mkey: set('RSA') });
  list.apply('ord', { mkey: set('PSK') });
  list.sortByStrength();
  list.apply('bump', { minTls: '2' });
  list.apply('bump', { mac: set('AEAD') });
  list.apply('bump', { mkey: EPHEMERAL });
  list.apply('bump', { mkey: EPHEMERAL, mac: set('AEAD') });
  list.apply('del', all);
  return list;
}

/** Evaluates a cipher string as OpenSSL 3.0 does (`ssl_cipher_process_rulestr`), without the filter of the security level. */
export function evaluateCipherString(text: string, tls13: readonly string[] = DEFAULT_TLS13): CipherStringResult {
  const { suites } = registry();
  const modern = tls13.flatMap((id) => suites.get(id) ?? []);
  const suiteB = SUITE_B[text];
  if (suiteB) {
    return {
      suites: [...modern, ...suiteB.map((id) => suites.get(id)!)],
      historic: [],
      securityLevel: undefined,
      valid: true,
    };
  }
  const list = preferred();
  const state = { level: undefined as number | undefined, historic: new Set<Suite>(), bad: false };
  if (text.startsWith('DEFAULT')) {
    process(DEFAULT, list, state);
    process(text.slice('DEFAULT'.length).replace(/^:/, ''), list, state);
  } else process(text, list, state);
  const older = list.active();
  const valid = !state.bad && older.length > 0;
  return {
    suites: valid ? [...modern, ...older] : [],
    historic: [...state.historic],
    securityLevel: state.level,
    valid,
  };
}

const PREFIX: Readonly<Record<string, 'del' | 'ord' | 'kill'>> = { '-': 'del', '+': 'ord', '!': 'kill' };

function process(
  text: string,
  list: CipherList,
  state: { level: number | undefined; historic: Set<Suite>; bad: boolean },
): void {
  for (const item of text.split(/[: ;,]/)) {
    if (item === '') continue;
    if (item.startsWith('@')) {
      const level = /^@SECLEVEL=([0-5])$/.exec(item)?.[1];
      if (item === '@STRENGTH') list.sortByStrength();
      else if (level !== undefined) state.level = Number(level);
      else state.bad = true;
      continue;
    }
    const rule = PREFIX[item[0]!] ?? 'add';
    const words = (rule === 'add' ? item : item.slice(1)).split('+');
    if (words.some((word) => !/^[A-Za-z0-9._=-]+$/.test(word))) {
      state.bad = true;
      continue;
    }
    noteHistoric(rule, words, state.historic);
    const mask = intersect(words);
    if (mask) list.apply(rule, mask);
  }
}

function intersect(words: readonly string[]): Mask | undefined {
  const mask: { -readonly [K in keyof Mask]: Mask[K] } = {};
  for (const word of words) {
    const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined;
    const suite = alias ? undefined : ciphers().find((one) => one.suite.openssl === word || one.suite.name === word);
    if (!alias && !suite) return undefined;
    const next: Mask = alias ?? masksOf(suite!);
    for (const key of ['mkey', 'auth', 'enc', 'mac', 'strength'] as const) {
      const wanted = next[key];
      if (!wanted) continue;
      const had = mask[key];
      const both = had ? new Set([...had].filter((name) => wanted.has(name))) : wanted;
      if (both.size === 0) return undefined;
      mask[key] = both;
    }
    // The name of a suite takes back what a word before it asked of the default list; seen in OpenSSL 3.0.
    if (suite) delete mask.notDefault;
    if (next.notDefault) mask.notDefault = true;
    if (next.fips) mask.fips = true;
    if (next.id !== undefined) mask.id = next.id;
    else if (next.minTls !== undefined) {
      if (mask.minTls !== undefined && mask.minTls !== next.minTls) return undefined;
      mask.minTls = next.minTls;
    }
  }
  return mask;
}

/** A suite named in full is a pattern of all that it is. */
function masksOf(cipher: Cipher): Mask {
  return {
    id: cipher.suite.id,
    mkey: set(cipher.mkey),
    auth: set(cipher.auth),
    enc: set(cipher.enc),
    mac: set(cipher.mac),
    strength: set(cipher.strength),
  };
}

/** Words that named whole families before OpenSSL 1.1.0 dropped them, by what their suites are. */
const HISTORIC: Readonly<Record<string, (suite: Suite) => boolean>> = {
  RC4: ({ enc }) => enc === 'RC4',
  RC2: ({ enc }) => enc === 'RC2',
  IDEA: ({ enc }) => enc === 'IDEA',
  SEED: ({ enc }) => enc === 'SEED',
  DES: ({ enc }) => enc === 'DES',
  '3DES': ({ enc }) => enc === '3DES',
  EXP: ({ kxBits }) => kxBits !== undefined,
  EXPORT: ({ kxBits }) => kxBits !== undefined,
  EXPORT40: ({ kxBits }) => kxBits === 512,
  EXPORT56: ({ kxBits }) => kxBits === 1024,
  LOW: ({ enc, kxBits }) => enc === 'DES' && kxBits === undefined,
  SSLv2: ({ id }) => id.length === 6,
};

/** Suites older libraries would add for these words; what an item or a later `!` takes away is not tracked any finer. */
function noteHistoric(rule: string, words: readonly string[], historic: Set<Suite>): void {
  const named = [...registry().suites.values()].filter((suite) => {
    if (suite.openssl === null || suite.flags.includes('o')) return false;
    return words.every((word) => suite.openssl === word || (Object.hasOwn(HISTORIC, word) && HISTORIC[word]!(suite)));
  });
  for (const suite of named) {
    if (rule === 'add') historic.add(suite);
    else if (rule === 'kill' || rule === 'del') historic.delete(suite);
  }
}
