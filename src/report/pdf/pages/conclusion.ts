import { shownEntry, shownPath } from '../../names.ts';
import { nextSteps, notLookedAt } from '../../next-steps.ts';
import { groupReasons } from '../../reason-words.ts';
import { APPROVED, attestation, byteCount, grouped, integer, percent, VERDICT } from '../../wording.ts';
import type { Book } from '../book.ts';
import { coverageBar } from '../coverage-bar.ts';
import { type Flow, STYLE, type Style } from '../flow.ts';
import { TONE, type Tone } from '../palette.ts';
import { factSheet } from '../table.ts';
import { drawVerdictMark } from '../verdict-mark.ts';

/** Page 1: the decision, its basis and its reach, readable in half a minute. */
export const conclusion = {
  name: 'conclusion',
  title: 'Conclusion',
  draw(book: Book): void {
    const { flow, head, facts, options } = book;
    flow.newPage();
    flow.begin('Conclusion', 'conclusion');
    masthead(book);
    flow.heading('H1', 'May this payload leave the building?', { ...STYLE.h1, size: 18, leading: 26 });
    flow.space(8);
    verdictPanel(book);
    flow.block('P', attestation({ head, resultSha256: book.resultSha256, ledger: options.ledger }), STYLE.body);
    flow.space(8);
    factSheet(flow, payloadRows(book));
    flow.space(-2);
    tiles(flow, [
      { value: integer(head.coverage.entries.seen), label: 'files and other entries in it', note: entriesNote(book) },
      {
        value: byteCount(head.coverage.bytes.seen),
        label: 'of content on all levels, unpacked',
        note: `${percent(head.coverage.bytes.seen - head.coverage.bytes.unread, head.coverage.bytes.seen)} of the bytes read`,
      },
      {
        value: integer(facts.countingTotal),
        label: facts.countingTotal === 1 ? 'finding counts against it' : 'findings count against it',
        note: `${integer([...facts.findings.values()].reduce((sum, count) => sum + count, 0))} findings in all states`,
      },
    ]);
    coverageBar(flow, head.coverage.bytes, head.coverage.entries);
    flow.space(isShort(flow) ? 0 : 10);
    const columns = [
      { title: 'What was not looked at', items: notLookedAt(head, facts) },
      { title: 'What to do next', items: nextSteps(head, book.level, options.ledger) },
    ] as const;
    reasons(book, columnsHeight(flow, columns), contentsHeight(book, TIGHT));
    drawColumns(flow, columns);
    contentsList(book);
  },
};

/** Letter is 50 points shorter than A4, and page 1 has to hold the same. */
const isShort = (flow: Flow): boolean => flow.paper.height < 800;

function masthead(book: Book): void {
  const { flow, head } = book;
  const { left, right } = flow.paper;
  flow.y = flow.paper.top - 24;
  const y = flow.y + 10;
  const tag = flow.tags.open(flow.section, 'P');
  const words = `Report ${book.reportId}, as of ${head.asOf}`;
  flow.sheet.tagged(tag, () => {
    flow.sheet.text('bold', 9.5, 'accent', left, y, 'clearance');
    flow.sheet.text('text', 8, 'muted', left + 58, y, 'examination of an outgoing payload');
    flow.sheet.text('text', 8, 'muted', right - flow.textWidth(words, STYLE.small), y, words);
  });
  flow.tags.close(tag);
  flow.y = y + 8;
  flow.rule('line', 0.9);
  flow.space(18);
}

const VERDICT_TONE: Readonly<Record<string, Tone>> = { cleared: 'good', held: 'bad', incomplete: 'warn' };

function verdictPanel(book: Book): void {
  const { flow, head } = book;
  const { outcome } = head.verdict;
  const { word, advice, mark } = VERDICT[outcome];
  const { ink, tint } = TONE[VERDICT_TONE[outcome] ?? 'plain'];
  const { left } = flow.paper;
  const top = flow.y;
  const small = isShort(flow) ? 8 : 0;
  const height = 68 - small;
  flow.sheet.artifact(() => {
    flow.sheet.fill(tint, left, top, flow.width, height);
    flow.sheet.stroke(ink, left, top, flow.width, height, 0.9);
    drawVerdictMark(flow.sheet, mark, ink, left + 18, top + 12 - small / 2, 44);
  });
  const tag = flow.tags.open(flow.section, 'P');
  flow.sheet.tagged(tag, () => {
    const x = left + 84;
    flow.sheet.text('bold', 27, ink, x, top + 34 - small / 2, word);
    flow.sheet.text(
      'text',
      11.5,
      'ink',
      x,
      top + 54 - small / 2,
      book.level === 'L4' ? `${advice}; ${APPROVED}` : advice,
    );
  });
  flow.tags.close(tag);
  flow.y = top + height + 12;
}

