import { createECDH } from 'node:crypto';
import type { Rng } from './rng.ts';

/** Invented values that are formally right: what a leak is made of. */

export const password = (rng: Rng): string =>
  `${rng.word(1, 'ABCDEFGHKLMNPRSTW')}${rng.word(5, 'abcdefghkmnpqrstuvwxyz')}${rng.word(1, '!#%+-_')}${rng.digits(3)}${rng.word(2, 'QXZVKJ')}`;

/** A P-256 key in SEC 1 PEM, whole enough for openssl to load. */
export function pemKey(rng: Rng): string {
  const secret = rng.bytes(32);
  secret[0] = 0x3f; // below the group order
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const body = Buffer.concat([
    Buffer.from('020101', 'hex'),
    Buffer.from('0420', 'hex'),
    secret,
    Buffer.from('a00a06082a8648ce3d030107', 'hex'),
    Buffer.from('a144034200', 'hex'),
    point,
  ]);
  const der = Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64');
  return `-----BEGIN EC PRIVATE KEY-----\n${der.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END EC PRIVATE KEY-----\n`;
}

export function jwt(rng: Rng): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'sso', sub: rng.hex(12), iat: 1512366000 + rng.int(1e6), scope: 'hmc.admin' };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${rng.bytes(32).toString('base64url')}`;
}

const luhn = (digits: string): number =>
  [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);

/** Sixteen digits in groups of four, a right check digit. */
export function card(rng: Rng): string {
  const head = `4${rng.digits(14)}`;
  return `${head}${(10 - (luhn(head) % 10)) % 10}`.replace(/(.{4})(?=.)/g, '$1 ');
}

/** A German IBAN with right check digits (ISO 13616, mod 97). */
export function iban(rng: Rng): string {
  const bban = `${rng.between(100, 899)}${rng.digits(5)}${rng.digits(10)}`;
  const check = 98n - (BigInt(`${bban}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${bban}`.replace(/(.{4})(?=.)/g, '$1 ');
}

/** A number the Social Security Administration could have given out before 2011. */
export const ssn = (rng: Rng): string => `${rng.between(100, 599)}-${rng.between(10, 79)}-${rng.between(1000, 9899)}`;

const CRYPT = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const sha512crypt = (rng: Rng): string => `$6$${rng.word(8, CRYPT)}$${rng.word(86, CRYPT)}`;
