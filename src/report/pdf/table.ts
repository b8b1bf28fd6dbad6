import { type Flow, STYLE, type Style } from './flow.ts';
import { TONE, type Tone } from './palette.ts';
import type { Tag } from './tag-tree.ts';
import type { Face } from './typeface.ts';

export interface Column {
  readonly title: string;
  /** Share of the table's width; all columns together make 1. */
  readonly share: number;
  readonly face?: Face;
  readonly align?: 'right';
}

/** A cell: text, or text whose tone is told by a mark as well as by colour. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

const MARK: Readonly<Record<Tone, string>> = { good: '✓ ', bad: '✗ ', warn: '? ', plain: '' };
const SIZE = 7.8;
const LEADING = 10.6;
const PAD = 3.2;
const GAP = 8;
/** What a header of two lines takes. */
const HEADER = 27;

interface Laid {
  readonly lines: readonly string[];
  readonly style: Style;
}

/**
 * A table that grows row by row: the header is repeated on each page as an artifact, a row that does not fit
 * goes to the next page, one taller than a third of a page continues there.
 */
export class TableWriter {
  readonly #flow: Flow;
  readonly #columns: readonly Column[];
  readonly #widths: readonly number[];
  readonly #left: readonly number[];
  readonly #table: Tag;
  #body: Tag | undefined;

  constructor(flow: Flow, columns: readonly Column[]) {
    this.#flow = flow;
    this.#columns = columns;
    const widths = columns.map((column) => column.share * flow.width);
    this.#left = widths.map((_, at) => flow.paper.left + widths.slice(0, at).reduce((sum, width) => sum + width, 0));
    this.#widths = widths.map((width, at) => width - (at === widths.length - 1 ? 2 : GAP) - (at === 0 ? 4 : 0));
    this.#table = flow.tags.open(flow.section, 'Table');
  }

  /** The header with its tags, on the page on which the first row begins. */
  #begin(room: number): Tag {
    const flow = this.#flow;
    flow.ensure(room);
    const head = flow.tags.open(this.#table, 'THead');
    const row = flow.tags.open(head, 'TR');
    this.#header((column, draw) => {
      const cell = flow.tags.open(row, 'TH', { scope: 'Column' });
      flow.sheet.tagged(cell, draw);
      flow.tags.close(cell);
      return column;
    });
    flow.tags.close(row);
    flow.tags.close(head);
    this.#body = flow.tags.open(this.#table, 'TBody');
    return this.#body;
  }

  row(cells: readonly Cell[]): void {
    const flow = this.#flow;
    const laid = this.#columns.map((column, at) => this.#lay(column, cells[at] ?? '', this.#widths[at] as number));
    const count = Math.max(...laid.map(({ lines }) => lines.length));
    const height = count * LEADING + PAD * 2;
    // A tall row is cut where the page ends; moving it whole would leave a hole.
    const whole = (flow.paper.bottom - flow.paper.top) / 3;
    const needed = height > whole ? LEADING * 6 : height;
    const body = this.#body ?? this.#begin(Math.max(60, HEADER + needed));
    if (flow.room < needed) this.#continue();
    const row = flow.tags.open(body, 'TR');
    const tags = laid.map(() => flow.tags.open(row, 'TD'));
    for (let from = 0; from < count; ) {
      const fits = Math.max(1, Math.min(count - from, Math.floor((flow.room - PAD * 2) / LEADING)));
      const top = flow.y + PAD;
      for (const [at, { lines, style }] of laid.entries()) {
        const part = lines.slice(from, from + fits);
        if (part.length === 0) continue;
        flow.sheet.tagged(tags[at] as Tag, () => {
          for (const [index, line] of part.entries()) this.#draw(line, style, at, top + index * LEADING);
        });
      }
      flow.y = top + fits * LEADING + PAD;
      from += fits;
      if (from < count) this.#continue();
    }
    for (const tag of tags) flow.tags.close(tag);
    flow.tags.close(row);
    flow.rule('hair', 0.5);
  }

  end(): void {
    this.#flow.tags.close(this.#body ?? this.#begin(60));
    this.#flow.tags.close(this.#table);
    this.#flow.space(10);
  }

  #continue(): void {
    this.#flow.newPage();
    this.#header((_, draw) => this.#flow.sheet.artifact(draw, 'Pagination'));
  }

  #header(draw: (column: Column, paint: () => void) => unknown): void {
    const flow = this.#flow;
    const lines = this.#columns.map((column, at) => flow.wrap(column.title, STYLE.label, this.#widths[at] as number));
    const height = Math.max(...lines.map((list) => list.length)) * 10 + 6;
    const top = flow.y;
    flow.sheet.artifact(() => {
      flow.sheet.fill('wash', flow.paper.left, top, flow.width, height);
      flow.sheet.line(
        'line',
        [
          [flow.paper.left, top + height],
          [flow.paper.right, top + height],
        ],
        0.8,
      );
    });
    for (const [at, column] of this.#columns.entries()) {
      draw(column, () => {
        for (const [index, line] of (lines[at] as string[]).entries()) {
          this.#draw(line, { ...STYLE.label, leading: 10 }, at, top + 2 + index * 10);
        }
      });
    }
    flow.y = top + height + 1;
  }

  #lay(column: Column, cell: Cell, width: number): Laid {
    const tone = typeof cell === 'string' ? undefined : cell.tone;
    const text = typeof cell === 'string' ? cell : `${MARK[cell.tone]}${cell.text}`;
    const mono = column.face === 'mono';
    const style: Style = {
      face: tone && tone !== 'plain' ? 'bold' : (column.face ?? 'text'),
      size: mono ? SIZE - 0.9 : SIZE,
      leading: LEADING,
      colour: tone ? TONE[tone].ink : 'ink',
    };
    return { lines: this.#flow.wrap(text, style, width), style };
  }

  #draw(line: string, style: Style, at: number, top: number): void {
    const flow = this.#flow;
    const right = this.#columns[at]?.align === 'right';
    const left = this.#left[at] as number;
    const indent = at === 0 ? 4 : 0;
    const x = right
      ? left + (this.#widths[at] as number) - flow.faces[style.face].width(line, style.size)
      : left + indent;
    flow.sheet.text(style.face, style.size, style.colour, x, top + style.leading - style.size * 0.32, line);
  }
}

