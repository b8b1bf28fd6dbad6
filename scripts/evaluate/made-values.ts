import { generateKeyPairSync } from 'node:crypto';
import type { Chance } from './random.ts';

type Maker = (words: readonly string[], chance: Chance) => string;

/**
 * Values that drawn characters cannot be: with check digits, with a structure, or made by this machine's OpenSSL. A case
 * writes them as `«kind arguments»`. Definitions: ISO/IEC 7812-1 (cards), ISO 13616 (IBAN), ICAO Doc 9303 (MRZ),
 * RFC 7515 to 7519 (JWT, JWE), OpenSSH PROTOCOL.key, BIP 173 (the alphabet of age keys).
 */
export function made(text: string, chance: Chance): string {
  return text.replace(/«([^»]+)»/g, (_, inside: string) => {
    const words = inside.split(' ');
    const pem = words.indexOf('pem');
    if (pem > 0)
      return WRAPPERS[words[0]!.replace(/\W+$/, '')]!(privatePem(words[pem + 1]!, chance), words[0]!.at(-1)!);
    return MAKERS[words[0]!]!(words.slice(1), chance);
  });
}

const MAKERS: Readonly<Record<string, Maker>> = {
  pem: ([kind], chance) => privatePem(kind!, chance),
  pub: ([kind]) => {
    const pair = kind === 'rsa' ? pairs.rsa() : kind === 'ec' ? pairs.ec() : pairs.ed();
    return String(pair.publicKey.export({ type: 'spki', format: 'pem' })).trim();
  },
  bech32: ([length], chance) =>
    Array.from({ length: Number(length) }, () => chance.pick([...'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'])).join(''),
  card: (words, chance) => written(words, card(words.at(-1)!, chance)),
  badcard: (words, chance) => written(words, wrongLast(card(words.at(-1)!, chance))),
  iban: (words, chance) => written(words, iban(words.at(-1)!, chance)),
  badiban: (words, chance) => written(words, wrongLast(iban(words.at(-1)!, chance))),
  mrz: (words, chance) => {
    const lines = mrz(words.find((word) => /^(?:td|mrv)/.test(word))!, chance);
    return lines.join(words[0] === 'joined' ? '' : words[0] === 'escaped' ? '\\n' : '\n');
  },
  jwt: ([kind], chance) => jwt(kind ?? 'hs256', chance),
  jwe: (_, chance) =>
    `${part({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })}.${chance.draw('w', 342)}.${chance.draw('w', 16)}.${chance.draw('w', 120)}.${chance.draw('w', 22)}`,
};

const lines = (pem: string): string[] => pem.split('\n');
const WRAPPERS: Readonly<Record<string, (pem: string, sign: string) => string>> = {
  indent: (pem) =>
    lines(pem)
      .map((line) => `    ${line}`)
      .join('\n'),
  escaped: (pem) => `${lines(pem).join('\\n')}\\n`,
  crlf: (pem) => lines(pem).join('\r\n'),
  oneline: (pem) => lines(pem).join(' '),
  quoted: (pem) =>
    lines(pem)
      .map((line) => `"${line}\\n"`)
      .join('\n'),
  logged: (pem) =>
    lines(pem)
      .map((line) => `Nov  3 10:12:01 lpar7 app[71]: ${line}`)
      .join('\n'),
  prefixed: (pem, sign) =>
    lines(pem)
      .map((line) => `${sign} ${line}`)
      .join('\n'),
  base64: (pem) => Buffer.from(`${pem}\n`).toString('base64'),
  head: (pem) => lines(pem).slice(0, 8).join('\n'),
};

const once = <T>(make: () => T): (() => T) => {
  let kept: T | undefined;
  return () => (kept ??= make());
};
const pairs = {
  rsa: once(() => generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ec: once(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  ed: once(() => generateKeyPairSync('ed25519')),
  dsa: once(() => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })),
};

