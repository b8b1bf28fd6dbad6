import { validator } from './answer.ts';
import { compact, luhn, weighted } from './check-digits.ts';
import { isDay } from './date.ts';
import type { Validator } from './validator.ts';

/** Numbers of persons in Asia, Africa and Oceania, where the library has none. */
export const ASIA: readonly Validator[] = [
  validator('nric', 'weak', 'Singapore ICA: NRIC and FIN, weights 2 7 6 5 4 3 2 with the letter by series', (value) => {
    const nric = value.toUpperCase();
    if (!/^[STFGM]\d{7}[A-Z]$/.test(nric)) return false;
    const offset = { S: 0, F: 0, T: 4, G: 4, M: 3 }[nric[0] as 'S'];
    const rest = (weighted(nric.slice(1), [2, 7, 6, 5, 4, 3, 2], 11_000) + offset) % 11;
    const letters = /[ST]/.test(nric[0]!) ? 'JZIHGFEDCBA' : nric[0] === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
    return nric[8] === letters[nric[0] === 'M' ? rest : rest];
  }),
  validator('my-number', 'weak', 'Japan, MIC Ordinance 85 of 2014: individual number, weighted modulus 11', (value) => {
    const digits = compact(value);
    if (!/^\d{12}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
    const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11);
    return (rest <= 1 ? 0 : 11 - rest) === Number(digits[11]);
  }),
  validator('medicare-au', 'weak', 'Services Australia: Medicare card number, weights 1 3 7 9', (value) => {
    const card = compact(value);
    return /^[2-6]\d{9,10}$/.test(card) && weighted(card, [1, 3, 7, 9, 1, 3, 7, 9], 10) === Number(card[8]);
  }),
  validator('emirates-id', 'weak', 'UAE ICP: 784, year of birth, serial, Luhn', (value) => {
    const id = compact(value);
    return /^784(?:19|20)\d{10}$/.test(id) && luhn(id);
  }),
  validator('sa-national', 'weak', 'Saudi Ministry of Interior: national id (1) and iqama (2), Luhn', (value) => {
    const id = compact(value);
    return /^[12]\d{9}$/.test(id) && luhn(id);
  }),
  validator(
    'eg-national',
    'weak',
    'Egyptian Civil Status Organisation: century, date of birth, governorate',
    (value) => {
      const id = compact(value);
      if (!/^[23]\d{13}$/.test(id) || !isDay(2000, Number(id.slice(3, 5)), Number(id.slice(5, 7)))) return false;
      return /^(?:0[1-4]|1[1-9]|2[1-9]|3[1-5]|88)$/.test(id.slice(7, 9));
    },
  ),
  validator(
    'ir-melli',
    'weak',
    'Iranian National Organization for Civil Registration: code melli, modulus 11',
    (value) => {
      const code = compact(value);
      if (!/^\d{10}$/.test(code) || /^(\d)\1+$/.test(code)) return false;
      const rest = weighted(code, [10, 9, 8, 7, 6, 5, 4, 3, 2], 11);
      return Number(code[9]) === (rest < 2 ? rest : 11 - rest);
    },
  ),
  validator(
    'id-nik',
    'weak',
    'Indonesian Ministry of Home Affairs: NIK, district and date of birth (women: day + 40)',
    (value) => {
      const nik = compact(value);
      if (!/^[1-9]\d{15}$/.test(nik) || nik.endsWith('0000')) return false;
      const day = Number(nik.slice(6, 8));
      return isDay(2000, Number(nik.slice(8, 10)), day > 40 ? day - 40 : day);
    },
  ),
  validator(
    'lk-day',
    'weak',
    'Day of the year in the number (women: + 500), Sri Lankan Department for Registration of Persons',
    (value) => {
      const text = compact(value).toUpperCase();
      const day = Number(/^\d{9}[VX]$/.test(text) ? text.slice(2, 5) : /^\d{12}$/.test(text) ? text.slice(4, 7) : 0);
      return (day > 0 && day <= 366) || (day > 500 && day <= 866);
    },
  ),
  validator('ird', 'weak', 'NZ Inland Revenue: IRD number validation, two weight sets modulus 11', (value) => {
    const ird = compact(value).padStart(9, '0');
    if (!/^\d{9}$/.test(ird) || Number(ird) < 10_000_000 || Number(ird) > 150_000_000) return false;
    const check = (weights: readonly number[]): number => {
      const rest = weighted(ird, weights, 11);
      return rest === 0 ? 0 : 11 - rest;
    };
    const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
    return (first === 10 ? check([7, 4, 3, 2, 5, 2, 7, 6]) : first) === Number(ird[8]);
  }),
  validator('nhi', 'weak', 'NZ HISO 10046: NHI number, old format modulus 11, new format modulus 24', (value) => {
    const nhi = value.toUpperCase();
    const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
    if (!/^[A-HJ-NP-Z]{3}(?:\d{4}|\d{2}[A-HJ-NP-Z]{2})$/.test(nhi)) return false;
    let sum = 0;
    for (let i = 0; i < 6; i++) sum += (/\d/.test(nhi[i]!) ? Number(nhi[i]) : letters.indexOf(nhi[i]!) + 1) * (7 - i);
    if (/\d$/.test(nhi)) return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === Number(nhi[6]);
    return letters[23 - (sum % 24)] === nhi[6];
  }),
];
