import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zipOf } from './archive-builder.ts';
import { type Collected, collect, gapsOf, payloadOf } from './collect.ts';

const read = async (bytes: Uint8Array, seekable = true): Promise<Collected[]> =>
  (await collect(payloadOf(bytes, 'document', 4096, seekable))).entries;

const texts = (entries: readonly Collected[]): string[] =>
  entries.filter(({ entry }) => entry.path.at(-1)!.startsWith('#text@')).map(({ content }) => content.toString());

const TYPES = { name: '[Content_Types].xml', data: '<Types/>' };
const word = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="urn:w"><w:body>${body}</w:body></w:document>`;
const run = (text: string) => `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;

const DOCX = zipOf([
  TYPES,
  {
    name: 'word/document.xml',
    data: word(
      `<w:p>${run('4111')}${run('1111')}${run('11111111')}</w:p><w:p>${run('a &amp; b &#x20AC;')}<w:r><w:tab/></w:r>${run('c')}</w:p>` +
        `<w:tbl><w:tr><w:tc><w:p>${run('pass')}${run('word')}</w:p></w:tc><w:tc><w:p>${run('x=')}${run('1')}</w:p></w:tc></w:tr></w:tbl>` +
        `<w:p><wp:posOffset>99</wp:posOffset><w:del><w:r><w:delText>del</w:delText></w:r><w:r><w:delText>eted</w:delText></w:r></w:del></w:p>`,
    ),
  },
  {
    name: 'docProps/custom.xml',
    data: '<Properties><property name="pin"><vt:lpwstr>77</vt:lpwstr></property></Properties>',
  },
]);

test('docx: runs of a paragraph are one line, cells are apart, entities are characters', async () => {
  for (const seekable of [true, false]) {
    const entries = await read(DOCX, seekable);
    expect(gapsOf(entries)).toEqual([]);
    expect(texts(entries)).toEqual(['4111111111111111\na & b €\tc\npassword \tx=1 \t\ndeleted\n', 'pin=77\n']);
    // The derived text is not all there is: members are what they were.
    expect(entries.find(({ entry }) => entry.path[1] === 'word/document.xml')?.content.toString()).toContain('delText');
  }
});

test('xlsx: rows are lines, shared strings and inline strings stand in their cells', async () => {
  const sheet = `<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>4.111111111111111E15</v></c><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c><f>A1&amp;"x"</f><v>7</v></c></row></sheetData></worksheet>`;
  const shared = '<sst><si><r><t>user</t></r><r><t> name</t></r></si><si><t>Kölner</t><rPh><t>no</t></rPh></si></sst>';
  const entries = await read(
    zipOf([TYPES, { name: 'xl/worksheets/sheet1.xml', data: sheet }, { name: 'xl/sharedStrings.xml', data: shared }]),
  );
  expect(gapsOf(entries)).toEqual([]);
  expect(texts(entries)).toEqual([
    'user name\tKölner\t\n4111111111111111\tinline\tA1&"x"\t7\t\n',
    'user name\nKölner\n',
  ]);
});

test('odt and ods: spans are joined, spaces and tabs counted', async () => {
  const content = `<office:document-content><office:body><text:p>41<text:span>11</text:span><text:s text:c="2"/>b<text:tab/>c</text:p><table:table-row><table:table-cell office:value="5"><text:p>user</text:p></table:table-cell><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></office:body></office:document-content>`;
  const manifest = { name: 'META-INF/manifest.xml', data: '<manifest:manifest/>' };
  const entries = await read(zipOf([manifest, { name: 'content.xml', data: content }]));
  expect(gapsOf(entries)).toEqual([]);
  expect(texts(entries)).toEqual(['4111  b\tc\nuser \tx \t\n']);
});

test('an encrypted OpenDocument package is a gap', async () => {
  const manifest =
    '<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
  const entries = await read(zipOf([{ name: 'META-INF/manifest.xml', data: manifest }]));
  expect(gapsOf(entries)).toEqual(['document: encrypted']);
});

test('XML that is no XML is a gap', async () => {
  for (const body of ['<a><w:t>x', '<a><b></a></b>', '<a><w:t>x</w:t><b ']) {
    const entries = await read(zipOf([TYPES, { name: 'word/document.xml', data: body }]));
    expect(gapsOf(entries).some((gap) => gap.endsWith(': corrupt'))).toBe(true);
  }
});

test('UTF-16 parts are read', async () => {
  const data = Buffer.from(`\ufeff${word(`<w:p>${run('zwölf')}${run('13')}</w:p>`)}`, 'utf16le');
  expect(texts(await read(zipOf([TYPES, { name: 'word/document.xml', data }])))).toEqual(['zwölf13\n']);
});

test('any XML ends, without an error and in time', async () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '</',
    '/>',
    '<w:p>',
    '</w:p>',
    '<w:t>',
    '</w:t>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '"',
    "'",
    '&',
    '&#x41;',
    ' a="',
    'x',
    '<c t="s">',
    '<v>',
    '<?',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      await read(zipOf([TYPES, { name: 'word/document.xml', data: pieces.join('') }]));
    }),
    { numRuns: 200 },
  );
  const started = performance.now();
  for (const part of ['<a>', '<a ', '"', '&', '<!--', "<a b='"]) {
    await read(zipOf([TYPES, { name: 'word/x.xml', data: part.repeat(200_000) }]));
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});
