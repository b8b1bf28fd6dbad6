import { inflateSync } from 'node:zlib';
import type { Gap } from '../../model/index.ts';
import { BlockReader } from '../block-reader.ts';
import type { Box, Format } from '../box.ts';
import { derivedText } from '../derived.ts';
import { type Co, chunkOf } from '../reader.ts';
import { inMemory } from '../sources.ts';
import { columnsOf } from '../sqlite/columns.ts';
import type { Pages } from '../sqlite/pages.ts';
import { isZlib, Rows } from '../sqlite/rows.ts';

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const ENCODINGS = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'] as const;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/**
 * SQLite databases (SQLite Database File Format): the file's bytes are its own content, deleted rows and free pages among
 * them; the rows of each table follow as text, also those on pages that no tree leads to, and binary values as entries.
 */
export const sqlite: Format = {
  id: 'sqlite',
  media: 'application/vnd.sqlite3',
  coverage: 'decoded',
  seeks: true,
  sniff: (head) => MAGIC.equals(head.subarray(0, 16)),
  *walk(box) {
    yield* box.ownBytes();
    const pages = yield* databasePages(box);
    const rows = new Rows(box, pages);
    const gaps: Gap[] = [];
    const schema: { name: string; root: number; sql: string; table: boolean }[] = [];
    for (const record of rows.tree(1, gaps)) {
      if ('then' in record) {
        yield record as Promise<void>;
        continue;
      }
      const [type, name, , root, sql] = record.values;
      if (typeof root !== 'number' || root < 1) continue;
      schema.push({ name: String(name), root, sql: typeof sql === 'string' ? sql : '', table: type === 'table' });
    }
    box.gaps.push(...gaps);
    for (const { name, root, sql, table } of schema) {
      const label = /^\w{1,64}$/.test(name) ? name : 'rows';
      const found: Gap[] = [];
      const records = rows.tree(root, found);
      if (table) {
        yield* derivedText(box, label, (root - 1) * pages.pageSize, rows.text(records, columnsOf(sql)), found);
      } else {
        // What an index holds stands in its table; its pages are read to know that they are an index.
        for (const record of records) if ('then' in record) yield record as Promise<void>;
        box.gaps.push(...found);
      }
      yield* blobs(box, rows, pages);
    }
    yield* strayRows(box, rows, pages);
  },
};

/** Write-ahead logs (section 4): pages as they were written, each with the rows on it. */
export const sqliteWal: Format = {
  id: 'sqlite-wal',
  media: 'application/vnd.sqlite3-wal',
  coverage: 'decoded',
  seeks: true,
  sniff: (head) => {
    const start = head.length < WAL_HEADER ? 0 : Buffer.from(head.buffer, head.byteOffset, 8).readUInt32BE();
    return start === 0x377f0682 || start === 0x377f0683;
  },
  *walk(box) {
    yield* box.ownBytes();
    const pages = yield* logPages(box);
    yield* strayRows(box, new Rows(box, pages), pages);
  },
};

function* databasePages(box: Box): Co<Pages> {
  const reader = new BlockReader(box);
  const head = yield* reader.read(0, 100);
  if (head.length < 100) box.fail('truncated', 'the header of a database is cut off', 0);
  const pageSize = sizeOf(head.readUInt16BE(16));
  const usable = pageSize - head[20]!;
  const encoding = ENCODINGS[head.readUInt32BE(56)];
  if (!pageSize || usable < 480 || !encoding) box.fail('corrupt', 'the header of a database', 16);
  const count = Math.ceil(reader.size / pageSize);
  // The stated size counts where it was written together with the last change (section 1.3.7).
  const stated = head.readUInt32BE(24) === head.readUInt32BE(92) ? head.readUInt32BE(28) : 0;
  if (reader.size % pageSize !== 0 || stated > count) {
    box.gap('truncated', `${reader.size} bytes of a database of ${stated} pages of ${pageSize}`);
  }
  const place = (page: number): number | undefined => (page >= 1 && page <= count ? (page - 1) * pageSize : undefined);
  return { pageSize, usable, encoding, count, place, overflow: place, reader };
}

/** Pages of a log are numbered by frame here: each version of a page has rows of its own. */
function* logPages(box: Box): Co<Pages> {
  const reader = new BlockReader(box);
  const head = yield* reader.read(0, WAL_HEADER);
  const pageSize = head.readUInt32BE(8);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) {
    box.fail('corrupt', 'the header of a write-ahead log', 8);
  }
  const frame = FRAME_HEADER + pageSize;
  const count = Math.floor((reader.size - WAL_HEADER) / frame);
  if (WAL_HEADER + count * frame !== reader.size) box.gap('truncated', 'a write-ahead log whose last frame is cut off');
  const placeOf = (index: number): number => WAL_HEADER + (index - 1) * frame + FRAME_HEADER;
  let encoding: Pages['encoding'] = 'utf-8';
  const latest = new Map<number, number>();
  for (let index = 1; index <= count; index += 1) {
    const number = (yield* reader.read(placeOf(index) - FRAME_HEADER, 4)).readUInt32BE();
    latest.set(number, index);
    if (number === 1) {
      const first = yield* reader.read(placeOf(index), 100);
      encoding = ENCODINGS[first.readUInt32BE(56)] ?? encoding;
    }
  }
  const place = (page: number): number | undefined => (page >= 1 && page <= count ? placeOf(page) : undefined);
  const overflow = (page: number): number | undefined => place(latest.get(page) ?? 0);
  return { pageSize, usable: pageSize, encoding, count, place, overflow, reader };
}

function sizeOf(stated: number): number {
  if (stated === 1) return 65536;
  return stated >= 512 && (stated & (stated - 1)) === 0 ? stated : 0;
}

function* strayRows(box: Box, rows: Rows, pages: Pages): Co<void> {
  const records = function* () {
    for (let page = 1; page <= pages.count; page += 1) if (!rows.visited(page)) yield* rows.stray(page);
  };
  yield* derivedText(box, 'unused', 0, rows.text(records(), undefined));
  if (rows.hidesSomething()) box.gap('high-entropy', 'pages without rows look compressed or encrypted');
  yield* blobs(box, rows, pages);
}

/** Binary values as entries; zlib streams, which have no magic number of their own, as what is in them. */
function* blobs(box: Box, rows: Rows, pages: Pages): Co<void> {
  for (const blob of rows.blobs.splice(0)) {
    const bytes = yield* rows.blob(blob);
    if (!bytes) continue;
    box.budget.chargeDecoded(bytes.length);
    const content = isZlib(bytes) ? inflated(bytes, box) : bytes;
    const offset = (pages.place(blob.payload.page) ?? 0) + blob.payload.at;
    const name = Buffer.from(`#${content === bytes ? 'blob' : 'inflated'}-${blob.column + 1}@${offset}`);
    const source = chunkOf(content);
    yield* box.member({
      name,
      kind: 'pseudo',
      where: 'content',
      source,
      size: content.length,
      random: inMemory(content),
    });
  }
}

function inflated(bytes: Uint8Array, box: Box): Uint8Array {
  try {
    const content = inflateSync(bytes, { maxOutputLength: Math.min(box.budget.limits.memory, 2 ** 30) });
    box.budget.chargeDecoded(content.length);
    return content;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return bytes;
    throw error;
  }
}
