/** Glyph names of the Adobe Glyph List that are no single letters and no letters with an accent, with their character. */
const LIST = `
  exclam ! quotedbl " numbersign # dollar $ percent % ampersand & quotesingle ' parenleft ( parenright ) asterisk
  * plus + comma , hyphen - minus - period . slash / zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight
  8 nine 9 colon : semicolon ; less < equal = greater > question ? at @ bracketleft [ backslash \\ bracketright ]
  asciicircum ^ underscore _ grave \` braceleft { bar | braceright } asciitilde ~ quoteright ’ quoteleft ‘
  quotedblleft “ quotedblright ” quotesinglbase ‚ quotedblbase „ exclamdown ¡ cent ¢ sterling £ fraction ⁄ yen ¥
  florin ƒ section § currency ¤ guillemotleft « guillemotright » guilsinglleft ‹ guilsinglright › fi fi fl fl ff
  ff ffi ffi ffl ffl endash – emdash — dagger † daggerdbl ‡ periodcentered · middot · paragraph ¶ bullet •
  ellipsis … perthousand ‰ questiondown ¿ acute ´ circumflex ˆ tilde ˜ macron ¯ breve ˘ dotaccent ˙ dieresis ¨
  ring ˚ cedilla ¸ hungarumlaut ˝ ogonek ˛ caron ˇ AE Æ ae æ ordfeminine ª ordmasculine º Lslash Ł lslash ł Oslash
  Ø oslash ø OE Œ oe œ dotlessi ı germandbls ß Eth Ð eth ð Thorn Þ thorn þ circlecopyrt © arrowright → arrowleft ← lessequal ≤ greaterequal ≥ asteriskmath * mu µ multiply × divide ÷ plusminus ±
  onehalf ½ onequarter ¼ threequarters ¾ onesuperior ¹ twosuperior ² threesuperior ³ copyright © registered ®
  trademark ™ degree ° logicalnot ¬ brokenbar ¦ Euro € softhyphen - Dcroat Đ dcroat đ`;

const NAMED = new Map<string, string>([
  ['space', ' '],
  ['nbspace', ' '],
]);
const words = LIST.trim().split(/\s+/);
for (let at = 0; at + 1 < words.length; at += 2) NAMED.set(words[at]!, words[at + 1]!);

/** Combining characters of the accents that end a glyph's name. */
const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circumflex: '\u0302',
  tilde: '\u0303',
  macron: '\u0304',
  breve: '\u0306',
  dotaccent: '\u0307',
  dieresis: '\u0308',
  ring: '\u030a',
  hungarumlaut: '\u030b',
  caron: '\u030c',
  cedilla: '\u0327',
  commaaccent: '\u0326',
  ogonek: '\u0328',
};

/** The characters of a glyph by its name (Adobe Glyph List Specification, section 2); `undefined` for a font's own. */
export function glyphText(glyph: string): string | undefined {
  const name = glyph.replace(/\..*$/s, '');
  if (name === '') return glyph === '.notdef' ? '' : undefined;
  const known = NAMED.get(name) ?? (/^[A-Za-z]$/.test(name) ? name : undefined);
  if (known !== undefined) return known;
  const [, letter, accent] = /^([A-Za-z])([a-z]+)$/.exec(name) ?? [];
  const combining = accent === undefined ? undefined : ACCENTS[accent];
  if (combining !== undefined) return `${letter}${combining}`.normalize('NFC');
  const uni = /^uni((?:[0-9A-F]{4})+)$/.exec(name)?.[1];
  if (uni) return uni.replace(/.{4}/g, (hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const code = Number.parseInt(/^u([0-9A-F]{4,6})$/.exec(name)?.[1] ?? '', 16);
  if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  if (!name.includes('_')) return undefined;
  const parts = name.split('_', 16).map(glyphText);
  return parts.includes(undefined) ? undefined : parts.join('');
}

/** Codes above 0x7E of StandardEncoding (ISO 32000-2, annex D.2); `.` stands for none. */
const STANDARD_HIGH = `¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ.–†‡·.¶•‚„”»…‰.¿.\`´ˆ˜¯˘˙¨.˚¸.˝˛ˇ—................Æ.ª....ŁØŒº.....æ...ı..łøœß....`;

/** The text of each code of a base encoding. */
export function baseEncoding(name: string | undefined): (string | undefined)[] {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  if (name === 'MacRomanEncoding') return [...new TextDecoder('macintosh').decode(codes)].map(printable);
  if (name === 'WinAnsiEncoding') {
    return [...new TextDecoder('windows-1252').decode(codes)].map((text, code) =>
      code === 0xad ? '-' : printable(text, code),
    );
  }
  return Array.from({ length: 256 }, (_, code) => {
    if (code === 0x27) return '’';
    if (code === 0x60) return '‘';
    if (code < 0x20) return undefined;
    if (code < 0x7f) return String.fromCharCode(code);
    const high = code > 0xa0 ? STANDARD_HIGH[code - 0xa1] : undefined;
    return high === undefined || high === '.' ? undefined : high;
  });
}

function printable(text: string, code: number): string | undefined {
  return code < 0x20 ? undefined : text;
}
