import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, render, renderSummary } from '../../src/report/index.ts';
import { cleared, collect, held, withTransport } from './samples.ts';
import { missing, run } from './tool.ts';

/** Debian: libpdfbox2-java, libjakarta-activation-java, libactivation-java, libjaxb-api-java and a JDK. */
const JARS = ['preflight', 'pdfbox2', 'fontbox2', 'xmpbox', 'commons-logging', 'jaxb-api', 'javax.activation'].map(
  (name) => `/usr/share/java/${name}.jar`,
);
const lacking = [...missing('javac', 'java', 'qpdf'), ...JARS.filter((jar) => !existsSync(jar))];
const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same file as PDF/A-1b: that part has neither object streams nor attachments, and its own number. */
function twin(name: string, bytes: Uint8Array): string {
  const [plain, open, changed, out] = ['plain', 'open', 'changed', 'twin'].map((step) =>
    join(folder, `${name}.${step}.pdf`),
  ) as [string, string, string, string];
  writeFileSync(plain, bytes);
  expect(run('qpdf', ['--qdf', '--object-streams=disable', plain, open]).status).toBe(0);
  let text = readFileSync(open).toString('latin1');
  for (const [from, to] of [
    ['<pdfaid:part>3', '<pdfaid:part>1'],
    ['<pdfaid:conformance>A', '<pdfaid:conformance>B'],
    ['/EmbeddedFiles', '/EmbeddedNot  '],
    ['/EF <<', '/EX <<'],
  ] as const) {
    text = text.replaceAll(from, to);
  }
  writeFileSync(changed, Buffer.from(text, 'latin1'));
  expect(
    run('qpdf', ['--object-streams=disable', '--newline-before-endstream', '--force-version=1.4', changed, out]).status,
  ).toBe(0);
  return out;
}

(lacking.length > 0 ? test.skip : test)(
  `PDFBox Preflight has nothing but the CIDSet that PDF/A-1 alone asks for${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  async () => {
    const path = JARS.join(':');
    expect(run('javac', ['-d', folder, '-cp', path, join(import.meta.dirname, 'Preflight.java')]).status).toBe(0);
    const good = [
      twin('held', await collect(render('pdf', withTransport(held()), { ...DEFAULT_OPTIONS, previous: cleared() }))),
      twin(
        'cleared',
        await collect(render('pdf', cleared(), { ...DEFAULT_OPTIONS, audience: 'executive', paper: 'letter' })),
      ),
      twin('summary', await collect(renderSummary('pdf', [held(), cleared()], { paper: 'a4', ledgers: [] }))),
    ];
    const broken = join(folder, 'broken.pdf');
    writeFileSync(
      broken,
      Buffer.from(
        readFileSync(good[0] as string)
          .toString('latin1')
          .replace('/GTS_PDFA1', '/GTS_PDFX1'),
        'latin1',
      ),
    );
    const { out } = run('java', ['-cp', `${path}:${folder}`, 'Preflight', ...good, broken]);
    const reports = out
      .split('@@\n')
      .slice(1)
      .map((list) =>
        list.split('\n').filter((line) => line !== '' && !line.startsWith('3.1.11 Invalid Font definition')),
      );
    expect(reports).toHaveLength(4);
    expect(reports.slice(0, 3)).toEqual([[], [], []]);
    expect(reports[3]).not.toEqual([]);
  },
);
