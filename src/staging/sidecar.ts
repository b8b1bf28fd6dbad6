import { canonicalJson, type Reason, type ResultHead } from '../model/index.ts';
import type { Copied } from './private-copy.ts';

/** What an audit gave: also one that crashed or was stopped, whose result says so. */
export interface Outcome {
  readonly head: ResultHead;
  /** Of the canonical result. */
  readonly result: { readonly sha256: string; readonly size: number };
}

/** Times of the run, ISO 8601 UTC; `cached`: the verdict is that of an earlier audit, at the time of that audit. */
export interface Run {
  readonly job: string;
  readonly claimed: string;
  readonly audited: string;
  readonly cached: boolean;
}

/** What stands beside a payload (`schemas/sidecar.schema.json`): the run around the digest of the canonical result. */
export function sidecar(payload: Copied, { head, result }: Outcome, waits: boolean, run: Run): string {
  const { outcome, level } = head.verdict;
  return `${canonicalJson({
    schema: 'clearance.sidecar/1',
    // A name in which client data lies is masked in the result, and so here.
    payload: { name: head.payloads[0]?.name ?? '', size: payload.size, sha256: payload.sha256 },
    verdict: { outcome, level, reasons: counted(head.verdict.reasons) },
    waitsFor: waits ? 'approval' : undefined,
    result,
    asOf: head.asOf,
    tool: head.tool,
    catalog: head.catalog,
    optionsSha256: head.optionsSha256,
    run,
  })}\n`;
}

function counted(reasons: readonly Reason[]): Pick<Reason, 'code' | 'severity' | 'count'>[] {
  const counts = new Map<string, Pick<Reason, 'code' | 'severity' | 'count'>>();
  for (const { code, severity, count } of reasons) {
    const key = `${code} ${severity}`;
    counts.set(key, { code, severity, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
}
