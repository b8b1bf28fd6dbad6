import { UsageError } from '../model/index.ts';
import { type ApprovalPolicy, closedTo, type Refusal, unreadGaps } from './decision.ts';
import { sha256 } from './digest.ts';
import { type Envelope, envelopeBytes, seal } from './dsse.ts';
import { readEvents } from './events.ts';
import type { Ledger } from './ledger.ts';
import { auditStatement, type ResultFile } from './result-file.ts';
import { mayNot } from './role-check.ts';
import type { Signer } from './signer.ts';
import { ACT, type ActPredicate, type AuditPredicate, statement, verificationSummary } from './statement.ts';
import type { TrustStore } from './trust.ts';

export interface Attestation {
  /** The audit statement in its envelope. */
  readonly envelope: Envelope;
  readonly bytes: Buffer;
  readonly sha256: string;
  /** The same as a SLSA verification summary. */
  readonly summary: Buffer;
}

export function attest(result: ResultFile, reports: AuditPredicate['reports'], signer: Signer): Attestation {
  const audit = auditStatement(result, reports);
  const envelope = seal(audit, signer);
  const bytes = envelopeBytes(envelope);
  return {
    envelope,
    bytes,
    sha256: sha256(bytes),
    summary: envelopeBytes(seal(verificationSummary(audit, bytes), signer)),
  };
}

export interface ActContext {
  readonly ledger: Ledger;
  readonly signer: Signer;
  readonly trust: TrustStore;
  readonly policy: ApprovalPolicy;
  readonly policySha256: string;
  readonly installed?: ReadonlyMap<string, string>;
  readonly now: number;
}

export type Recorded =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly code: Refusal; readonly detail: string; readonly next?: string };

/** Records the audit and hands it to the approvers. */
export function recordSubmit(
  context: ActContext,
  result: ResultFile,
  attestation: Attestation,
  reason: string,
): Recorded {
  const refused = mayNot(context, 'auditor', 'submitter');
  if (refused) return refused;
  context.ledger.append('audit', attestation.envelope, context.now);
  return { ok: true, seq: appendAct(context, 'submit', result, reason, {}) };
}

export interface Approval {
  readonly validFrom: number;
  readonly expires: number;
  readonly maxUses: number;
}

/** Terms of an approval within the policy. @throws UsageError beyond it */
export function approvalTerms(
  { policy, now }: ActContext,
  hours = policy.validHours.default,
  uses = policy.uses.default,
): Approval {
  if (hours > policy.validHours.longest)
    throw new UsageError(`the approval policy allows ${policy.validHours.longest} hours at most`);
  if (uses > policy.uses.most) throw new UsageError(`the approval policy allows ${policy.uses.most} uses at most`);
  return { validFrom: now, expires: now + hours * 3_600_000, maxUses: uses };
}

/** Refuses at once what `decide` would refuse later: four eyes, forbidden, unread, superseded. */
export function recordApproval(context: ActContext, result: ResultFile, reason: string, approval: Approval): Recorded {
  const { predicate } = auditStatement(result, []);
  const refused = mayNot(context, 'approver') ?? standsAlone(context, result) ?? closed(context, predicate);
  if (refused) return refused;
  return { ok: true, seq: appendAct(context, 'approve', result, reason, { ...approval, gaps: unreadGaps(predicate) }) };
}

export function recordWord(
  context: ActContext,
  act: 'reject' | 'revoke',
  result: ResultFile,
  reason: string,
): Recorded {
  return mayNot(context, 'approver') ?? { ok: true, seq: appendAct(context, act, result, reason, {}) };
}

export function recordExport(context: ActContext, result: ResultFile, reason: string): Recorded {
  return mayNot(context, 'auditor') ?? { ok: true, seq: appendAct(context, 'export', result, reason, {}) };
}

function appendAct(
  { ledger, signer, policySha256, now }: ActContext,
  act: ActPredicate['act'],
  result: ResultFile,
  reason: string,
  more: Partial<ActPredicate>,
): number {
  if (reason.trim() === '') throw new UsageError('a reason is needed', ['give --reason; it is kept in the ledger']);
  const { subject, predicate } = auditStatement(result, []);
  const policies = { audit: predicate.catalog.policy.sha256, approval: policySha256 };
  const body: ActPredicate = {
    act,
    ledger: ledger.identity.origin,
    time: now,
    reason,
    result: result.sha256,
    policies,
    ...more,
  };
  const seq = ledger.append(act, seal(statement(ACT, subject, body), signer), now);
  ledger.seal();
  return seq;
}

function closed(context: ActContext, audit: AuditPredicate): Recorded | undefined {
  const refused = closedTo(context, audit);
  return refused && { ok: false, ...refused };
}

function standsAlone({ ledger, trust, signer }: ActContext, result: ResultFile): Recorded | undefined {
  const digest = result.head.payloads[0]?.sha256 ?? '';
  const events = readEvents(ledger, trust, (subject) => subject.digest.sha256 === digest);
  const submits = events.filter((event) => event.type === 'submit' && event.act.result === result.sha256);
  if (submits.length === 0)
    return { ok: false, code: 'no-approval', detail: 'this result was never submitted to the ledger' };
  if (!submits.some((event) => event.person === trust.person(signer.keyid))) return undefined;
  return { ok: false, code: 'self-approved', detail: 'whoever submitted a payload cannot approve it' };
}
