import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Dict, Json, PdfModel } from './pdf-model.ts';
import { run } from './tool.ts';

/** A rule of our own wording on one requirement of a clause; `check` returns what is wrong. */
export interface PdfRule {
  readonly clause: string;
  readonly says: string;
  readonly check: Check;
}

export interface Check {
  (pdf: PdfModel): string[];
  /** The key, and value, that no dictionary has: a test plants it. */
  readonly plant?: readonly [key: string, value: Json | undefined];
}

const A = (clause: string, says: string, check: PdfRule['check']): PdfRule => ({
  clause: `ISO 19005-3 ${clause}`,
  says,
  check,
});
const U = (clause: string, says: string, check: PdfRule['check']): PdfRule => ({
  clause: `ISO 14289-1 ${clause}`,
  says,
  check,
});
const unless = (fine: boolean, message: string): string[] => (fine ? [] : [message]);

/** No dictionary of the file has `key` (with `value`, if given). */
const never = (key: string, value?: string): PdfRule['check'] =>
  Object.assign(
    (pdf: PdfModel) =>
      [...pdf.dictionaries()]
        .filter(({ dict }) => (value === undefined ? key in dict : dict[key] === value))
        .map(({ id }) => `${id} has ${key} ${value ?? ''}`),
    { plant: [key, value] as const },
  );

/** No array of the file begins with one of these names, as those of colour spaces do. */
const neverSpace = (...names: readonly string[]): PdfRule['check'] =>
  Object.assign(
    (pdf: PdfModel) => {
      const begins = (value: Json) => Array.isArray(value) && names.includes(String(value[0]));
      return [
        ...[...pdf.objects].filter(([, value]) => begins(value)).map(([id]) => id),
        ...[...pdf.dictionaries()].filter(({ dict }) => Object.values(dict).some(begins)).map(({ id }) => id),
      ];
    },
    { plant: ['/ColorSpace', [names[0] ?? '']] satisfies [string, Json] },
  );

/** Both tags name TrueType outlines (OpenType 1.9, organisation of a font). */
const TRUETYPE = [0x00010000, 0x74727565];

const fonts = (pdf: PdfModel): Dict[] =>
  [...pdf.dictionaries()].map(({ dict }) => dict).filter((dict) => dict['/Type'] === '/Font');
const cidFonts = (pdf: PdfModel): Dict[] => fonts(pdf).filter((dict) => dict['/Subtype'] === '/CIDFontType2');
const type0 = (pdf: PdfModel): Dict[] => fonts(pdf).filter((dict) => dict['/Subtype'] === '/Type0');
const annotations = (pdf: PdfModel): Dict[] =>
  pdf.pages.flatMap((page) => pdf.list(page['/Annots']).map((ref) => pdf.dict(ref)));
const xmp = (pdf: PdfModel): string => pdf.stream(pdf.catalog['/Metadata'])?.data.toString('utf8') ?? '';
const elements = (pdf: PdfModel) => [...pdf.elements()];
const typeOf = (dict: Dict): string => String(dict['/S']).slice(1);

/** Operators with the marked content they stand in. */
function* operators(content: string): Generator<{ operator: string; operands: string; marked: string[] }> {
  const marked: string[] = [];
  let operands = '';
  for (const [token] of content.matchAll(/<<[\s\S]*?>>|<[0-9a-f]*>|\[[^\]]*\]|[^\s[\]<>]+/gi)) {
    if (/^(?:[<[/]|[-+.]?\d)/.test(token)) {
      operands += `${token} `;
      continue;
    }
    if (token === 'EMC') marked.pop();
    yield { operator: token, operands: operands.trim(), marked: [...marked] };
    if (token === 'BDC' || token === 'BMC') marked.push(operands.trim());
    operands = '';
  }
}

const KNOWN_OPERATORS = new Set(
  'q Q w J j M d cm m l c h re S s f F f* B W W* n BT ET Tc Tw Tz TL Tf Tr Ts Td Tm Tj TJ rg RG g G BDC BMC EMC'.split(
    ' ',
  ),
);
const PAINTING = new Set(['S', 'f', 'B', 'Tj', 'TJ', 'Do', 'sh']);
const STANDARD_TYPES = new Set(
  'Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private H H1 H2 H3 H4 H5 H6 P L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu RB RT RP WT WP Figure Formula Form'.split(
    ' ',
  ),
);

/** Which element may stand in which (ISO 32000-1, 14.8.4; ISO 14289-1, 7.5, 7.6 and 7.2). */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  TR: ['Table', 'THead', 'TBody', 'TFoot'],
  TH: ['TR'],
  TD: ['TR'],
  THead: ['Table'],
  TBody: ['Table'],
  TFoot: ['Table'],
  LI: ['L'],
  LBody: ['LI'],
  TOCI: ['TOC'],
};
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  Table: ['TR', 'THead', 'TBody', 'TFoot', 'Caption'],
  THead: ['TR'],
  TBody: ['TR'],
  TFoot: ['TR'],
  TR: ['TH', 'TD'],
  L: ['LI', 'L', 'Caption'],
  LI: ['Lbl', 'LBody'],
  TOC: ['TOCI', 'TOC', 'Caption'],
};

function childTypes(pdf: PdfModel, dict: Dict): string[] {
  return pdf
    .list(dict['/K'])
    .filter((kid): kid is string => typeof kid === 'string')
    .map((kid) => typeOf(pdf.dict(kid)));
}

function eachPage(check: (page: Dict, content: string, index: number) => string[]): PdfRule['check'] {
  return (pdf) =>
    pdf.pages.flatMap((page, index) =>
      check(page, pdf.content(page), index).map((message) => `page ${index + 1}: ${message}`),
    );
}

/** 64 hexadecimal digits or fewer, of a string in a dictionary, or its characters. */
function longStrings(value: Json): boolean {
  return typeof value === 'string' && value.length > 32_767 && !value.startsWith('b:');
}

const INTENTS = new Set(['/RelativeColorimetric', '/AbsoluteColorimetric', '/Perceptual', '/Saturation']);

/** Filters of all streams, from the bytes: qpdf gives decoded streams without them. A stream's dictionary is never packed;
 * the /Filter of a signature names its handler. */
function filters({ bytes }: PdfModel): string[] {
  return [...bytes.toString('latin1').matchAll(/\/Filter\s*(\/(?!Adobe\.PPKLite)\w+|\[[^\]]*\])/g)].flatMap(
    ([, names = '']) => names.match(/\/\w+/g) ?? ['none'],
  );
}

function hexStrings(content: string): string[] {
  return [...content.matchAll(/(?<!<)<([^<>]*)>(?!>)/g)].map((match) => match[1] as string);
}

/** Every number of the file, in dictionaries, arrays and pages. */
function numbersOf(pdf: PdfModel): number[] {
  const found: number[] = [];
  for (const { dict } of pdf.dictionaries())
    for (const value of Object.values(dict).flat()) if (typeof value === 'number') found.push(value);
  for (const page of pdf.pages)
    for (const [text] of pdf.content(page).matchAll(/(?<![\w/<.-])[-+]?(?:\d+\.?\d*|\.\d+)(?=\s)/g))
      found.push(Number(text));
  return found;
}

