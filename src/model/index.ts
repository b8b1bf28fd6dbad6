/** The words all rooms share: types, error classes, the exit table. Imports nothing. */
export {
  AUDIT,
  type AuditPredicate,
  auditStatement,
  PREDICATE,
  STATEMENT,
  type Statement,
  type Subject,
  statement,
  UnreadCodes,
} from './audit-statement.ts';
export { canonicalJson } from './canonical.ts';
export type { CatalogIdentity, Citation } from './citation.ts';
export type { Coverage, EntryHead, EntryKind, EntryTail, FindingWhere, Gap, UnpackEvent } from './entry.ts';
export { DataError, type FilePosition, OperatorError, UsageError } from './errors.ts';
export { EXIT, EXIT_MEANING, type ExitCode } from './exit.ts';
export type {
  Confidence,
  Finding,
  FindingPlace,
  FindingState,
  LocatedAt,
  Locator,
  RawFinding,
  Scanned,
  Severity,
  Tier,
} from './finding.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { ByteSource, DirectoryEntry, Payload } from './payload.ts';
export { printable } from './printable.ts';
export { closePrivateFile, openPrivateFile, providePrivateFiles } from './private-file.ts';
export type {
  CoverageCounts,
  DocumentAccount,
  DocumentConflict,
  EndpointControl,
  EndpointNotice,
  EndpointNotices,
  ItemRef,
  ItemStatus,
  Level,
  Outcome,
  Reason,
  ResultEntry,
  ResultHead,
  StoredResult,
  Verdict,
} from './result.ts';
