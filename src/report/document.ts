import type { Citation, DocumentConflict, EndpointNotice, EndpointNotices, ResultHead } from '../model/index.ts';
import { shownEntry, shownPath } from './names.ts';

/** Where a statement stands, as people read it. */
export function shownCitation({ document, edition, section }: Citation): string {
  return [document, edition, section].filter((part) => part !== undefined).join(', ');
}

/** A document and edition that all places share are named once; then each place needs its section only. */
export function sharedSource(cites: readonly Citation[]): {
  readonly source: string | undefined;
  readonly place: (cite: Citation) => string;
} {
  const sources = new Set(cites.map(({ document, edition }) => shownCitation({ document, edition } as Citation)));
  const [source] = sources.size === 1 ? sources : [];
  return { source, place: source === undefined ? shownCitation : ({ section }) => section };
}

/** The words of the source with their places, each quoted. */
export function shownStatements({ statements }: DocumentConflict, place = shownCitation): string {
  return statements.map((cite) => `“${cite.quote ?? ''}” (${place(cite)})`).join(' ');
}

/** All readings of a conflict, numbered where there are several. */
export function shownReadings({ readings }: DocumentConflict): string {
  return readings.length === 1 ? (readings[0] ?? '') : readings.map((text, at) => `(${at + 1}) ${text}`).join(' ');
}

export function shownNotice({ message, line, count }: EndpointNotice): string {
  const place = line === undefined ? '' : ` (line ${line}${count > 1 ? `, ${count} times` : ''})`;
  return `${message}${place}`;
}

/** The place of a notice; of a file in the payload. */
export function shownNoticePath({ path }: EndpointNotice, head: ResultHead): string {
  return path.length === 0 ? shownPath(null) : shownEntry(path, head);
}

/** What was looked at, and what that is worth. */
export function endpointsScope({ catalog, read, notices, more }: EndpointNotices): string {
  if (read.length === 0) return 'The payload holds no file that the document names as showing connections.';
  return (
    `Files of the payload that show connections or rules of the console: ${read.length}. Compared with the documented ` +
    `endpoints ${catalog.id} ${catalog.version}; notices: ${notices.length + more}. A notice is no ground for the verdict: ` +
    'neither the profile nor an open session is known from a file.'
  );
}

/** How the vendor's words are introduced wherever they are quoted. */
export const CLAIMS_ARE =
  'These are statements of the vendor, quoted from its document. They are not findings of this examination.';
