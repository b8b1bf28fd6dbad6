import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, render, renderSummary } from '../../src/report/index.ts';
import { readSigner } from '../../src/report/pdf/cms.ts';
import { signPdf } from '../../src/report/pdf/sign-pdf.ts';
import { BREAKS, copyOf, structuralBreak } from './pdf-breaks.ts';
import { PdfModel } from './pdf-model.ts';
import { RULES } from './pdf-rules.ts';
import { PUBLISHED } from './published-rules.ts';
import { cleared, collect, held, incomplete, large, ledgerFor, withDocument, withTransport } from './samples.ts';
import { missing, run } from './tool.ts';

const lacking = missing('qpdf', 'openssl');
const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function files(): Promise<Record<string, Uint8Array>> {
  const path = withTransport(cleared());
  const full = await collect(
    render('pdf', path, { ...DEFAULT_OPTIONS, previous: held(), ledger: ledgerFor(await resultDigest(path)) }),
  );
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-subj',
    '/CN=Test',
    '-days',
    '30',
  ]);
  return {
    'every page': full,
    signed: signPdf(full, readSigner(key, certificate), 'test'),
    held: await collect(render('pdf', withDocument(held()), DEFAULT_OPTIONS)),
    'incomplete, executive, letter': await collect(
      render('pdf', incomplete(), { ...DEFAULT_OPTIONS, audience: 'executive', paper: 'letter' }),
    ),
    'many entries': await collect(render('pdf', large(2100), DEFAULT_OPTIONS)),
    summary: await collect(renderSummary('pdf', [held(), cleared(), incomplete()], { paper: 'a4', ledgers: [] })),
  };
}

test('each of the 261 published rules has one of ours, at most 60 of them by the absence of the construct', () => {
  const ours = new Set(RULES.map(({ says }) => says));
  expect(PUBLISHED.filter((rule) => !ours.has(rule.ours))).toEqual([]);
  expect(new Set(PUBLISHED.map(({ id }) => id)).size).toBe(PUBLISHED.length);
  expect(PUBLISHED.filter(({ id }) => id.startsWith('A ')).length).toBe(155);
  expect(PUBLISHED.filter(({ id }) => id.startsWith('U ')).length).toBe(106);
  expect(PUBLISHED.filter(({ kind }) => kind === 'checked').length).toBe(203);
  expect(PUBLISHED.filter(({ kind }) => kind === 'never').length).toBe(58);
});

(lacking.length > 0 ? describe.skip : describe)(
  `PDF/A-3a and PDF/UA-1 by our own rules${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  () => {
    test('no rule is broken in any kind of report', async () => {
      for (const [name, bytes] of Object.entries(await files())) {
        const path = join(folder, 'rules.pdf');
        writeFileSync(path, bytes);
        const pdf = new PdfModel(path, Buffer.from(bytes));
        const broken = RULES.flatMap(({ clause, says, check }) =>
          check(pdf)
            .slice(0, 3)
            .map((what) => `${clause}, ${says}: ${what}`),
        );
        expect([name, broken]).toEqual([name, []]);
      }
    });

    test('every rule sees the damage that it is for', async () => {
      const bytes = Buffer.from((await files())['signed'] as Uint8Array);
      const path = join(folder, 'whole.pdf');
      writeFileSync(path, bytes);
      const whole = new PdfModel(path, bytes);
      const blind: string[] = [];
      for (const { says, check } of RULES) {
        const broken = copyOf(whole);
        const plant = check.plant;
        if (plant) broken.objects.set('99999 0 R', { [plant[0]]: plant[1] ?? true });
        else {
          const damage = BREAKS[says] ?? structuralBreak(says);
          if (damage === undefined) {
            blind.push(`no damage is known for: ${says}`);
            continue;
          }
          damage(broken);
        }
        if (check(broken).length === 0) blind.push(says);
      }
      expect(blind).toEqual([]);
    });

    test('the rules in a file as it is written see what they are for', async () => {
      const bytes = await collect(render('pdf', cleared(), { ...DEFAULT_OPTIONS, audience: 'executive' }));
      const path = join(folder, 'plain.pdf');
      writeFileSync(path, bytes);
      // Object streams and compression undone, so that text can be replaced.
      run('qpdf', ['--qdf', '--object-streams=disable', '--no-original-object-ids', path, join(folder, 'open.pdf')]);
      const { out } = run('sh', ['-c', `base64 -w0 ${join(folder, 'open.pdf')}`]);
      const open = Buffer.from(out, 'base64').toString('latin1');
      const breaks: readonly (readonly [string, RegExp, string])[] = [
        ['7.18.3', /\/Tabs \/S/, '/Tabs /R'],
        ['7.3', /\/Alt \([^)]*\)/, '/Alx (no)'],
        ['7.5', /\/Scope \/Column/, '/Scope /Nothin'],
        ['6.3.2', /\/F 4\n/, '/F 2\n'],
        ['6.7.4', /\/Lang \(en\)/, '/Lang ()  '],
        ['6.2.11.3.3', /\/Encoding \/Identity-H/, '/Encoding /Identity-V'],
        ['6.5.1', /\/S \/GoTo/, '/S /Hide'],
        ['6.7.3.4', /\/S \/TBody/, '/S /TFoox'],
        ['7.1', /\/P <<\/MCID \d+>> BDC/, '/H <</MCID 999>> BDC'],
        ['6.6.4', /<pdfaid:part>3/, '<pdfaid:part>2'],
      ];
      for (const [clause, pattern, replacement] of breaks) {
        expect(open).toMatch(pattern);
        writeFileSync(path, Buffer.from(open.replace(pattern, replacement), 'latin1'));
        run('qpdf', [path, join(folder, 'fixed.pdf')]);
        const pdf = new PdfModel(join(folder, 'fixed.pdf'), Buffer.from(bytes));
        const broken = RULES.filter(({ check }) => check(pdf).length > 0).map((rule) => rule.clause.split(' ').pop());
        expect([clause, broken]).toEqual([clause, expect.arrayContaining([clause])]);
      }
    });
  },
);
