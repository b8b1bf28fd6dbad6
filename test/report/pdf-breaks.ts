import type { Dict, Json } from './pdf-model.ts';
import { PdfModel } from './pdf-model.ts';

/** A copy that can be damaged: nothing of it is shared with the model it came from. */
export function copyOf(pdf: PdfModel): PdfModel {
  const objects = structuredClone(pdf.objects);
  const streams = new Map(
    [...pdf.streams].map(([id, { data }]) => [id, { dict: objects.get(id) as Dict, data: Buffer.from(data) }]),
  );
  return Object.assign(Object.create(PdfModel.prototype) as PdfModel, {
    bytes: Buffer.from(pdf.bytes),
    objects,
    streams,
    trailer: objects.get('trailer') as Dict,
  });
}

type Break = (pdf: PdfModel) => void;

const first = (pdf: PdfModel, has: (dict: Dict) => boolean): Dict => {
  for (const { dict } of pdf.dictionaries()) if (has(dict)) return dict;
  throw new Error('nothing to damage');
};
const page = (pdf: PdfModel): Dict => pdf.pages[0] as Dict;
const font = (subtype: string): ((dict: Dict) => boolean) => {
  return (dict) => dict['/Type'] === '/Font' && dict['/Subtype'] === subtype;
};
const cid = (pdf: PdfModel): Dict => first(pdf, font('/CIDFontType2'));
const type0 = (pdf: PdfModel): Dict => first(pdf, font('/Type0'));
const annotation = (pdf: PdfModel, subtype: string): Dict =>
  first(pdf, (dict) => dict['/Subtype'] === subtype && '/Rect' in dict);
const typed = (pdf: PdfModel, type: string): Dict => first(pdf, (dict) => dict['/S'] === `/${type}` && '/P' in dict);
const root = (pdf: PdfModel): Dict => pdf.dict(pdf.list(pdf.dict(pdf.catalog['/StructTreeRoot'])['/K'])[0]);
const set =
  (of: (pdf: PdfModel) => Dict, key: string, value: Json): Break =>
  (pdf) => {
    of(pdf)[key] = value;
  };
const unset =
  (of: (pdf: PdfModel) => Dict, key: string): Break =>
  (pdf) => {
    delete of(pdf)[key];
  };

function replaceData(pdf: PdfModel, ref: Json | undefined, change: (text: string) => string): void {
  const stream = pdf.streams.get(ref as string);
  if (stream === undefined) throw new Error('no stream to damage');
  const data = Buffer.from(change(stream.data.toString('latin1')), 'latin1');
  if (data.equals(stream.data)) throw new Error('the damage changed nothing');
  pdf.streams.set(ref as string, { ...stream, data });
}

/** Text put before the content of page 1, or a change to it. */
const draw =
  (change: string | ((content: string) => string)): Break =>
  (pdf) =>
    replaceData(
      pdf,
      pdf.list(page(pdf)['/Contents'])[0],
      typeof change === 'string' ? (text) => `${change}\n${text}` : change,
    );
const metadata =
  (from: string | RegExp, to: string): Break =>
  (pdf) =>
    replaceData(pdf, pdf.catalog['/Metadata'], (text) => text.replace(from, to));
const bytes =
  (change: (text: string) => string): Break =>
  (pdf) => {
    const changed = Buffer.from(change(pdf.bytes.toString('latin1')), 'latin1');
    if (changed.equals(pdf.bytes)) throw new Error('the damage changed nothing');
    Object.assign(pdf, { bytes: changed });
  };

const filter = (name: string): Break =>
  bytes((text) => text.replace('/Filter /FlateDecode', `/Filter [/${name} /FlateDecode]`));

