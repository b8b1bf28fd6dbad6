import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, type ReportOptions, render } from '../../src/report/index.ts';
import { anyResult } from './arbitrary.ts';
import { cleared, collect, entry, held, incomplete, large, stored, withDocument, withTransport } from './samples.ts';
import { missing, run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pdf = (result: StoredResult, options: Partial<ReportOptions> = {}): Promise<Buffer> =>
  collect(render('pdf', result, { ...DEFAULT_OPTIONS, ...options }));
async function file(result: StoredResult, options: Partial<ReportOptions> = {}): Promise<string> {
  const path = join(folder, 'report.pdf');
  writeFileSync(path, await pdf(result, options));
  return path;
}
const SAMPLES = {
  cleared,
  held,
  incomplete,
  empty: () => stored([], { outcome: 'incomplete', level: 'L0', reasons: [], notices: [] }),
};

const lacking = missing('qpdf', 'pdfinfo', 'pdffonts', 'pdftotext', 'pdfdetach', 'mutool');
const withTools = lacking.length > 0 ? describe.skip : describe;

withTools(`the PDF before stock tools${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`, () => {
  test.each(Object.entries(SAMPLES))('%s: no complaint from qpdf, mutool, pdfinfo, pdffonts', async (_, sample) => {
    for (const options of [{}, { paper: 'letter' as const, audience: 'executive' as const }]) {
      const path = await file(sample(), options);
      const qpdf = run('qpdf', ['--check', path]);
      expect(qpdf.err).toBe('');
      expect(qpdf.status).toBe(0);
      const mutool = run('mutool', ['clean', path, join(folder, 'clean.pdf')]);
      expect(mutool.err).toBe('');
      const info = run('pdfinfo', [path]);
      expect(info.err).toBe('');
      expect(info.out).toMatch(/Tagged: +yes/);
      expect(info.out).toMatch(/Suspects: +no/);
      expect(info.out).toMatch(options.paper ? /612 x 792 pts \(letter\)/ : /595\.28 x 841\.89 pts \(A4\)/);
      const fonts = run('pdffonts', [path]).out.trim().split('\n').slice(2);
      expect(fonts).toHaveLength(3);
      for (const line of fonts) expect(line).toMatch(/CID TrueType +Identity-H +yes yes yes/);
    }
  });

  test('the canonical result comes out of the file byte for byte', async () => {
    const path = await file(held());
    const out = join(folder, 'result.json');
    expect(run('pdfdetach', ['-savefile', 'result.json', '-o', out, path]).status).toBe(0);
    expect(readFileSync(out)).toEqual(await collect(render('json', held(), DEFAULT_OPTIONS)));
  });

  test('page 1 says verdict, digest, coverage, counts and level; every page its number', async () => {
    const text = run('pdftotext', ['-layout', await file(held()), '-']).out;
    const pages = text.split('\f').slice(0, -1);
    const first = pages[0] as string;
    expect(first).toMatch(/Held/);
    expect(first).toMatch(/do not send/);
    expect(first).toContain(held().head.payloads[0]?.sha256?.slice(0, 8));
    expect(first).toMatch(/No attestation is given/);
    expect(first).toMatch(/decoded \d/);
    for (const [index, page] of pages.entries()) expect(page).toContain(`page ${index + 1} of ${pages.length}`);
  });

  test('page 1 has its list of contents on either paper, for every audience and verdict', async () => {
    for (const [name, sample] of Object.entries({
      ...SAMPLES,
      'with everything': () => withTransport(withDocument(held())),
    })) {
      for (const paper of ['a4', 'letter'] as const) {
        for (const audience of ['executive', 'manager', 'administrator'] as const) {
          const path = await file(sample(), { paper, audience });
          const first = run('pdftotext', ['-layout', '-f', '1', '-l', '1', path, '-']).out;
          expect([name, paper, audience, first]).toEqual([
            name,
            paper,
            audience,
            expect.stringContaining('In this report'),
          ]);
          // A number beside every title, none of them on another.
          expect(first).toMatch(/How to verify this report +\d+/);
        }
      }
    }
  });

  test('where page 1 is full of payloads, the list of contents begins page 2', async () => {
    const { head, ...rest } = held();
    const named = (name: string) => ({ name: `${name}-`.repeat(24), size: 1, sha256: 'a'.repeat(64) });
    const path = await file(
      { ...rest, head: { ...head, payloads: [named('first'), named('second'), named('third')] } },
      { paper: 'letter' },
    );
    const page = (number: string) => run('pdftotext', ['-layout', '-f', number, '-l', number, path, '-']).out;
    expect(page('1')).not.toContain('In this report');
    expect(page('2')).toMatch(
      /^\s*In this report\n[\s\S]*How to verify this report +\d+[\s\S]*What is and is not attested\n/,
    );
  });

  test('an executive gets each conflict by name, an administrator with its words', async () => {
    const conflicts = withDocument(cleared()).head.document?.conflicts ?? [];
    expect(conflicts.length).toBeGreaterThan(5);
    const textFor = async (audience: ReportOptions['audience']) =>
      run('pdftotext', [await file(withDocument(cleared()), { audience }), '-']).out.replace(/\s+/g, ' ');
    const [brief, full] = [await textFor('executive'), await textFor('administrator')];
    for (const { title, kind, handling } of conflicts) {
      expect(brief).toContain(`${title} (${kind})`);
      expect(brief).not.toContain(handling);
    }
    expect(brief).toContain('attached result.json (document.conflicts)');
    expect(full).toContain(conflicts[0]?.handling.slice(0, 30));
  });

  test('no table begins with its header at the end of a page', async () => {
    for (const paper of ['a4', 'letter'] as const) {
      const text = run('pdftotext', ['-layout', await file(withTransport(withDocument(held())), { paper }), '-']).out;
      for (const page of text.split('\f')) {
        const lines = page.split('\n').filter((line) => line.trim() !== '');
        // The last line is the footer.
        expect(lines.at(-2) ?? '').not.toMatch(/^ *(?:Conflict|Control|Reason|File|The vendor says|Rule) {2,}\S/);
      }
    }
  });

  test('hostile names are shown escaped and long ones whole', async () => {
    const text = run('pdftotext', ['-raw', await file(held()), '-']).out.replaceAll('\n', '');
    expect(text).toContain('\\u{202E}fdp.exe\\u{0}\\u{1B}[31m.log');
    expect(text).toContain('\\u{6F22}\\u{5B57}');
    const spoof = held();
    const payloads = [{ name: 'a\u202Ezgt.exe', size: 1, sha256: null }];
    const info = run('pdfinfo', [await file({ ...spoof, head: { ...spoof.head, payloads } })]).out;
    expect(info).toContain('Title:           Held: a\\u{202E}zgt.exe\n');
    expect(text).toContain(`${'orders-and-invoices-of-the-last-quarter-'.repeat(6)}final.csv`.slice(60, 200));
  });

  test('what is not documented has a box of its own, however small, and does not colour the rest', async () => {
    const items = Array.from({ length: 30 }, (_, at) =>
      entry(['p.tgz', `file${at}`], {
        size: 1000 + at,
        item: { id: `item-${at}`, status: 'documented', context: 'top' },
      }),
    );
    const odd = entry(['p.tgz', 'odd'], { size: 3, item: { id: null, status: 'undocumented', context: 'top' } });
    const sample = stored([...items, odd], cleared().head.verdict);
    const text = run('pdftotext', ['-raw', await file(sample), '-']).out;
    expect(text).toMatch(/^\d+ 16 more items 16 /m);
    expect(text).toMatch(/^\d+ ✗ not documented 1 3 B /m);
    expect(text).not.toMatch(/✗ \d+ more/);
  });

  test('no page says that all was read where it was not, nor begins a table about nothing', async () => {
    const said = async (result: StoredResult) =>
      run('pdftotext', ['-raw', await file(result), '-']).out.replaceAll('\n', ' ');
    expect(await said(cleared())).toMatch(/to the last byte.*Every archive was opened through all its levels/);
    const partial = await said(incomplete());
    expect(partial).not.toMatch(/to the last byte|Every archive was opened/);
    expect(partial).toContain('3 entries could not, or not to the end');
    const many = await said(large(2100));
    expect(many).toMatch(/There is no such entry\. /);
    expect(many).not.toContain('No. Entry Size SHA-256');
    const sample = cleared();
    const directory = await said({
      ...sample,
      head: { ...sample.head, payloads: [{ name: 'b', size: null, sha256: null }] },
    });
    expect(directory).not.toMatch(/sha256sum b|has the digest stated/);
  });

  test('any result the schema allows makes a file without complaint', async () => {
    await fc.assert(
      fc.asyncProperty(anyResult, async (result) => {
        const qpdf = run('qpdf', ['--check', await file(result)]);
        expect(qpdf.err).toBe('');
        expect(qpdf.status).toBe(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the PDF itself', () => {
  test('100 of 100 times the same bytes, whatever the time zone, the day and what was drawn before', async () => {
    const drawn = () => pdf(incomplete(), { audience: 'executive' });
    const first = await drawn();
    const zone = process.env['TZ'];
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (let turn = 0; turn < 100; turn += 1) {
        process.env['TZ'] = ['Pacific/Kiritimati', 'America/Adak', 'UTC', 'Asia/Kathmandu'][turn % 4];
        vi.setSystemTime(turn * 1e11);
        if (turn % 10 === 0) await pdf(held(), { paper: 'letter' });
        expect([turn, (await drawn()).equals(first)]).toEqual([turn, true]);
      }
    } finally {
      vi.useRealTimers();
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('1,000 entries stay below half a megabyte, 10,000 below two and a half', async () => {
    expect((await pdf(large(1000))).length).toBeLessThan(500_000);
    expect((await pdf(large(10_000))).length).toBeLessThan(2_500_000);
  });
});