/** Glyph numbers that pages draw, by font. */
function drawnGlyphs(pdf: PdfModel): { font: Dict; glyphs: Set<number> }[] {
  const drawn = new Map<string, Set<number>>();
  for (const page of pdf.pages) {
    for (const [, name = '', hex = ''] of pdf.content(page).matchAll(/(\/F\d+) [\d.]+ Tf [^<]*<([0-9a-f]*)> Tj/g)) {
      const glyphs = drawn.get(name) ?? new Set();
      for (const code of glyphsOf(hex)) glyphs.add(Number.parseInt(code, 16));
      drawn.set(name, glyphs);
    }
  }
  const named = pdf.dict(pdf.dict(pdf.pages[0]?.['/Resources'])['/Font']);
  return [...drawn].map(([name, glyphs]) => ({ font: pdf.dict(named[name]), glyphs }));
}

/** What the glyphs of a font say, by number: ranges of arrays, as the writer makes them. */
function unicodeOf(pdf: PdfModel, font: Dict): string[] {
  const map = pdf.stream(font['/ToUnicode'])?.data.toString('latin1') ?? '';
  const said: string[] = [];
  for (const [, from = '', list = ''] of map.matchAll(/<([0-9a-f]{4})>\s*<[0-9a-f]{4}>\s*\[([^\]]*)\]/g)) {
    for (const [at, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries())
      said[Number.parseInt(from, 16) + at] = Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le');
  }
  return said;
}

const signatures = (pdf: PdfModel): Dict[] =>
  [...pdf.dictionaries()].map(({ dict }) => dict).filter((dict) => '/ByteRange' in dict);

const tables = (pdf: PdfModel) =>
  elements(pdf)
    .filter(({ dict }) => typeOf(dict) === 'Table')
    .map(({ ref, dict }) => ({ ref, kinds: childTypes(pdf, dict) }));