/** A new element under the document. */
function element(pdf: PdfModel, type: string, more: Dict = {}, kids: readonly string[] = []): void {
  const parent = pdf.list(pdf.dict(pdf.catalog['/StructTreeRoot'])['/K'])[0] as string;
  const own = `${90_000 + pdf.objects.size} 0 R`;
  pdf.objects.set(own, { '/Type': '/StructElem', '/S': `/${type}`, '/P': parent, '/K': [], ...more });
  (pdf.list(root(pdf)['/K']) as Json[]).push(own);
  for (const kid of kids) {
    const ref = `${90_000 + pdf.objects.size} 0 R`;
    pdf.objects.set(ref, { '/Type': '/StructElem', '/S': `/${kid}`, '/P': own, '/K': [] });
    (pdf.dict(own)['/K'] as Json[]).push(ref);
  }
}
const adds =
  (type: string, more: Dict = {}, kids: readonly string[] = []): Break =>
  (pdf) =>
    element(pdf, type, more, kids);

const profile = (pdf: PdfModel): Json | undefined =>
  pdf.dict(pdf.list(pdf.catalog['/OutputIntents'])[0])['/DestOutputProfile'];
const program = (pdf: PdfModel): Json | undefined => pdf.dict(cid(pdf)['/FontDescriptor'])['/FontFile2'];
const addAnnotation =
  (more: Dict): Break =>
  (pdf) => {
    page(pdf)['/Annots'] = [
      ...pdf.list(page(pdf)['/Annots']),
      { '/F': 4, '/Rect': [1, 1, 2, 2], '/Contents': 'u:x', ...more },
    ];
  };
const filespec = (pdf: PdfModel): Dict => first(pdf, (dict) => dict['/Type'] === '/Filespec');
const signature = (pdf: PdfModel): Dict => first(pdf, (dict) => '/ByteRange' in dict);
const unmap =
  (from: RegExp, to: string): Break =>
  (pdf) =>
    replaceData(pdf, type0(pdf)['/ToUnicode'], (text) => text.replace(from, to));

