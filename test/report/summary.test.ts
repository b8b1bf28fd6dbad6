import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type StoredResult, UsageError } from '../../src/model/index.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { renderSummary } from '../../src/report/index.ts';
import { cleared, collect, held, incomplete, ledgerFor } from './samples.ts';
import { missing, run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const on = (result: StoredResult, asOf: string): StoredResult => ({ ...result, head: { ...result.head, asOf } });
const results = [on(held(), '2026-11-20'), on(cleared(), '2026-11-22'), on(incomplete(), '2026-11-21')];
const json = async (list: readonly StoredResult[], ledgers: Parameters<typeof renderSummary>[2]['ledgers'] = []) =>
  JSON.parse((await collect(renderSummary('json', list, { paper: 'a4', ledgers }))).toString());

test('counts each result once, in order of date, whatever the order given', async () => {
  const summary = await json(results);
  expect(summary.outcomes).toEqual({ cleared: 1, held: 1, incomplete: 1 });
  expect(summary.rows.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['held', 'incomplete', 'cleared']);
  expect(await json([...results].reverse().concat(results))).toEqual(summary);
  expect(summary.causes.map(({ code }: { code: string }) => code)).toContain('unread-content');
  expect(summary.rows[0].counting).toBe(
    results[0]?.head.verdict.reasons
      .filter(({ code }) => code !== 'undocumented-file')
      .reduce((sum, { count }) => sum + count, 0),
  );
});

test('who waits is known only from a ledger, oldest first', async () => {
  expect((await json(results)).waiting).toEqual([]);
  const ledgers = await Promise.all(
    results.map(async (result, at) => {
      const extract = ledgerFor(await resultDigest(result));
      return { ...extract, approvals: { given: at === 1 ? 2 : 1, required: 2, validUntil: null } };
    }),
  );
  expect((await json(results, ledgers)).waiting.map(({ asOf }: { asOf: string }) => asOf)).toEqual([
    '2026-11-20',
    '2026-11-21',
  ]);
});

test('other formats have no summary', async () => {
  await expect(collect(renderSummary('sarif', results, { paper: 'a4', ledgers: [] }))).rejects.toThrow(UsageError);
});

const lacking = missing('pdfinfo', 'qpdf', 'pdftotext');
(lacking.length > 0 ? test.skip : test)(
  `fifty results are one page${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  async () => {
    const many = Array.from({ length: 50 }, (_, at) =>
      on(
        results[at % 3] as StoredResult,
        `2026-${String(1 + Math.floor(at / 5)).padStart(2, '0')}-${String(1 + (at % 5)).padStart(2, '0')}`,
      ),
    );
    const path = join(folder, 'summary.pdf');
    const ledgers = await Promise.all(
      many.slice(0, 9).map(async (result) => ({
        ...ledgerFor(await resultDigest(result)),
        approvals: { given: 0, required: 2, validUntil: null },
      })),
    );
    for (const paper of ['a4', 'letter'] as const) {
      const bytes = await collect(renderSummary('pdf', many, { paper, ledgers }));
      expect(bytes.equals(await collect(renderSummary('pdf', [...many].reverse(), { paper, ledgers })))).toBe(true);
      writeFileSync(path, bytes);
      expect(run('pdfinfo', [path]).out).toMatch(/Pages: +1\n/);
      expect(run('qpdf', ['--check', path]).err).toBe('');
      expect(run('pdftotext', ['-layout', path, '-']).out).toMatch(/50 results, as of 2026-01-01 to 2026-10-05/);
    }
  },
);
