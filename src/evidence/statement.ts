import type { ResultHead, Severity } from '../model/index.ts';
import { sha256 } from './digest.ts';

const PREDICATE = 'https://clearance.invalid/predicate';
const STATEMENT = 'https://in-toto.io/Statement/v1';

export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string };
}

/** An in-toto Statement v1. */
export interface Statement<P> {
  readonly _type: typeof STATEMENT;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: P;
}

/** What a signed result says, without its entries. */
export interface AuditPredicate {
  readonly result: { readonly sha256: string; readonly size: number };
  readonly asOf: string;
  readonly tool: ResultHead['tool'];
  readonly catalog: ResultHead['catalog'];
  readonly optionsSha256: string;
  readonly outcome: ResultHead['verdict']['outcome'];
  readonly level: ResultHead['verdict']['level'];
  readonly reasons: readonly { readonly code: string; readonly severity: Severity; readonly count: number }[];
  /** Codes of the gaps that left something unread, with their numbers. */
  readonly unread: readonly { readonly code: string; readonly count: number }[];
  readonly coverage: ResultHead['coverage'];
  readonly reproducible: boolean;
  /** RFC 6962 tree over the canonical entries of the result. */
  readonly entries: { readonly size: number; readonly root: string };
  /** Reports made from this result, so that a changed PDF is found. */
  readonly reports: readonly { readonly name: string; readonly sha256: string }[];
}

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

export const AUDIT = `${PREDICATE}/audit/v1`;
export const ACT = `${PREDICATE}/act/v1`;
export const KEY = `${PREDICATE}/key/v1`;
const VSA = 'https://slsa.dev/verification_summary/v1';

export function statement<P>(predicateType: string, subject: readonly Subject[], predicate: P): Statement<P> {
  return { _type: STATEMENT, subject, predicateType, predicate };
}

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
