/** Canonical JSON, signatures, ledger, approvals, release gate: what makes a result evidence. */

export { canonicalJson } from '../model/index.ts';
export {
  type ActContext,
  approvalTerms,
  attest,
  recordApproval,
  recordExport,
  recordSubmit,
  recordWord,
} from './acts.ts';
export { verifyAttestationFile } from './attestation.ts';
export {
  type ApprovalPolicy,
  decide,
  type Event,
  type Refusal,
} from './decision.ts';
export { fileDigest, sha256 } from './digest.ts';
export { envelopeBytes, openEnvelope, seal } from './dsse.ts';
export { readEvents } from './events.ts';
export { release, verifyPayload } from './gate.ts';
export {
  ALGORITHMS,
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
export { type LedgerEntry, LedgerReader } from './ledger-reader.ts';
export { verifyLedger } from './ledger-verify.ts';
export { consistencyProof, inclusionProof, leafHash, subtreeOf, verifyConsistency, verifyInclusion } from './merkle.ts';
export { writePack } from './pack.ts';
export { proveConsistency, proveEntry, proveInclusion, verifyProof } from './proof.ts';
export { reproduce } from './reproduce.ts';
export { type ResultFile, readResultFile } from './result-file.ts';
export { openSigner, type Signer } from './signer.ts';
export { Spool } from './spool.ts';
export type { AuditPredicate } from './statement.ts';
export {
  addKey,
  type Role,
  readTrust,
  rotateKey,
  sealTrust,
  type TrustContent,
  type TrustedKey,
  TrustStore,
  updateTrust,
} from './trust.ts';
export { recordTrust, standingTrust, updateRecorded } from './trust-record.ts';
export { createWhole, replaceWhole, syncDirectory } from './whole-file.ts';