export const RULES: readonly PdfRule[] = [
  A('6.1.2', 'the header stands at byte 0 and names version 1.n', ({ bytes }) =>
    unless(/^%PDF-1\.[0-7]\n/.test(bytes.subarray(0, 12).toString('latin1')), 'header'),
  ),
  A('6.1.2', 'a comment of four bytes above 127 follows', ({ bytes }) =>
    unless(bytes[9] === 0x25 && [10, 11, 12, 13].every((at) => (bytes[at] ?? 0) > 127), 'binary comment'),
  ),
  A('6.1.3', 'the trailer has an /ID of two strings', (pdf) =>
    unless(pdf.list(pdf.trailer['/ID']).length === 2, '/ID'),
  ),
  A('6.1.3', 'nothing is encrypted', never('/Encrypt')),
  A('6.1.3', 'nothing follows the last end of file mark but one line end', ({ bytes }) =>
    unless(bytes.subarray(-6).toString() === '%%EOF\n', 'trailing bytes'),
  ),
  A('6.1.5', '/Info has only keys of the specification', (pdf) =>
    Object.keys(pdf.dict(pdf.trailer['/Info'])).filter(
      (key) => !/^\/(?:Title|Author|Subject|Keywords|Creator|Producer|CreationDate|ModDate|Trapped)$/.test(key),
    ),
  ),
  A('6.1.7.1', 'no stream lies outside the file', never('/F', '/External')),
  A('6.1.7.1', 'no stream names an external filter', never('/FFilter')),
  A('6.1.7.1', 'every /Length is that of the data', ({ bytes }) => {
    const text = bytes.toString('latin1');
    return [...text.matchAll(/\/Length (\d+)[\s\S]{0,200}?stream\n/g)].flatMap((match) => {
      const start = match.index + match[0].length;
      return unless(
        /^\n+endstream/.test(text.slice(start + Number(match[1]), start + Number(match[1]) + 14)),
        `stream at ${match.index}`,
      );
    });
  }),
  A('6.1.7.2', 'no LZW filter', (pdf) => filters(pdf).filter((name) => name === '/LZWDecode')),
  A('6.1.7.2', 'no Crypt filter', (pdf) => filters(pdf).filter((name) => name === '/Crypt')),
  A('6.1.8', 'names are UTF-8', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) =>
      unless(!Object.keys(dict).some((key) => key.includes('\uFFFD')), id),
    ),
  ),
  A('6.1.9', 'objects are written as the grammar asks', ({ bytes }) => {
    const text = bytes.toString('latin1');
    return [...text.matchAll(/\n(\d+) (\d+) obj(.)/g)].flatMap((match) =>
      unless(match[3] === '\n' || match[3] === ' ', match[0]),
    );
  }),
  A(
    '6.1.10',
    'no inline image',
    eachPage((_, content) => unless(!/\bBI\b[\s\S]*\bID\b/.test(content), 'BI')),
  ),
  A('6.1.12', 'no permissions other than document modification', never('/Perms')),
  A('6.1.13', 'no integer above 2^31 - 1', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) =>
      Object.entries(dict)
        .filter(([, value]) => typeof value === 'number' && Math.abs(value) > 2_147_483_647)
        .map(([key]) => `${id} ${key}`),
    ),
  ),
  A('6.1.13', 'no string above 32767 bytes', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) => (Object.values(dict).some(longStrings) ? [id] : [])),
  ),
  A('6.1.13', 'no name above 127 bytes', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) =>
      Object.keys(dict).some((key) => Buffer.byteLength(key) > 128) ? [id] : [],
    ),
  ),
  A('6.1.13', 'no more than 8388607 objects', (pdf) => unless(pdf.objects.size < 8_388_607, 'objects')),
  A(
    '6.1.13',
    'graphics states nest no deeper than 28, and q and Q balance',
    eachPage((_, content) => {
      let depth = 0;
      for (const { operator } of operators(content)) {
        if (operator === 'q') depth += 1;
        if (operator === 'Q') depth -= 1;
        if (depth < 0 || depth > 28) return ['nesting'];
      }
      return unless(depth === 0, 'balance');
    }),
  ),
  A('6.1.13', 'page sides lie between 3 and 14400 units', (pdf) =>
    pdf.pages.flatMap((page) =>
      unless(
        pdf
          .list(page['/MediaBox'])
          .slice(2)
          .every((side) => Number(side) >= 3 && Number(side) <= 14_400),
        'MediaBox',
      ),
    ),
  ),
  A(
    '6.1.13',
    'no CID above 65535',
    eachPage((_, content) =>
      unless(
        [...content.matchAll(/<([0-9a-f]*)> Tj/g)].every((match) => (match[1] as string).length % 4 === 0),
        'glyph numbers',
      ),
    ),
  ),
  A(
    '6.2.2',
    'only operators of the specification',
    eachPage((_, content) =>
      [...new Set([...operators(content)].map(({ operator }) => operator))].filter(
        (operator) => !KNOWN_OPERATORS.has(operator),
      ),
    ),
  ),
  A('6.2.2', 'every page names its resources itself', (pdf) =>
    pdf.pages.flatMap((page, at) => unless('/Resources' in page, String(at))),
  ),
  A('6.2.2', 'a used resource is a named one', (pdf) =>
    pdf.pages.flatMap((page) => {
      const named = Object.keys(pdf.dict(pdf.dict(page['/Resources'])['/Font']));
      return [...pdf.content(page).matchAll(/(\/F\d+) [\d.]+ Tf/g)]
        .map((match) => match[1] as string)
        .filter((name) => !named.includes(name));
    }),
  ),
  A('6.2.3', 'exactly one output intent of PDF/A with an ICC profile', (pdf) => {
    const intents = pdf.list(pdf.catalog['/OutputIntents']).map((ref) => pdf.dict(ref));
    return unless(
      intents.length === 1 && intents[0]?.['/S'] === '/GTS_PDFA1' && '/DestOutputProfile' in intents[0],
      'intent',
    );
  }),
  A('6.2.3', 'the profile is a display profile for RGB, version 4 or lower, with /N 3', (pdf) => {
    const profile = pdf.stream(pdf.dict(pdf.list(pdf.catalog['/OutputIntents'])[0])['/DestOutputProfile']);
    const head = profile?.data.subarray(0, 128);
    return unless(
      head?.toString('latin1', 12, 16) === 'mntr' &&
        head.toString('latin1', 16, 20) === 'RGB ' &&
        (head[8] ?? 9) <= 4 &&
        profile?.dict['/N'] === 3,
      'profile',
    );
  }),
  A('6.2.3', 'the profile is not referred to from elsewhere', never('/DestOutputProfileRef')),
  A('6.2.4.2', 'no ICC based colour space', neverSpace('/ICCBased')),
  A(
    '6.2.4.3',
    'no CMYK or uncalibrated grey operator',
    eachPage((_, content) =>
      unless(
        ![...operators(content)].some(({ operator }) =>
          ['k', 'K', 'g', 'G', 'cs', 'CS', 'sc', 'scn', 'SC', 'SCN'].includes(operator),
        ),
        'operator',
      ),
    ),
  ),
  A('6.2.4.4', 'no Separation or DeviceN', neverSpace('/Separation', '/DeviceN')),
  A('6.2.5', 'no extended graphics state', never('/ExtGState')),
  A('6.2.5', 'no transfer function', never('/TR')),
  A('6.2.5', 'no halftone', never('/HTP')),
  A(
    '6.2.6',
    'no rendering intent',
    eachPage((_, content) => unless(![...operators(content)].some(({ operator }) => operator === 'ri'), 'ri')),
  ),
  A('6.2.8', 'no image', never('/Subtype', '/Image')),
  A('6.2.8', 'no alternate image', never('/Alternates')),
  A('6.2.8', 'no open prepress reference', never('/OPI')),
  A('6.2.8', 'no interpolation', never('/Interpolate')),
  A('6.2.9', 'no form XObject', never('/Subtype', '/Form')),
  A('6.2.9', 'no PostScript XObject', never('/Subtype', '/PS')),
  A('6.2.9', 'no reference XObject', never('/Ref')),
  A('6.2.9', 'no pattern', never('/PatternType')),
  A('6.2.9', 'no shading', never('/ShadingType')),
  A('6.2.10', 'no transparency group and so no blending space', never('/Group')),
  A('6.2.10', 'no soft mask', never('/SMask')),
  A('6.2.10', 'no blend mode', never('/BM')),
  A('6.2.11.2', 'fonts have the type and subtype of the specification', (pdf) =>
    fonts(pdf).flatMap((font) =>
      unless(['/Type0', '/CIDFontType2'].includes(String(font['/Subtype'])), String(font['/Subtype'])),
    ),
  ),
  A('6.2.11.2', 'every font has a base name', (pdf) =>
    fonts(pdf).flatMap((font) => unless(typeof font['/BaseFont'] === 'string', 'BaseFont')),
  ),
  A('6.2.11.2', 'no Type 1 font', never('/Subtype', '/Type1')),
  A('6.2.11.2', 'no Type 3 font', never('/Subtype', '/Type3')),
  A('6.2.11.2', 'no simple TrueType font', never('/Subtype', '/TrueType')),
  A('6.2.11.3.1', 'the character collection of every CID font is Adobe-Identity-0', (pdf) =>
    cidFonts(pdf).flatMap((font) => {
      const info = pdf.dict(font['/CIDSystemInfo']);
      return unless(
        pdf.text(info['/Registry']) === 'Adobe' &&
          pdf.text(info['/Ordering']) === 'Identity' &&
          info['/Supplement'] === 0,
        'CIDSystemInfo',
      );
    }),
  ),
  A('6.2.11.3.2', 'every CID font maps CIDs to glyphs by Identity', (pdf) =>
    cidFonts(pdf).flatMap((font) => unless(font['/CIDToGIDMap'] === '/Identity', 'CIDToGIDMap')),
  ),
  A('6.2.11.3.3', 'every composite font is encoded by Identity-H', (pdf) =>
    type0(pdf).flatMap((font) => unless(font['/Encoding'] === '/Identity-H', 'Encoding')),
  ),
  A('6.2.11.4.1', 'every font program is embedded', (pdf) =>
    cidFonts(pdf).flatMap((font) => unless('/FontFile2' in pdf.dict(font['/FontDescriptor']), 'FontFile2')),
  ),
  A('6.2.11.4.1', 'the embedded program is TrueType', (pdf) =>
    cidFonts(pdf).flatMap((font) =>
      unless(
        TRUETYPE.includes(pdf.stream(pdf.dict(font['/FontDescriptor'])['/FontFile2'])?.data.readUInt32BE(0) ?? 0),
        'sfnt',
      ),
    ),
  ),
  A('6.2.11.4.1', 'every glyph drawn is in the font program', (pdf) => {
    const most = new Map<string, number>();
    for (const page of pdf.pages) {
      for (const match of pdf.content(page).matchAll(/(\/F\d+) [\d.]+ Tf [^<]*<([0-9a-f]*)> Tj/g)) {
        for (const code of glyphsOf(match[2] as string))
          most.set(match[1] as string, Math.max(most.get(match[1] as string) ?? 0, Number.parseInt(code, 16)));
      }
    }
    const named = pdf.dict(pdf.dict(pdf.pages[0]?.['/Resources'])['/Font']);
    return [...most].flatMap(([name, code]) => {
      const cid = pdf.dict(pdf.list(pdf.dict(named[name])['/DescendantFonts'])[0]);
      const program = pdf.stream(pdf.dict(cid['/FontDescriptor'])['/FontFile2'])?.data as Buffer;
      return unless(code < glyphCount(program), `${name} ${code}`);
    });
  }),
  A('6.2.11.5', 'widths of the dictionary are those of the font program', (pdf) =>
    cidFonts(pdf).flatMap((font) => {
      const program = pdf.stream(pdf.dict(font['/FontDescriptor'])['/FontFile2'])?.data as Buffer;
      const widths = pdf.list(pdf.list(font['/W'])[1]);
      return widths.flatMap((width, glyph) =>
        unless(Math.abs(Number(width) - advance(program, glyph)) <= 1, `glyph ${glyph}`),
      );
    }),
  ),
  A('6.2.11.6', 'fonts are symbolic or not, never both', (pdf) =>
    [...pdf.dictionaries()]
      .map(({ dict }) => dict)
      .filter((dict) => dict['/Type'] === '/FontDescriptor')
      .flatMap((dict) => unless(((Number(dict['/Flags']) >> 2) & 1) !== ((Number(dict['/Flags']) >> 5) & 1), 'Flags')),
  ),
  A('6.2.11.7.2', 'every font maps its glyphs to Unicode', (pdf) =>
    type0(pdf).flatMap((font) => unless(pdf.stream(font['/ToUnicode']) !== undefined, 'ToUnicode')),
  ),
  A('6.2.11.7.2', 'no glyph drawn maps to U+0000, U+FEFF or U+FFFE', (pdf) =>
    type0(pdf).flatMap((font) => {
      const map = pdf.stream(font['/ToUnicode'])?.data.toString('latin1') ?? '';
      const entries = [...map.matchAll(/<([0-9a-f ]+)>(?=[^[]*\])/g)].map((match) => match[1] as string).slice(1);
      return entries.filter((entry) => /^(?:0000|feff|fffe)$/.test(entry));
    }),
  ),
  A(
    '6.2.11.8',
    'no glyph .notdef is drawn',
    eachPage((_, content) =>
      unless(
        ![...content.matchAll(/<([0-9a-f]*)> Tj/g)].some((match) => glyphsOf(match[1] as string).includes('0000')),
        '.notdef',
      ),
    ),
  ),
  A('6.3.1', 'annotations are links or widgets only', (pdf) =>
    annotations(pdf).flatMap((each) =>
      unless(['/Link', '/Widget'].includes(String(each['/Subtype'])), String(each['/Subtype'])),
    ),
  ),
  A('6.3.2', 'annotations have /F with Print and without Hidden, Invisible, ToggleNoView and NoView', (pdf) =>
    annotations(pdf).flatMap((each) => unless((Number(each['/F']) & 0b100100111) === 0b100, `F ${each['/F']}`)),
  ),
  A('6.3.3', 'annotations other than links of no area have an appearance', (pdf) =>
    annotations(pdf)
      .filter((each) => each['/Subtype'] !== '/Link')
      .flatMap((each) => {
        const [x0, y0, x1, y1] = pdf.list(each['/Rect']).map(Number);
        return unless(x0 === x1 && y0 === y1, 'Rect');
      }),
  ),
  A('6.4.1', 'no form asks for appearances to be made', never('/NeedAppearances')),
  A('6.4.1', 'no widget has an action', (pdf) =>
    annotations(pdf)
      .filter((each) => each['/Subtype'] === '/Widget')
      .flatMap((each) => unless(!('/A' in each) && !('/AA' in each), 'A')),
  ),
  A('6.4.2', 'no XFA form', never('/XFA')),
  A('6.5.1', 'every action is a jump within the document', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) =>
      [dict['/A'], dict['/OpenAction']]
        .map((action) => pdf.dict(action))
        .filter((action) => '/S' in action && action['/S'] !== '/GoTo')
        .map(() => id),
    ),
  ),
  A('6.5.1', 'no JavaScript', never('/S', '/JavaScript')),
  A('6.5.1', 'no JavaScript name tree', never('/JavaScript')),
  A('6.5.1', 'no launching', never('/S', '/Launch')),
  A('6.5.1', 'no sound', never('/S', '/Sound')),
  A('6.5.1', 'no movie', never('/S', '/Movie')),
  A('6.5.1', 'no form reset', never('/S', '/ResetForm')),
  A('6.5.1', 'no form submission', never('/S', '/SubmitForm')),
  A('6.5.1', 'no data import', never('/S', '/ImportData')),
  A('6.5.1', 'no hiding', never('/S', '/Hide')),
  A('6.5.1', 'no optional content action', never('/S', '/SetOCGState')),
  A('6.5.1', 'no rendition', never('/S', '/Rendition')),
  A('6.5.1', 'no transition action', never('/S', '/Trans')),
  A('6.5.1', 'no 3D view action', never('/S', '/GoTo3DView')),
  A('6.5.1', 'no named action', never('/S', '/Named')),
  A('6.5.1', 'no link to the outside', never('/S', '/URI')),
  A('6.5.2', 'the catalog has no additional actions', (pdf) => unless(!('/AA' in pdf.catalog), 'AA')),
  A('6.5.2', 'no page has additional actions', (pdf) => pdf.pages.flatMap((page) => unless(!('/AA' in page), 'AA'))),
  A('6.5.2', 'nothing happens on opening', (pdf) => unless(!('/OpenAction' in pdf.catalog), 'OpenAction')),
  A('6.6.2.1', 'the catalog has a metadata stream without a filter', (pdf) => {
    const { bytes } = pdf;
    return unless(
      /\/Type \/Metadata[^>]*>>\nstream\n<\?xpacket/.test(bytes.toString('latin1').replaceAll('\n/', ' /')) &&
        xmp(pdf) !== '',
      'Metadata',
    );
  }),
  A('6.6.2.1', 'metadata is well-formed XML in UTF-8 with a packet header without encoding', (pdf) =>
    unless(
      XMLValidator.validate(xmp(pdf).replace(/<\?xpacket[^>]*\?>/g, '')) === true &&
        /^<\?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"\?>/.test(xmp(pdf)),
      'XMP',
    ),
  ),
  A('6.6.2.3', 'every property outside the predefined schemas has an extension schema', (pdf) =>
    unless(
      /pdfaExtension:schemas/.test(xmp(pdf)) &&
        /<pdfaSchema:namespaceURI>http:\/\/www\.aiim\.org\/pdfua\/ns\/id\/</.test(xmp(pdf)),
      'pdfuaid',
    ),
  ),
  A('6.6.2.3', 'the extension schema has name, type, category and description for each property', (pdf) =>
    [
      'pdfaSchema:schema',
      'pdfaSchema:prefix',
      'pdfaProperty:name',
      'pdfaProperty:valueType',
      'pdfaProperty:category',
      'pdfaProperty:description',
    ].filter((name) => !xmp(pdf).includes(`<${name}>`)),
  ),
  A('6.6.3', 'metadata and /Info agree', (pdf) => {
    const info = pdf.dict(pdf.trailer['/Info']);
    const tree = new XMLParser({ ignoreAttributes: true, parseTagValue: false }).parse(
      xmp(pdf).replace(/<\?xpacket[^>]*\?>/g, ''),
    );
    const flat = JSON.stringify(tree);
    const date = /^u:D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(String(pdf.get(info['/CreationDate'])));
    const texts = ['/Title', '/Author', '/Subject', '/Creator', '/Producer'].filter(
      (key) => !flat.includes(JSON.stringify(pdf.text(info[key]))),
    );
    return [
      ...texts,
      ...unless(
        date !== null && flat.includes(`${date[1]}-${date[2]}-${date[3]}T${date[4]}:${date[5]}:${date[6]}Z`),
        '/CreationDate',
      ),
    ];
  }),
  A('6.6.4', 'metadata names part 3 and conformance A', (pdf) =>
    unless(/<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>A</.test(xmp(pdf)), 'pdfaid'),
  ),
  A('6.7.2.2', 'MarkInfo says marked', (pdf) =>
    unless(pdf.dict(pdf.catalog['/MarkInfo'])['/Marked'] === true, 'Marked'),
  ),
  A('6.7.3.3', 'there is a structure tree', (pdf) => unless(elements(pdf).length > 0, 'tree')),
  A('6.7.3.4', 'structure types are standard ones', (pdf) =>
    elements(pdf)
      .map(({ dict }) => typeOf(dict))
      .filter((type) => !STANDARD_TYPES.has(type)),
  ),
  A('6.7.3.4', 'no standard type is mapped to another', never('/RoleMap')),
  A('6.7.4', 'the language of the document is named', (pdf) =>
    unless(/^[a-z]{2}(?:-[A-Z]{2})?$/.test(pdf.text(pdf.catalog['/Lang'])), 'Lang'),
  ),
  A('6.8', 'every embedded file has names, media type and relationship', (pdf) =>
    [...pdf.dictionaries()]
      .filter(({ dict }) => dict['/Type'] === '/Filespec')
      .flatMap(({ id, dict }) => {
        const file = pdf.dict(pdf.dict(dict['/EF'])['/F']);
        return unless(
          '/F' in dict &&
            '/UF' in dict &&
            /^\/(?:Data|Supplement|Source|Alternative|Unspecified)$/.test(String(dict['/AFRelationship'])) &&
            /^\/\w+\/[\w.+-]+$/.test(String(file['/Subtype'])),
          id,
        );
      }),
  ),
  A('6.8', 'embedded files are associated with the document', (pdf) =>
    unless(
      pdf.list(pdf.catalog['/AF']).length ===
        [...pdf.dictionaries()].filter(({ dict }) => dict['/Type'] === '/Filespec').length,
      'AF',
    ),
  ),
  A('6.8', 'embedded files have a modification date', (pdf) =>
    [...pdf.dictionaries()]
      .filter(({ dict }) => dict['/Type'] === '/EmbeddedFile')
      .flatMap(({ id, dict }) => unless('/ModDate' in pdf.dict(dict['/Params']), id)),
  ),
  A('6.9', 'no optional content', never('/OCProperties')),
  A('6.10', 'no alternate presentations', never('/AlternatePresentations')),
  A('6.10', 'no presentation steps', never('/PresSteps')),
  A('6.11', 'no requirements on a reader', never('/Requirements')),

  A('6.1.4', 'the word xref stands alone in its line', ({ bytes }) =>
    [...bytes.toString('latin1').matchAll(/\nxref(?!\r?\n\d)/g)].map(({ index }) => `byte ${index}`),
  ),
  A(
    '6.1.6',
    'hexadecimal strings have an even number of digits',
    eachPage((_, content) => hexStrings(content).filter((digits) => digits.replace(/\s/g, '').length % 2 === 1)),
  ),
  A(
    '6.1.6',
    'hexadecimal strings hold only digits',
    eachPage((_, content) => hexStrings(content).filter((digits) => /[^0-9a-f\s]/i.test(digits))),
  ),
  A('6.1.7.1', 'the words stream and endstream stand at line ends', ({ bytes }) => {
    const text = bytes.toString('latin1');
    const [begins, ends] = [/>>\s*stream\r?\n/g, /\nendstream\n/g].map((word) => [...text.matchAll(word)].length);
    return unless(begins === ends && begins !== 0, `${begins} and ${ends}`);
  }),
  A('6.1.7.1', 'no stream has parameters of an external filter', never('/FDecodeParms')),
  A('6.1.7.2', 'the only filter is Flate', (pdf) => filters(pdf).filter((name) => name !== '/FlateDecode')),
  A('6.1.12', 'permissions have no keys but those of the specification', (pdf) =>
    Object.keys(pdf.dict(pdf.catalog['/Perms'])).filter((key) => key !== '/UR3' && key !== '/DocMDP'),
  ),
  A('6.1.13', 'no real number beyond 3.403e38', (pdf) =>
    numbersOf(pdf)
      .filter((value) => Math.abs(value) > 3.403e38)
      .map(String),
  ),
  A('6.1.13', 'no real number nearer to zero than 1.175e-38', (pdf) =>
    numbersOf(pdf)
      .filter((value) => value !== 0 && Math.abs(value) < 1.175e-38)
      .map(String),
  ),
  A('6.2.4.3', 'colours of the screen stand only under an output intent for RGB', (pdf) => {
    const used = pdf.pages.some((page) => / (?:rg|RG)\s/.test(pdf.content(page)));
    const profile = pdf.stream(pdf.dict(pdf.list(pdf.catalog['/OutputIntents'])[0])['/DestOutputProfile']);
    return unless(!used || profile?.data.toString('latin1', 16, 20) === 'RGB ', 'RGB');
  }),
  A('6.2.5', 'no second transfer function', never('/TR2')),
  A('6.2.5', 'no halftone dictionary', never('/HalftoneType')),
  A('6.2.6', 'a rendering intent is one of the four', (pdf) =>
    [...pdf.dictionaries()].flatMap(({ id, dict }) =>
      [dict['/Intent'], dict['/RI']].every((intent) => intent === undefined || INTENTS.has(String(intent))) ? [] : [id],
    ),
  ),
  A('6.2.8.3', 'no JPEG 2000 data', (pdf) => filters(pdf).filter((name) => name === '/JPXDecode')),
  A('6.2.9', 'no PostScript in a form XObject', never('/PS')),
  A('6.2.9', 'no second subtype of a form XObject', never('/Subtype2')),
  A('6.2.11.2', 'no multiple master font', never('/Subtype', '/MMType1')),
  A('6.2.11.2', 'an embedded font program names no kind that the specification does not', (pdf) =>
    cidFonts(pdf).flatMap((font) => {
      const subtype = pdf.dict(pdf.dict(font['/FontDescriptor'])['/FontFile2'])['/Subtype'];
      return unless(
        subtype === undefined || ['/CIDFontType0C', '/OpenType'].includes(String(subtype)),
        String(subtype),
      );
    }),
  ),
  A('6.2.11.3.3', 'no map of characters is embedded as an encoding', never('/WMode')),
  A('6.2.11.3.3', 'no map of characters refers to another', (pdf) =>
    type0(pdf).flatMap((font) => {
      const map = pdf.stream(font['/ToUnicode']);
      return unless(map !== undefined && !('/UseCMap' in map.dict) && !map.data.includes('usecmap'), 'UseCMap');
    }),
  ),
  A('6.2.11.4.2', 'no list of characters of a Type 1 font', never('/CharSet')),
  A('6.2.11.7.2', 'every glyph drawn has a Unicode value', (pdf) =>
    drawnGlyphs(pdf).flatMap(({ font, glyphs }) => {
      const mapped = unicodeOf(pdf, font);
      return [...glyphs]
        .filter((glyph) => mapped[glyph] === undefined || mapped[glyph] === '')
        .map((glyph) => `glyph ${glyph}`);
    }),
  ),
  A('6.2.11.7.3', 'no glyph drawn has a private Unicode value', (pdf) =>
    drawnGlyphs(pdf).flatMap(({ font, glyphs }) => {
      const mapped = unicodeOf(pdf, font);
      return [...glyphs]
        .filter((glyph) => /[\uE000-\uF8FF]/.test(mapped[glyph] ?? ''))
        .map((glyph) => `glyph ${glyph}`);
    }),
  ),
  A('6.3.3', 'an appearance is one stream for the normal state', (pdf) =>
    annotations(pdf)
      .filter((each) => '/AP' in each)
      .filter((each) => {
        const appearance = pdf.dict(each['/AP']);
        return Object.keys(appearance).join() !== '/N' || pdf.stream(appearance['/N']) === undefined;
      })
      .map((each) => String(each['/Subtype'])),
  ),
  A('6.4.1', 'no form field has additional actions', (pdf) =>
    [...pdf.dictionaries()].filter(({ dict }) => '/FT' in dict && '/AA' in dict).map(({ id }) => id),
  ),
  A('6.4.2', 'nothing has to be rendered first', never('/NeedsRendering')),
  A('6.4.3', 'a signature covers the whole file but itself', (pdf) =>
    signatures(pdf).flatMap((signature) => {
      const [from = -1, length = 0, next = 0, rest = 0] = pdf.list(signature['/ByteRange']).map(Number);
      const gap = pdf.bytes.subarray(from + length, next).toString('latin1');
      return unless(from === 0 && next + rest === pdf.bytes.length && /^<[0-9a-f]*>$/i.test(gap), 'ByteRange');
    }),
  ),
  A('6.4.3', 'a signature holds the certificate of its one signer', (pdf) =>
    signatures(pdf).flatMap((signature) => {
      const der = Buffer.from(String(signature['/Contents']).replace(/^b:/, ''), 'hex');
      const { out } = run('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER'], der);
      const [certificates = '', signers = ''] = out.split(/signerInfos:/);
      return unless(
        (certificates.match(/d\.certificate:/g) ?? []).length > 0 &&
          (signers.match(/d\.issuerAndSerialNumber:/g) ?? []).length === 1,
        'CMS',
      );
    }),
  ),
  A('6.6.2.1', 'the packet header says nothing of its bytes', (pdf) =>
    unless(!/<\?xpacket begin[^?]*bytes=/.test(xmp(pdf)), 'bytes'),
  ),
  A('6.6.2.1', 'the packet header says nothing of its encoding', (pdf) =>
    unless(!/<\?xpacket begin[^?]*encoding=/.test(xmp(pdf)), 'encoding'),
  ),
  A('6.6.2.1', 'metadata is UTF-8', (pdf) => {
    const data = pdf.stream(pdf.catalog['/Metadata'])?.data ?? Buffer.of(0xff);
    return unless(Buffer.from(data.toString('utf8')).equals(data), 'UTF-8');
  }),
  A('6.6.2.3.1', 'every property of the metadata is of a schema that is known or declared', (pdf) =>
    [...xmp(pdf).matchAll(/<(\w+):\w+[\s>/]/g)]
      .map((match) => match[1] as string)
      .filter((prefix) => !/^(?:x|rdf|dc|xmp|pdf|pdfaid|pdfuaid|pdfaExtension|pdfaSchema|pdfaProperty)$/.test(prefix)),
  ),
  A('6.6.2.3.3', 'extension schemas stand in a bag', (pdf) =>
    unless(/<pdfaExtension:schemas>\s*<rdf:Bag>\s*<rdf:li rdf:parseType="Resource">/.test(xmp(pdf)), 'Bag'),
  ),
  A('6.6.2.3.3', 'properties of an extension schema stand in a sequence', (pdf) =>
    unless(/<pdfaSchema:property>\s*<rdf:Seq>/.test(xmp(pdf)), 'Seq'),
  ),
  A('6.6.2.3.3', 'the category of a property is internal or external', (pdf) =>
    [...xmp(pdf).matchAll(/<pdfaProperty:category>([^<]*)</g)]
      .map((match) => match[1] as string)
      .filter((category) => category !== 'internal' && category !== 'external'),
  ),
  A('6.6.2.3.3', 'no type of value of our own', (pdf) =>
    unless(!/pdfaType:|pdfaField:|pdfaSchema:valueType/.test(xmp(pdf)), 'type'),
  ),
  A('6.6.4', 'no amendment and no corrigendum is named', (pdf) =>
    unless(!/pdf(?:a|ua)id:(?:amd|corr)\b/.test(xmp(pdf)), 'amd'),
  ),
  A('6.7.4', 'every language is a tag', (pdf) =>
    [...pdf.dictionaries()]
      .filter(({ dict }) => '/Lang' in dict && !/^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i.test(pdf.text(dict['/Lang'])))
      .map(({ id }) => id),
  ),

  U('5', 'metadata names part 1', (pdf) => unless(/<pdfuaid:part>1<\/pdfuaid:part>/.test(xmp(pdf)), 'pdfuaid')),
  U('6.2', 'Suspects is not set', (pdf) =>
    unless(pdf.dict(pdf.catalog['/MarkInfo'])['/Suspects'] !== true, 'Suspects'),
  ),
  U(
    '7.1',
    'content is either tagged or an artifact',
    eachPage((_, content) =>
      [...operators(content)]
        .filter(({ operator, marked }) => PAINTING.has(operator) && marked.length === 0)
        .map(({ operator }) => operator),
    ),
  ),
  U(
    '7.1',
    'no artifact lies in tagged content nor the other way round',
    eachPage((_, content) => unless(![...operators(content)].some(({ marked }) => marked.length > 1), 'nesting')),
  ),
  U(
    '7.1',
    'marked content ends where it began',
    eachPage((_, content) => {
      let depth = 0;
      for (const { operator } of operators(content)) {
        if (operator === 'BDC' || operator === 'BMC') depth += 1;
        if (operator === 'EMC') depth -= 1;
        if (depth < 0) return ['EMC'];
      }
      return unless(depth === 0, 'open');
    }),
  ),
  U('7.1', 'every marked-content id of a page belongs to one element that has it as a kid', (pdf) =>
    pdf.pages.flatMap((page, at) => {
      const tree = numbers(pdf);
      const owners = pdf.list(tree.get(Number(page['/StructParents'])));
      const used = [...pdf.content(page).matchAll(/\/MCID (\d+)/g)].map((match) => Number(match[1]));
      const wrong = used.filter((id) => {
        const owner = pdf.dict(owners[id]);
        const kids = pdf.list(owner['/K']);
        const here = pdf.pageRefs[at];
        return !kids.some(
          (kid) =>
            (kid === id && owner['/Pg'] === here) ||
            (typeof kid === 'object' && kid !== null && (kid as Dict)['/MCID'] === id && (kid as Dict)['/Pg'] === here),
        );
      });
      return [
        ...wrong.map((id) => `page ${at + 1} id ${id}`),
        ...unless(new Set(used).size === used.length && owners.length === used.length, `page ${at + 1} ids`),
      ];
    }),
  ),
  U('7.1', 'the tag of marked content is the type of its element', (pdf) =>
    pdf.pages.flatMap((page) => {
      const owners = pdf.list(numbers(pdf).get(Number(page['/StructParents'])));
      return [...pdf.content(page).matchAll(/\/(\w+) <<\/MCID (\d+)>> BDC/g)]
        .filter((match) => typeOf(pdf.dict(owners[Number(match[2])])) !== match[1])
        .map((match) => match[0]);
    }),
  ),
  U('7.1', 'every element names its parent, and is its kid', (pdf) =>
    elements(pdf)
      .filter(({ dict, parent }) => dict['/P'] !== parent)
      .map(({ ref }) => ref),
  ),
  U('7.1', 'the document is the root of the tree', (pdf) =>
    unless(
      elements(pdf)[0]?.dict['/S'] === '/Document' &&
        pdf.list(pdf.dict(pdf.catalog['/StructTreeRoot'])['/K']).length === 1,
      'Document',
    ),
  ),
  U('7.1', 'the window shows the title', (pdf) =>
    unless(pdf.dict(pdf.catalog['/ViewerPreferences'])['/DisplayDocTitle'] === true, 'DisplayDocTitle'),
  ),
  U('7.1', 'metadata has a title', (pdf) =>
    unless(/<dc:title>\s*<rdf:Alt>\s*<rdf:li xml:lang="x-default">[^<]+</.test(xmp(pdf)), 'dc:title'),
  ),
  U('7.1', 'no element without content', (pdf) =>
    elements(pdf)
      .filter(
        ({ dict }) =>
          ['P', 'H1', 'H2', 'H3', 'Figure', 'Link', 'Lbl', 'Code'].includes(typeOf(dict)) &&
          pdf.list(dict['/K']).length === 0,
      )
      .map(({ ref }) => ref),
  ),
  U('7.2', 'natural language is named for the whole document', (pdf) =>
    unless(pdf.text(pdf.catalog['/Lang']) !== '', 'Lang'),
  ),
  U('7.2', 'no text in the outline is empty', (pdf) =>
    [...pdf.dictionaries()]
      .filter(({ dict }) => '/Dest' in dict && '/Title' in dict)
      .flatMap(({ id, dict }) => unless(pdf.text(dict['/Title']) !== '', id)),
  ),
  ...Object.entries(PARENTS).map(([type, parents]) =>
    U('7.2', `${type} stands in ${parents.join(' or ')}`, (pdf) =>
      elements(pdf)
        .filter(({ dict, parent }) => typeOf(dict) === type && !parents.includes(typeOf(pdf.dict(parent))))
        .map(({ ref }) => ref),
    ),
  ),
  ...Object.entries(CHILDREN).map(([type, children]) =>
    U('7.2', `${type} holds only ${children.join(', ')}`, (pdf) =>
      elements(pdf)
        .filter(({ dict }) => typeOf(dict) === type && childTypes(pdf, dict).some((child) => !children.includes(child)))
        .map(({ ref }) => ref),
    ),
  ),
  U('7.2', 'a table has at most one head, before its body', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Table')
      .filter(({ dict }) => {
        const kinds = childTypes(pdf, dict);
        return kinds.filter((kind) => kind === 'THead').length > 1 || kinds.indexOf('THead') > 0;
      })
      .map(({ ref }) => ref),
  ),
  U('7.2', 'a table has at most one foot', (pdf) =>
    tables(pdf).flatMap(({ ref, kinds }) => unless(kinds.filter((kind) => kind === 'TFoot').length <= 1, ref)),
  ),
  U('7.2', 'a table with a head or a foot has a body', (pdf) =>
    tables(pdf).flatMap(({ ref, kinds }) =>
      unless(kinds.includes('TBody') || !(kinds.includes('THead') || kinds.includes('TFoot')), ref),
    ),
  ),
  U('7.2', 'a caption is the first or last of its table, and the first of its list', (pdf) =>
    elements(pdf).flatMap(({ ref, dict }) => {
      const kinds = childTypes(pdf, dict);
      const at = kinds.indexOf('Caption');
      const last = typeOf(dict) === 'Table' ? kinds.length - 1 : 0;
      return unless(at === -1 || (kinds.lastIndexOf('Caption') === at && (at === 0 || at === last)), ref);
    }),
  ),
  U('7.2', 'no cell spans rows', never('/RowSpan')),
  U('7.2', 'no cell spans columns', never('/ColSpan')),
  U('7.7', 'a formula has a text for those who do not see it', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Formula' && pdf.text(dict['/Alt']) + pdf.text(dict['/ActualText']) === '')
      .map(({ ref }) => ref),
  ),
  U('7.18.1', 'an annotation that is no link, widget or popup stands in an Annot element that describes it', (pdf) =>
    annotations(pdf)
      .filter((each) => !['/Link', '/Widget', '/Popup'].includes(String(each['/Subtype'])))
      .filter((each) => {
        const owner = pdf.dict(numbers(pdf).get(Number(each['/StructParent'])));
        return typeOf(owner) !== 'Annot' || (!('/Contents' in each) && !('/Alt' in owner));
      })
      .map((each) => String(each['/Subtype'])),
  ),
  U('7.18.4', 'no form element', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Form')
      .map(({ ref }) => ref),
  ),
  U('7.18.4', 'a widget stands in a form element unless it is out of sight', (pdf) =>
    annotations(pdf)
      .filter((each) => each['/Subtype'] === '/Widget' && Number(pdf.list(each['/Rect'])[2]) >= 0)
      .filter((each) => typeOf(pdf.dict(numbers(pdf).get(Number(each['/StructParent'])))) !== 'Form')
      .map(() => 'Widget'),
  ),
  U('7.18.6.2', 'no media clip', never('/S', '/MCD')),
  U('7.18.8', 'no mark of a printer', never('/Subtype', '/PrinterMark')),

  U('7.3', 'every figure has alternative text', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Figure' && pdf.text(dict['/Alt']).length < 10)
      .map(({ ref }) => ref),
  ),
  U('7.3', 'every figure has a box on its page', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Figure')
      .filter(({ dict }) => {
        const box = pdf.list(pdf.dict(dict['/A'])['/BBox']).map(Number);
        return !(
          box.length === 4 &&
          (box[0] as number) < (box[2] as number) &&
          (box[1] as number) < (box[3] as number) &&
          (box[1] as number) >= 0
        );
      })
      .map(({ ref }) => ref),
  ),
  U('7.4.2', 'headings start at level 1 and leave none out', (pdf) => {
    let level = 0;
    // The walk takes the last kid first; headings are compared in reading order.
    return inOrder(pdf)
      .filter((type) => /^H\d$/.test(type))
      .flatMap((type) => {
        const next = Number(type.slice(1));
        const fine = next <= level + 1;
        level = next;
        return unless(fine, type);
      });
  }),
  U('7.4.4', 'numbered and unnumbered headings are not mixed', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'H')
      .map(({ ref }) => ref),
  ),
  U('7.5', 'every header cell has a scope', (pdf) =>
    elements(pdf)
      .filter(
        ({ dict }) =>
          typeOf(dict) === 'TH' && !['/Column', '/Row', '/Both'].includes(String(pdf.dict(dict['/A'])['/Scope'])),
      )
      .map(({ ref }) => ref),
  ),
  U('7.5', 'every table has header cells', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Table')
      .filter(({ ref }) => !hasKind(pdf, ref, 'TH'))
      .map(({ ref }) => ref),
  ),
  U('7.5', 'rows of a table are equally long', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Table')
      .filter(({ ref }) => new Set(rowsOf(pdf, ref)).size > 1)
      .map(({ ref }) => ref),
  ),
  U('7.6', 'lists with labels say how they are numbered', (pdf) =>
    elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'L' && pdf.dict(dict['/A'])['/ListNumbering'] !== '/Disc')
      .map(({ ref }) => ref),
  ),
  U('7.9', 'no note without an id of its own', (pdf) => {
    const ids = elements(pdf)
      .filter(({ dict }) => typeOf(dict) === 'Note')
      .map(({ dict }) => pdf.text(dict['/ID']));
    return ids.filter((id, at) => id === '' || ids.indexOf(id) !== at);
  }),
  U('7.10', 'no optional content without a name', never('/OCGs')),
  U('7.11', 'file specifications have /F and /UF', (pdf) =>
    [...pdf.dictionaries()]
      .filter(({ dict }) => dict['/Type'] === '/Filespec')
      .flatMap(({ id, dict }) => unless('/F' in dict && '/UF' in dict, id)),
  ),
  U('7.15', 'no XFA', never('/XFA')),
  U('7.16', 'nothing keeps a screen reader out', never('/Encrypt')),
  U('7.18.1', 'every annotation in sight is tagged', (pdf) =>
    annotations(pdf)
      .filter((each) => Number(pdf.list(each['/Rect'])[2]) >= 0)
      .flatMap((each) => {
        const owner = pdf.dict(numbers(pdf).get(Number(each['/StructParent'])));
        return unless(
          typeOf(owner) === 'Link' &&
            pdf
              .list(owner['/K'])
              .some((kid) => typeof kid === 'object' && kid !== null && (kid as Dict)['/Type'] === '/OBJR'),
          String(each['/Contents']),
        );
      }),
  ),
  U('7.18.1', 'every annotation says what it is', (pdf) =>
    annotations(pdf).flatMap((each) =>
      unless(pdf.text(each['/Contents']) !== '' || pdf.text(each['/TU']) !== '', 'Contents'),
    ),
  ),
  U('7.18.2', 'no trap network', never('/Subtype', '/TrapNet')),
  U('7.18.3', 'the tab order is that of the structure', (pdf) =>
    pdf.pages.flatMap((page, at) => unless(page['/Tabs'] === '/S', `page ${at + 1}`)),
  ),
  U('7.18.5', 'links lead to places that exist', (pdf) => {
    const names = new Set(
      pdf.list(pdf.dict(pdf.dict(pdf.catalog['/Names'])['/Dests'])['/Names']).map((name) => pdf.text(name)),
    );
    return annotations(pdf)
      .filter((each) => each['/Subtype'] === '/Link')
      .map((each) => pdf.text(pdf.dict(each['/A'])['/D']))
      .filter((name) => !names.has(name));
  }),
  U('7.20', 'no XObject without tags', never('/XObject')),
  U('7.21.3.1', 'CID fonts and their encoding agree', (pdf) =>
    type0(pdf).flatMap((font) => unless(pdf.list(font['/DescendantFonts']).length === 1, 'DescendantFonts')),
  ),
  U('7.21.4.1', 'fonts are embedded', (pdf) =>
    cidFonts(pdf).flatMap((font) => unless('/FontFile2' in pdf.dict(font['/FontDescriptor']), 'FontFile2')),
  ),
  U('7.21.4.2', 'no CIDSet that might be incomplete', never('/CIDSet')),
  U('7.21.7', 'text maps to Unicode', (pdf) => type0(pdf).flatMap((font) => unless('/ToUnicode' in font, 'ToUnicode'))),
  U(
    '7.21.8',
    'no .notdef',
    eachPage((_, content) => unless(!/<(?:[0-9a-f]{4})*?0000(?:[0-9a-f]{4})*> Tj/.test(content), '.notdef')),
  ),
];

