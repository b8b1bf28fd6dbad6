import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, type ReportOptions, render } from '../../src/report/index.ts';
import { COLOUR, TONE } from '../../src/report/pdf/palette.ts';
import { squarify } from '../../src/report/pdf/treemap.ts';
import {
  cleared,
  collect,
  entry,
  held,
  incomplete,
  large,
  ledgerFor,
  stored,
  withDocument,
  withTransport,
} from './samples.ts';
import { missing, run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every text colour has a contrast of 4.5:1 on every ground it stands on', () => {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [0, 2, 4]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  for (const ink of ['ink', 'muted', 'accent', 'good', 'bad', 'warn'] as const) {
    for (const ground of ['paper', 'wash'] as const) expect(contrast(COLOUR[ink], COLOUR[ground])).toBeGreaterThan(4.5);
  }
  for (const { ink, tint } of Object.values(TONE)) {
    for (const text of [ink, 'ink'] as const) expect(contrast(COLOUR[text], COLOUR[tint])).toBeGreaterThan(4.5);
  }
  expect(contrast(COLOUR.accent, COLOUR.accentTint)).toBeGreaterThan(4.5);
});

test('the treemap fills its box with areas in proportion', () => {
  const weights = [600, 300, 50, 25, 12, 6, 3, 2, 1, 1];
  const boxes = squarify(weights, { x: 10, y: 20, width: 400, height: 100 });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, box] of boxes.entries()) {
    expect(box.width * box.height).toBeCloseTo(((weights[at] as number) / total) * 40_000, 6);
    expect(box.x).toBeGreaterThanOrEqual(10 - 1e-9);
    expect(box.x + box.width).toBeLessThanOrEqual(410 + 1e-6);
    expect(box.y + box.height).toBeLessThanOrEqual(120 + 1e-6);
    for (const other of boxes.slice(at + 1)) {
      const overlap =
        Math.max(0, Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x)) *
        Math.max(0, Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y));
      expect(overlap).toBeLessThan(1e-6);
    }
  }
});

interface Word {
  readonly page: number;
  readonly text: string;
  readonly box: readonly [number, number, number, number];
}

function words(path: string): { words: Word[]; width: number; height: number } {
  const { out } = run('pdftotext', ['-bbox', path, '-']);
  const pages = out.split('<page ').slice(1);
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(pages[0] ?? '') ?? [];
  const list = pages.flatMap((page, at) =>
    [...page.matchAll(/<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<\/word>/g)].map(
      (match): Word => ({
        page: at + 1,
        text: match[5] as string,
        box: [1, 2, 3, 4].map((group) => Number(match[group])) as [number, number, number, number],
      }),
    ),
  );
  return { words: list, width: Number(width), height: Number(height) };
}

/** A payload whose names, numbers and counts are as long as they come. */
function extreme(): StoredResult {
  const long = 'W'.repeat(255);
  const entries = Array.from({ length: 14 }, (_, at) =>
    entry([`${long}.tgz`, `${'directory-with-a-name/'.repeat(60)}${at}`, `${long}/${long}`], {
      size: 2 ** 50 + at,
      item: {
        id: `an-item-with-a-very-long-identifier-${'x'.repeat(60)}-${at}`,
        status: at % 2 ? 'forbidden' : 'documented',
        context: 'top',
      },
      gaps: [{ code: 'over-budget', detail: 'the expansion ratio passes the limit '.repeat(8) }],
    }),
  );
  const result = stored(entries, {
    outcome: 'held',
    level: 'L0',
    reasons: Array.from({ length: 9 }, (_, at) => ({
      code: `a-reason-code-that-nobody-has-a-sentence-for-${at}`,
      severity: 'critical' as const,
      path: entries[at]?.path ?? null,
      message: 'm'.repeat(300),
      count: 10 ** 9,
    })),
    notices: [],
  });
  return { ...result, head: { ...result.head, payloads: [{ name: `${long}.tgz`, size: 2 ** 52, sha256: null }] } };
}

const lacking = missing('pdftotext', 'pdftoppm');

(lacking.length > 0 ? describe.skip : describe)(
  `the look${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  () => {
    const path = join(folder, 'look.pdf');
    const cases: [string, () => Promise<readonly [StoredResult, Partial<ReportOptions>]>][] = [
      [
        'cleared with everything',
        async () => {
          const result = withTransport(cleared());
          return [result, { previous: held(), ledger: ledgerFor(await resultDigest(result)) }];
        },
      ],
      ['held', async () => [held(), {}]],
      [
        'held, letter, manager',
        async () => [
          withDocument(withTransport(held())),
          { paper: 'letter', audience: 'manager', previous: incomplete() },
        ],
      ],
      ['incomplete, executive', async () => [incomplete(), { audience: 'executive' }]],
      ['long names', async () => [extreme(), { paper: 'letter' }]],
      ['250 entries', async () => [large(250), {}]],
    ];

    test.each(cases)('%s: no word leaves the frame or lies on another', async (_, make) => {
      const [result, options] = await make();
      writeFileSync(path, await collect(render('pdf', result, { ...DEFAULT_OPTIONS, ...options })));
      const seen = words(path);
      expect(seen.words.length).toBeGreaterThan(300);
      const outside = seen.words.filter(
        ({ box: [left, top, right, bottom] }) =>
          left < 55 || top < 30 || right > seen.width - 50 || bottom > seen.height - 26,
      );
      expect(outside).toEqual([]);
      const overlapping: string[] = [];
      for (let number = 1; number <= (seen.words.at(-1)?.page ?? 0); number += 1) {
        const list = seen.words.filter(({ page }) => page === number);
        for (const [at, { page, text, box }] of list.entries()) {
          for (const other of list.slice(at + 1)) {
            const wide = Math.min(box[2], other.box[2]) - Math.max(box[0], other.box[0]);
            const high = Math.min(box[3], other.box[3]) - Math.max(box[1], other.box[1]);
            // Boxes span the whole em: lines set solid touch by a third, letters lie on letters only beyond.
            const smaller = Math.min(box[3] - box[1], other.box[3] - other.box[1]);
            if (wide > 1 && high > smaller * 0.45) overlapping.push(`page ${page}: ${text} / ${other.text}`);
          }
        }
      }
      expect(overlapping).toEqual([]);
    });

    test('page 1 is the whole story: verdict above the middle, reasons on it, margins empty', async () => {
      writeFileSync(path, await collect(render('pdf', held(), DEFAULT_OPTIONS)));
      const first = words(path).words.filter(({ page }) => page === 1);
      const top = (text: string) => first.find((word) => word.text === text)?.box[1] ?? Number.NaN;
      expect(top('Held')).toBeLessThan(250);
      expect(top('Why')).toBeLessThan(600);
      run('pdftoppm', ['-r', '40', '-f', '1', '-l', '1', '-gray', path, join(folder, 'page')]);
      const { out } = run('sh', ['-c', `ls ${folder} | grep '^page.*pgm$'`]);
      const pgm = readFileSync(join(folder, out.trim()));
      const header = /^P5\s(\d+)\s(\d+)\s255\s/.exec(pgm.toString('latin1', 0, 40)) as RegExpExecArray;
      const [width, height] = [Number(header[1]), Number(header[2])];
      const pixels = pgm.subarray(header[0].length);
      const margin = Math.floor((50 / 595) * width);
      for (let y = 0; y < height; y += 1) {
        for (const x of [0, Math.floor(margin / 2), margin - 2, width - margin + 2, width - 2])
          expect(pixels[y * width + x]).toBe(255);
      }
    });
  },
);
