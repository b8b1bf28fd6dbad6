import {
  AUDIT,
  type AuditPredicate,
  PREDICATE,
  STATEMENT,
  type Statement,
  type Subject,
  statement,
} from '../model/index.ts';
import { sha256 } from './digest.ts';

export { AUDIT, type AuditPredicate, type Statement, type Subject, statement };

/** Acts of people; `result` and `policies` bind what they saw. Times in milliseconds since 1970. */
export interface ActPredicate {
  readonly act: 'submit' | 'approve' | 'reject' | 'revoke' | 'release' | 'export';
  /** Origin of the ledger it was made for: elsewhere it is worth nothing. */
  readonly ledger: string;
  readonly time: number;
  readonly reason: string;
  readonly result: string;
  /** SHA-256 of the disclosure policy of the audit, and of the approval policy. */
  readonly policies: { readonly audit: string; readonly approval: string };
  readonly validFrom?: number;
  readonly expires?: number;
  readonly maxUses?: number;
  /** Gap codes an approver of an incomplete result was shown and accepts. */
  readonly gaps?: readonly string[];
}

/** A change of who may speak: the subject is the trust store that holds from now on. */
export interface KeyPredicate {
  readonly ledger: string;
  readonly time: number;
  readonly reason: string;
  /** Number of the store, and SHA-256 of the store it came from; empty for the first. */
  readonly version: number;
  readonly previous: string;
  /** Public key of the administrator who signs this, PEM. */
  readonly signer: string;
  /** Key id of who may sign the next. */
  readonly administrator: string;
}

export const ACT = `${PREDICATE}/act/v1`;
export const KEY = `${PREDICATE}/key/v1`;
const VSA = 'https://slsa.dev/verification_summary/v1';

/** The predicate of a statement of the expected type; `undefined` for anything else. */
export function predicateOf<P>(
  value: unknown,
  type: string,
): { subject: readonly Subject[]; predicate: P } | undefined {
  const candidate = value as Partial<Statement<P>>;
  if (candidate._type !== STATEMENT || candidate.predicateType !== type || !candidate.subject?.[0]) return undefined;
  return { subject: candidate.subject, predicate: candidate.predicate as P };
}

/** SLSA Verification Summary Attestation v1 of an audit, for policy controllers that read these. */
export function verificationSummary(audit: Statement<AuditPredicate>, auditEnvelope: Uint8Array): Statement<object> {
  const { predicate, subject } = audit;
  const { policy } = predicate.catalog;
  return statement(VSA, subject, {
    verifier: { id: 'https://clearance.invalid/verifier', version: { clearance: predicate.tool.version } },
    resourceUri: `urn:sha256:${subject[0]?.digest.sha256}`,
    policy: { uri: `https://clearance.invalid/policy/${policy.id}`, digest: { sha256: policy.sha256 } },
    inputAttestations: [{ uri: AUDIT, digest: { sha256: sha256(auditEnvelope) } }],
    verificationResult: predicate.outcome === 'cleared' ? 'PASSED' : 'FAILED',
    verifiedLevels: predicate.outcome === 'cleared' ? [`CLEARANCE_${predicate.level}`] : [],
    slsaVersion: '1.0',
  });
}
