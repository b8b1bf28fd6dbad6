import { createRequire } from 'node:module';
import type * as Phones from 'libphonenumber-js/max';
import { REJECTED, type Recogniser } from './recogniser.ts';

/**
 * Countries a national number behind a key word is tried in: without one, "phone" alone does not say whose plan holds.
 * The numbering plans of most installations; a number of another country needs its prefix.
 */
const HOME = ['US', 'GB', 'DE', 'FR', 'JP', 'IN', 'BR', 'AU', 'IT', 'ES', 'NL', 'CH', 'AT', 'SE', 'PL', 'CN'] as const;

let phones: typeof Phones | undefined;
/** Its metadata is 150 KB: loaded when the first number is met. */
function library(): typeof Phones {
  phones ??= createRequire(import.meta.url)('libphonenumber-js/max') as typeof Phones;
  return phones;
}

const KEYED =
  '(?i:\\b(?:tele?phone|telefon|phone|mobile|mobil|cell(?:ular)?|fax|tel|handy)(?:[ _-]?(?:no|nr|num(?:ber)?|nummer))?)[."\']{0,2}[ \\t]{0,4}[:=>#]?[ \\t]{0,4}["\']?';

/** Phone numbers: with `+` and country code, or in a field that says so. */
export const PHONE: Recogniser = {
  name: 'phone',
  source: 'ITU-T E.164 (11/2010) section 6; numbering plans as in libphonenumber',
  pattern: `(?:\\+|${KEYED}[+(]?)[(]?[0-9][0-9 ()./-]{5,20}[0-9]`,
  group: 0,
  accept: (value) => {
    const number = value.replace(/^[^+(0-9]+/, '');
    const digits = number.replace(/\D/g, '');
    if (digits.length < 7 || digits.length > 15 || /^(\d)\1+$/.test(digits)) return REJECTED;
    // A decimal, a place (ISO 6709: degrees and minutes, with seconds or without) and a date (ISO 8601) are no numbers of phones.
    if (/^\+\d+\.\d{1,2}$|^\+(?:\d{4}-\d{5}|\d{6}-\d{7})$|^(?:19|20)\d\d-[01]\d-[0-3]\d/.test(number)) return REJECTED;
    const { parsePhoneNumberFromString } = library();
    if (number.startsWith('+')) {
      const valid = parsePhoneNumberFromString(number)?.isValid() ?? false;
      return valid ? { accepted: true, evidence: 'valid international number' } : REJECTED;
    }
    const home = HOME.find((country) => parsePhoneNumberFromString(number, country)?.isValid());
    return home ? { accepted: true, evidence: 'valid national number behind a key word' } : REJECTED;
  },
};
