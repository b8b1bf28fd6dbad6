import { createRequire } from 'node:module';
import type * as Phones from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { REJECTED, type Recogniser } from './recogniser.ts';

/**
 * Countries a national number behind an international key word is tried in: without one, "phone" alone does not say whose
 * plan holds. The numbering plans of most installations; a number of another country needs its prefix or its own word.
 */
const HOME = ['US', 'GB', 'DE', 'FR', 'JP', 'IN', 'BR', 'AU', 'IT', 'ES', 'NL', 'CH', 'AT', 'SE', 'PL', 'CN'] as const;

/** A word of a language says whose plan holds (patterns over UTF-8 bytes as latin1). */
const ABROAD: readonly (readonly [RegExp, readonly CountryCode[]])[] = [
  [/t\xc3\xa9l|portable|num\xc3\xa9ro/i, ['FR', 'BE', 'CH', 'CA', 'LU']],
  [/tel\xc3\xa9fono|m\xc3\xb3vil|celular/i, ['ES', 'MX', 'AR', 'CO', 'CL', 'PE', 'BR', 'PT']],
  [/telefone|telem\xc3\xb3vel/i, ['BR', 'PT']],
  [/telefono|cellulare/i, ['IT', 'CH', 'ES', 'MX', 'AR']],
  [/telefoon|gsm/i, ['NL', 'BE']],
  [/tlf|telefonnummer|mobilnummer/i, ['NO', 'DK', 'SE', 'DE', 'AT', 'CH']],
  [/puhelin|matkapuhelin/i, ['FI']],
  [/telefonu|kom\xc3\xb3rk/i, ['PL', 'TR']],
  [/\xe9\x9b\xbb\xe8\xa9\xb1|\xe6\x90\xba\xe5\xb8\xaf/, ['JP', 'TW', 'HK']],
  [/\xe7\x94\xb5\xe8\xaf\x9d|\xe6\x89\x8b\xe6\x9c\xba/, ['CN']],
  [/\xec\xa0\x84\xed\x99\x94|\xed\x9c\xb4\xeb\x8c\x80/, ['KR']],
  [/\xd1\x82\xd0\xb5\xd0\xbb/, ['RU', 'KZ', 'BG', 'UA']],
];

let phones: typeof Phones | undefined;
/** Its metadata is 150 KB: loaded when the first number is met. */
function library(): typeof Phones {
  phones ??= createRequire(import.meta.url)('libphonenumber-js/max') as typeof Phones;
  return phones;
}

const WORDS =
  'tele?phone|telefon(?:nummer|e|o|u)?|telefoon|telem\u00f3vel|t\u00e9l(?:\u00e9phone)?|tel\u00e9fono|phone|mobile|mobil(?:nummer)?|' +
  'm\u00f3vil|portable|celular|cellulare|cell(?:ular)?|fax|tel|tlf|handy|gsm|puhelin|matkapuhelin|rufnummer|numéro|contact|callback|whatsapp|viber|hotline|helpline|dial|sms to|' +
  '(?:call|reach|text|ring) (?:me|us|him|her|them|[a-z]{2,16}) (?:at|on|under)';
const SCRIPTS =
  '\u96fb\u8a71|\u643a\u5e2f|\u7535\u8bdd|\u624b\u673a|\uc804\ud654|\ud734\ub300|\u0442\u0435\u043b(?:\u0435\u0444\u043e\u043d)?';
const KEYED =
  `(?i:(?:\\b(?:${WORDS})|\\b(?:ph|mob)[.:]|${SCRIPTS})(?:[ _-]?(?:no|nr|num(?:ber)?|nummer|\u53f7\u7801|\u756a\u53f7))?)` +
  '[."\')>]{0,2}[ \\t]{0,4}(?:[:=>#]|\uff1a)?[ \\t]{0,4}["\']?';

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
    // Two models or bands of four digits (7941/7961, 900/1800), and a version: its parts have one digit where numbers have two.
    if (/^\d{3,4}\/\d{3,4}$|^\d+\.(?:\d+\.)*\d(?:\.\d+)*$/.test(number)) return REJECTED;
    const { parsePhoneNumberFromString } = library();
    if (number.startsWith('+')) {
      const valid = parsePhoneNumberFromString(number)?.isValid() ?? false;
      return valid ? { accepted: true, evidence: 'valid international number' } : REJECTED;
    }
    const word = value.slice(0, value.length - number.length);
    // These words are also hardware, adjectives and people: they need a sign that a value follows, or the groups of one.
    if (/^(?:cell|handy|contact|portable|mobile|mobil)["')]?[ \t]*$/i.test(word) && !/\d[ ()./-]+\d/.test(number))
      return REJECTED;
    const plans = ABROAD.find(([words]) => words.test(word))?.[1] ?? HOME;
    const home = plans.find((country) => parsePhoneNumberFromString(number, country)?.isValid());
    return home ? { accepted: true, evidence: 'valid national number behind a key word' } : REJECTED;
  },
};