/** By the sentence of the rule: damage to a good file that the rule must see. */
export const BREAKS: Readonly<Record<string, Break>> = {
  'the header stands at byte 0 and names version 1.n': bytes((text) => ` ${text}`),
  'a comment of four bytes above 127 follows': bytes((text) => text.slice(0, 9) + text.slice(15)),
  'the trailer has an /ID of two strings': set((pdf) => pdf.trailer, '/ID', []),
  'nothing follows the last end of file mark but one line end': bytes((text) => `${text}x`),
  '/Info has only keys of the specification': set((pdf) => pdf.dict(pdf.trailer['/Info']), '/Client', 'u:x'),
  'the word xref stands alone in its line': bytes((text) => `${text}\nxref 0 1\n`),
  'hexadecimal strings have an even number of digits': draw('<abc> Tj'),
  'hexadecimal strings hold only digits': draw('<abxx> Tj'),
  'every /Length is that of the data': bytes((text) => text.replace(/\/Length (\d)/, '/Length 1$1')),
  'the words stream and endstream stand at line ends': bytes((text) => text.replace('\nendstream\n', ' endstream\n')),
  'the only filter is Flate': filter('RunLengthDecode'),
  'no LZW filter': filter('LZWDecode'),
  'no Crypt filter': filter('Crypt'),
  'no JPEG 2000 data': filter('JPXDecode'),
  'names are UTF-8': set(page, '/\uFFFD', 1),
  'objects are written as the grammar asks': bytes((text) => `${text}\n7 0 obj<<>>\n`),
  'permissions have no keys but those of the specification': set((pdf) => pdf.catalog, '/Perms', { '/Other': 1 }),
  'no integer above 2^31 - 1': set(page, '/Rotate', 2 ** 31),
  'no real number beyond 3.403e38': set(page, '/UserUnit', 1e39),
  'no real number nearer to zero than 1.175e-38': set(page, '/UserUnit', 1e-39),
  'no string above 32767 bytes': set(page, '/Note', `u:${'x'.repeat(32_768)}`),
  'no name above 127 bytes': set(page, `/${'x'.repeat(128)}`, 1),
  'no more than 8388607 objects': (pdf) => Object.defineProperty(pdf.objects, 'size', { value: 8_388_608 }),
  'graphics states nest no deeper than 28, and q and Q balance': draw('q'),
  'page sides lie between 3 and 14400 units': set(page, '/MediaBox', [0, 0, 2, 2]),
  'no CID above 65535': draw('<123456> Tj'),
  'only operators of the specification': draw('1 2 xyz'),
  'every page names its resources itself': unset(page, '/Resources'),
  'a used resource is a named one': draw('/F99 7 Tf'),
  'exactly one output intent of PDF/A with an ICC profile': set((pdf) => pdf.catalog, '/OutputIntents', []),
  'the profile is a display profile for RGB, version 4 or lower, with /N 3': (pdf) =>
    replaceData(pdf, profile(pdf), (text) => text.replace('mntr', 'scnr')),
  'colours of the screen stand only under an output intent for RGB': (pdf) =>
    replaceData(pdf, profile(pdf), (text) => text.replace('RGB ', 'CMYK')),
  'no CMYK or uncalibrated grey operator': draw('0 0 0 1 k'),
  'a rendering intent is one of the four': set(page, '/Intent', '/Vivid'),
  'no rendering intent': draw('/Perceptual ri'),
  'no inline image': draw('BI /W 1 ID x EI'),
  'fonts have the type and subtype of the specification': set(cid, '/Subtype', '/CIDFontType9'),
  'every font has a base name': unset(cid, '/BaseFont'),
  'an embedded font program names no kind that the specification does not': (pdf) => {
    pdf.dict(program(pdf))['/Subtype'] = '/Woff2';
  },
  'the character collection of every CID font is Adobe-Identity-0': set(
    (pdf) => pdf.dict(cid(pdf)['/CIDSystemInfo']),
    '/Supplement',
    3,
  ),
  'every CID font maps CIDs to glyphs by Identity': unset(cid, '/CIDToGIDMap'),
  'every composite font is encoded by Identity-H': set(type0, '/Encoding', '/Custom'),
  'no map of characters refers to another': (pdf) =>
    replaceData(pdf, type0(pdf)['/ToUnicode'], (text) => `/A usecmap ${text}`),
  'every font program is embedded': unset((pdf) => pdf.dict(cid(pdf)['/FontDescriptor']), '/FontFile2'),
  'fonts are embedded': unset((pdf) => pdf.dict(cid(pdf)['/FontDescriptor']), '/FontFile2'),
  'the embedded program is TrueType': (pdf) => replaceData(pdf, program(pdf), (text) => `OTTO${text.slice(4)}`),
  'every glyph drawn is in the font program': draw((text) => text.replace(/<[0-9a-f]{4}/, '<fffe')),
  'widths of the dictionary are those of the font program': (pdf) => {
    const widths = pdf.list(pdf.list(cid(pdf)['/W'])[1]);
    widths[3] = Number(widths[3]) + 50;
  },
  'fonts are symbolic or not, never both': set((pdf) => pdf.dict(cid(pdf)['/FontDescriptor']), '/Flags', 36),
  'every font maps its glyphs to Unicode': unset(type0, '/ToUnicode'),
  'text maps to Unicode': unset(type0, '/ToUnicode'),
  'every glyph drawn has a Unicode value': unmap(/beginbfrange[\s\S]*endbfrange/, ''),
  'no glyph drawn maps to U+0000, U+FEFF or U+FFFE': unmap(/<0041>/, '<feff>'),
  'no glyph drawn has a private Unicode value': unmap(/<00(?=[2-7][0-9a-f]>)/g, '<e0'),
  'no glyph .notdef is drawn': draw('<0000> Tj'),
  'no .notdef': draw('<0000> Tj'),
  'annotations are links or widgets only': addAnnotation({ '/Subtype': '/Movie' }),
  'annotations have /F with Print and without Hidden, Invisible, ToggleNoView and NoView': set(
    (pdf) => annotation(pdf, '/Link'),
    '/F',
    6,
  ),
  'annotations other than links of no area have an appearance': set(
    (pdf) => annotation(pdf, '/Widget'),
    '/Rect',
    [0, 0, 9, 9],
  ),
  'an appearance is one stream for the normal state': set((pdf) => annotation(pdf, '/Widget'), '/AP', { '/D': 1 }),
  'no widget has an action': set((pdf) => annotation(pdf, '/Widget'), '/A', {}),
  'no form field has additional actions': set((pdf) => annotation(pdf, '/Widget'), '/AA', {}),
  'a signature covers the whole file but itself': bytes((text) => `${text}more`),
  'a signature holds the certificate of its one signer': set(signature, '/Contents', 'b:3000'),
  'every action is a jump within the document': set((pdf) => annotation(pdf, '/Link'), '/A', { '/S': '/GoToR' }),
  'the catalog has no additional actions': set((pdf) => pdf.catalog, '/AA', {}),
  'no page has additional actions': set(page, '/AA', {}),
  'nothing happens on opening': set((pdf) => pdf.catalog, '/OpenAction', {}),
  'the catalog has a metadata stream without a filter': bytes((text) => text.replaceAll('<?xpacket', '<?xpocket')),
  'the packet header says nothing of its bytes': metadata('begin=', 'begin="" bytes='),
  'the packet header says nothing of its encoding': metadata('begin=', 'begin="" encoding='),
  'metadata is well-formed XML in UTF-8 with a packet header without encoding': metadata('</rdf:RDF>', ''),
  'metadata is UTF-8': metadata('clearance', 'cle\xe4rance'),
  'every property of the metadata is of a schema that is known or declared': metadata(
    '</rdf:RDF>',
    '<own:client>x</own:client></rdf:RDF>',
  ),
  'every property outside the predefined schemas has an extension schema': metadata(
    /pdfaExtension:schemas/g,
    'pdfaExtension:none',
  ),
  'the extension schema has name, type, category and description for each property': metadata(
    /pdfaProperty:description/g,
    'pdfaProperty:words',
  ),
  'extension schemas stand in a bag': metadata('rdf:Bag', 'rdf:Seq'),
  'properties of an extension schema stand in a sequence': metadata(
    /(<pdfaSchema:property>\s*)<rdf:Seq>/,
    '$1<rdf:Bag>',
  ),
  'the category of a property is internal or external': metadata(
    '<pdfaProperty:category>internal',
    '<pdfaProperty:category>other',
  ),
  'no type of value of our own': metadata('<pdfaSchema:prefix>', '<pdfaSchema:valueType/><pdfaSchema:prefix>'),
  'metadata and /Info agree': set((pdf) => pdf.dict(pdf.trailer['/Info']), '/Title', 'u:another'),
  'metadata names part 3 and conformance A': metadata('<pdfaid:conformance>A', '<pdfaid:conformance>B'),
  'no amendment and no corrigendum is named': metadata('<pdfaid:part>', '<pdfaid:amd>1</pdfaid:amd><pdfaid:part>'),
  'MarkInfo says marked': set((pdf) => pdf.catalog, '/MarkInfo', {}),
  'Suspects is not set': set((pdf) => pdf.dict(pdf.catalog['/MarkInfo']), '/Suspects', true),
  'there is a structure tree': unset((pdf) => pdf.catalog, '/StructTreeRoot'),
  'structure types are standard ones': set((pdf) => typed(pdf, 'P'), '/S', '/Paragraph'),
  'the language of the document is named': unset((pdf) => pdf.catalog, '/Lang'),
  'natural language is named for the whole document': unset((pdf) => pdf.catalog, '/Lang'),
  'every language is a tag': set((pdf) => typed(pdf, 'P'), '/Lang', 'u:not a language'),
  'every embedded file has names, media type and relationship': unset(filespec, '/AFRelationship'),
  'embedded files are associated with the document': set((pdf) => pdf.catalog, '/AF', []),
  'embedded files have a modification date': (pdf) => {
    delete pdf.dict(first(pdf, (dict) => dict['/Type'] === '/EmbeddedFile')['/Params'])['/ModDate'];
  },
  'file specifications have /F and /UF': unset(filespec, '/UF'),
  'metadata names part 1': metadata('<pdfuaid:part>1', '<pdfuaid:part>2'),
  'content is either tagged or an artifact': draw('<0024> Tj'),
  'no artifact lies in tagged content nor the other way round': draw(
    '/Artifact BMC /P <</MCID 0>> BDC <0024> Tj EMC EMC',
  ),
  'marked content ends where it began': draw('EMC'),
  'every marked-content id of a page belongs to one element that has it as a kid': draw('/P <</MCID 9999>> BDC EMC'),
  'the tag of marked content is the type of its element': draw((text) => text.replace(/\/P (?=<<\/MCID)/, '/H6 ')),
  'every element names its parent, and is its kid': set((pdf) => typed(pdf, 'P'), '/P', '1 0 R'),
  'the document is the root of the tree': set(root, '/S', '/Part'),
  'the window shows the title': set((pdf) => pdf.catalog, '/ViewerPreferences', {}),
  'metadata has a title': metadata('<dc:title>', '<dc:titel>'),
  'no element without content': adds('P'),
  'no text in the outline is empty': (pdf) => {
    first(pdf, (dict) => '/Dest' in dict && '/Title' in dict)['/Title'] = 'u:';
  },
  'a table has at most one head, before its body': adds('Table', {}, ['TBody', 'THead']),
  'a table has at most one foot': adds('Table', {}, ['TFoot', 'TBody', 'TFoot']),
  'a table with a head or a foot has a body': adds('Table', {}, ['THead']),
  'a caption is the first or last of its table, and the first of its list': adds('Table', {}, ['TR', 'Caption', 'TR']),
  'a formula has a text for those who do not see it': adds('Formula'),
  'every figure has alternative text': unset((pdf) => typed(pdf, 'Figure'), '/Alt'),
  'every figure has a box on its page': unset((pdf) => typed(pdf, 'Figure'), '/A'),
  'headings start at level 1 and leave none out': adds('H6'),
  'numbered and unnumbered headings are not mixed': adds('H'),
  'every header cell has a scope': unset((pdf) => typed(pdf, 'TH'), '/A'),
  'every table has header cells': adds('Table', {}, ['TR']),
  'rows of a table are equally long': (pdf) => {
    (pdf.list(typed(pdf, 'TR')['/K']) as Json[]).pop();
  },
  'lists with labels say how they are numbered': unset((pdf) => typed(pdf, 'L'), '/A'),
  'no note without an id of its own': adds('Note'),
  'every annotation in sight is tagged': unset((pdf) => annotation(pdf, '/Link'), '/StructParent'),
  'every annotation says what it is': unset((pdf) => annotation(pdf, '/Link'), '/Contents'),
  'an annotation that is no link, widget or popup stands in an Annot element that describes it': addAnnotation({
    '/Subtype': '/Text',
  }),
  'no form element': adds('Form'),
  'a widget stands in a form element unless it is out of sight': addAnnotation({ '/Subtype': '/Widget' }),
  'the tab order is that of the structure': set(page, '/Tabs', '/R'),
  'links lead to places that exist': set((pdf) => annotation(pdf, '/Link'), '/A', { '/S': '/GoTo', '/D': 'u:nowhere' }),
  'CID fonts and their encoding agree': set(type0, '/DescendantFonts', []),
};

/** Damage for the rules that say which element stands in which, and which holds which. */
export function structuralBreak(says: string): Break | undefined {
  const [, child] = / *(\w+) stands in /.exec(says) ?? [];
  if (child) return adds(child);
  const [, parent] = /^(\w+) holds only /.exec(says) ?? [];
  return parent ? adds(parent, {}, ['Formula']) : undefined;
}
