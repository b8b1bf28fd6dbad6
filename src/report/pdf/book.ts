import type { ResultHead, StoredResult } from '../../model/index.ts';
import type { Facts } from '../facts.ts';
import type { ReportOptions } from '../options.ts';
import type { WordingLevel } from '../wording.ts';
import type { Flow } from './flow.ts';

/** What every page is made from. */
export interface Book {
  readonly flow: Flow;
  /** All pages of this report, in order. */
  readonly contents: readonly Page[];
  readonly result: StoredResult;
  readonly head: ResultHead;
  readonly facts: Facts;
  readonly options: ReportOptions;
  /** SHA-256 of the canonical result: the name of the evidence. */
  readonly resultSha256: string;
  /** Root of the tree over the entries, hex. */
  readonly entryRoot: string;
  readonly reportId: string;
  readonly level: WordingLevel;
  readonly previous?: { readonly head: ResultHead; readonly facts: Facts } | undefined;
}

/** A page of the report: its place in the outline, and how it is drawn. */
export interface Page {
  readonly name: string;
  readonly title: string;
  draw(book: Book): void | AsyncIterable<void>;
}
