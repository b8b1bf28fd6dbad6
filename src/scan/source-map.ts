/**
 * A stretch of a view and where its bytes come from: view byte `view + n` was made of the `num / den` source bytes from
 * `source + n * num / den` on. Records form a chain; what nobody refers to any more is collected.
 */
export interface MapRecord {
  readonly view: number;
  readonly source: number;
  readonly num: number;
  readonly den: number;
  /** Where the whole record came of one piece that cannot be told apart (compressed data): its length there; else -1. */
  readonly whole: number;
  /** Line of the entry (from 1) at the record's start, and column (from 1). */
  readonly line: number;
  readonly column: number;
  /** True where columns count bytes of the view (a character encoding), not of the source. */
  readonly narrow: boolean;
  /** Record of the parent view that covers `source`; `null` if the source is the entry itself. */
  readonly parent: MapRecord | null;
  next: MapRecord | null;
}

/** The record at or after `from` that covers `offset`. */
export function covering(from: MapRecord, offset: number): MapRecord {
  let record = from;
  while (record.next !== null && record.next.view <= offset) record = record.next;
  return record;
}

/** Offset in the entry of the first source byte of view byte `offset`. */
export function sourceBegin(from: MapRecord, offset: number): number {
  const record = covering(from, offset);
  const step = record.whole < 0 ? Math.floor(((offset - record.view) * record.num) / record.den) : 0;
  const at = record.source + step;
  return record.parent ? sourceBegin(record.parent, at) : at;
}

/** Offset in the entry just after the last source byte of view byte `offset`. */
export function sourceEnd(from: MapRecord, offset: number): number {
  const record = covering(from, offset);
  const step = record.whole < 0 ? Math.ceil(((offset + 1 - record.view) * record.num) / record.den) : record.whole;
  const at = record.source + step;
  return record.parent ? sourceEnd(record.parent, at - 1) : at;
}

/** Line and column (from 1) of view byte `offset`. */
export function linePlace(from: MapRecord, offset: number): { line: number; column: number } {
  const record = covering(from, offset);
  const step = record.whole < 0 ? Math.floor(((offset - record.view) * record.num) / record.den) : 0;
  if (record.parent && !record.narrow) return linePlace(record.parent, record.source + step);
  return { line: record.line, column: record.column + (record.narrow ? offset - record.view : step) };
}
