import { validator } from './answer.ts';
import { isRun } from './check-digits.ts';
import type { Validator } from './validator.ts';
import { wordiness } from './wordiness.ts';

const bound = { type: 'number' };
const count = { type: 'integer', minimum: 0 };

/** Shannon entropy of the characters of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / text.length) * Math.log2(n / text.length);
  return bits;
}

/**
 * What people write where a secret would stand: words for "put it here", markup of templates, repeated characters.
 * Words count only as a whole or where they fill most of the value: a random token may hold `test` by chance.
 */
const TEMPLATE =
  /^[<[{(].*[>\]})]$|^\\f[BIPR]|\$[({]|\{\{|\}\}|<%|%>|^[$%]\w+%?$|^#\{|^@@|^__.*__$|\.\.\.|^%[-\d.]{0,8}\(?\w*\)?s$|\{[\w.:]+\}|\*\*\*|^:\w+$/;
const WORD =
  /(?:^|[^a-z])(?:example|sample|dummy|fake|mock|placeholder|redacted|removed|masked|hidden|change_?me|changeit|insert|replace|your|todo|fixme|xxx+|foo_?bar|lorem|undefined|null|none|secret_?here|goes_?here|enter(?![a-z])|not_?real|n\/a)/i;
const WHOLE =
  /^(?:test(?:ing)?|pass(?:word|wd|phrase)?|secret|token|key|api[_-]?key|true|false|yes|no|null|nil|none|undefined|default|string|value|required|optional|empty|disabled|enabled|(?:\w+:)?anon(?:ymous|cvs)|guest|unknown|prompt|ask|auto|manual|admin|root|user(?:name)?|changeme|example|foo|bar|baz|qux|abc|(?:first|full|given|host|last|sur)_?name)\d{0,4}[.:]?$/i;
/** A reference to where the secret is: a member, an index, a call, a path in a vault. */
const REFERENCE =
  /^(?:vault|env|file|ref|ssm|arn|kms|op|keyvault|credhub|classpath|urn|process\.env|os\.environ)[:.[(]|^[A-Za-z_$]\w*(?:\.[A-Za-z_$][A-Za-z_]*)*(?:\[|\()|^(?:[A-Za-z_]{2,}\.)+[A-Za-z_]+$/;

/** One character five times in a row (a digit eight times), or two to four of a word four times. */
export function isRepeated(value: string): boolean {
  for (let period = 1; period <= 4; period++) {
    let same = 0;
    for (let at = period; at < value.length; at++) {
      const code = value.charCodeAt(at);
      same = code === value.charCodeAt(at - period) && (period === 1 || WORDLIKE[code] === 1) ? same + 1 : 0;
      const digit = period === 1 && code >= 0x30 && code <= 0x39;
      if (same >= (period > 1 ? 3 * period : digit ? 7 : 4)) return true;
    }
  }
  return false;
}
const WORDLIKE = Uint8Array.from({ length: 128 }, (_, code) => (/[\w-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** Said to be a digest, or a small number in a program: neither is a secret. */
const LABELLED = /^(?:sha-?(?:1|2|224|256|384|512)|md5)[=:-]|^0x[0-9a-f]{1,16}u?l{0,2}$/i;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** A variable named after what it holds: `arg_password`, `AZURE_CLIENT_SECRET`. */
const VARIABLE = /^_*(?:[A-Za-z]{2,}_+)+(?:password|passwd|pass|pwd|secret|token|key|user|username|community)$/i;

/** A word of a program: CAPITALS_WITH_UNDERSCORES, or a path or a dotted name of parts that are words with a number behind. */
const CONSTANT = /^_*[A-Z][A-Z0-9]*(?:_+[A-Z0-9]+)+_*$/;
const PARTS = /^[./~]*\w+(?:[./]+[\w+-]+)+[./]*$/;
/** A type or a callback as C names them: `gnutls_x509_crq_t`, `llvm_i32_ty`. */
const TYPE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*_(?:t|ty|type|ptr|fn|cb)$/;
const SIMPLE = /^(?:[A-Za-z]{1,16}\d{0,3}|\d{1,4}[a-z]{0,2})$/;

function isIdentifier(value: string): boolean {
  if (CONSTANT.test(value) || TYPE.test(value)) return true;
  return PARTS.test(value) && value.split(/[./_+-]+/).every((part) => part === '' || SIMPLE.test(part));
}

export function isPlaceholder(value: string): boolean {
  if (value === '' || WHOLE.test(value) || isRepeated(value) || LABELLED.test(value)) return true;
  // What these ask for holds another character.
  if (!/^[0-9A-Za-z]*$/.test(value)) {
    if (TEMPLATE.test(value) || REFERENCE.test(value) || VARIABLE.test(value) || CONTROL.test(value)) return true;
  }
  if (value.length > 3 && isRun(value.toLowerCase())) return true;
  if (/0123456789|123456789(?!\d*[a-z]{8})|abcdefghij/i.test(value)) return true;
  return WORD.test(value);
}

function countKinds(value: string): Readonly<Record<'digits' | 'upper' | 'lower' | 'symbols', number>> {
  let digits = 0;
  let upper = 0;
  let lower = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if (code >= 0x41 && code <= 0x5a) upper++;
    else if (code >= 0x61 && code <= 0x7a) lower++;
  }
  return { digits, upper, lower, symbols: value.length - digits - upper - lower };
}

/** How many different characters a latin1 text has. */
function countDistinct(value: string): number {
  SEEN.fill(0);
  let count = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at) & 0xff;
    count += 1 - SEEN[code]!;
    SEEN[code] = 1;
  }
  return count;
}
const SEEN = new Uint8Array(256);

const reaches = (found: number, least: unknown): boolean => least === undefined || found >= Number(least);

/** How the characters of a value are mixed: what tells a secret from a word, a name, a path or a placeholder. */
export const CHARACTERS: readonly Validator[] = [
  validator(
    'entropy',
    'weak',
    'C. E. Shannon, A Mathematical Theory of Communication, 1948, section 6 (bits a character)',
    (value, args) => entropy(value) >= Number(args['min']),
    { min: bound },
  ),
  validator(
    'rarity',
    'weak',
    'Letter pairs of English and of identifiers against a uniform choice (wordiness.ts)',
    (value, args) => wordiness(value) <= Number(args['max'] ?? 0),
    { max: bound },
  ),
  validator(
    'not-placeholder',
    'weak',
    'Conventions of documentation: angle brackets, templates, repeated characters',
    (value) => {
      return !isPlaceholder(value);
    },
  ),
  validator(
    'not-identifier',
    'weak',
    'Naming in programs: constants in capitals with underscores, paths of files, dotted names',
    (value) => !isIdentifier(value),
  ),
  validator('not-default', 'weak', 'Names that a product ships with: nobody chose them', (value) => {
    return !/^(?:public|private|default|community|radius|testing123|secret|cisco|admin|snmp|all private|write|read|password|passwd)$/i.test(
      value,
    );
  }),
  validator(
    'varied',
    'weak',
    'No run of one character longer than six characters and a quarter of the value',
    (value) => {
      const longest = Math.max(0, ...Array.from(value.matchAll(/(.)\1*/gs), (run) => run[0].length));
      return longest <= Math.max(6, value.length / 4);
    },
  ),
  validator(
    'mixed',
    'weak',
    'Password composition: how many characters of each kind a value has',
    (value, args) => {
      const { digits, upper, lower, symbols } = countKinds(value);
      const kinds = Math.sign(digits) + Math.sign(upper) + Math.sign(lower) + Math.sign(symbols);
      return (
        reaches(digits, args['digits']) &&
        reaches(upper, args['upper']) &&
        reaches(lower, args['lower']) &&
        reaches(upper + lower, args['letters']) &&
        reaches(symbols, args['symbols']) &&
        reaches(kinds, args['kinds']) &&
        (args['distinct'] === undefined || reaches(countDistinct(value), args['distinct']))
      );
    },
    { digits: count, upper: count, lower: count, letters: count, symbols: count, distinct: count, kinds: count },
  ),
];
