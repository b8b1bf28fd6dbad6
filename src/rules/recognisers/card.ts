import type { Confidence } from '../../model/index.ts';
import { luhn } from '../validators/check-digits.ts';
import { REJECTED, type Recogniser, type Surroundings } from './recogniser.ts';

/**
 * Payment card numbers by how they stand in the text. One number in ten passes Luhn and half of those begin like a card,
 * so a bare run of digits in a log is no evidence: its grouping, a word for cards, an expiry date, a holder's name or its
 * standing alone must come to it (`low` without). The digits themselves are the validator's business.
 */
export const CARD: Recogniser = {
  name: 'card',
  source: 'ISO/IEC 7812-1:2017 (number); ISO/IEC 7813:2006 section 7 (grouping as embossed, expiry date)',
  pattern:
    '(?:^|[^0-9A-Za-z./_-])(\\d{4}[ -]\\d{4}[ -]\\d{4}[ -]\\d{1,7}|\\d{4}[ -]\\d{6}[ -]\\d{4,5}|\\d{12,19})' +
    '(?:[^0-9A-Za-z_/-]|$)',
  group: 1,
  accept: (value, _match, around) => {
    const sides = around();
    // The whole part of another number.
    if (/^\.\d/.test(sides.after)) return REJECTED;
    const [confidence, evidence] = judge(value, sides);
    return { accepted: true, confidence, evidence };
  },
};

/** The same in scripts and spellings beyond ASCII, as the bytes of UTF-8 read as latin1. */
const NAMED_ABROAD = new RegExp(
  [
    'cartão',
    'クレジット',
    'カード',
    '信用卡',
    '銀行卡',
    '银行卡',
    '卡号',
    '카드',
    'карт',
    'κάρτα',
    'kartı',
    'tarjeta',
    'כרטיס',
    'بطاقة',
  ]
    .map((word) => Buffer.from(word, 'utf8').toString('latin1'))
    .join('|'),
);

