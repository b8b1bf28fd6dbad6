import { createHash } from 'node:crypto';
import { canonicalJson, type Outcome } from '../../model/index.ts';
import { shownPath } from '../names.ts';
import type { Summary, SummaryRow } from '../summary.ts';
import { byteCount, integer, percent, VERDICT } from '../wording.ts';
import { fileIdentifier } from './compact-document.ts';
import { Flow, STYLE } from './flow.ts';
import { TONE, type Tone } from './palette.ts';
import { table } from './table.ts';
import { drawVerdictMark } from './verdict-mark.ts';

const OUTCOME_TONE: Readonly<Record<Outcome, Tone>> = { cleared: 'good', held: 'bad', incomplete: 'warn' };
/** As many as one page takes; all of them are in the summary's JSON and CSV. */
const HELD_ROWS = 4;
const WAITING_ROWS = 3;
const CAUSE_ROWS = 4;
const BARS = 36;

/** One page for who answers for many machines: how many of each verdict, the trend, what was held and why, what waits. */
export async function* renderSummaryPdf(summary: Summary, paper: 'a4' | 'letter'): AsyncGenerator<Uint8Array> {
  const { rows, outcomes } = summary;
  const digest = createHash('sha256').update(canonicalJson(summary)).digest('hex');
  const [first, last] = [rows[0]?.asOf ?? '1970-01-01', rows.at(-1)?.asOf ?? '1970-01-01'];
  const flow = new Flow(
    {
      title: `Summary of ${rows.length} examinations`,
      subject: `Outgoing payloads from ${first} to ${last}`,
      author: 'clearance',
      date: new Date(`${last}T00:00:00Z`),
      id: fileIdentifier(`${digest} ${paper}`),
    },
    paper,
    { left: `summary ${digest.slice(0, 16)}`, middle: 'Confidential: names files of a client system' },
  );
  flow.newPage();
  flow.y = flow.paper.top - 18;
  flow.begin('Summary', 'summary');
  flow.heading('H1', 'Outgoing payloads: summary', STYLE.h1);
  flow.paragraph(
    `${integer(rows.length)} results, as of ${first} to ${last}. A payload that is held or incomplete must not be sent.`,
    STYLE.small,
  );
  tiles(flow, outcomes, rows.length);
  trend(flow, rows);
  paths(flow, rows);
  held(flow, rows);
  causes(flow, summary);
  waiting(flow, summary);
  conflicts(flow, rows);
  flow.finish();
  yield* flow.document.drain();
}

function tiles(flow: Flow, outcomes: Summary['outcomes'], total: number): void {
  const words = ['cleared', 'held', 'incomplete'] as const;
  const gap = 10;
  const wide = (flow.width - gap * 2) / 3;
  const top = flow.y;
  for (const [at, word] of words.entries()) {
    const x = flow.paper.left + at * (wide + gap);
    const { ink, tint } = TONE[OUTCOME_TONE[word]];
    flow.sheet.artifact(() => {
      flow.sheet.fill(tint, x, top, wide, 48);
      drawVerdictMark(flow.sheet, VERDICT[word].mark, ink, x + 10, top + 11, 26);
    });
    const tag = flow.tags.open(flow.section, 'P');
    flow.sheet.tagged(tag, () => {
      flow.sheet.text('bold', 17, ink, x + 46, top + 24, integer(outcomes[word]));
      flow.sheet.text('text', 8.2, 'ink', x + 46, top + 38, `${VERDICT[word].word}, ${percent(outcomes[word], total)}`);
    });
    flow.tags.close(tag);
  }
  flow.y = top + 58;
}

/** One bar a result, as high as its bytes (square root), its verdict by tone and by the sign above it. */
function trend(flow: Flow, rows: readonly SummaryRow[]): void {
  const shown = rows.slice(-BARS);
  if (shown.length === 0) return;
  flow.h2(`Trend: ${shown.length === rows.length ? 'all' : `the last ${BARS}`} results by size`);
  const most = Math.max(1, ...shown.map(({ bytes }) => bytes));
  const alt = `Results in order of date: ${shown.map(({ asOf, outcome, bytes, counting }) => `${asOf} ${outcome}, ${byteCount(bytes)}, ${counting} counting findings`).join('; ')}.`;
  flow.figure(68, alt, (sheet, x, y, width) => {
    const step = Math.min(26, width / shown.length);
    const [base, tall] = [y + 52, 36];
    sheet.line(
      'line',
      [
        [x, base],
        [x + width, base],
      ],
      0.7,
    );
    for (const [at, { outcome, bytes }] of shown.entries()) {
      const { ink } = TONE[OUTCOME_TONE[outcome]];
      const high = Math.max(2, Math.sqrt(bytes / most) * tall);
      const left = x + at * step + 2;
      if (outcome === 'cleared') sheet.fill(ink, left, base - high, step - 4, high);
      else sheet.hatch(ink, left, base - high, step - 4, high, 3, outcome === 'held' ? 1 : 0);
      sheet.stroke(ink, left, base - high, step - 4, high, 0.6);
      const sign = { cleared: '✓', held: '✗', incomplete: '?' }[outcome];
      sheet.text('bold', 7, ink, left + (step - 4) / 2 - 2.6, base - high - 4, sign);
    }
    const [first, last] = [shown[0]?.asOf ?? '', shown.at(-1)?.asOf ?? ''];
    sheet.text('text', 7, 'muted', x, y + 63, first);
    if (last !== first)
      sheet.text('text', 7, 'muted', x + width - flow.textWidth(last, { ...STYLE.small, size: 7 }), y + 63, last);
  });
}