/** More rule packs than this are named on the next page. */
const PACKS_NAMED = 4;

function payloadRows(book: Book): (readonly [string, string, 'mono'?])[] {
  const { head } = book;
  const rows: (readonly [string, string, 'mono'?])[] = [];
  for (const { name, size, sha256 } of head.payloads.slice(0, 2)) {
    rows.push(['Payload', shownPath([name.length > 160 ? `${name.slice(0, 150)}...` : name])]);
    rows.push(['Size', size === null ? 'not determined' : `${integer(size)} bytes (${byteCount(size)})`]);
    rows.push(['SHA-256', grouped(sha256), 'mono']);
  }
  if (head.payloads.length > 2) rows.push(['', `and ${head.payloads.length - 2} more payloads, listed on page 2`]);
  const { inventory, policy, packs } = head.catalog;
  rows.push([
    'Measured by',
    `inventory ${inventory ? `${inventory.id} ${inventory.version}` : '(none was applied)'}; ${
      packs.length > PACKS_NAMED
        ? `${integer(packs.length)} rule packs (page 2)`
        : `rule packs ${packs.map(({ id, version }) => `${id} ${version}`).join(', ') || '(none)'}`
    }; policy ${policy.id} ${policy.version}, as of ${head.asOf}`,
  ]);
  rows.push(['Approvals', approvals(book)]);
  return rows;
}

function approvals({ options, resultSha256 }: Book): string {
  const { ledger } = options;
  if (ledger === undefined) return 'no ledger was given with this report: nothing is said about approvals';
  if (ledger.resultSha256 !== resultSha256) return 'the ledger given belongs to another result: not counted';
  const { given, required, validUntil } = ledger.approvals;
  return `${given} of ${required} required${validUntil ? `, valid until ${validUntil}` : ''}`;
}

function entriesNote({ facts, head }: Book): string {
  if (head.catalog.inventory === null) return 'no inventory was applied';
  return facts.outsideTotal === 0
    ? 'all of them within the inventory'
    : `${integer(facts.outsideTotal)} outside the inventory`;
}

function tiles(flow: Flow, list: readonly { value: string; label: string; note: string }[]): void {
  const gap = 10;
  const wide = (flow.width - gap * (list.length - 1)) / list.length;
  const height = 60;
  const top = flow.y;
  for (const [at, { value, label, note }] of list.entries()) {
    const x = flow.paper.left + at * (wide + gap);
    flow.sheet.artifact(() => flow.sheet.fill('wash', x, top, wide, height));
    const tag = flow.tags.open(flow.section, 'P');
    flow.sheet.tagged(tag, () => {
      flow.sheet.text('bold', 16, 'accent', x + 10, top + 23, value);
      flow.sheet.text('bold', 7.6, 'ink', x + 10, top + 37, label);
      flow.sheet.text('text', 7.4, 'muted', x + 10, top + 49, note);
    });
    flow.tags.close(tag);
  }
  flow.y = top + height + 14;
}

const MOST_WANTED = 3;

/** The causes in order of weight, one line each; the whole list is in the findings. */
function reasons(book: Book, reserved: number, contents: number): void {
  const { flow, head } = book;
  const groups = groupReasons(head.verdict.reasons);
  if (groups.length === 0) {
    flow.h2('What stands beside the verdict');
    const notices = groupReasons(head.verdict.notices);
    flow.bullets(
      notices.length === 0
        ? ['No reason against sending and no notice was recorded.']
        : notices.slice(0, 4).map(({ title, count }) => `Notice: ${title} (${integer(count)})`),
      NOTE,
    );
    return;
  }
  flow.h2(`Why it is ${head.verdict.outcome}`);
  const items = groups.map(({ title, count, severity, reasons: list }) => {
    const example = list.find(({ path }) => path !== null)?.path;
    const where = example ? `, first in ${short(shownEntry(example, head))}` : '';
    return `${title}: ${integer(count)} (${severity})${where}`;
  });
  const fitting = (room: number): number => {
    const heights = items.map((item) => flow.wrap(item, NOTE, flow.width - 13).length * NOTE.leading + 2.5);
    const over = heights.findIndex((_, at) => heights.slice(0, at + 1).reduce((a, b) => a + b) > room);
    return over < 0 ? items.length : over;
  };
  const room = flow.room - reserved - NOTE.leading - 8;
  const beside = fitting(room - contents);
  // The reasons come first: where there is no room for both, the list of contents goes to the next page.
  items.length = beside >= Math.min(MOST_WANTED, items.length) ? beside : fitting(room);
  if (items.length < groups.length)
    items.push(`and ${groups.length - items.length} more kinds of reasons on the next pages`);
  flow.bullets(items, NOTE);
}

interface Column {
  readonly title: string;
  readonly items: readonly string[];
}

