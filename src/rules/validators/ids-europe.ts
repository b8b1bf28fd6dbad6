import { validator } from './answer.ts';
import { compact, luhn, weighted } from './check-digits.ts';
import { isDay } from './date.ts';
import type { Validator } from './validator.ts';

/** Value of a character in ICAO Doc 9303 part 3 section 4.9: digits, then A = 10. */
const icao = (text: string): number => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += Number.parseInt(text[i]!, 36) * [7, 3, 1][i % 3]!;
  return sum % 10;
};

/** Numbers of persons in Europe, where the library has none. */
export const EUROPE: readonly Validator[] = [
  validator('nino', 'weak', 'HMRC NIM39110: prefix letters and suffix of a National Insurance number', (value) => {
    const nino = compact(value).toUpperCase();
    if (!/^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/.test(nino) || /^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(nino))
      return false;
    return nino.startsWith('QQ') ? 'test-value' : true;
  }),
  validator('nhs', 'weak', 'NHS Data Dictionary: NHS number, weighted modulus 11', (value) => {
    const nhs = compact(value);
    if (!/^\d{10}$/.test(nhs) || /^(\d)\1+$/.test(nhs)) return false;
    const check = 11 - weighted(nhs, [10, 9, 8, 7, 6, 5, 4, 3, 2], 11);
    return check !== 10 && (check === 11 ? 0 : check) === Number(nhs[9]);
  }),
  validator('chi', 'weak', 'NHS Scotland: CHI number, date of birth and modulus 11', (value) => {
    const chi = compact(value);
    if (!/^\d{10}$/.test(chi) || !isDay(2000, Number(chi.slice(2, 4)), Number(chi.slice(0, 2)))) return false;
    return (11 - weighted(chi, [10, 9, 8, 7, 6, 5, 4, 3, 2], 11)) % 11 === Number(chi[9]);
  }),
  validator(
    'kvnr',
    'weak',
    'SGB V section 290; GKV-Spitzenverband: Krankenversichertennummer, Luhn with the letter as two digits',
    (value) => {
      const kvnr = value.replace(/\s/g, '').toUpperCase();
      if (!/^[A-Z]\d{9}$/.test(kvnr)) return false;
      const letter = String(kvnr.charCodeAt(0) - 64).padStart(2, '0');
      let sum = 0;
      [...letter, ...kvnr.slice(1, 9)].forEach((char, i) => {
        const product = Number(char) * (i % 2 === 0 ? 1 : 2);
        sum += product > 9 ? product - 9 : product;
      });
      return sum % 10 === Number(kvnr[9]);
    },
  ),
  validator('icao-document', 'weak', 'ICAO Doc 9303 part 3 section 4.9: document number with check digit', (value) => {
    const document = value.toUpperCase();
    return /^[A-Z0-9]{9}\d/.test(document) && icao(document.slice(0, 9)) === Number(document[9]);
  }),
  validator(
    'pl-identity-card',
    'weak',
    'Polish Ministry of the Interior: identity card, weights 7 3 1 with 9 on the digit',
    (value) => {
      const card = compact(value).toUpperCase();
      if (!/^[A-Z]{3}\d{6}$/.test(card)) return false;
      const weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
      return weights.reduce((sum, weight, i) => sum + weight * Number.parseInt(card[i]!, 36), 0) % 10 === 0;
    },
  ),
  validator('snils', 'weak', 'Russian Pension Fund: SNILS, weighted sum modulo 101', (value) => {
    const snils = compact(value);
    if (!/^\d{11}$/.test(snils) || /^(\d)\1+$/.test(snils)) return false;
    return weighted(snils, [9, 8, 7, 6, 5, 4, 3, 2, 1], 101) % 100 === Number(snils.slice(9));
  }),
  validator('taj', 'weak', 'Hungarian Act XX of 1996: TAJ number, weights 3 and 7', (value) => {
    const taj = compact(value);
    return (
      /^\d{9}$/.test(taj) && !/^(\d)\1+$/.test(taj) && weighted(taj, [3, 7, 3, 7, 3, 7, 3, 7], 10) === Number(taj[8])
    );
  }),
  validator('hu-tax', 'weak', 'Hungarian Act CL of 2017: tax identification mark of a person, modulus 11', (value) => {
    const mark = compact(value);
    return /^8\d{9}$/.test(mark) && weighted(mark, [1, 2, 3, 4, 5, 6, 7, 8, 9], 11) === Number(mark[9]);
  }),
  validator(
    'lv-personal',
    'weak',
    'Latvian Population Register: personal code, weighted modulus 11; new codes begin with 32',
    (value) => {
      const code = compact(value);
      if (!/^\d{11}$/.test(code)) return false;
      if (/^3[2-9]/.test(code)) return true;
      if (!isDay(2000, Number(code.slice(2, 4)), Number(code.slice(0, 2)))) return false;
      return (1101 - weighted(code, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2], 1101 * 1101)) % 11 === Number(code[10]);
    },
  ),
  validator('pps', 'weak', 'Irish Social Welfare Consolidation Act 2005: PPS number, modulus 23', (value) => {
    const pps = compact(value).toUpperCase();
    if (!/^\d{7}[A-W][A-IW]?$/.test(pps)) return false;
    const second = pps[8] === undefined || pps[8] === 'W' ? 0 : pps.charCodeAt(8) - 64;
    const sum = weighted(pps, [8, 7, 6, 5, 4, 3, 2], 10_000) + second * 9;
    return pps[7] === 'WABCDEFGHIJKLMNOPQRSTUV'[sum % 23];
  }),
  validator('sk-cz-birth', 'weak', 'Act 133/2000 Coll. section 13: birth number, modulus 11', (value) => {
    const number = compact(value);
    if (!/^\d{9,10}$/.test(number)) return false;
    const month = Number(number.slice(2, 4)) % 50;
    if (!isDay(2000, month > 20 ? month - 20 : month, Number(number.slice(4, 6)))) return false;
    if (number.length === 9) return !number.endsWith('000') && Number(number.slice(0, 2)) < 54;
    return (Number(number.slice(0, 9)) % 11) % 10 === Number(number[9]);
  }),
  validator('ahv', 'weak', 'Swiss AHVG article 50c: AHV number, EAN-13 check digit, prefix 756', (value) => {
    const ahv = compact(value);
    if (!/^756\d{10}$/.test(ahv)) return false;
    return (10 - weighted(ahv, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 10)) % 10 === Number(ahv[12]);
  }),
  validator('amka', 'weak', 'Greek Law 3655/2008: AMKA, date of birth and Luhn', (value) => {
    const amka = compact(value);
    return /^\d{11}$/.test(amka) && isDay(2000, Number(amka.slice(2, 4)), Number(amka.slice(0, 2))) && luhn(amka);
  }),
  validator(
    'kz-iin',
    'weak',
    'Kazakh Law on national registers of identification numbers: IIN, two-step modulus 11',
    (value) => {
      const iin = compact(value);
      if (!/^\d{12}$/.test(iin) || !isDay(2000, Number(iin.slice(2, 4)), Number(iin.slice(4, 6)))) return false;
      let check = weighted(iin, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 11);
      if (check === 10) check = weighted(iin, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2], 11);
      return check === Number(iin[11]);
    },
  ),
];
