import { type TransportRow, tone, transportRows } from '../../transport.ts';
import { integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { type Flow, STYLE } from '../flow.ts';
import { TONE } from '../palette.ts';
import { table } from '../table.ts';

const ROWS = 200;

/** Page 7: the path the payload would take, judged by dated clauses, and what will change when. */
export const transport = {
  name: 'transport',
  title: 'Transport and cryptography',
  draw({ flow, head, options }: Book): void {
    flow.open(this.title, this.name);
    const rows = transportRows(head);
    if (rows.length === 0) {
      flow.callout(
        'plain',
        'The path was not examined',
        'No observation of endpoints, TLS, IPsec, SSH or certificates was given to this audit. Nothing is attested about the path.',
      );
      return;
    }
    flow.paragraph(
      `${integer(head.transport.observations.length)} observations of the path led to ${integer(rows.length)} verdicts, by the clauses in force on ` +
        `${head.asOf}. A word other than "acceptable", "deprecated" or "legacy-use" speaks against sending; "unknown" is never a pass.`,
    );
    matrix(flow, rows);
    changes(flow, rows, head.asOf);
    if (options.audience === 'executive') return;
    flow.h2('Each verdict');
    table(
      flow,
      [
        { title: 'Endpoint', share: 0.19 },
        { title: 'What', share: 0.23 },
        { title: 'Verdict', share: 0.16 },
        { title: 'Clause', share: 0.26 },
        { title: 'In force', share: 0.16 },
      ],
      rows
        .slice(0, ROWS)
        .map(({ subject, what, word, clause, interval, reason }) => [
          subject,
          what,
          { text: word, tone: tone(word) },
          reason ? `${clause} (${reason})` : clause,
          interval,
        ]),
    );
    if (rows.length > ROWS)
      flow.paragraph(`${integer(rows.length - ROWS)} more stand in the attached result.`, STYLE.small);
  },
};

/** Endpoints against words: the number in every cell, a tone by colour, and a mark in the heading for its meaning. */
function matrix(flow: Flow, rows: readonly TransportRow[]): void {
  const words = [...new Set(rows.map(({ word }) => word))];
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const shown = subjects.slice(0, 24);
  const count = (subject: string, word: string) =>
    rows.filter((row) => row.subject === subject && row.word === word).length;
  const alt = `Verdicts by endpoint: ${shown
    .map(
      (subject) =>
        `${subject}: ${words
          .filter((word) => count(subject, word) > 0)
          .map((word) => `${count(subject, word)} ${word}`)
          .join(', ')}`,
    )
    .join('; ')}.`;
  const names = 150;
  const height = 21;
  flow.figure(shown.length * height + 24, alt, (sheet, x, y, width) => {
    const wide = (width - names) / words.length;
    const mark = { good: '✓', warn: '?', bad: '✗' };
    for (const [at, word] of words.entries()) {
      const [fits = ''] = flow.wrap(`${mark[tone(word)]} ${word}`, { ...STYLE.label, size: 7.4 }, wide - 4);
      sheet.text('bold', 7.4, TONE[tone(word)].ink, x + names + at * wide + 3, y + 10, fits);
    }
    for (const [line, subject] of shown.entries()) {
      const top = y + 15 + line * height;
      const [fits = ''] = flow.wrap(subject, { ...STYLE.body, size: 8.2 }, names - 8);
      sheet.text('text', 8.2, 'ink', x, top + 13, fits);
      for (const [at, word] of words.entries()) {
        const number = count(subject, word);
        const { ink, tint } = TONE[tone(word)];
        sheet.fill(number === 0 ? 'wash' : tint, x + names + at * wide, top, wide - 3, height - 3);
        sheet.text(
          number === 0 ? 'text' : 'bold',
          8.4,
          number === 0 ? 'muted' : ink,
          x + names + at * wide + 6,
          top + 12.5,
          integer(number),
        );
      }
    }
  });
  if (subjects.length > shown.length)
    flow.paragraph(`${subjects.length - shown.length} more endpoints stand in the table.`, STYLE.small);
  flow.space(8);
}

function changes(flow: Flow, rows: readonly TransportRow[], asOf: string): void {
  const coming = new Map<string, { date: string; what: string; from: string; to: string; count: number }>();
  for (const { next, what, word } of rows) {
    if (next === undefined || next.date <= asOf) continue;
    const key = JSON.stringify([next.date, what, word, next.word]);
    const known = coming.get(key);
    coming.set(key, { date: next.date, what, from: word, to: next.word, count: (known?.count ?? 0) + 1 });
  }
  if (coming.size === 0) return;
  flow.h2('What changes when');
  table(
    flow,
    [
      { title: 'On', share: 0.16 },
      { title: 'What', share: 0.4 },
      { title: 'Becomes', share: 0.3 },
      { title: 'Verdicts', share: 0.14, align: 'right' },
    ],
    [...coming.values()]
      .sort((a, b) => (a.date === b.date ? (a.what < b.what ? -1 : 1) : a.date < b.date ? -1 : 1))
      .map(({ date, what, from, to, count }) => [
        date,
        what,
        { text: `${to} (now ${from})`, tone: tone(to) },
        integer(count),
      ]),
  );
}