const GUTTER = 24;
const columnWidth = (flow: Flow): number => (flow.width - GUTTER) / 2;
const columnLines = (flow: Flow, item: string): string[] => flow.wrap(item, NOTE, columnWidth(flow) - 13);

function columnsHeight(flow: Flow, columns: readonly Column[]): number {
  const heights = columns.map(({ items }) =>
    items.reduce((sum, item) => sum + columnLines(flow, item).length * NOTE.leading + 2.5, 0),
  );
  return 34 + Math.max(...heights);
}

/** Two short lists side by side, read one after the other. */
function drawColumns(flow: Flow, columns: readonly Column[]): void {
  const height = columnsHeight(flow, columns);
  flow.ensure(height);
  flow.space(10);
  const top = flow.y;
  for (const [at, { title, items }] of columns.entries()) {
    const x = flow.paper.left + at * (columnWidth(flow) + GUTTER);
    flow.y = top;
    const heading = flow.tags.open(flow.section, 'H2');
    flow.sheet.tagged(heading, () => flow.line(title, STYLE.h2, x));
    flow.tags.close(heading);
    flow.space(4);
    const list = flow.tags.open(flow.section, 'L');
    list.ref.data['A'] = { O: 'List', ListNumbering: 'Disc' };
    for (const item of items) {
      const entry = flow.tags.open(list, 'LI');
      const label = flow.tags.open(entry, 'Lbl');
      flow.sheet.tagged(label, () =>
        flow.sheet.text(NOTE.face, NOTE.size, 'muted', x + 2, flow.y + NOTE.leading - NOTE.size * 0.35, '•'),
      );
      flow.tags.close(label);
      const body = flow.tags.open(entry, 'LBody');
      flow.sheet.tagged(body, () => {
        for (const line of columnLines(flow, item)) flow.line(line, NOTE, x + 13);
      });
      flow.tags.close(body);
      flow.tags.close(entry);
      flow.space(2.5);
    }
    flow.tags.close(list);
  }
  flow.y = top + height - 10;
}

const NOTE: Style = { ...STYLE.body, size: 9, leading: 12.5 };

function short(path: string): string {
  return path.length > 90 ? `${path.slice(0, 40)} ... ${path.slice(-45)}` : path;
}

interface Grid {
  readonly columns: number;
  readonly line: number;
}

const ROOMY: Grid = { columns: 3, line: 13.5 };
const TIGHT: Grid = { columns: 3, line: 11.5 };

function contentsHeight({ contents }: Book, { columns, line }: Grid): number {
  return Math.ceil((contents.length - 1) / columns) * line + 26;
}

/** What else is in the report, with links; in columns, at the foot of the page, or above all else on the next one. */
function contentsList(book: Book): void {
  const { flow, contents } = book;
  const pages = contents.slice(1);
  const grid = flow.room < contentsHeight(book, ROOMY) ? TIGHT : ROOMY;
  const { columns, line } = grid;
  const rows = Math.ceil(pages.length / columns);
  const height = contentsHeight(book, grid) - 8;
  const fits = flow.room >= height + 2;
  if (fits) flow.y = flow.paper.bottom - height;
  else flow.newPage();
  flow.heading('H2', 'In this report', { ...STYLE.h2, size: 9.5, leading: 14 });
  flow.space(4);
  const top = flow.y;
  const wide = (flow.width - GUTTER * (columns - 1)) / columns;
  const list = flow.tags.open(flow.section, 'TOC');
  for (const [at, page] of pages.entries()) {
    const x = flow.paper.left + Math.floor(at / rows) * (wide + GUTTER);
    const y = top + (at % rows) * line;
    const item = flow.tags.open(list, 'TOCI');
    const link = flow.tags.open(item, 'Link');
    flow.sheet.tagged(link, () => flow.sheet.text('text', 8.6, 'accent', x, y + 10, page.title));
    flow.sheet.link(link, page.name, page.title, [x, y, wide, line - 1]);
    flow.sheet.artifact(() =>
      flow.sheet.line(
        'hair',
        [
          [x, y + 13],
          [x + wide, y + 13],
        ],
        0.5,
      ),
    );
    const number = flow.tags.open(item, 'Lbl');
    flow.later((sheet, pageOf) => {
      const words = String(pageOf(page.name) ?? '');
      sheet.tagged(number, () =>
        sheet.text(
          'text',
          8.6,
          'muted',
          x + wide - flow.textWidth(words, { ...STYLE.small, size: 8.6 }),
          y + 10,
          words,
        ),
      );
      for (const tag of [number, item]) flow.tags.close(tag);
    });
    flow.tags.close(link);
  }
  flow.later(() => flow.tags.close(list));
  flow.y = fits ? flow.paper.bottom : top + rows * line;
}
