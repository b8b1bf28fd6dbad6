/** Canonical JSON, signatures, ledger, approvals, release gate: what makes a result evidence. */
export { canonicalJson } from '../model/index.ts';
export {
  type ApprovalPolicy,
  catalogFiles,
  type Decision,
  decide,
  type Event,
  quorum,
  REFUSALS,
  type Refusal,
} from './decision.ts';
export { sha256 } from './digest.ts';
export { type Envelope, envelopeBytes, openEnvelope, parseCanonical, seal } from './dsse.ts';
export { readEvents } from './events.ts';
export { type Answer, type GateOptions, release, type Target, verifyPayload } from './gate.ts';
export {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  generateKey,
  keyId,
  publicPem,
  readPublicKey,
  readSecretFile,
  writePrivateKey,
} from './keys.ts';
export { initLedger, Ledger } from './ledger.ts';
export { type EntryType, type LedgerEntry, type LedgerIdentity, LedgerReader } from './ledger-reader.ts';
export { type LedgerCheck, verifyLedger } from './ledger-verify.ts';
export { consistencyProof, inclusionProof, leafHash, subtreeOf, verifyConsistency, verifyInclusion } from './merkle.ts';
export { auditStatement, entryLeaves, type ResultFile, readResultFile } from './result-file.ts';
export { openSigner, type Signer } from './signer.ts';
export { Spool } from './spool.ts';
export {
  ACT,
  type ActPredicate,
  AUDIT,
  type AuditPredicate,
  predicateOf,
  type Statement,
  statement,
  verificationSummary,
} from './statement.ts';
export {
  ROLES,
  type Role,
  readTrust,
  sealTrust,
  type TrustContent,
  type TrustedKey,
  TrustStore,
  unsignedContent,
} from './trust.ts';
export { createWhole, replaceWhole } from './whole-file.ts';
