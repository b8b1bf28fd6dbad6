import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutItem } from '../../src/unpack/index.ts';
import { zipOf } from './archive-builder.ts';
import { type Collected, collect, gapsOf, payloadOf, shows } from './collect.ts';
import { missing, noise, Tree } from './tree.ts';

let tree: Tree;
beforeAll(() => {
  tree = new Tree().file('a.html', HTML).file('a.ps', POSTSCRIPT);
});
afterAll(() => tree.remove());

const HTML = `<html><body><h1>Quarterly report</h1><p>password=Xk7vQ9zLm2Rt card 4111 1111 1111 1111 Größe naïve café</p>
<table><tr><td>user</td><td>bob@example.org</td></tr><tr><td>iban</td><td>DE89 3704 0044 0532 0130 00</td></tr></table>
<p>Ελληνικά текст “quoted” — dash… AVAVA To. Wave</p></body></html>`;
const POSTSCRIPT = `%!PS
/Times-Roman findfont 12 scalefont setfont
72 720 moveto (Hello \\(world\\) password=Xk7vQ9zLm2Rt 4111111111111111) show
72 700 moveto (second line, with AVAVA To. Wave) show
/Helvetica findfont 10 scalefont setfont
72 680 moveto (user) show 200 680 moveto (bob@example.org) show showpage`;

const read = async (bytes: Uint8Array, seekable = true): Promise<Collected[]> =>
  (await collect(payloadOf(bytes, 'a.pdf', 4096, seekable))).entries;

const textOf = (entries: readonly Collected[]): string =>
  entries
    .filter(({ entry }) => entry.path.at(-1)!.startsWith('#text@'))
    .map(({ content }) => content.toString())
    .join('\n');

const words = (text: string): string[] => text.normalize('NFKC').split(/\s+/).filter(Boolean).sort();

const CHROMIUM = 'chromium --headless --no-sandbox --disable-gpu --print-to-pdf=c.pdf tree/a.html 2>/dev/null';
const PRODUCERS = [
  ['chromium', 'chromium', CHROMIUM],
  ['ghostscript', 'gs', 'gs -q -sDEVICE=pdfwrite -o c.pdf tree/a.ps'],
  ['ghostscript, PDF 1.2', 'gs', 'gs -q -sDEVICE=pdfwrite -dCompatibilityLevel=1.2 -o c.pdf tree/a.ps'],
  ['ghostscript, ASCII85', 'gs', 'gs -q -sDEVICE=pdfwrite -dASCII85EncodePages=true -o c.pdf tree/a.ps'],
  ['cairo', 'pdftocairo', `gs -q -sDEVICE=pdfwrite -o b.pdf tree/a.ps && pdftocairo -pdf b.pdf c.pdf`],
  [
    'qpdf, object streams',
    'qpdf',
    `gs -q -sDEVICE=pdfwrite -o b.pdf tree/a.ps && qpdf --object-streams=generate --linearize b.pdf c.pdf`,
  ],
  ['qpdf, plain', 'qpdf', 'gs -q -sDEVICE=pdfwrite -o b.pdf tree/a.ps && qpdf --qdf b.pdf c.pdf'],
  ['mutool', 'mutool', 'gs -q -sDEVICE=pdfwrite -o b.pdf tree/a.ps && mutool clean -ggggz b.pdf c.pdf >/dev/null'],
] as const;

for (const [title, tool, command] of PRODUCERS) {
  const without = missing(tool, 'gs', 'pdftotext');
  test.skipIf(without)(
    `a PDF by ${title} has the words that pdftotext finds${without ? ` (${without})` : ''}`,
    async () => {
      const bytes = tree.make('c.pdf', command);
      const expected = spawnSync('pdftotext', ['c.pdf', '-'], { cwd: tree.root, encoding: 'utf8' }).stdout;
      for (const seekable of [true, false]) {
        const entries = await read(bytes, seekable);
        expect(entries.flatMap(({ tail }) => withoutItem(tail).gaps)).toEqual([]);
        // Text that stands for a ligature is told next to the ligature.
        const extra = title === 'chromium' ? ['fi'] : [];
        expect(words(textOf(entries))).toEqual([...words(expected), ...extra].sort());
        expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', media: 'application/pdf', size: bytes.length });
        expect(entries[0]!.content.equals(bytes)).toBe(true);
      }
    },
    60_000,
  );
}

test.skipIf(missing('pdftotext'))('our own reports have the words that pdftotext finds', async () => {
  const path = new URL('../../reports/samples/summary.pdf', import.meta.url).pathname;
  const entries = await read(readFileSync(path));
  const expected = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' }).stdout;
  expect(words(textOf(entries))).toEqual(words(expected));
});

test.skipIf(missing('qpdf', 'gs'))('an encrypted PDF is a gap', async () => {
  const bytes = tree.make(
    'c.pdf',
    'gs -q -sDEVICE=pdfwrite -o b.pdf tree/a.ps && qpdf --encrypt u o 256 -- b.pdf c.pdf',
  );
  expect(gapsOf(await read(bytes))).toEqual(['a.pdf: encrypted']);
});

