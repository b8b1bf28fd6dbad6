import { isUtf8 } from 'node:buffer';
import type { Gap } from '../../model/index.ts';
import type { Box } from '../box.ts';
import type { TextMaker } from '../derived.ts';
import { EntropyMeter } from '../entropy.ts';
import type { Co } from '../reader.ts';
import type { Columns } from './columns.ts';
import type { Pages } from './pages.ts';
import {
  INDEX_INNER,
  INDEX_LEAF,
  type Payload,
  payloadOf,
  recordBytes,
  recordValues,
  type SqliteValue,
  TABLE_INNER,
  TABLE_LEAF,
} from './record.ts';

/** A value that is no text, to be read again as an entry of its own. */
export interface Blob {
  readonly payload: Payload;
  readonly column: number;
}

/** Bytes of a value below which only a known format makes it an entry; its bytes are scanned with the file. */
const BLOB = 256;
const BLOBS = 200_000;
const KEY = /(^|_)(key|name|property|setting|option|param|parameter|attribute|variable)$/i;
const VALUE = /(^|_)(value|val|data|content)$/i;

/** Which pages were read, and the rows on them as lines `column=value`, tabs between. */
export class Rows {
  readonly blobs: Blob[] = [];
  private readonly box: Box;
  private readonly pages: Pages;
  private readonly seen: Uint8Array;
  /** Over the bytes that are no rows: what lies there is scanned with the file, as long as it is no compressed data. */
  private readonly unread = new EntropyMeter();

  /** True if bytes that are no rows look compressed or encrypted. */
  hidesSomething(): boolean {
    return this.unread.finish();
  }

  constructor(box: Box, pages: Pages) {
    this.box = box;
    this.pages = pages;
    this.seen = new Uint8Array(pages.count + 1);
  }

  /** Marks a page; says if it was not marked before. */
  readonly visit = (page: number): boolean => {
    if (page < 1 || page >= this.seen.length || this.seen[page] === 1) return false;
    this.seen[page] = 1;
    return true;
  };

  visited(page: number): boolean {
    return this.seen[page] === 1;
  }

  /** All records of a b-tree, in the order of their keys. What is broken is told once a tree. */
  *tree(root: number, gaps: Gap[]): Generator<{ payload: Payload; values: SqliteValue[] } | PromiseLike<void>, void> {
    const { pages } = this;
    const stack = [root];
    for (let page = stack.pop(); page !== undefined; page = stack.pop()) {
      const place = pages.place(page);
      if (place === undefined || !this.visit(page)) {
        broken(gaps, 'a tree of pages that is broken', place);
        continue;
      }
      const bytes = yield* this.read(place);
      const { type, cells, right, ok, free } = pageCells(bytes, page, pages);
      this.unread.update(ok ? bytes.subarray(free.from, free.to) : bytes, false);
      if (!ok) broken(gaps, 'a page that is no page of a tree', place);
      if (type === TABLE_INNER || type === INDEX_INNER) {
        const children = cells.map((at) => bytes.readUInt32BE(at));
        stack.push(right, ...children.reverse());
      }
      if (type === TABLE_INNER) continue;
      yield* this.records(bytes, page, type, cells, gaps, true);
    }
  }

  /** The records of one page that belongs to no tree; nothing where it does not look like one. */
  *stray(page: number): Generator<{ payload: Payload; values: SqliteValue[] } | PromiseLike<void>, void> {
    const place = this.pages.place(page);
    if (place === undefined) return;
    const bytes = yield* this.read(place);
    const { type, cells, ok, free } = pageCells(bytes, page, this.pages);
    if (ok && cells.length > 0 && (type === TABLE_LEAF || type === INDEX_LEAF)) {
      this.unread.update(bytes.subarray(free.from, free.to), false);
      yield* this.records(bytes, page, type, cells, [], false);
    } else {
      this.unread.update(bytes, false);
    }
  }

  *text(
    records: Generator<{ payload: Payload; values: SqliteValue[] } | PromiseLike<void>, void>,
    columns: Columns | undefined,
  ): TextMaker {
    for (const record of records) {
      if ('then' in record) yield record as Promise<void>;
      else yield this.line(record, columns);
    }
  }

  /** A blob's bytes once more. */
  *blob({ payload, column }: Blob): Co<Uint8Array | undefined> {
    const bytes = yield* this.pages.reader.read(this.pages.place(payload.page) ?? 0, this.pages.pageSize);
    const record = yield* recordBytes(this.box, this.pages, bytes, payload);
    const value = record && recordValues(record, this.pages.encoding)?.[column];
    return value instanceof Uint8Array ? value : undefined;
  }

