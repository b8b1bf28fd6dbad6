/** Canonical JSON, signatures, ledger, approvals, release gate: what makes a result evidence. */

export { canonicalJson } from '../model/index.ts';
export {
  type ActContext,
  type Attestation,
  approvalTerms,
  attest,
  type Recorded,
  recordApproval,
  recordExport,
  recordSubmit,
  recordWord,
} from './acts.ts';
export { type AttestationCheck, readAttestation, verifyAttestation } from './attestation.ts';
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
export { fileDigest, sha256 } from './digest.ts';
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
export { lockDirectory } from './ledger-lock.ts';
export { type EntryType, type LedgerEntry, type LedgerIdentity, LedgerReader } from './ledger-reader.ts';
export { type LedgerCheck, verifyLedger } from './ledger-verify.ts';
export { consistencyProof, inclusionProof, leafHash, subtreeOf, verifyConsistency, verifyInclusion } from './merkle.ts';
export { writePack } from './pack.ts';
export { type Proof, proveConsistency, proveEntry, proveInclusion, verifyProof } from './proof.ts';
export { type Reproduction, reproduce } from './reproduce.ts';
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
  addKey,
  ROLES,
  type Role,
  readTrust,
  rotateKey,
  sealTrust,
  type TrustContent,
  type TrustedKey,
  TrustStore,
  unsignedContent,
  updateTrust,
} from './trust.ts';
export { createWhole, replaceWhole, syncDirectory } from './whole-file.ts';
