import type { FindingState } from '../../../model/index.ts';
import { type Facts, SEVERITIES } from '../../facts.ts';
import { STATE_WORDS, shownEntry, shownPlace } from '../../names.ts';
import { integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { type Flow, STYLE } from '../flow.ts';
import type { Tone } from '../palette.ts';
import { TableWriter, table } from '../table.ts';

/** Page 5: what the rules reported, how much of it counts, and each counting finding with its masked context. */
export const findings = {
  name: 'findings',
  title: 'Findings',
  draw(book: Book): void {
    const { flow, facts, options } = book;
    flow.open(this.title, this.name);
    const total = [...facts.findings.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) {
      flow.callout(
        'plain',
        'The rules reported nothing',
        'No rule of the packs named on page 1 matched in the content that was examined.',
      );
      return;
    }
    flow.paragraph(
      `The rules reported ${integer(total)} findings; ${integer(facts.countingTotal)} of them count against the payload. ` +
        'Matched values are masked: this report shows where a value lies and what it is, never the value.',
    );
    const states = (Object.keys(STATE_WORDS) as FindingState[]).filter((state) => (facts.findings.get(state) ?? 0) > 0);
    table(
      flow,
      [
        { title: 'State', share: 0.46 },
        { title: 'Can hold a payload', share: 0.3 },
        { title: 'Findings', share: 0.24, align: 'right' },
      ],
      states.map((state) => {
        const counting = state === 'client-data' || state === 'undocumented';
        return [
          STATE_WORDS[state],
          counting ? { text: 'yes', tone: 'bad' as const } : { text: 'no', tone: 'plain' as const },
          integer(facts.findings.get(state) ?? 0),
        ];
      }),
    );
    if (facts.matrix.size > 0) heatMap(flow, facts);
    if (facts.counting.length > 0 && options.audience !== 'executive') list(flow, book);
    if (options.audience === 'administrator') rules(flow, facts);
  },
};

/** Rule pack by severity: the darker and the more bars, the more findings; the number stands in every cell. */
function heatMap(flow: Flow, facts: Facts): void {
  flow.h2('Counting findings by rule pack and severity');
  const packs = [...facts.matrix];
  const row = 22;
  const names = 130;
  const alt = `Counting findings: ${packs
    .map(
      ([pack, cells]) =>
        `${pack}: ${SEVERITIES.filter((word) => cells.has(word))
          .map((word) => `${word} ${cells.get(word)}`)
          .join(', ')}`,
    )
    .join('; ')}.`;
  const most = Math.max(...packs.flatMap(([, cells]) => [...cells.values()]));
  const shown = packs.slice(0, 20);
  flow.figure(shown.length * row + 26, alt, (sheet, x, y, width) => {
    const wide = (width - names) / SEVERITIES.length;
    for (const [at, word] of SEVERITIES.entries())
      sheet.text('bold', 7.8, 'muted', x + names + at * wide + 4, y + 10, word);
    for (const [line, [pack, cells]] of shown.entries()) {
      const top = y + 15 + line * row;
      const [name = ''] = flow.wrap(pack, { ...STYLE.body, size: 8.4 }, names - 8);
      sheet.text('text', 8.4, 'ink', x, top + 14, name);
      for (const [at, word] of SEVERITIES.entries()) {
        const count = cells.get(word) ?? 0;
        const left = x + names + at * wide;
        sheet.fill(count === 0 ? 'wash' : 'badTint', left, top, wide - 3, row - 3);
        // One to five bars: the order of magnitude against the largest cell, beside the number.
        const bars = count === 0 ? 0 : Math.max(1, Math.ceil((Math.log2(count + 1) / Math.log2(most + 1)) * 5));
        for (let bar = 0; bar < bars; bar += 1) sheet.fill('bad', left + wide - 12 - bar * 5, top + 5, 3, row - 13);
        sheet.text(
          count === 0 ? 'text' : 'bold',
          8.6,
          count === 0 ? 'muted' : 'bad',
          left + 6,
          top + 13.5,
          integer(count),
        );
      }
    }
  });
  flow.space(8);
}

const SEVERITY_TONE: Readonly<Record<string, Tone>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warn',
  low: 'plain',
  info: 'plain',
};

function list(flow: Flow, { facts, head }: Book): void {
  flow.h2('Counting findings by entry and rule, worst first');
  const writer = new TableWriter(flow, [
    { title: 'Severity', share: 0.11 },
    { title: 'Rule, class, tier and state', share: 0.29 },
    { title: 'Where', share: 0.35, face: 'mono' },
    { title: 'Masked context', share: 0.25, face: 'mono' },
  ]);
  for (const { path, finding, count } of facts.counting) {
    const times = count === 1 ? '' : `; ${integer(count)} in this entry, the first shown`;
    writer.row([
      { text: finding.severity, tone: SEVERITY_TONE[finding.severity] ?? 'plain' },
      `${finding.rule} (${finding.class}, ${finding.tier}): ${STATE_WORDS[finding.state]}, confidence ${finding.confidence}${finding.by ? `, by ${finding.by}` : ''}`,
      `${shownEntry(path, head)} at ${shownPlace(finding.at)}${times}`,
      finding.excerpt,
    ]);
  }
  writer.end();
  const listed = facts.counting.reduce((sum, { count }) => sum + count, 0);
  if (facts.countingTotal > listed) {
    flow.paragraph(`${integer(facts.countingTotal - listed)} more stand in the attached result.`, STYLE.small);
  }
}

function rules(flow: Flow, facts: Facts): void {
  flow.h2('Rules that reported something');
  table(
    flow,
    [
      { title: 'Rule', share: 0.46 },
      { title: 'Findings by state', share: 0.54 },
    ],
    [...facts.rules].map(([rule, states]) => [
      rule,
      [...states].map(([state, count]) => `${STATE_WORDS[state]} ${integer(count)}`).join('; '),
    ]),
  );
}