type Part = string | { dict: string; data: Uint8Array };

/** A file of numbered objects; its cross-reference table is left out, as only readers of tables need one. */
function pdfOf(objects: Record<number, Part>, tail = 'trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n'): Buffer {
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.7\n')];
  for (const [number, part] of Object.entries(objects)) parts.push(objectOf(number, part));
  return Buffer.concat([...parts, Buffer.from(tail)]);
}

function objectOf(number: string, part: Part): Uint8Array {
  if (typeof part === 'string') return Buffer.from(`${number} 0 obj\n${part}\nendobj\n`);
  const head = `${number} 0 obj\n<<${part.dict}/Length ${part.data.length}>>\nstream\n`;
  return Buffer.concat([Buffer.from(head), part.data, Buffer.from('\nendstream\nendobj\n')]);
}

const flate = (text: string | Uint8Array, dict = ''): Part => ({
  dict: `/Filter/FlateDecode${dict}`,
  data: deflateSync(text),
});
const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>';
const PAGE = {
  1: '<</Type/Catalog/Pages 2 0 R>>',
  2: '<</Type/Pages/Kids[3 0 R]/Count 1/Resources<</Font<</F1 4 0 R>>>>>>',
  3: '<</Type/Page/Parent 2 0 R/Contents 5 0 R>>',
  4: FONT,
};
const SHOWN = 'BT /F1 12 Tf 72 700 Td [(41) 3 (11) -4 (1111)] TJ 0 -14 Td (next \\(line\\)) Tj ET';

test('text is joined over kerning, lines are apart', async () => {
  const entries = await read(pdfOf({ ...PAGE, 5: flate(SHOWN) }));
  expect(gapsOf(entries)).toEqual([]);
  expect(textOf(entries)).toBe('41111111\nnext (line)\n');
});

test('what an update replaced or no page leads to is read too', async () => {
  const old = pdfOf({ ...PAGE, 5: flate(SHOWN.replace('next', 'former')) });
  const update = Buffer.concat([
    objectOf('5', flate(SHOWN)),
    objectOf('9', flate('BT /F1 9 Tf (str) Tj (ay) Tj ET')),
    Buffer.from('%%EOF\n'),
  ]);
  const text = textOf(await read(Buffer.concat([old, update])));
  expect(text).toContain('former (line)');
  expect(text).toContain('next (line)');
  expect(text).toContain('stray');
});

test('strings of objects: form values by their names, UTF-16, in object streams', async () => {
  const objects = '7 0 8 34 <</T(pin)/V(0815)/FT/Tx>>          <</Title<FEFF004B00F6006C006E>>>';
  const first = objects.indexOf('<<');
  const table = objects.slice(0, first);
  const second = objects.lastIndexOf('<</Title') - first;
  const data = `${table.replace('34', String(second))}${objects.slice(first)}`;
  const entries = await read(pdfOf({ ...PAGE, 6: flate(data, `/Type/ObjStm/N 2/First ${first}`) }));
  const strings = entries.find(({ entry }) => entry.path.at(-1) === '#strings@0')!.content.toString();
  expect(strings).toContain('pin=0815\n');
  expect(strings).toContain('Title=Köln\n');
});

test('embedded files are members that are opened', async () => {
  const zip = zipOf([{ name: 'in.txt', data: 'needle in a zip in a pdf\n' }]);
  const entries = await read(
    pdfOf({ ...PAGE, 6: flate(zip, '/Type/EmbeddedFile'), 7: '<</Type/Filespec/UF(a.zip)/EF<</F 6 0 R>>>>' }),
  );
  expect(entries.map(({ entry }) => entry.path.slice(1).join('/'))).toContain('a.zip/in.txt');
  expect(shows(entries, 'needle in a zip')).toBe(true);
});

test.each([
  ['image-not-read', { 5: { dict: '/Subtype/Image/Width 100/Height 100/Filter/DCTDecode', data: noise(500) } }],
  ['image-not-read', { 5: flate(Buffer.alloc(10_000), '/Subtype/Image/Width 100/Height 100') }],
  ['image-not-read', { 5: flate('BI /W 99 /H 99 /BPC 1 ID xxxx\nEI') }],
  ['image-not-read', { 5: flate('0 0 m 1 1 2 2 3 3 c '.repeat(300)) }],
  ['unsupported', { 5: { dict: '/Filter/OwnDecode', data: Buffer.from('x') } }],
  ['encrypted', { 5: { dict: '/Filter[/Crypt]', data: Buffer.from('x') } }],
  ['corrupt', { 5: { dict: '/Filter/FlateDecode', data: noise(100) } }],
  ['corrupt', { 5: '<</X 1>> endobj stream\nx' }],
  ['size-mismatch', { 5: '<</Length 3>>\nstream\nlonger\nendstream' }],
  ['truncated', { 5: '<</Length 3>>\nstream\nlonger' }],
  ['high-entropy', { 5: { dict: '', data: noise(20_000) } }],
  [
    'text-not-mapped',
    { 4: '<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</DW 500>>]>>', 5: flate(SHOWN) },
  ],
  ['text-not-mapped', { 4: `${FONT.slice(0, -2)}/Encoding<</Differences[49/g1/g2]>>>>`, 5: flate(SHOWN) }],
] as [string, Record<number, Part>][])('%s is a gap', async (code, objects) => {
  const entries = await read(pdfOf({ ...PAGE, ...objects }));
  const codes = entries.flatMap(({ tail }) => withoutItem(tail).gaps.map((gap) => gap.code));
  expect(codes).toContain(code);
});