/** The course of what counts, one small curve each, the first and last value beside it. */
function paths(flow: Flow, rows: readonly SummaryRow[]): void {
  const shown = rows.slice(-BARS);
  if (shown.length < 2) return;
  const curves = [
    { name: 'Counting findings', of: shown.map(({ counting }) => counting) },
    { name: 'Outside the inventory', of: shown.map(({ outside }) => outside) },
    { name: 'Unread entries', of: shown.map(({ unread }) => unread) },
  ];
  const alt = curves.map(({ name, of }) => `${name}: ${of.map(integer).join(', ')}`).join('; ');
  const gap = 18;
  flow.figure(46, `Course over the same results. ${alt}.`, (sheet, x, y, width) => {
    const wide = (width - gap * (curves.length - 1)) / curves.length;
    for (const [at, { name, of }] of curves.entries()) {
      const left = x + at * (wide + gap);
      const [most, least] = [Math.max(...of), Math.min(...of)];
      const point = (value: number, index: number): [number, number] => [
        left + (index / (of.length - 1)) * wide,
        y + 36 - (value / Math.max(1, most)) * 20,
      ];
      sheet.text('bold', 7.4, 'ink', left, y + 8, name);
      const words = `last ${integer(of.at(-1) ?? 0)}, least ${integer(least)}, most ${integer(most)}`;
      sheet.line('hair', [point(0, 0), point(0, of.length - 1)], 0.5);
      sheet.line('accent', of.map(point), 1.1);
      sheet.text('text', 6.8, 'muted', left, y + 45, words);
    }
  });
  flow.space(4);
  const half = Math.floor(rows.length / 2);
  const share = (part: readonly SummaryRow[]) =>
    percent(part.filter(({ outcome }) => outcome === 'cleared').length, part.length);
  flow.paragraph(
    `Cleared: ${share(rows.slice(0, half))} of the earlier ${integer(half)} results, ` +
      `${share(rows.slice(half))} of the later ${integer(rows.length - half)}.`,
    STYLE.small,
  );
}

function held(flow: Flow, rows: readonly SummaryRow[]): void {
  const list = rows.filter(({ outcome }) => outcome !== 'cleared').reverse();
  flow.h2('What was not cleared, newest first');
  if (list.length === 0) {
    flow.paragraph('Nothing.');
    return;
  }
  table(
    flow,
    [
      { title: 'As of', share: 0.12 },
      { title: 'Payload', share: 0.37 },
      { title: 'Verdict', share: 0.13 },
      { title: 'Why', share: 0.38 },
    ],
    list
      .slice(0, HELD_ROWS)
      .map((row) => [
        row.asOf,
        cut(row.payloads.map((name) => shownPath([name])).join(', '), 56),
        { text: row.outcome, tone: OUTCOME_TONE[row.outcome] },
        cut(why(row), 110),
      ]),
  );
  if (list.length > HELD_ROWS)
    flow.paragraph(`and ${list.length - HELD_ROWS} more, in the JSON and CSV of this summary`, STYLE.small);
}

function why({ reasons, counting, outside, unread }: SummaryRow): string {
  const counts = [
    [counting, 'findings'],
    [outside, 'undocumented'],
    [unread, 'unread'],
  ] as const;
  const shown = counts.filter(([count]) => count > 0).map(([count, word]) => `${integer(count)} ${word}`);
  return `${reasons.join(', ')}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
}

function causes(flow: Flow, { causes: list, rows }: Summary): void {
  if (list.length === 0) return;
  flow.h2('Causes');
  table(
    flow,
    [
      { title: 'Cause', share: 0.66 },
      { title: 'Results', share: 0.17, align: 'right' },
      { title: 'Share', share: 0.17, align: 'right' },
    ],
    list.slice(0, CAUSE_ROWS).map(({ title, results }) => [title, integer(results), percent(results, rows.length)]),
  );
}

function waiting(flow: Flow, { waiting: list, rows }: Summary): void {
  flow.h2('Oldest without enough approvals');
  if (!rows.some(({ approvals }) => approvals)) {
    flow.paragraph('No ledger was given: nothing is said about approvals.', STYLE.small);
    return;
  }
  if (list.length === 0) {
    flow.paragraph('None among the results with a ledger.', STYLE.small);
    return;
  }
  table(
    flow,
    [
      { title: 'As of', share: 0.14 },
      { title: 'Payload', share: 0.44 },
      { title: 'Verdict', share: 0.18 },
      { title: 'Approvals', share: 0.24 },
    ],
    list
      .slice(0, WAITING_ROWS)
      .map((row) => [
        row.asOf,
        cut(row.payloads.map((name) => shownPath([name])).join(', '), 80),
        { text: row.outcome, tone: OUTCOME_TONE[row.outcome] },
        `${row.approvals?.given} of ${row.approvals?.required}`,
      ]),
  );
}

function conflicts(flow: Flow, rows: readonly SummaryRow[]): void {
  const count = rows.filter(({ sourceConflicts }) => sourceConflicts > 0).length;
  if (count === 0) return;
  flow.paragraph(
    `Source conflicts: in ${integer(count)} of the results the document of the inventory contradicts itself; each report quotes where, with every reading.`,
    STYLE.small,
  );
}

/** The page has room for one line of it; the whole name is in the JSON. */
function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
