import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { CompactDocument, fileIdentifier } from '../../src/report/pdf/compact-document.ts';
import { openFaces } from '../../src/report/pdf/typeface.ts';
import { wrap } from '../../src/report/pdf/wrap.ts';
import { PdfModel } from './pdf-model.ts';
import { cleared, collect, entry, held, large, stored } from './samples.ts';
import { missing } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const named = (name: string): StoredResult => {
  const result = cleared();
  return { ...result, head: { ...result.head, payloads: [{ name, size: 1, sha256: null }] } };
};
const pdf = (result: StoredResult) => collect(render('pdf', result, DEFAULT_OPTIONS));
async function model(result: StoredResult): Promise<PdfModel> {
  const bytes = await pdf(result);
  const path = join(folder, 'trap.pdf');
  writeFileSync(path, bytes);
  return new PdfModel(path, bytes);
}
const info = { title: 't', subject: 's', author: 'a', date: new Date(0), id: fileIdentifier('x') };
const metadata = (file: PdfModel) => file.stream(file.catalog['/Metadata'])?.data.toString('utf8') ?? '';

const lacking = missing('qpdf');
(lacking.length > 0 ? describe.skip : describe)(
  `what pdfkit 0.20.2 gets wrong and we put right${lacking.length > 0 ? ' (missing: qpdf)' : ''}`,
  () => {
    test('one switch for PDF/A or PDF/UA: the file names both', async () => {
      const xml = metadata(await model(cleared()));
      expect(xml).toContain('<pdfaid:part>3</pdfaid:part>');
      expect(xml).toContain('<pdfuaid:part>1</pdfuaid:part>');
    });

    test('metadata is not escaped: a name with markup stays text there, and plain in /Info', async () => {
      const name = `R&D <audit> "x" 'y' ]]>.tgz`;
      const file = await model(named(name));
      const tree = new XMLParser({ ignoreAttributes: true }).parse(metadata(file).replace(/<\?xpacket[^>]*\?>/g, ''));
      const descriptions = tree['x:xmpmeta']['rdf:RDF']['rdf:Description'] as Record<
        string,
        { 'rdf:Alt': { 'rdf:li': string } }
      >[];
      const title = descriptions.find((each) => 'dc:title' in each)?.['dc:title']?.['rdf:Alt']['rdf:li'];
      expect(title).toBe(`Cleared: ${name}`);
      expect(file.text(file.dict(file.trailer['/Info'])['/Title'])).toBe(`Cleared: ${name}`);
    });

    test('the outline has a /Count and places that do not scroll sideways', async () => {
      const file = await model(held());
      const outline = file.dict(file.catalog['/Outlines']);
      expect(outline['/Count']).toBe(14);
      let item = file.dict(outline['/First']);
      for (let at = 0; at < 14; at += 1) {
        const [, kind, left] = file.list(item['/Dest']);
        expect([kind, left]).toEqual(['/XYZ', 0]);
        item = file.dict(item['/Next']);
      }
    });

    test('the root of a name tree has no /Limits', async () => {
      const file = await model(held());
      expect(file.dict(file.dict(file.catalog['/Names'])['/Dests'])['/Limits']).toBeUndefined();
    });

    test('the file identifier follows the result, not the title', async () => {
      const ids = await Promise.all(
        [cleared(), { ...cleared(), head: { ...cleared().head, optionsSha256: '0'.repeat(64) } }].map(
          async (result) => (await model(result)).list((await model(result)).trailer['/ID'])[0],
        ),
      );
      expect(ids[0]).not.toEqual(ids[1]);
    });

    test('the checksum of an attachment is 16 bytes, and that of its content', async () => {
      const result = await collect(render('json', held(), DEFAULT_OPTIONS));
      const file = await model(held());
      const specification = file.dict(file.list(file.catalog['/AF'])[0]);
      const parameters = file.dict(file.dict(file.dict(specification['/EF'])['/F'])['/Params']);
      expect(parameters['/CheckSum']).toBe(`b:${createHash('md5').update(result).digest('hex')}`);
      expect(parameters['/Size']).toBe(result.length);
    });

    test('the width of .notdef is in thousandths like the others', async () => {
      const file = await model(cleared());
      for (const { dict } of file.dictionaries()) {
        if (dict['/Subtype'] === '/CIDFontType2')
          expect(Number(file.list(file.list(dict['/W'])[1])[0])).toBeLessThan(1000);
      }
    });
  },
);

describe('text', () => {
  const faces = openFaces(new CompactDocument(info));

  test('what cannot or must not be drawn is shown by its number', () => {
    expect(faces.text.shown('plain Ärger Ωμέγα Привет ✓')).toBe('plain Ärger Ωμέγα Привет ✓');
    expect(faces.text.shown('漢字')).toBe('\\u{6F22}\\u{5B57}');
    expect(faces.text.shown('a\u202Eb\u0000c\u200Bd\nא🧨')).toBe(
      'a\\u{202E}b\\u{0}c\\u{200B}d\\u{A}\\u{5D0}\\u{1F9E8}',
    );
    expect(faces.text.shown('e\u0301')).toBe('e\\u{301}');
    expect(faces.mono.shown('\u{E000}\uFFFF')).toBe('\\u{E000}\\u{FFFF}');
  });

  test('wrapping keeps every character of a name and fits the width', () => {
    for (const text of ['a'.repeat(500), 'var/log/'.repeat(80), `x ${'long-name.'.repeat(40)} tail`, 'W'.repeat(37)]) {
      const lines = wrap(faces.mono, text, 7, 150);
      for (const line of lines) expect(faces.mono.width(line, 7)).toBeLessThanOrEqual(150.01);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });

  test('a font file is parsed once however often it is used', async () => {
    const bytes = await pdf(large(300));
    expect(bytes.toString('latin1').match(/\/Type \/FontFile|\/Length1/g) ?? []).toHaveLength(0);
    // Three font programs, each a stream that begins with a TrueType tag.
    const programs = [
      ...bytes.toString('latin1').matchAll(/obj\n<<\n\/Length (\d+)\n\/Filter \/FlateDecode\n>>\nstream\n/g),
    ].filter((match) => {
      const from = match.index + match[0].length;
      return ['true', '\u0000\u0001\u0000\u0000'].includes(
        inflateSync(bytes.subarray(from, from + Number(match[1]))).toString('latin1', 0, 4),
      );
    });
    expect(programs).toHaveLength(3);
  });
});

test('ten thousand entries stay within time and memory of a report that was meant to be read', async () => {
  const start = performance.now();
  const bytes = await pdf(large(10_000));
  // The goal is 10 s on a quiet machine; it takes well under one.
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(bytes.length).toBeLessThan(2_500_000);
});

test('an entry with a name of many pages is printed to its end', async () => {
  const name = `${'very/long/'.repeat(1500)}end-of-name`;
  const result = stored([entry(['p.tgz', name], { item: { id: null, status: 'undocumented', context: 'top' } })], {
    outcome: 'held',
    level: 'L0',
    reasons: [],
    notices: [],
  });
  expect((await pdf(result)).length).toBeGreaterThan(10_000);
});