test.each([
  ['ASCIIHexDecode', Buffer.from(`${Buffer.from(SHOWN).toString('hex')}>`)],
  ['RunLengthDecode', Buffer.concat([Buffer.from([SHOWN.length - 1]), Buffer.from(SHOWN), Buffer.from([128])])],
])('%s is decoded', async (filter, data) => {
  expect(textOf(await read(pdfOf({ ...PAGE, 5: { dict: `/Filter/${filter}`, data } })))).toContain('41111111');
});

test('bytes behind compressed data are an entry', async () => {
  const data = new Uint8Array(Buffer.concat([deflateSync(SHOWN), Buffer.from('\nhidden behind it')]));
  const entries = await read(pdfOf({ ...PAGE, 5: { dict: '/Filter/FlateDecode', data } }));
  expect(entries.some(({ entry }) => entry.path.at(-1)!.startsWith('#slack@'))).toBe(true);
});

test('a text that speaks of PDF is none', async () => {
  const entries = await read(Buffer.from('a log\nfile begins with %PDF-1.4 and was sent\n'));
  expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', media: 'text/plain; charset=us-ascii', gaps: [] });
});

test('damage and cuts end without an error, and a cut is never clean', async () => {
  const original = pdfOf({ ...PAGE, 5: flate(SHOWN), 6: flate('7 0 <</T(pin)/V(0815)>>', '/Type/ObjStm/N 1/First 4') });
  const flips = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(flips, fc.integer({ min: 30, max: original.length - 20 }), async (list, length) => {
      const mutant = Buffer.from(original);
      for (const [at, byte] of list) mutant[at] = byte;
      await read(mutant);
      const cut = await read(original.subarray(0, length));
      expect(cut.some(({ tail }) => tail.coverage === 'unread')).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('files made to keep a reader busy end in time', async () => {
  const started = performance.now();
  for (const piece of [
    '1 0 obj (',
    '1 0 obj <<',
    '1 0 obj [',
    '1 0 obj <',
    '1 0 obj\n<<>>\nstream\n',
    '<',
    '[',
    '((',
  ]) {
    await read(Buffer.from(`%PDF-1.4\n${piece.repeat(40_000)}`));
    await read(pdfOf({ ...PAGE, 5: flate(piece.repeat(40_000)) }));
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});

/** Type 1 encryption (Adobe Type 1 Font Format, section 7.1), so that the reader's is tested against it. */
function encrypted(bytes: Uint8Array, key: number, lead: number): Buffer {
  const plain = Buffer.concat([Buffer.alloc(lead), bytes]);
  let state = key;
  return plain.map((byte) => {
    const cipher = byte ^ (state >> 8);
    state = ((cipher + state) * 52845 + 22719) & 0xffff;
    return cipher;
  }) as Buffer;
}

test('a Type 1 font is decrypted, and gives the encoding that only it knows', async () => {
  const clear = Buffer.from(
    '%!PS-AdobeFont-1.0: X\n/Encoding 256 array dup 49 /four put dup 52 /one put readonly def\neexec\n',
  );
  const outline = encrypted(Buffer.from('outline '.repeat(100)), 4330, 4);
  const glyph = Buffer.concat([Buffer.from(`/a ${outline.length} RD `), outline, Buffer.from(' ND\n')]);
  const inner = Buffer.concat([
    Buffer.from('dup /Private /CharStrings 40 dict\n'),
    ...Array.from({ length: 40 }, () => glyph),
  ]);
  const secret = encrypted(inner, 55665, 4);
  const program = Buffer.concat([clear, secret, Buffer.from('\n0000 cleartomark')]);
  const objects = {
    ...PAGE,
    4: '<</Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor 8 0 R>>',
    5: flate(SHOWN),
    7: flate(program, `/Length1 ${clear.length}/Length2 ${secret.length}/Length3 16`),
    8: '<</Type/FontDescriptor/Flags 4/FontFile 7 0 R>>',
  };
  const entries = await read(pdfOf(objects));
  expect(shows(entries, 'outline outline')).toBe(true);
  expect(textOf(entries)).toMatch(/^14444444\n/);
  expect(entries.flatMap(({ tail }) => withoutItem(tail).gaps.map((gap) => gap.code))).toEqual(['text-not-mapped']);
  // Random bytes in the same place are no font.
  const noFont = {
    ...objects,
    7: flate(Buffer.concat([clear, noise(30_000)]), `/Length1 ${clear.length}/Length2 30000`),
  };
  const codes = (await read(pdfOf(noFont))).flatMap(({ tail }) => withoutItem(tail).gaps.map((gap) => gap.code));
  expect(codes).toContain('high-entropy');
});
