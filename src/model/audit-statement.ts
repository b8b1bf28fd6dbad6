import { UsageError } from './errors.ts';
import type { Severity } from './finding.ts';
import type { ResultEntry, ResultHead } from './result.ts';

export const PREDICATE = 'https://clearance.invalid/predicate';
export const STATEMENT = 'https://in-toto.io/Statement/v1';

export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

/** An in-toto Statement v1. */
export interface Statement<P> {
  readonly _type: typeof STATEMENT;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: P;
}

/** What a signed result says, without its entries. */
export interface AuditPredicate {
  readonly result: { readonly sha256: string; readonly size: number };
  readonly asOf: string;
  readonly tool: ResultHead['tool'];
  readonly catalog: ResultHead['catalog'];
  readonly optionsSha256: string;
  readonly outcome: ResultHead['verdict']['outcome'];
  readonly level: ResultHead['verdict']['level'];
  readonly reasons: readonly { readonly code: string; readonly severity: Severity; readonly count: number }[];
  /** Codes of the gaps that left something unread, with their numbers. */
  readonly unread: readonly { readonly code: string; readonly count: number }[];
  readonly coverage: ResultHead['coverage'];
  readonly reproducible: boolean;
  /** RFC 6962 tree over the canonical entries of the result. */
  readonly entries: { readonly size: number; readonly root: string };
  /** Reports made from this result, so that a changed PDF is found. */
  readonly reports: readonly { readonly name: string; readonly sha256: string }[];
}

export const AUDIT = `${PREDICATE}/audit/v1`;

export function statement<P>(predicateType: string, subject: readonly Subject[], predicate: P): Statement<P> {
  return { _type: STATEMENT, subject, predicateType, predicate };
}

type Counted = { readonly code: string; readonly count: number };

/** What of a result's entries a statement holds, taken as they pass. */
export class UnreadCodes {
  private readonly counts = new Map<string, number>();

  add({ coverage, gaps }: ResultEntry): void {
    if (coverage !== 'unread') return;
    for (const { code } of gaps) this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }

  list(): Counted[] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => ({ code, count }));
  }
}

/**
 * What may be signed of a result: an in-toto statement on the payload's digest.
 * @param reports files made from the result
 * @throws UsageError where the payload has no digest of its own
 */
export function auditStatement(
  head: ResultHead,
  seen: Pick<AuditPredicate, 'result' | 'entries' | 'unread' | 'reports'>,
): Statement<AuditPredicate> {
  const [payload, more] = head.payloads;
  if (!payload?.sha256 || more) {
    throw new UsageError('only the result of one payload that is one file can be attested', [
      'audit the archive itself, not a directory',
    ]);
  }
  const sums = new Map<string, AuditPredicate['reasons'][number]>();
  for (const { code, severity, count } of head.verdict.reasons) {
    const key = `${code} ${severity}`;
    sums.set(key, { code, severity, count: (sums.get(key)?.count ?? 0) + count });
  }
  const { result, entries, unread, reports } = seen;
  return statement(AUDIT, [{ name: payload.name, digest: { sha256: payload.sha256 } }], {
    result,
    asOf: head.asOf,
    tool: head.tool,
    catalog: head.catalog,
    optionsSha256: head.optionsSha256,
    outcome: head.verdict.outcome,
    level: head.verdict.level,
    reasons: [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason),
    unread,
    coverage: head.coverage,
    reproducible: head.reproducible,
    entries,
    reports,
  });
}
