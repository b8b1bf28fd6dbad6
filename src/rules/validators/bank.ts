import { validator } from './answer.ts';
import { compact, mod97, weighted } from './check-digits.ts';
import { isCountry } from './countries.ts';
import { IBAN_STRUCTURES } from './iban-structures.ts';
import type { Validator } from './validator.ts';

/** Sample IBANs of the SWIFT registry and of banks' own documentation. */
const PUBLISHED_IBANS = new Set([
  'GB29NWBK60161331926819',
  'GB82WEST12345698765432',
  'GB33BUKB20201555555555',
  'DE89370400440532013000',
  'DE75512108001245126199',
  'FR1420041010050500013M02606',
  'FR7630006000011234567890189',
  'NL91ABNA0417164300',
  'BE68539007547034',
  'CH9300762011623852957',
  'ES9121000418450200051332',
  'IT60X0542811101000000123456',
  'AT611904300234573201',
  'SE4550000000058398257466',
  'NO9386011117947',
  'DK5000400440116243',
  'FI2112345600000785',
  'PL61109010140000071219812874',
  'IE29AIBK93115212345678',
  'PT50000201231234567890154',
]);

/** Bank account numbers and the codes of banks. */
export const BANK: readonly Validator[] = [
  validator(
    'iban',
    'strong',
    'ISO 13616-1:2020; SWIFT IBAN Registry release 99 (length and BBAN structure by country)',
    (value) => {
      const iban = value.replace(/[\s-]/g, '').toUpperCase();
      const structure = IBAN_STRUCTURES.get(iban.slice(0, 2));
      if (structure === undefined || !structure.test(iban.slice(4))) return false;
      // check digits 00, 01 and 99 cannot be computed (ISO 13616-1 section 6.1)
      if (!/^(?:0[2-9]|[1-8]\d|9[0-8])$/.test(iban.slice(2, 4)) || mod97(iban.slice(4) + iban.slice(0, 4)) !== 1)
        return false;
      return PUBLISHED_IBANS.has(iban) ? 'test-value' : true;
    },
  ),
  validator('bic', 'weak', 'ISO 9362:2022: business party prefix, ISO 3166-1 country, suffix, branch', (value) => {
    const bic = value.toUpperCase();
    return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bic) && isCountry(bic.slice(4, 6));
  }),
  validator(
    'aba',
    'weak',
    'ABA Routing Number Administrative Board: ranges of the first two digits, weights 3, 7, 1',
    (value) => {
      const digits = compact(value);
      const first = Number(digits.slice(0, 2));
      const known = first <= 12 || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first === 80;
      return (
        /^\d{9}$/.test(digits) &&
        known &&
        digits !== '000000000' &&
        weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1], 10) === 0
      );
    },
  ),
];
