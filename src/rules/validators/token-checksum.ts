import { crc32 } from 'node:zlib';
import { validator } from './answer.ts';
import type { Validator } from './validator.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = DIGITS[rest % 62] + text;
  return text.padStart(width, '0');
}

/** Tokens that carry a checksum of themselves: one that holds was issued, and not typed for a document. */
export const TOKEN_CHECKSUM: readonly Validator[] = [
  validator(
    'crc32-base62',
    'strong',
    'GitHub, Behind GitHub’s new authentication token formats, 2021: the last six characters are CRC-32 in base 62',
    (value) => {
      const body = value.slice(value.lastIndexOf('_') + 1);
      return body.length > 12 && base62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
    },
  ),
];