/** Words for payment cards; a bare `card` is also hardware, so it needs a number, or to stand right before. */
const NAMED =
  /(?:credit|debit|payment|bank|charge|visa|master|gift)[ _-]?cards?|card[ _-]?(?:no\b|nr\b|num|#|holder|data|pan)|cc[ _-]?(?:no|nr|num)|card["'][^\n]{0,16}number|\b(?:[fd]pan|visa|mastercard|master card|amex|american express|maestro|discover|diners|unionpay|primary[ _-]?account\w*|kreditkarten?\w*|karten-?n(?:umme)?r|kaart-?n(?:umme)?r|cartao|numer karty|carte (?:bancaire|bleue|de cr)\w*|num\w*[ _-]de[ _-](?:carte|tarjeta)|tarjeta|carta di credito|cart\w+ (?:de )?cr[e\xc3\xa9]+dito|kontokort|kortnummer|creditcard\w*|betaalkaart|cvv2?|cvc2?|exp(?:iry|ires|iration)?[ _-]?date|valid thru)\b/i;
const RIGHT_BEFORE =
  /\b(?:card|carte|carta|karte|kort|karta|kaart|pan|ccn?|mc|jcb)s?["')\]]{0,2}[ \t]{0,3}(?:is|was|:|=|=>|#|->)?[ \t]{0,3}["'(]?$/i;
/** A header of a table that names a column for cards, in the lines before. */
const HEADED =
  /(?:^|[\r\n,;|\t])["' ]{0,2}(?:pan|ccn?|cc_?n(?:o|um|umber)|card(?:_?(?:no|num|number|pan))?)["' ]{0,2}(?:[,;|\t][^\r\n]*)?[\r\n]/i;
const EXPIRY =
  /^["']?[ \t,;|/]{1,4}["']?(?:(?:exp\w*|valid\w*)[ .:=]{1,3})?["']?(?:0[1-9]|1[0-2])[/-](?:20)?[2-4]\d(?![/\d:-])/i;

function judge(value: string, around: Surroundings): [Confidence, string] {
  const { before, after } = around;
  const line = before.slice(1 + Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')));
  const rest = after.split(/[\r\n]/, 1)[0]!;
  // A label may stand on the line above, as in forms.
  const near = `${before.slice(-60)} ${rest.slice(0, 40)}`;
  if (NAMED.test(near) || NAMED_ABROAD.test(near) || RIGHT_BEFORE.test(before)) return ['high', 'named as a card'];
  if (EXPIRY.test(rest)) return ['high', 'expiry date beside it'];
  if (/^=\d\d(?:0[1-9]|1[0-2])\d{3}/.test(rest)) return ['high', 'expiry date and service code of a track behind it'];
  if (HEADED.test(before)) return ['high', 'in a table with a column for cards'];
  const crowd = digitShare(around);
  if (/[ -]/.test(value)) {
    return crowd <= 0.25 && isEmbossed(value, line, rest)
      ? ['medium', 'grouped as on a card']
      : ['low', 'grouped, but not as on a card or among other numbers'];
  }
  if (!/^(?:\d{16}|3[47]\d{13}|3[068]\d{12})$/.test(value)) return ['low', 'digits alone, of an uncommon length'];
  if (besideName(line, rest)) return ['medium', "a person's name beside it"];
  if (crowd > 0.15) return ['low', 'digits among other numbers'];
  if (/^["' \t]*$/.test(line) && /^["',; \t]*$/.test(rest)) return ['medium', 'alone on its line'];
  if (inProse(line, rest)) return ['medium', 'in a sentence without other numbers'];
  return ['low', 'digits alone'];
}

/** Share of digits in what stands beside, without further numbers that pass Luhn: a list of cards is a list of cards. */
function digitShare({ before, after }: Surroundings): number {
  const text = `${before}\n${after}`.replace(/\d(?:[ -]?\d){11,18}/g, (run) =>
    luhn(run.replace(/\D/g, '')) ? '' : run,
  );
  return text.length < 24 ? 0 : (text.match(/\d/g)?.length ?? 0) / text.length;
}

/** In groups as embossed, which is how people write cards, and neither part of a longer row nor named as something else. */
function isEmbossed(value: string, line: string, rest: string): boolean {
  const [first, second] = value.match(/[ -]/g) ?? [];
  if (first !== second || !/^(?:\d{4}.\d{4}.\d{4}.\d{4}|3[47]\d\d.\d{6}.\d{5}|3[068]\d\d.\d{6}.\d{4})$/.test(value)) {
    return false;
  }
  if (/[0-9A-Fa-f]{2}[ -]$|\S.*\d[ -]$/.test(line) || /^[ -][0-9A-Fa-f]{2}/.test(rest)) return false;
  return !/(?:id|uuid|serial|licen[cs]e|key|code|session|seq|sequence|handle|token|ticket|offset|checksum|ref)["']?[ \t]{0,2}[:=#]?[ \t]{0,2}["']?$/i.test(
    line,
  );
}

/** A cell of a row in which another cell is a given and a family name. */
function besideName(line: string, rest: string): boolean {
  if (!/(?:^|[,;|\t(])["' ]{0,2}$/.test(line) || !/^(?:["' ]{0,2}[,;|\t]|["' ]*$)/.test(rest)) return false;
  const cells = `${line}${rest}`.split(/[,;|\t]/).map((cell) => cell.replace(/["']/g, '').trim());
  return cells.some((cell) => /^[A-Z][a-z]{1,15}(?: [A-Z]\.?)? [A-Z][a-z]{1,20}(?:-[A-Z][a-z]+)?$/.test(cell));
}

/** At least three words, no other number, and no sign of an assignment or of a record before it. */
function inProse(line: string, rest: string): boolean {
  if (/\d/.test(line) || /\d/.test(rest) || /[=:#[\]{}<>|_/\\@]/.test(line + rest.slice(0, 3))) return false;
  return (`${line} ${rest}`.match(/(?:^|[ ("'])[A-Za-z][a-z']*(?=[ ,.;:!?)"']|$)/g)?.length ?? 0) >= 3;
}
