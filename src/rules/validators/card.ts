import { validator } from './answer.ts';
import { isRun, luhn } from './check-digits.ts';
import type { Validator } from './validator.ts';

/** Issuer ranges (ISO/IEC 7812-1; the networks' published ranges) with the lengths in use. */
const ISSUERS: readonly (readonly [name: string, prefix: RegExp, lengths: readonly number[]])[] = [
  ['American Express', /^3[47]/, [15]],
  ['Diners Club', /^3(?:0[0-59]|[689])/, [14, 15, 16, 17, 18, 19]],
  ['JCB', /^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  ['JCB (15 digits)', /^(?:2131|1800)/, [15]],
  ['Visa', /^4/, [13, 16, 18, 19]],
  ['Mastercard', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  ['Discover', /^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  ['UnionPay', /^(?:62|81)/, [16, 17, 18, 19]],
  ['Maestro', /^(?:50(?:18|20|38)|5[6-9]|6304|6390|67)/, [12, 13, 14, 15, 16, 17, 18, 19]],
  ['Mir', /^220[0-4]/, [16, 17, 18, 19]],
  ['Troy', /^9792/, [16]],
  ['RuPay', /^(?:60|65|81|82|508)/, [16]],
  ['Verve', /^(?:506(?:099|1[0-8]|19[0-8])|6500(?:0[2-9]|1\d|2[0-7]))/, [16, 18, 19]],
  ['Uzcard, Humo', /^(?:8600|9860)/, [16]],
  ['Dankort', /^5019/, [16]],
  ['InstaPayment', /^63[7-9]/, [16]],
  ['UATP', /^1/, [15]],
];

/** Numbers that payment processors publish for testing (documentation of Stripe, Adyen, Braintree, PayPal, Worldpay). */
const PUBLISHED = new Set(
  `4111111111111111 4012888888881881 4222222222222 4242424242424242 4000056655665556 4000000000000002 4005519200000004
  4009348888881881 4012000033330026 4012000077777777 4217651111111119 4500600000000061 4000111111111115 4444333322221111
  4917610000000000 4484070000000000 4462030000000000 5555555555554444 5105105105105100 5200828282828210 5454545454545454
  2223003122003222 2223000048400011 5431111111111111 5112345112345114 371449635398431 378282246310005 378734493671000
  343434343434343 6011111111111117 6011000990139424 6011601160116611 30569309025904 38520000023237 36006666333344
  36148900647913 3530111333300000 3566002020360505 3569990010095841 6200000000000005 6304000000000000 6759649826438453
  6799990100000000019 5019717010103742 5610591081018250 4035501000000008 4360000001000005 2222400070000005
  5577000055770004 5136333333333335 370000000000002 6445644564456445 36006666333344 5066991111111118 4988438843884305`
    .split(/\s+/)
    .filter(Boolean),
);

/** Payment card numbers; a published test number is found as such. */
export const CARD: readonly Validator[] = [
  validator('card', 'strong', 'ISO/IEC 7812-1:2017; issuer ranges as the networks publish them', (value) => {
    const digits = value.replace(/[ .-]/g, '');
    if (!/^\d{12,19}$/.test(digits) || !luhn(digits)) return false;
    if (PUBLISHED.has(digits)) return 'test-value';
    if (isRun(digits) || new Set(digits).size < 3 || /0{9}/.test(digits)) return false;
    return ISSUERS.some(([, prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length));
  }),
];
