import { validator } from './answer.ts';
import { compact, luhn, weighted } from './check-digits.ts';
import { isDay } from './date.ts';
import type { Validator } from './validator.ts';

/** Numbers that were printed on sample cards or in advertisements, and never issued again. */
const PRINTED = new Set(['078051120', '219099999', '457555462', '123456789', '111223333']);

const MBI = /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/;

const EIN_PREFIXES = /^(?:0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-58-9])/;

/** Numbers of persons and firms in the Americas, where the library has none or differs from the authority. */
export const AMERICA: readonly Validator[] = [
  validator('ssn', 'weak', 'SSA POMS RM 10201.035: area, group and serial ranges', (value) => {
    const ssn = compact(value);
    if (!/^\d{9}$/.test(ssn) || /^(?:000|666|9)|^...00|0000$/.test(ssn) || /^(\d)\1+$/.test(ssn)) return false;
    return PRINTED.has(ssn) || /^98765432\d$/.test(ssn) ? 'test-value' : true;
  }),
  validator('itin', 'weak', 'IRS IRM 3.21.263.6.2.1: 9xx, group 50-65, 70-88, 90-92, 94-99', (value) => {
    return /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/.test(compact(value));
  }),
  validator('ein', 'weak', 'IRS: valid EIN prefixes by campus', (value) => {
    const ein = compact(value);
    return /^\d{9}$/.test(ein) && EIN_PREFIXES.test(ein) && !/^(\d)\1+$/.test(ein) && ein !== '123456789';
  }),
  validator('npi', 'weak', 'CMS: NPI check digit, Luhn with the prefix 80840', (value) => {
    const npi = compact(value);
    return /^[12]\d{9}$/.test(npi) && luhn(`80840${npi}`);
  }),
  validator('mbi', 'weak', 'CMS: Understanding the Medicare Beneficiary Identifier format', (value) =>
    MBI.test(compact(value).toUpperCase()),
  ),
  validator('dea', 'weak', '21 CFR 1301: DEA registration number, check digit of the six digits', (value) => {
    const dea = value.toUpperCase();
    if (!/^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/.test(dea)) return false;
    return weighted(dea.slice(2), [1, 2, 1, 2, 1, 2], 10) === Number(dea[8]);
  }),
  validator('br-pis', 'weak', 'Caixa Econômica Federal: PIS/PASEP/NIS, weighted modulus 11', (value) => {
    const pis = compact(value);
    if (!/^[12]\d{10}$/.test(pis) || /^(\d)\1+$/.test(pis)) return false;
    const rest = weighted(pis, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2], 11);
    return (rest < 2 ? 0 : 11 - rest) === Number(pis[10]);
  }),
  validator('ohip', 'weak', 'Ontario Ministry of Health: health number, Luhn over ten digits', (value) => {
    const digits = compact(value).slice(0, 10);
    return /^[1-9]\d{9}$/.test(digits) && luhn(digits);
  }),
  validator('cnh', 'weak', 'CONTRAN resolution 886: Brazilian driving licence, two check digits', (value) => {
    const cnh = compact(value);
    if (!/^\d{11}$/.test(cnh) || /^(\d)\1+$/.test(cnh)) return false;
    const first = weighted(cnh, [9, 8, 7, 6, 5, 4, 3, 2, 1], 11);
    const second = weighted(cnh, [1, 2, 3, 4, 5, 6, 7, 8, 9], 11);
    const carried = first > 9 ? 2 : 0;
    const last = second - carried < 0 ? second - carried + 11 : second - carried;
    return Number(cnh[9]) === (first > 9 ? 0 : first) && Number(cnh[10]) === (last > 9 ? 0 : last);
  }),
  validator('rfc', 'weak', 'SAT (Mexico): RFC of persons (13) and firms (12), date of birth or foundation', (value) => {
    const rfc = value.replace(/[\s-]/g, '').toUpperCase();
    const date = /^(?:[A-Z&\xd1]{4}|[A-Z&\xd1]{3})(\d\d)(\d\d)(\d\d)(?:[A-Z0-9]{3})?$/.exec(rfc);
    return date !== null && isDay(1900 + Number(date[1]), Number(date[2]), Math.min(Number(date[3]), 29));
  }),
];
