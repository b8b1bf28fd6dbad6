import type { Box } from '../box.ts';
import type { Co } from '../reader.ts';
import type { Pages } from './pages.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;

/** Where the record of a cell begins, and how long it is in all. */
export interface Payload {
  readonly page: number;
  /** In the page. */
  readonly at: number;
  readonly size: number;
  readonly rowid: bigint | undefined;
}

/** A table b-tree leaf, its interior pages, and the same of indexes (section 1.6). */
export const TABLE_LEAF = 13;
export const TABLE_INNER = 5;
export const INDEX_LEAF = 10;
export const INDEX_INNER = 2;

/** A big-endian integer of one to nine bytes with seven bits each. */
export function varint(bytes: Uint8Array, at: number): { value: bigint; next: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index === 8) return { value: BigInt.asIntN(64, (value << 8n) | BigInt(byte)), next: at + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return undefined;
}

/** The cell at a place of a leaf, or of an index's inner page; `undefined` where there can be none. */
export function payloadOf(
  bytes: Uint8Array,
  page: number,
  type: number,
  at: number,
  most: number,
): Payload | undefined {
  const size = varint(bytes, type === INDEX_INNER ? at + 4 : at);
  if (!size || size.value < 0n || size.value > BigInt(most)) return undefined;
  const rowid = type === TABLE_LEAF ? varint(bytes, size.next) : undefined;
  if (type === TABLE_LEAF && !rowid) return undefined;
  return { page, at: rowid?.next ?? size.next, size: Number(size.value), rowid: rowid?.value };
}

/** Bytes of a record on its own page (section 1.6, "cell payload overflow"). */
export function localSize(size: number, usable: number, table: boolean): number {
  const most = table ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (size <= most) return size;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const local = least + ((size - least) % (usable - 4));
  return local <= most ? local : least;
}

/** The whole record, with what overflows; `undefined` where the chain of pages does not hold it. */
export function* recordBytes(
  box: Box,
  pages: Pages,
  bytes: Uint8Array,
  payload: Payload,
  overflow?: (page: number) => boolean,
): Co<Uint8Array | undefined> {
  const { at, size, rowid } = payload;
  const local = localSize(size, pages.usable, rowid !== undefined);
  if (at + local > pages.usable) return undefined;
  if (local === size) return bytes.subarray(at, at + size);
  if (size > box.budget.limits.memory) box.fail('over-memory', `a row of ${size} bytes`, pages.place(payload.page));
  const parts: Uint8Array[] = [new Uint8Array(bytes.subarray(at, at + local))];
  let left = size - local;
  const pointer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (at + local + 4 > bytes.length) return undefined;
  let next = pointer.readUInt32BE(at + local);
  const seen = new Set<number>();
  while (left > 0) {
    const place = next === 0 || seen.has(next) || overflow?.(next) === false ? undefined : pages.overflow(next);
    if (place === undefined) return undefined;
    seen.add(next);
    const page = yield* pages.reader.read(place, pages.usable);
    if (page.length < pages.usable) return undefined;
    const part = page.subarray(4, 4 + left);
    parts.push(new Uint8Array(part));
    left -= part.length;
    next = page.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** The values of a record (section 2.1); `undefined` if it is none. */
export function recordValues(bytes: Uint8Array, encoding: Pages['encoding']): SqliteValue[] | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = varint(bytes, 0);
  if (!head || head.value > BigInt(bytes.length)) return undefined;
  const values: SqliteValue[] = [];
  let at = Number(head.value);
  for (let from = head.next; from < Number(head.value); ) {
    const serial = varint(bytes, from);
    if (!serial || serial.value < 0n) return undefined;
    from = serial.next;
    const type = serial.value > 11n ? 12 : Number(serial.value);
    const length = type < 12 ? LENGTHS[type]! : Number((serial.value - 12n) / 2n);
    if (length < 0 || at + length > bytes.length) return undefined;
    values.push(storedValue(view, at, type, length, serial.value, encoding));
    at += length;
  }
  return at === bytes.length ? values : undefined;
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1];

function storedValue(
  view: Buffer,
  at: number,
  type: number,
  length: number,
  serial: bigint,
  encoding: Pages['encoding'],
): SqliteValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return view.readDoubleBE(at);
  if (type === 6) return view.readBigInt64BE(at);
  if (type < 6) return view.readIntBE(at, length);
  const bytes = view.subarray(at, at + length);
  return serial % 2n === 0n ? new Uint8Array(bytes) : new TextDecoder(encoding).decode(bytes);
}
