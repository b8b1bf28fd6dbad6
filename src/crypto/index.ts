/** Observations of TLS, IPsec, SSH and certificates become dated verdicts with clauses. */
export { type AtomVerdict, type CryptoVerdict, type Ground, judge } from './judge.ts';
export type {
  CryptoObservation,
  ObservationLayer,
  ObservationParams,
  ObservationRole,
  ObservationState,
  ObservationSubject,
} from './observation.ts';
export { type CryptoPolicy, loadCryptoPolicy, type Word } from './policy.ts';