/** A whole table at once. */
export function table(flow: Flow, columns: readonly Column[], rows: Iterable<readonly Cell[]>): void {
  const writer = new TableWriter(flow, columns);
  for (const row of rows) writer.row(row);
  writer.end();
}

/** Labels and values, without header row: every label is the header of its row. */
export function factSheet(flow: Flow, rows: readonly (readonly [label: string, value: string, face?: Face])[]): void {
  const labelWidth = 96;
  const tableTag = flow.tags.open(flow.section, 'Table');
  for (const [label, value, face] of rows) {
    const style: Style = { ...STYLE.body, face: face ?? 'text', size: face === 'mono' ? 7.9 : 8.8, leading: 12 };
    const lines = flow.wrap(value, style, flow.width - labelWidth);
    flow.ensure(Math.min(lines.length, 20) * style.leading + 5);
    const row = flow.tags.open(tableTag, 'TR');
    const head = flow.tags.open(row, 'TH', { scope: 'Row' });
    flow.sheet.tagged(head, () => {
      const y = flow.y + style.leading - 3;
      flow.sheet.text('bold', STYLE.label.size + 0.4, 'muted', flow.paper.left, y, flow.faces.bold.shown(label));
    });
    flow.tags.close(head);
    const cell = flow.tags.open(row, 'TD');
    for (let at = 0; at < lines.length; ) {
      flow.ensure(style.leading);
      const fits = Math.max(1, Math.min(lines.length - at, Math.floor(flow.room / style.leading)));
      flow.sheet.tagged(cell, () => {
        for (const line of lines.slice(at, at + fits)) flow.line(line, style, flow.paper.left + labelWidth);
      });
      at += fits;
    }
    flow.tags.close(cell);
    flow.tags.close(row);
    flow.space(2);
  }
  flow.tags.close(tableTag);
  flow.space(6);
}
