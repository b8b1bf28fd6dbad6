import type { Locator } from '../../model/index.ts';
import type { Extractor } from '../extractor.ts';
import type { LocatedPlaces } from './located.ts';

/** Longest line that is taken apart; in a longer one nothing is located. */
const MAX_LINE = 4096;

/** Part of a line: text and where it lies in it. */
interface Cell {
  readonly text: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Takes lines apart for `key` and `column` locators: `key=value` and `key: value`, stanzas (`name:` or `[name]` above
 * indented or plain keys), records as HMC commands print them (`a=1,"b=x,y",c=2`), and tables with a header line,
 * delimited or aligned.
 */
export class LineTracker implements Extractor {
  readonly #keys: readonly { readonly id: string; readonly name: string; readonly record?: string }[];
  readonly #columns: readonly { readonly id: string; readonly name: string }[];
  readonly #places: LocatedPlaces;
  #at = 0;
  #tooLong = false;
  #record = '';
  #table: { readonly id: string; readonly read: (line: string) => Cell | undefined }[] = [];

  constructor(locators: ReadonlyMap<string, Locator>, places: LocatedPlaces) {
    this.#places = places;
    this.#keys = [...locators].flatMap(([id, locator]) => ('key' in locator ? [{ id, ...locator.key }] : []));
    this.#columns = [...locators].flatMap(([id, locator]) => ('column' in locator ? [{ id, ...locator.column }] : []));
  }

  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void {
    const end = length - base;
    let at = this.#at - base;
    while (at < end) {
      let stop = bytes.indexOf(10, at);
      const complete = stop >= 0 && stop < end;
      if (!complete) stop = end;
      if (stop - at > MAX_LINE || this.#tooLong) {
        this.#tooLong = !complete;
        at = complete ? stop + 1 : stop;
        continue;
      }
      if (!complete && !atEnd) break;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, stop - at).toString('latin1');
      this.#line(text.endsWith('\r') ? text.slice(0, -1) : text, base + at);
      at = stop + 1;
    }
    this.#at = base + Math.min(at, end);
  }

  #line(line: string, offset: number): void {
    const stanza = /^(?:\[([^\]]+)\]|([\w.@/-]+):)[ \t]*$/.exec(line);
    if (stanza) this.#record = (stanza[1] ?? stanza[2])!.trim();
    for (const { id, name, record } of this.#keys) {
      if (record !== undefined && record !== this.#record) continue;
      for (const { text, begin, end } of valuesOf(line, name)) this.#places.add(id, offset + begin, offset + end, text);
    }
    if (this.#columns.length === 0) return;
    const header = this.#columns.flatMap(({ id, name }) => {
      const read = columnReader(line, name);
      return read ? [{ id, read }] : [];
    });
    if (header.length > 0) {
      this.#table = header;
    } else if (line.trim() === '') {
      this.#table = [];
    } else {
      for (const { id, read } of this.#table) {
        const cell = read(line);
        if (cell && cell.end > cell.begin) this.#places.add(id, offset + cell.begin, offset + cell.end, cell.text);
      }
    }
  }
}

/** Values of a key in a line: one that stands alone on it, or those of a record's fields. */
function valuesOf(line: string, name: string): Cell[] {
  const fields = line.includes('=') && line.includes(',') ? splitDelimited(line, ',') : [];
  if (fields.length > 1 && fields.every(({ text }) => /^[\w.-]+=/.test(text))) {
    return fields.flatMap((field) => {
      if (!field.text.startsWith(`${name}=`)) return [];
      const begin = field.begin + name.length + 1;
      return [{ text: field.text.slice(name.length + 1), begin, end: field.end }];
    });
  }
  const single = /^([ \t]*(?:export[ \t]+)?["']?)([\w.-]+)(["']?[ \t]*[=:][ \t]*)(.*?)[ \t]*$/.exec(line);
  if (!single || single[2] !== name) return [];
  const begin = single[1]!.length + single[2].length + single[3]!.length;
  return [{ text: single[4]!, begin, end: begin + single[4]!.length }];
}

/** Fields of a delimited line; quotes are taken off, and doubled ones within belong to the text (RFC 4180 section 2). */
function splitDelimited(line: string, delimiter: string): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at <= line.length; ) {
    let stop: number;
    if (line[at] === '"') {
      stop = at + 1;
      while (stop < line.length && (line[stop] !== '"' || line[stop + 1] === '"')) stop += line[stop] === '"' ? 2 : 1;
      cells.push({ text: line.slice(at + 1, stop), begin: at + 1, end: Math.min(stop, line.length) });
      stop = line.indexOf(delimiter, Math.min(stop + 1, line.length));
    } else {
      stop = line.indexOf(delimiter, at);
      const end = stop < 0 ? line.length : stop;
      cells.push({ text: line.slice(at, end), begin: at, end });
    }
    if (stop < 0) break;
    at = stop + 1;
  }
  return cells;
}

/** How to read a column in the lines below, if this line is a header that names it. */
function columnReader(header: string, name: string): ((line: string) => Cell | undefined) | undefined {
  if (!header.includes(name)) return undefined;
  for (const delimiter of [',', ';', '\t', '|']) {
    const names = splitDelimited(header, delimiter);
    const index = names.findIndex(({ text }) => text.trim() === name);
    if (names.length > 1 && index >= 0) {
      return (line) => {
        const cells = splitDelimited(line, delimiter);
        return cells.length === names.length ? cells[index] : undefined;
      };
    }
  }
  const words = [...header.matchAll(/\S+(?: \S+)*/g)].flatMap((group) =>
    group[0].includes(name) ? [{ group: group[0], at: group.index }] : [],
  );
  const index = [...header.matchAll(/\S+/g)].findIndex((word) => word[0] === name);
  if (words.length === 0 || index < 0 || !/\S[ \t]+\S/.test(header)) return undefined;
  const last = [...header.matchAll(/\S+/g)].length - 1;
  return (line) => {
    const cells = [...line.matchAll(/\S+/g)];
    const cell = cells[index];
    if (!cell) return undefined;
    // The last column of a command's output takes the rest of the line.
    const end = index === last ? line.trimEnd().length : cell.index + cell[0].length;
    return { text: line.slice(cell.index, end), begin: cell.index, end };
  };
}
