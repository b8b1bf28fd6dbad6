import type { EntryHead, EntryKind, EntryTail, FindingWhere, RawFinding, Scanned } from '../model/index.ts';

/** A scanned entry as it waits in the spool for its verdict: JSON only, names byte by byte as latin-1. */
export interface Fact extends EntryTail {
  readonly path: readonly [string, ...string[]];
  readonly parent: number | undefined;
  readonly kind: EntryKind;
  readonly where: FindingWhere;
  readonly nameBytes: string;
  readonly findings: readonly RawFinding[];
}

export function toFact({ entry, tail, findings, gaps }: Scanned): Fact {
  return {
    ...tail,
    gaps: [...tail.gaps, ...gaps],
    path: entry.path,
    parent: entry.parent,
    kind: entry.kind,
    where: entry.where,
    nameBytes: Buffer.from(entry.name).toString('latin1'),
    findings,
  };
}

export function headOf(fact: Fact, ordinal: number): EntryHead {
  const { path, parent, kind, where } = fact;
  return { ordinal, parent, path, kind, where, name: Buffer.from(fact.nameBytes, 'latin1') };
}