function glyphsOf(hex: string): string[] {
  return hex.match(/.{4}/g) ?? [];
}

function numbers(pdf: PdfModel): Map<number, Json> {
  const flat = pdf.list(pdf.dict(pdf.dict(pdf.catalog['/StructTreeRoot'])['/ParentTree'])['/Nums']);
  const map = new Map<number, Json>();
  for (let at = 0; at < flat.length; at += 2) map.set(Number(flat[at]), flat[at + 1] ?? null);
  return map;
}

function inOrder(pdf: PdfModel, ref = pdf.list(pdf.dict(pdf.catalog['/StructTreeRoot'])['/K'])[0] as string): string[] {
  const dict = pdf.dict(ref);
  const kids = pdf.list(dict['/K']).filter((kid): kid is string => typeof kid === 'string');
  return [typeOf(dict), ...kids.flatMap((kid) => inOrder(pdf, kid))];
}

function hasKind(pdf: PdfModel, ref: string, kind: string): boolean {
  return inOrder(pdf, ref).includes(kind);
}

function rowsOf(pdf: PdfModel, ref: string): number[] {
  const dict = pdf.dict(ref);
  const kids = pdf.list(dict['/K']).filter((kid): kid is string => typeof kid === 'string');
  return typeOf(dict) === 'TR' ? [kids.length] : kids.flatMap((kid) => rowsOf(pdf, kid));
}

function tableOf(program: Buffer, tag: string): Buffer {
  for (let at = 0; at < program.readUInt16BE(4); at += 1) {
    const entry = 12 + at * 16;
    if (program.toString('latin1', entry, entry + 4) !== tag) continue;
    const offset = program.readUInt32BE(entry + 8);
    return program.subarray(offset, offset + program.readUInt32BE(entry + 12));
  }
  throw new Error(`no table ${tag}`);
}

function glyphCount(program: Buffer): number {
  return tableOf(program, 'maxp').readUInt16BE(4);
}

/** Advance width of a glyph in thousandths of the em. */
function advance(program: Buffer, glyph: number): number {
  const metrics = tableOf(program, 'hhea').readUInt16BE(34);
  const width = tableOf(program, 'hmtx').readUInt16BE(Math.min(glyph, metrics - 1) * 4);
  return (width * 1000) / tableOf(program, 'head').readUInt16BE(18);
}
