import { validator } from './answer.ts';
import { compact, luhn, mod11x2, mod11x10, mod97, verhoeff } from './check-digits.ts';
import type { Validator } from './validator.ts';

/** Check digits by themselves: one weak step of evidence for a number that a key word or column already names. */
export const NUMBERS: readonly Validator[] = [
  validator(
    'luhn',
    'weak',
    'ISO/IEC 7812-1:2017 Annex B',
    (value) => /^\d+$/.test(compact(value)) && luhn(compact(value)),
  ),
  validator('verhoeff', 'weak', 'J. Verhoeff, Error Detecting Decimal Codes, 1969', (value) => {
    return /^\d+$/.test(compact(value)) && verhoeff(compact(value));
  }),
  validator('mod97', 'strong', 'ISO/IEC 7064:2003 MOD 97-10', (value) => {
    const text = compact(value);
    return /^[0-9A-Za-z]{4,}$/.test(text) && mod97(text) === 1;
  }),
  validator(
    'mod11-2',
    'weak',
    'ISO/IEC 7064:2003 MOD 11-2',
    (value) => /^\d{2,}[\dXx]$/.test(compact(value)) && mod11x2(compact(value)),
  ),
  validator(
    'mod11-10',
    'weak',
    'ISO/IEC 7064:2003 MOD 11,10',
    (value) => /^\d{3,}$/.test(compact(value)) && mod11x10(compact(value)),
  ),
  validator('imei', 'weak', '3GPP TS 23.003 section 6.2.1 and Annex B (TAC, serial number, Luhn digit)', (value) => {
    const digits = compact(value);
    return /^\d{15}$/.test(digits) && luhn(digits) && !/^(\d)\1+$/.test(digits) && !digits.startsWith('00');
  }),
  validator('vin', 'weak', 'ISO 3779:2009; 49 CFR 565.15 (check digit at position 9)', (value) => {
    const vin = value.toUpperCase();
    if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(vin) || /^(.)\1+$/.test(vin)) return false;
    const values = 'ABCDEFGH..JKLMN.P.R..STUVWXYZ';
    const worth = '12345678..12345.7.9..23456789';
    const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    const sum = weights.reduce((total, weight, i) => {
      const char = vin[i]!;
      return total + weight * Number(/\d/.test(char) ? char : worth[values.indexOf(char)]);
    }, 0);
    return vin[8] === (sum % 11 === 10 ? 'X' : String(sum % 11));
  }),
];
