/** Code page 037 for what is printable in ASCII; other characters become a substitute (IBM CDRA, CCSID 37). */
const EBCDIC: Record<string, number> = {};
const ROWS: readonly (readonly [number, string])[] = [
  [0x40, ' '],
  [0x4b, '.<(+|&'],
  [0x5a, '!$*);'],
  [0x60, '-/'],
  [0x6b, ',%_>?'],
  [0x79, '`:#@\'="'],
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa1, '~stuvwxyz'],
  [0xb0, '^'],
  [0xba, '[]'],
  [0xc0, '{ABCDEFGHI'],
  [0xd0, '}JKLMNOPQR'],
  [0xe0, '\\'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, '0123456789'],
];
for (const [start, chars] of ROWS) for (let i = 0; i < chars.length; i++) EBCDIC[chars[i]!] = start + i;
EBCDIC['\n'] = 0x15;
EBCDIC['\t'] = 0x05;

const around = (text: string): string =>
  `diagnostic record of the machine follows here\n${text}\nend of the record of the machine\n`;

/** How a text may travel inside a payload. */
export const CARRIERS: Readonly<Record<string, (text: string) => Buffer>> = {
  plain: (text) => Buffer.from(around(text)),
  base64: (text) => Buffer.from(`data: ${Buffer.from(around(text)).toString('base64')}\n`),
  'utf-16le': (text) => Buffer.from(`\ufeff${around(text)}`, 'utf16le'),
  ebcdic: (text) => Buffer.from([...around(text)].map((char) => EBCDIC[char] ?? 0x6f)),
  percent: (text) => Buffer.from(`q=${encodeURIComponent(around(text))}\n`),
  'base64 in utf-16le': (text) =>
    Buffer.from(`\ufeffdata: ${Buffer.from(around(text)).toString('base64')}\n`, 'utf16le'),
};
