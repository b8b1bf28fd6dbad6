import type { Gap } from '../../model/index.ts';
import type { Format } from '../box.ts';
import { derivedText, type TextMaker } from '../derived.ts';
import { wholeFile } from '../whole-file.ts';

/** Destinations that hold files in hexadecimal digits: pictures, OLE objects, themes (which are zip archives). */
const FILES = new Set(['pict', 'objdata', 'themedata', 'colorschememapping', 'datastore', 'passwordhash', 'blipuid']);
const LINES = new Set(['par', 'line', 'row', 'page', 'sect', 'nestrow']);
const CHARACTERS: Readonly<Record<string, string>> = {
  tab: '\t',
  cell: '\t',
  nestcell: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  '~': ' ',
  _: '-',
  '\\': '\\',
  '{': '{',
  '}': '}',
};
const CHARSETS: Readonly<Record<number, string>> = { 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' };
const DEPTH = 10_000;

/** Rich Text Format (1.9.1): the file's bytes are its own content; its text follows, and what it embeds, decoded. */
export const rtf: Format = {
  id: 'rtf',
  media: 'application/rtf',
  coverage: 'decoded',
  sniff: (head) => Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 5)).toString('latin1') === '{\\rtf',
  *walk(box) {
    const bytes = yield* wholeFile(box);
    if (!bytes) return;
    const files: { offset: number; bytes: Uint8Array }[] = [];
    const gaps: Gap[] = [];
    yield* derivedText(box, 'text', 0, textOf(bytes, files, gaps), gaps);
    for (const { offset, bytes: file } of files) {
      box.budget.chargeDecoded(file.length);
      yield* box.aside('object', offset, 'content', file);
    }
  },
};

interface Group {
  /** Characters that stand for one `\u`, for readers that do not know it. */
  fallback: number;
  /** Where the digits of an embedded file begin. */
  file: number | undefined;
}

const TOKEN = /\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z]))|[{}]|[^\\{}]+/gs;

function* textOf(bytes: Uint8Array, files: { offset: number; bytes: Uint8Array }[], gaps: Gap[]): TextMaker {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const groups: Group[] = [];
  let group: Group = { fallback: 1, file: undefined };
  let charset = 'windows-1252';
  let codes: number[] = [];
  let skip = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token, word, parameter, hex, symbol] = match;
    if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else if (group.file === undefined) codes.push(Number.parseInt(hex, 16));
      continue;
    }
    if (codes.length > 0) {
      yield new TextDecoder(charset).decode(Uint8Array.from(codes));
      codes = [];
    }
    if (token === '{') {
      if (groups.push(group) > DEPTH) {
        gaps.push({ code: 'corrupt', detail: 'RTF with too many groups inside one another', offset: match.index });
        return;
      }
      group = { ...group };
    } else if (token === '}') {
      const outer = groups.pop();
      if (group.file !== undefined && outer?.file === undefined) {
        const file = hexFile(text.slice(group.file, match.index));
        if (file.length > 0) files.push({ offset: group.file, bytes: file });
      }
      group = outer ?? { fallback: 1, file: undefined };
      skip = 0;
    } else if (word === 'bin') {
      const length = Math.max(0, Number(parameter ?? 0));
      const from = TOKEN.lastIndex;
      if (from + length > text.length)
        gaps.push({ code: 'truncated', detail: 'RTF with binary data cut off', offset: from });
      // Shorter ones have been seen where they stand.
      if (length >= 16) files.push({ offset: from, bytes: bytes.subarray(from, from + length) });
      TOKEN.lastIndex = Math.min(text.length, from + length);
    } else if (word !== undefined) {
      if (FILES.has(word)) group.file = TOKEN.lastIndex;
      else if (word === 'ansicpg') charset = charsetOf(Number(parameter));
      else if (word === 'uc') group.fallback = Math.min(16, Math.max(0, Number(parameter ?? 1)));
      else if (word === 'u' && group.file === undefined) {
        yield String.fromCharCode(Number(parameter ?? 63) & 0xffff);
        skip = group.fallback;
      } else if (LINES.has(word)) yield '\n';
      else yield CHARACTERS[word] ?? '';
    } else if (symbol !== undefined) {
      if (skip > 0) skip -= 1;
      else yield CHARACTERS[symbol] ?? (symbol === '\n' || symbol === '\r' ? '\n' : '');
    } else if (group.file === undefined) {
      const plain = token.replace(/[\r\n]+/g, '');
      const left = plain.slice(skip);
      skip = Math.max(0, skip - plain.length);
      if (left !== '') yield new TextDecoder(charset).decode(Buffer.from(left, 'latin1'));
    }
  }
  if (groups.length > 0) gaps.push({ code: 'truncated', detail: 'RTF whose groups are not closed' });
}

/** Digits between the control words and groups of a destination. */
function hexFile(text: string): Uint8Array {
  const plain = text.replace(/\\bin\d+ ?[\s\S]*$/, '').replace(/\{[^{}]*\}/g, '');
  return Buffer.from(plain.replace(/\\[a-zA-Z]+(-?\d+)? ?|\\\*/g, ' ').replace(/[^0-9a-fA-F]+/g, ''), 'hex');
}

function charsetOf(page: number): string {
  const label = CHARSETS[page] ?? `windows-${page}`;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'windows-1252';
  }
}
