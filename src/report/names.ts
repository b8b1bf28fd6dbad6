import { type FindingState, printable, type ResultHead } from '../model/index.ts';

/** A path through containers as people read it: one arrow per container level, hostile characters escaped. */
export function shownPath(path: readonly string[] | null): string {
  return path === null ? '(the whole payload)' : path.map(printable).join(' › ');
}

/** As `shownPath`; the payload's own name is left out where there is only one payload, since every path would repeat it. */
export function shownEntry(path: readonly string[], head: ResultHead): string {
  return shownPath(head.payloads.length === 1 && path.length > 1 ? path.slice(1) : path);
}

/** Where in its entry a finding lies. */
export function shownPlace(at: { line: number; column: number; offset: number; where: string; view: string }): string {
  const view = at.view === 'utf-8' ? '' : `, ${at.view}`;
  return at.where === 'content'
    ? `line ${at.line}, column ${at.column}, byte ${at.offset}${view}`
    : `${at.where}, byte ${at.offset}${view}`;
}

/** Words of the coverage, as people read them. */
export const COVERAGE_WORDS = {
  decoded: 'format understood, all text scanned',
  raw: 'every byte scanned, format not understood',
  opened: 'container, accounted for by its members',
  unread: 'not, or not all, examined',
} as const;

/** Words of the inventory, as people read them. */
export const STATUS_WORDS = {
  documented: 'documented',
  'documented-ambiguous': 'documented, at an ambiguous place',
  'known-from-other-source': 'known from another source',
  undocumented: 'not documented',
  forbidden: 'forbidden',
  none: 'no item needed or applied',
} as const;

/** States of a finding, as people read them. */
export const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  'client-data': 'client data',
  undocumented: 'disclosed by no document',
  'disclosed-as-documented': 'disclosed as documented',
  'environment-identifier': 'identifier of the environment',
  'test-value': 'known test value',
  suppressed: 'set aside by a waiver or a baseline',
};
