import { attribute, type XmlEvent } from './xml-events.ts';

/** Elements of OOXML (ECMA-376) that hold the text a reader sees, deleted text and field codes among it. */
const RUNS = new Set([
  't',
  'delText',
  'instrText',
  'delInstrText',
  'lpwstr',
  'lpstr',
  'v',
  'f',
  'oddHeader',
  'oddFooter',
]);
/** Elements that end a line. */
const LINES = new Set([
  'p',
  'si',
  'comment',
  'text',
  'tr',
  'row',
  'h',
  'table-row',
  'property',
  'br',
  'cr',
  'line-break',
]);
const CELLS = new Set(['tc', 'c', 'table-cell', 'covered-table-cell']);
/** Characters of one cell; a spreadsheet allows 32,767. */
const VALUE = 2 ** 20;
/** Elements of ODF (OASIS OpenDocument 1.3, part 3, section 5) whose character data is text, in spans or not. */
const PARAGRAPHS = new Set(['p', 'h']);

/**
 * Text of one part of an office document: runs of a paragraph joined, one line a paragraph or row, cells apart by tabs,
 * shared strings put in (`shared`), which the part itself may be the table of.
 */
export class DocumentText {
  private readonly odf: boolean;
  private readonly shared: readonly string[];
  /** The elements that text is in. */
  private runs = 0;
  private cells = 0;
  private phonetic = 0;
  private cellType: string | undefined;
  private value = '';
  private inValue = false;
  private lineEmpty = true;

  constructor(odf: boolean, shared: readonly string[] = []) {
    this.odf = odf;
    this.shared = shared;
  }

  take(event: XmlEvent): string {
    const made = this.made(event);
    if (made !== '') this.lineEmpty = made.endsWith('\n');
    return made;
  }

  private made(event: XmlEvent): string {
    if (event.type === 'text') return this.text(event.text);
    if (event.type === 'open') return this.opened(event.name, event.attributes);
    return this.closed(event.name);
  }

  private text(text: string): string {
    if (this.inValue) {
      if (this.value.length < VALUE) this.value += text;
      return '';
    }
    if (this.runs === 0 || this.phonetic > 0) return '';
    return this.odf ? text.replace(/[\r\n]+/g, ' ') : text;
  }

  private opened(name: string, attributes: string): string {
    if (this.odf ? PARAGRAPHS.has(name) : RUNS.has(name)) this.runs += 1;
    if (CELLS.has(name)) this.cells += 1;
    if (this.odf)
      return name === 's' ? ' '.repeat(spaces(attributes)) : name === 'tab' ? '\t' : named(name, attributes);
    if (name === 'rPh') this.phonetic += 1;
    if (name === 'c') this.cellType = attribute(attributes, 't');
    if (name === 'v') {
      this.inValue = true;
      this.value = '';
    }
    if (name === 'property') return named(name, attributes);
    return name === 'tab' || name === 'ptab' ? '\t' : name === 'noBreakHyphen' ? '-' : '';
  }

  private closed(name: string): string {
    if ((this.odf ? PARAGRAPHS.has(name) : RUNS.has(name)) && this.runs > 0) this.runs -= 1;
    if (name === 'rPh' && this.phonetic > 0) this.phonetic -= 1;
    if (name === 'v' && this.inValue) {
      this.inValue = false;
      return this.shown(this.value);
    }
    if (name === 'f') return '\t';
    if (CELLS.has(name)) {
      if (this.cells > 0) this.cells -= 1;
      return '\t';
    }
    if (LINES.has(name) || (this.odf && name === 'user-defined')) {
      const cell = this.cells > 0 && PARAGRAPHS.has(name);
      if (cell) return ' ';
      return this.lineEmpty ? '' : '\n';
    }
    return '';
  }

  /** A cell's value as a reader sees it; long numbers without their exponent. */
  private shown(value: string): string {
    if (this.cellType === 's') return this.shared[Number(value)] ?? value;
    if (/^-?\d(\.\d+)?[eE]\+?\d{1,2}$/.test(value) && Number.isSafeInteger(Number(value))) return String(Number(value));
    return value;
  }
}

/** Strings of a workbook by their number (ECMA-376 part 1, section 18.4.8). */
export class SharedStrings {
  readonly strings: string[] = [];
  /** Characters held. */
  size = 0;
  private text: DocumentText | undefined;
  private current = '';

  take(event: XmlEvent): void {
    if (event.type === 'open' && event.name === 'si') {
      this.text = new DocumentText(false);
      this.current = '';
    } else if (event.type === 'close' && event.name === 'si' && this.text) {
      this.strings.push(this.current);
      this.size += this.current.length + 16;
      this.text = undefined;
    } else if (this.text) {
      this.current += this.text.take(event);
    }
  }
}

function spaces(attributes: string): number {
  return Math.min(1000, Number(attribute(attributes, 'c')) || 1);
}

/** A property of the document, so that its name stands before its value. */
function named(element: string, attributes: string): string {
  if (element !== 'property' && element !== 'user-defined') return '';
  const name = attribute(attributes, 'name');
  return name === undefined ? '' : `${name}=`;
}
