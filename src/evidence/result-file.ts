import { closeSync, openSync, readFileSync } from 'node:fs';
import {
  type AuditPredicate,
  canonicalJson,
  DataError,
  type ResultEntry,
  type ResultHead,
  type Statement,
  auditStatement as statementOn,
  UnreadCodes,
  UsageError,
} from '../model/index.ts';
import { sha256 } from './digest.ts';
import { leafHash, rangeRoot, subtreeOf } from './merkle.ts';

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
  const leaves = entryLeaves(result);
  const unread = new UnreadCodes();
  for (const entry of result.entries) unread.add(entry);
  return statementOn(result.head, {
    result: { sha256: result.sha256, size: result.size },
    entries: { size: leaves.length, root: rangeRoot(subtreeOf(leaves), 0, leaves.length).toString('hex') },
    unread: unread.list(),
    reports,
  });
}