function privatePem(kind: string, chance: Chance): string {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const kinds: Readonly<Record<string, () => string | Buffer>> = {
    rsa: () => pairs.rsa().privateKey.export(pkcs8),
    rsa1: () => pairs.rsa().privateKey.export({ type: 'pkcs1', format: 'pem' }),
    ec: () => pairs.ec().privateKey.export(pkcs8),
    ec1: () => pairs.ec().privateKey.export({ type: 'sec1', format: 'pem' }),
    ed: () => pairs.ed().privateKey.export(pkcs8),
    dsa: () => pairs.dsa().privateKey.export(pkcs8),
    sealed: () => pairs.rsa().privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'evaluation' }),
    legacy: () =>
      pairs.rsa().privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'evaluation' }),
    openssh: () => openssh(chance),
  };
  return String(kinds[kind]!()).trim();
}

/** An Ed25519 key without a passphrase as ssh-keygen lays it out (OpenSSH PROTOCOL.key). */
function openssh(chance: Chance): string {
  const drawn = (n: number) => Buffer.from(Array.from({ length: n }, () => chance.below(256)));
  const string = (bytes: Buffer | string) => {
    const data = Buffer.from(bytes);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    return Buffer.concat([size, data]);
  };
  const [check, pub, seed] = [drawn(4), drawn(32), drawn(32)];
  const publicKey = Buffer.concat([string('ssh-ed25519'), string(pub)]);
  const secret = [
    check,
    check,
    publicKey,
    string(Buffer.concat([seed, pub])),
    string('k@h'),
    Buffer.from([1, 2, 3, 4]),
  ];
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[string('none'), string('none'), string(''), Buffer.from([0, 0, 0, 1]), string(publicKey)],
    string(Buffer.concat(secret)),
  ]);
  const body = blob.toString('base64').replace(/.{70}(?=.)/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`;
}

const part = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function jwt(kind: string, chance: Chance): string {
  const claims = { sub: chance.draw('k', 10), iss: 'https://id.norrbank.se', iat: 1_762_160_000, exp: 1_762_163_600 };
  const size: Readonly<Record<string, number>> = { rs256: 342, es256: 86, hs512: 86, ps256: 342, eddsa: 86 };
  const headers: Readonly<Record<string, object | string>> = {
    none: { alg: 'none', typ: 'JWT' },
    noclaims: { alg: 'HS256' },
    typed: { typ: 'at+jwt', alg: 'RS256', kid: chance.draw('a', 12) },
    kid: { kid: chance.draw('h', 40), alg: 'HS256' },
    algfirst: { alg: 'HS384', typ: 'JWT' },
    spaced: '{ "alg": "HS256", "typ": "JWT" }',
    eddsa: { alg: 'EdDSA', typ: 'JWT' },
  };
  const algorithm = kind in size ? kind.toUpperCase() : 'HS256';
  const header = headers[kind] ?? { alg: algorithm, typ: 'JWT' };
  const body = kind === 'noclaims' ? {} : kind === 'long' ? { ...claims, roles: chance.draw('a', 1200) } : claims;
  return `${part(header)}.${part(body)}.${kind === 'none' ? '' : chance.draw('w', size[kind] ?? 43)}`;
}

function written(words: readonly string[], value: string): string {
  const sign = words[0] === 'spaced' ? ' ' : '-';
  if (words[0] === 'lower') return value.toLowerCase();
  if (words[0] !== 'spaced' && words[0] !== 'dashed') return value;
  const groups = /^3[47]\d{13}$/.test(value) ? /^(....)(......)(.....)$/ : undefined;
  return groups ? value.replace(groups, `$1${sign}$2${sign}$3`) : value.replace(/(.{4})(?=.)/g, `$1${sign}`);
}

function wrongLast(value: string): string {
  const at = [...value].findLastIndex((char) => /\d/.test(char));
  return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`;
}

const CARDS: Readonly<Record<string, readonly [prefix: string, length: number]>> = {
  visa: ['4539', 16],
  visa13: ['4929', 13],
  mc: ['5425', 16],
  mc2: ['2221', 16],
  amex: ['3742', 15],
  discover: ['6011', 16],
  jcb: ['3530', 16],
  diners: ['3600', 14],
  unionpay: ['6225', 16],
  maestro: ['6759', 16],
};

