import { closeSync, openSync, readFileSync } from 'node:fs';
import { canonicalJson, DataError, type ResultEntry, type ResultHead, UsageError } from '../model/index.ts';
import { sha256 } from './digest.ts';
import { leafHash, rangeRoot, subtreeOf } from './merkle.ts';
import { AUDIT, type AuditPredicate, type Statement, statement } from './statement.ts';

export interface ResultFile {
  readonly head: ResultHead;
  readonly entries: readonly ResultEntry[];
  readonly sha256: string;
  readonly size: number;
}

/**
 * Reads a result as `audit --json` writes it: canonical JSON, one newline at the end allowed.
 * @throws DataError where a byte differs from the canonical form
 */
export function readResultFile(path: string): ResultFile {
  const bytes = readWhole(path);
  let result: ResultHead & { readonly entries: readonly ResultEntry[] };
  try {
    result = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw notAResult(path, 'it is not JSON');
  }
  if (result?.schema !== 'clearance.result/1' || !Array.isArray(result.entries))
    throw notAResult(path, 'its schema differs');
  const canonical = canonicalJson(result);
  if (![canonical, `${canonical}\n`].some((text) => bytes.equals(Buffer.from(text)))) {
    throw notAResult(path, 'its bytes are not the canonical form');
  }
  const { entries, ...head } = result;
  return { head, entries, sha256: sha256(bytes), size: bytes.length };
}

function readWhole(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new UsageError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

const notAResult = (path: string, why: string): DataError =>
  new DataError(
    `${path} is no result of clearance: ${why}`,
    [],
    ['write it with: clearance audit PAYLOAD --json > result.json'],
  );

/** Leaves of the tree over a result's entries: one file's verdict can be shown without the names of the others. */
export const entryLeaves = (result: ResultFile): Buffer[] =>
  result.entries.map((entry) => leafHash(Buffer.from(canonicalJson(entry))));

/** @param reports files made from the result. @throws UsageError where the payload has no digest of its own */
export function auditStatement(result: ResultFile, reports: AuditPredicate['reports']): Statement<AuditPredicate> {
  const { head } = result;
  const [payload, more] = head.payloads;
  if (!payload?.sha256 || more) {
    throw new UsageError('only the result of one payload that is one file can be attested', [
      'audit the archive itself, not a directory',
    ]);
  }
  const leaves = entryLeaves(result);
  return statement(AUDIT, [{ name: payload.name, digest: { sha256: payload.sha256 } }], {
    result: { sha256: result.sha256, size: result.size },
    asOf: head.asOf,
    tool: head.tool,
    catalog: head.catalog,
    optionsSha256: head.optionsSha256,
    outcome: head.verdict.outcome,
    level: head.verdict.level,
    reasons: counted(
      head.verdict.reasons.map(({ code, severity, count }) => ({ code, severity, count })),
      (reason) => `${reason.code} ${reason.severity}`,
    ),
    unread: counted(
      result.entries
        .filter((entry) => entry.coverage === 'unread')
        .flatMap((entry) => entry.gaps.map(({ code }) => ({ code, count: 1 }))),
      (gap) => gap.code,
    ),
    coverage: head.coverage,
    reproducible: head.reproducible,
    entries: { size: leaves.length, root: rangeRoot(subtreeOf(leaves), 0, leaves.length).toString('hex') },
    reports,
  });
}

/** Sums the counts of items with one key, in order of the key. */
function counted<T extends { readonly count: number }>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const sums = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    sums.set(key, { ...item, count: (sums.get(key)?.count ?? 0) + item.count });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
