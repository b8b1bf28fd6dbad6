import {
  ALIASES,
  type CipherMask,
  ciphers,
  EPHEMERAL,
  fits,
  masksOf,
  type OpensslCipher,
  set,
} from './openssl-cipher.ts';
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

const DEFAULT = 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';
const DEFAULT_TLS13 = ['1302', '1303', '1301'];
const SUITE_B: Readonly<Record<string, readonly string[]>> = {
  SUITEB128: ['c02b', 'c02c'],
  SUITEB128ONLY: ['c02b'],
  SUITEB128C2: ['c02c'],
  SUITEB192: ['c02c'],
};

/** The list as OpenSSL keeps it: order, and which entries are active. */
class CipherList {
  #order: OpensslCipher[] = [...ciphers()];
  readonly #active = new Set<OpensslCipher>();

  apply(rule: 'add' | 'del' | 'ord' | 'kill' | 'bump', mask: CipherMask, strengthBits = -1): void {
    const hit = (cipher: OpensslCipher): boolean =>
      strengthBits >= 0 ? cipher.strengthBits === strengthBits : fits(cipher, mask);
    const on = (cipher: OpensslCipher): boolean => this.#active.has(cipher);
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

function intersect(words: readonly string[]): CipherMask | undefined {
  const mask: { -readonly [K in keyof CipherMask]: CipherMask[K] } = {};
  for (const word of words) {
    const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined;
    const suite = alias ? undefined : ciphers().find((one) => one.suite.openssl === word || one.suite.name === word);
    if (!alias && !suite) return undefined;
    const next: CipherMask = alias ?? masksOf(suite!);
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