function card(scheme: string, chance: Chance): string {
  const [prefix, length] = CARDS[scheme]!;
  const body = prefix + chance.draw('d', length - prefix.length - 1);
  const sum = [...body].reverse().reduce((total, char, at) => {
    const twice = Number(char) * (at % 2 === 0 ? 2 : 1);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

/** The BBAN of a country as drawn characters (SWIFT IBAN registry). */
const BBANS: Readonly<Record<string, string>> = {
  DE: '<d18>',
  GB: 'NWBK<d14>',
  FR: '<d10><K11><d2>',
  NL: 'ABNA<d10>',
  AT: '<d16>',
  CH: '<d5><d12>',
  BE: '<d12>',
  ES: '<d20>',
  IT: '<u1><d10><d12>',
  PT: '<d21>',
  PL: '<d24>',
  SE: '<d20>',
  NO: '<d11>',
  DK: '<d14>',
  FI: '<d14>',
  IE: 'AIBK<d14>',
  LU: '<d3><d13>',
  CZ: '<d20>',
  SK: '<d20>',
  HU: '<d24>',
  RO: 'AAAA<d16>',
  BG: 'BNBG<d4><d2><d8>',
  HR: '<d17>',
  SI: '<d15>',
  GR: '<d7><d16>',
  CY: '<d8><d16>',
  MT: 'MALT<d5><d18>',
  EE: '<d16>',
  LV: 'BANK<d13>',
  LT: '<d16>',
  LI: '<d5><d12>',
  TR: '<d5>0<d16>',
  SA: '<d2><d18>',
  AE: '<d3><d16>',
  IL: '<d6><d13>',
  BR: '<d8><d5><d10>C1',
  UA: '<d6><d19>',
  GI: 'NWBK<d15>',
  MC: '<d10><d11><d2>',
  SM: '<u1><d10><d12>',
  KW: 'CBKU<d22>',
  AD: '<d8><d12>',
  BA: '<d16>',
  GE: 'NB<d16>',
  IS: '<d22>',
  JO: 'CBJO<d4><d18>',
  KZ: '<d3><d13>',
  LB: '<d4><d20>',
  PK: 'SCBL<d16>',
  QA: 'DOHB<d21>',
  RS: '<d18>',
};

function iban(country: string, chance: Chance): string {
  const bban = nationallyChecked(country, chance.fill(BBANS[country]!));
  return country + String(98 - mod97(`${bban}${country}00`)).padStart(2, '0') + bban;
}

/** Some countries have check digits of their own inside of the BBAN; those that have are given right ones. */
function nationallyChecked(country: string, bban: string): string {
  if (country === 'BE') return bban.slice(0, 10) + String(Number(bban.slice(0, 10)) % 97 || 97).padStart(2, '0');
  return bban;
}

function mod97(text: string): number {
  let rest = 0;
  for (const char of text)
    for (const digit of String(Number.parseInt(char, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

function mrz(kind: string, chance: Chance): string[] {
  const check = (text: string) =>
    String(
      [...text].reduce(
        (sum, char, at) => sum + (char === '<' ? 0 : Number.parseInt(char, 36)) * [7, 3, 1][at % 3]!,
        0,
      ) % 10,
    );
  const padded = (text: string, size: number) => text.padEnd(size, '<').slice(0, size);
  const number = chance.draw('K', 9);
  const document = number + check(number);
  const birth = `8503${10 + chance.below(18)}`;
  const expiry = `3107${10 + chance.below(18)}`;
  const [born, ends] = [birth + check(birth), expiry + check(expiry)];
  const name = 'LINDQVIST<<KARIN<EVA';
  if (kind === 'td3') {
    const personal = padded('', 14);
    const mark = '<';
    const whole = check(document + born + ends + personal + mark);
    return [padded(`P<SWE${name}`, 44), `${document}SWE${born}F${ends}${personal}${mark}${whole}`];
  }
  if (kind === 'mrva') return [padded(`V<SWE${name}`, 44), padded(`${document}SWE${born}F${ends}`, 44)];
  if (kind === 'td2') {
    const optional = padded('', 7);
    const whole = check(document + born + ends + optional);
    return [padded(`I<SWE${name}`, 36), `${document}SWE${born}F${ends}${optional}${whole}`];
  }
  const [first, second] = [padded('', 15), padded('', 11)];
  const whole = check(document + first + born + ends + second);
  return [`I<SWE${document}${first}`, `${born}F${ends}SWE${second}${whole}`, padded(name, 30)];
}