  private *read(place: number): Generator<PromiseLike<void>, Buffer> {
    return yield* this.pages.reader.read(place, this.pages.pageSize) as Generator<PromiseLike<void>, Buffer>;
  }

  private *records(
    bytes: Buffer,
    page: number,
    type: number,
    cells: readonly number[],
    gaps: Gap[],
    owns: boolean,
  ): Generator<{ payload: Payload; values: SqliteValue[] } | PromiseLike<void>, void> {
    const { box, pages } = this;
    for (const at of cells) {
      const payload = payloadOf(bytes, page, type, at, pages.reader.size);
      const record =
        payload &&
        (yield* recordBytes(box, pages, bytes, payload, owns ? this.visit : undefined) as Generator<
          PromiseLike<void>,
          Uint8Array | undefined
        >);
      const values = record && recordValues(record, pages.encoding);
      if (values && payload) yield { payload, values };
      else broken(gaps, 'a row that cannot be read', pages.place(page));
    }
  }

  private line({ payload, values }: { payload: Payload; values: SqliteValue[] }, columns?: Columns): string {
    const fields: string[] = [];
    let pair = '';
    let before = { column: '', text: '' };
    for (const [index, stored] of values.entries()) {
      const value = stored === null && index === columns?.rowid ? payload.rowid : stored;
      const column = columns?.names[index] ?? `c${index + 1}`;
      const text =
        value instanceof Uint8Array ? this.blobText(value, payload, index) : value === null ? '' : String(value);
      // A table of settings: the value's name stands in the row itself.
      if (text && VALUE.test(column) && KEY.test(before.column)) pair = `${before.text}=${text}\n`;
      if (text) fields.push(`${column}=${text}`);
      before = { column, text: text ?? '' };
    }
    return fields.length === 0 ? '' : `${fields.join('\t')}\n${pair}`;
  }

  private blobText(bytes: Uint8Array, payload: Payload, column: number): string | undefined {
    if (isUtf8(bytes) && !bytes.includes(0)) return Buffer.from(bytes).toString();
    if ((bytes.length >= BLOB || isPacked(bytes)) && this.blobs.length < BLOBS) this.blobs.push({ payload, column });
    else if (this.blobs.length >= BLOBS) this.box.fail('over-entries', `more than ${BLOBS} binary values`);
    return undefined;
  }
}

/** Short values that a codec made. */
function isPacked(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const start = (bytes[0]! << 8) | bytes[1]!;
  return (
    start === 0x1f8b ||
    start === 0x504b ||
    start === 0x28b5 ||
    start === 0xfd37 ||
    start === 0x425a ||
    start === 0x0422 ||
    isZlib(bytes)
  );
}

/** RFC 1950, section 2.2. */
export function isZlib(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  return (
    (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | (bytes[1] ?? 0)) % 31 === 0 && !((bytes[1] ?? 0) & 32)
  );
}

function broken(gaps: Gap[], detail: string, offset: number | undefined): void {
  if (gaps.some((gap) => gap.detail === detail)) return;
  gaps.push({ code: 'corrupt', detail, ...(offset !== undefined && { offset }) });
}

/** Places of a page's cells; `ok` is false where the page breaks the format (section 1.6). */
function pageCells(
  bytes: Buffer,
  page: number,
  pages: Pages,
): { type: number; cells: number[]; right: number; ok: boolean; free: { from: number; to: number } } {
  const head = page === 1 ? 100 : 0;
  const none = { type: 0, cells: [], right: 0, ok: false, free: { from: 0, to: 0 } };
  if (bytes.length < pages.usable) return none;
  const type = bytes[head]!;
  const inner = type === TABLE_INNER || type === INDEX_INNER;
  if (!inner && type !== TABLE_LEAF && type !== INDEX_LEAF) return none;
  const count = bytes.readUInt16BE(head + 3);
  const first = head + (inner ? 12 : 8);
  const cells: number[] = [];
  let ok = first + 2 * count <= pages.usable;
  for (let index = 0; index < count && first + 2 * index + 2 <= pages.usable; index += 1) {
    const at = bytes.readUInt16BE(first + 2 * index);
    if (at >= first + 2 * count && at + 4 <= pages.usable) cells.push(at);
    else ok = false;
  }
  const free = { from: first + 2 * count, to: bytes.readUInt16BE(head + 5) || 65536 };
  return { type, cells, right: inner ? bytes.readUInt32BE(head + 8) : 0, ok, free };
}
