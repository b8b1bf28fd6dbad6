import type { ResultEntry, ResultHead } from '../../../model/index.ts';
import { REGISTER_ROWS } from '../../facts.ts';
import { holdingFindings } from '../../holding.ts';
import { STATUS_WORDS, shownEntry } from '../../names.ts';
import { byteCount, integer } from '../../wording.ts';
import type { Book } from '../book.ts';
import { STYLE } from '../flow.ts';
import { type Cell, TableWriter } from '../table.ts';

/** Rows that are drawn before what is ready of the file is handed on. */
const BATCH = 100;

/** Appendix A: every entry, or, where they are too many to print, every one that is not in order. */
export const register = {
  name: 'register',
  title: 'Appendix A: Entry register',
  async *draw({ flow, head, result, options }: Book): AsyncGenerator<void> {
    flow.open(this.title, this.name);
    const whole = result.entryCount <= REGISTER_ROWS && options.audience === 'administrator';
    flow.paragraph(
      whole
        ? `All ${integer(result.entryCount)} entries in the order in which they were met. Digests are cut here; the attached result has them in full.`
        : `The payload has ${integer(result.entryCount)} entries. Printed are those with a counting finding, a gap or a status other than ` +
            '"documented"; the complete register is attached as register.csv and in result.json.',
    );
    const columns: ConstructorParameters<typeof TableWriter>[1] = [
      { title: 'No.', share: 0.075, align: 'right' },
      { title: 'Entry', share: 0.405, face: 'mono' },
      { title: 'Size', share: 0.11, align: 'right' },
      { title: 'SHA-256', share: 0.13, face: 'mono' },
      { title: 'Coverage', share: 0.11 },
      { title: 'Inventory', share: 0.17 },
    ];
    // Begun with its first row: a head alone would be a table about nothing.
    let table: TableWriter | undefined;
    const holding = holdingFindings(head);
    let ordinal = -1;
    let printed = 0;
    let left = 0;
    for await (const entry of result.entries()) {
      ordinal += 1;
      const counting = [...holding(entry)].reduce((sum, { count }) => sum + (count ?? 1), 0);
      if (!whole && counting === 0 && !isOdd(entry)) continue;
      if (printed >= REGISTER_ROWS) {
        left += 1;
        continue;
      }
      printed += 1;
      table ??= new TableWriter(flow, columns);
      table.row(cells(entry, ordinal, counting, head));
      if (printed % BATCH === 0) yield;
    }
    table?.end();
    if (printed === 0) flow.paragraph('There is no such entry.');
    if (left > 0) flow.paragraph(`${integer(left)} more such entries stand in the attached register.`, STYLE.small);
  },
};

function isOdd(entry: ResultEntry): boolean {
  const status = entry.item?.status;
  if (entry.coverage === 'unread' || entry.gaps.length > 0) return true;
  return status !== undefined && status !== 'documented' && status !== 'documented-ambiguous';
}

function cells(entry: ResultEntry, ordinal: number, counting: number, head: ResultHead): Cell[] {
  const status = entry.item?.status;
  const wrong = status === 'undocumented' || status === 'forbidden';
  const name =
    status === undefined ? (entry.kind === 'directory' ? 'directory' : '') : (entry.item?.id ?? STATUS_WORDS[status]);
  const words = counting > 0 ? `${name}, ${integer(counting)} counting` : name;
  return [
    String(ordinal),
    shownEntry(entry.path, head),
    entry.kind === 'directory' ? '' : byteCount(entry.size),
    entry.sha256?.slice(0, 10) ?? '',
    entry.coverage === 'unread' ? { text: 'unread', tone: 'bad' } : entry.coverage,
    wrong || counting > 0 ? { text: words, tone: 'bad' } : words,
  ];
}
