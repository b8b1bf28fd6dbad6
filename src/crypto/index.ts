/** Observations of TLS, IPsec, SSH and certificates become dated verdicts with clauses. */
import type { CryptoObservation } from './observation.ts';
import type { ScanOptions } from './tls/scan.ts';

export { type AtomVerdict, type CryptoVerdict, type Ground, judge } from './judge.ts';
export type {
  CryptoObservation,
  ObservationLayer,
  ObservationParams,
  ObservationRole,
  ObservationState,
  ObservationSubject,
} from './observation.ts';
export { observe, observeAll } from './observe.ts';
export { exitOf, isViolation } from './outcome.ts';
export { type CryptoPolicy, cryptoPolicyIds, loadCryptoPolicy, type Word } from './policy.ts';
export { policyText, presentVerdicts } from './present.ts';
export { keepHeapSmall } from './tls/keep-heap-small.ts';
export { type EntryObservations, inside, numbered, watchEntries } from './watch.ts';
export type { ScanOptions };

/** Scans TLS endpoints; see `tls/scan.ts`. Loaded when called: judging files needs no network code. */
export async function scanTls(targets: readonly string[], options: ScanOptions = {}): Promise<CryptoObservation[]> {
  return (await import('./tls/scan.ts')).scanTls(targets, options);
}
