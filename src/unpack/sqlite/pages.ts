import type { BlockReader } from '../block-reader.ts';

/** Pages of a database by number, from 1 (SQLite Database File Format, section 1.2). */
export interface Pages {
  readonly pageSize: number;
  /** Without the bytes at the end of each page that extensions reserve. */
  readonly usable: number;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** The highest number a page may have. */
  readonly count: number;
  /** Where a page lies in the file; `undefined` where it does not. */
  place(page: number): number | undefined;
  /** The same for a page that a row goes on in, by its number in the database. */
  overflow(page: number): number | undefined;
  readonly reader: BlockReader;
}
