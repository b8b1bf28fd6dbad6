import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { blindCases } from './blind.ts';
import { HASHES, PREFIXED, UNMARKED } from './formats.ts';
import {
  ASSIGNMENTS,
  IDS,
  MRZ,
  NETWORK,
  NOT_NETWORK,
  NOT_URLS,
  PASSWORDS,
  PLACEHOLDERS,
  UNCHECKED,
  URLS,
} from './people.ts';
import { Chance } from './random.ts';
import { WILD } from './wild.ts';

/** A labelled text: `family` is the beginning of the entity class that must (or must not) be found. */
export interface Case {
  readonly group: string;
  readonly family: string;
  readonly positive: boolean;
  readonly text: string;
}

/** All labelled cases; the same for the same seed. Keys are made by this machine's OpenSSL, each time anew. */
export function makeCases(seed: number, rounds: number): Case[] {
  const chance = new Chance(seed);
  const cases: Case[] = [];
  const add = (group: string, family: string, positive: boolean, text: string) => {
    cases.push({ group, family, positive, text });
  };
  for (let round = 0; round < rounds; round++) {
    for (const [name, format] of PREFIXED) {
      const value = chance.fill(format);
      add('token with a marker', 'secret', true, chance.pick(ASSIGNMENTS)(`${name}_token`, value));
    }
    for (const [name, format] of UNMARKED) {
      add('token by its name', 'secret', true, chance.pick(ASSIGNMENTS)(name, chance.fill(format)));
      add('token by its name', 'secret', false, chance.pick(ASSIGNMENTS)(name, chance.pick(PLACEHOLDERS)));
    }
    for (const name of PASSWORDS) {
      add('assignment', 'secret', true, chance.pick(ASSIGNMENTS)(name, chance.draw('a', 12 + chance.below(28))));
      add(
        'assignment',
        'secret',
        true,
        `${name} = "${chance.draw('l', 6)}${chance.draw('d', 2)}!${chance.draw('u', 3)}"`,
      );
      add('assignment', 'secret', false, chance.pick(ASSIGNMENTS)(name, chance.pick(PLACEHOLDERS)));
    }
    for (const format of HASHES) add('password hash', 'secret', true, chance.fill(format));
    for (const format of URLS) add('URL credentials', 'secret', true, chance.fill(format));
    for (const text of NOT_URLS) add('URL credentials', 'secret', false, text);
    const header = chance.pick(['HS256', 'HS384', 'HS512']);
    const jwt = signed({ alg: header, typ: 'JWT' }, { sub: chance.draw('k', 10), iat: 1_700_000_000 }, chance);
    add('JWT', 'secret', true, chance.pick(ASSIGNMENTS)('id_token', jwt));
    add('JWT', 'secret', true, `Authorization: Bearer ${jwt}`);
    add('JWT', 'secret', false, `eyJ${chance.draw('l', 9)}.eyJ${chance.draw('l', 12)}.${chance.draw('l', 9)}`);
    const card = cardNumber(chance);
    add('card', 'pii.card', true, `card ${card}`);
    add('card', 'pii.card', true, card.replace(/(....)(?=.)/g, '$1 '));
    add('card', 'pii.card', false, `card ${wrongLast(card)}`);
    const iban = `DE${ibanCheck(`${chance.draw('d', 18)}`)}`;
    add('IBAN', 'pii.iban', true, iban.replace(/(.{4})(?=.)/g, '$1 '));
    add('IBAN', 'pii.iban', true, `IBAN=${iban}`);
    add('IBAN', 'pii.iban', false, `IBAN=${wrongLast(iban)}`);
  }
  for (const format of WILD.serviceTokens) add('tokens, other hands', 'secret', true, chance.fill(format));
  for (const format of WILD.assigned) add('assignments, other hands', 'secret', true, chance.fill(format));
  for (const format of WILD.connections) add('connections, other hands', 'secret', true, chance.fill(format));
  for (const format of WILD.harmless) add('secrets, look-alikes', 'secret', false, chance.fill(format));
  for (const [family, texts] of Object.entries(WILD.personal)) {
    for (const text of texts) add('persons, other hands', family, true, text);
  }
  for (const text of WILD.nobody) add('persons, look-alikes', 'pii', false, text);
  cases.push(...blindCases(chance));
  for (const [label, value] of IDS) {
    for (const write of [`${label}: ${value}`, `"${label}": "${value}"`, `${label}=${value}`, `${label} ${value}`]) {
      add('national, tax and health ids', 'pii', true, write);
    }
    if (!UNCHECKED.includes(label))
      add('national, tax and health ids', 'pii', false, `${label}: ${wrongMiddle(value)}`);
  }
  for (const text of MRZ) {
    add('MRZ', 'pii.passport', true, text);
    add('MRZ', 'pii.passport', false, text.replace(/7408122/, '7408123'));
  }
  for (const { country, number } of phones()) {
    add('phone', 'pii.phone', true, `phone: ${number}`);
    add('phone', 'pii.phone', true, `call ${number} (${country})`);
    add('phone', 'pii.phone', false, `order ${number.replace(/\D/g, '')}`);
  }
  for (const text of NETWORK) add('address, MAC, e-mail', '', true, text);
  for (const text of NOT_NETWORK) add('address, MAC, e-mail', '', false, text);
  for (const text of keys()) {
    add('private key', 'secret', true, text);
    add('private key', 'secret', true, JSON.stringify({ key: text }));
  }
  add('private key', 'secret', false, '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----');
  add('private key', 'secret', false, publicKey());
  return cases;
}

