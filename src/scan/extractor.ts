import type { ViewKind, ViewScanner } from './view-scanner.ts';

/**
 * Looks for encoded runs in a view and feeds what they decode to into views of their own. It is called for every segment
 * and may leave up to 5 KiB at the end for the next call, unless that is the last: they are still held then.
 */
export interface Extractor {
  feed(bytes: Uint8Array, base: number, length: number, atEnd: boolean): void;
}

/** Decodings of decodings that are followed. */
export const MAX_DEPTH = 3;

/** The view of characters in another encoding. */
export function characterView({ kind }: ViewScanner, encoding: string): ViewKind {
  return { prefix: outer(kind), encoding, depth: kind.depth + 1 };
}

/** The view of bytes that were written in another form. */
export function decodedView({ kind }: ViewScanner, coding: string): ViewKind {
  return { prefix: `${outer(kind)}${coding}>`, encoding: 'utf-8', depth: kind.depth + 1 };
}

function outer({ prefix, encoding }: ViewKind): string {
  return encoding === 'utf-8' ? prefix : `${prefix}${encoding}>`;
}