function signed(header: object, claims: object, chance: Chance): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', chance.draw('a', 20)).update(text).digest('base64url')}`;
}

function keys(): string[] {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const sealed = { cipher: 'aes-256-cbc', passphrase: 'evaluation' } as const;
  return [
    rsa.export(pkcs8),
    rsa.export({ type: 'pkcs1', format: 'pem' }),
    rsa.export({ ...pkcs8, ...sealed }),
    ec.export({ type: 'sec1', format: 'pem' }),
    ec.export(pkcs8),
    ed.export(pkcs8),
  ].map(String);
}

function publicKey(): string {
  return String(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
}

function phones(): { country: string; number: string }[] {
  const require = createRequire(import.meta.url);
  const samples = require('libphonenumber-js/mobile/examples') as Readonly<Record<string, string>>;
  const { getCountryCallingCode } = require('libphonenumber-js/max') as typeof import('libphonenumber-js/max');
  return Object.entries(samples).map(([country, national]) => ({
    country,
    number: `+${getCountryCallingCode(country as 'DE')}${national}`,
  }));
}

/** A Visa or Mastercard number with the Luhn digit (ISO/IEC 7812-1). */
function cardNumber(chance: Chance): string {
  const body = chance.pick(['4539', '4716', '5425', '5218']) + chance.draw('d', 11);
  const sum = [...body].reduce(
    (total, char, at) =>
      total + (at % 2 === 0 ? ((Number(char) * 2 - 1) % 9) + 1 : Number(char)) * (char === '0' ? 0 : 1),
    0,
  );
  return body + ((10 - (sum % 10)) % 10);
}

/** Check digits of a German IBAN before its BBAN (ISO 13616). */
function ibanCheck(bban: string): string {
  const rest = BigInt(`${bban}131400`) % 97n;
  return String(98n - rest).padStart(2, '0') + bban;
}

function wrongLast(value: string): string {
  const at = [...value].findLastIndex((char) => /\d/.test(char));
  return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`;
}

/** One digit in the middle changed: the last one may be a century, an issue or a suffix. */
function wrongMiddle(value: string): string {
  const digits = [...value.matchAll(/\d/g)].map(({ index }) => index);
  const at = digits[Math.floor(digits.length / 2)]!;
  return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`;
}
