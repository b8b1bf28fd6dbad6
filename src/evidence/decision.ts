import type { Severity } from '../model/index.ts';
import type { ActPredicate, AuditPredicate, KeyPredicate } from './statement.ts';

/** What an organisation asks for before something leaves (`schemas/approval-policy.schema.json`). */
export interface ApprovalPolicy {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** Persons needed, by the highest severity among the reasons against sending; `cleared` where there is none. */
  readonly quorum: Readonly<Record<'cleared' | Severity, number>>;
  /** Reason codes that nobody can approve. */
  readonly never: readonly string[];
  /** Gap codes that may remain; with any other one, something unread cannot be approved. */
  readonly acceptedGaps: readonly string[];
  readonly validHours: { readonly default: number; readonly longest: number };
  readonly uses: { readonly default: number; readonly most: number };
}

/** Why something is not released: a closed list. */
export const REFUSALS = [
  'ledger-broken',
  'unsafe-payload',
  'no-approval',
  'digest-mismatch',
  'forbidden',
  'incomplete',
  'rejected',
  'revoked',
  'superseded',
  'not-yet-valid',
  'expired',
  'used-up',
  'self-approved',
  'untrusted-key',
  'quorum',
  'target-exists',
  'command-failed',
] as const;
export type Refusal = (typeof REFUSALS)[number];

interface Recorded {
  readonly seq: number;
  /** The ledger's time. */
  readonly time: number;
  /** `undefined` where the key was not trusted with this at that time. */
  readonly person: string | undefined;
  readonly payload: { readonly name: string; readonly sha256: string };
}

/** What the ledger holds, signatures checked, in order. */
export type Event =
  | (Recorded & { readonly type: 'audit'; readonly audit: AuditPredicate })
  | (Recorded & { readonly type: ActPredicate['act']; readonly act: ActPredicate })
  | (Recorded & { readonly type: 'key'; readonly key: KeyPredicate });

export interface Question {
  readonly events: readonly Event[];
  readonly payload: { readonly name: string; readonly sha256: string };
  readonly policy: ApprovalPolicy;
  readonly policySha256: string;
  readonly now: number;
  /** Digests of installed catalog files by id; a result made with another version of one is superseded. */
  readonly installed?: ReadonlyMap<string, string>;
  /** An uploader asks about what was released already: uses are then no obstacle. */
  readonly released?: boolean;
}

export type Decision =
  | {
      readonly ok: true;
      readonly result: string;
      readonly audit: AuditPredicate;
      readonly approvals: readonly number[];
      readonly expires: number;
    }
  | { readonly ok: false; readonly code: Refusal; readonly detail: string };

/** Whether these bytes may leave now: a pure function of the ledger, the policy and the time. */
export function decide(question: Question): Decision {
  const { events, payload } = question;
  const own = events.filter((event) => event.payload.sha256 === payload.sha256);
  const audits = own.filter((event) => event.type === 'audit' && event.person !== undefined);
  const latest = audits.at(-1);
  if (latest?.type !== 'audit') {
    return events.some((event) => event.type === 'audit' && event.payload.name === payload.name)
      ? refuse('digest-mismatch', 'a payload of this name was audited, with other bytes')
      : refuse('no-approval', 'this payload was never audited');
  }
  const { audit } = latest;
  const closed = closedTo(question, audit);
  return closed ? refuse(closed.code, closed.detail) : weigh(question, own, audit);
}

/** What no approval can change about an audit; `undefined` where approving makes sense. */
export function closedTo(
  { policy, installed }: Pick<Question, 'policy' | 'installed'>,
  audit: AuditPredicate,
): { readonly code: Refusal; readonly detail: string } | undefined {
  const forbidden = audit.reasons.find((reason) => policy.never.includes(reason.code));
  if (forbidden) return { code: 'forbidden', detail: `${forbidden.code} cannot be approved by anybody` };
  const gaps = unreadGaps(audit);
  if (audit.outcome === 'incomplete' && gaps.length === 0)
    return { code: 'incomplete', detail: 'the audit examined too little' };
  const gap = gaps.find((code) => !policy.acceptedGaps.includes(code));
  if (gap !== undefined) return { code: 'incomplete', detail: `the policy does not accept what is unread (${gap})` };
  const changed = catalogFiles(audit).find(({ id, sha256 }) => (installed?.get(id) ?? sha256) !== sha256);
  return changed && { code: 'superseded', detail: `${changed.id} has changed since the audit` };
}

export const unreadGaps = (audit: AuditPredicate): string[] => audit.unread.map((gap) => gap.code);

type Act = Extract<Event, { readonly act: ActPredicate }>;

/** In this order a void approval explains a refusal. */
const VOID = [
  'revoked',
  'superseded',
  'expired',
  'not-yet-valid',
  'used-up',
  'self-approved',
  'untrusted-key',
] as const;

function weigh(question: Question, own: readonly Event[], audit: AuditPredicate): Decision {
  const { policy, now } = question;
  const gaps = unreadGaps(audit);
  const acts = own.filter((event): event is Act => event.type !== 'audit');
  const result = audit.result.sha256;
  const submits = acts.filter((event) => event.type === 'submit' && event.person !== undefined);
  if (!submits.some(({ act }) => act.result === result))
    return refuse('no-approval', 'nobody has submitted this result');
  const submitters = new Set(submits.map((event) => event.person));
  const lastRevocation = Math.max(
    -1,
    ...acts.filter((event) => event.type === 'revoke' && event.person !== undefined).map((event) => event.seq),
  );
  // The newest word of each person counts; an approver who later rejects has withdrawn the approval.
  const words = new Map<string, Act>();
  const strangers: Act[] = [];
  for (const event of acts.filter(({ type }) => type === 'approve' || type === 'reject')) {
    if (event.person === undefined) strangers.push(event);
    else words.set(event.person, event);
  }
  const standing = [...words.values()].filter(
    (event) => event.type === 'reject' && event.act.result === result && event.seq > lastRevocation,
  );
  if (standing.length > 0) return refuse('rejected', 'an approver has rejected this result');
  const approvals = [...words.values(), ...strangers].filter((event) => event.type === 'approve');
  if (approvals.length === 0) return refuse('no-approval', 'nobody has approved this payload');
  const voided = (event: Act): (typeof VOID)[number] | undefined => {
    const { act } = event;
    if (event.person === undefined) return 'untrusted-key';
    if (event.seq < lastRevocation) return 'revoked';
    if (
      act.result !== result ||
      act.policies.audit !== audit.catalog.policy.sha256 ||
      act.policies.approval !== question.policySha256
    )
      return 'superseded';
    if (gaps.some((gap) => !(act.gaps ?? []).includes(gap))) return 'superseded';
    if (now >= Math.min(act.expires ?? 0, event.time + policy.validHours.longest * 3_600_000)) return 'expired';
    if (now < (act.validFrom ?? 0)) return 'not-yet-valid';
    const uses = acts.filter(
      (other) => other.type === 'release' && other.act.result === result && other.seq > event.seq,
    ).length;
    if (!question.released && uses >= Math.min(act.maxUses ?? 0, policy.uses.most)) return 'used-up';
    return submitters.has(event.person) ? 'self-approved' : undefined;
  };
  const judged = approvals.map((event) => ({ event, why: voided(event) }));
  const valid = judged.filter(({ why }) => why === undefined).map(({ event }) => event);
  const needed = quorum(policy, audit);
  if (valid.length >= needed) {
    const expires = Math.min(...valid.map((event) => event.act.expires ?? 0));
    return { ok: true, result, audit, approvals: valid.map((event) => event.seq), expires };
  }
  const missing = `${valid.length} of ${needed} approvals are valid`;
  const cause = VOID.find((code) => valid.length + judged.filter(({ why }) => why === code).length >= needed);
  return refuse(
    cause ?? (valid.length > 0 ? 'quorum' : (VOID.find((code) => judged.some(({ why }) => why === code)) ?? 'quorum')),
    missing,
  );
}

const RANK: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** Never less than one: nothing leaves that no person has approved. */
function quorum(policy: ApprovalPolicy, audit: AuditPredicate): number {
  const worst = audit.reasons.reduce((top, { severity }) => Math.max(top, RANK.indexOf(severity)), -1);
  return Math.max(1, policy.quorum[RANK[worst] ?? 'cleared']);
}

/** Every catalog file whose change makes the result old. */
const catalogFiles = ({ catalog }: AuditPredicate) => [
  ...(catalog.inventory ? [catalog.inventory] : []),
  ...catalog.packs,
  catalog.policy,
];

const refuse = (code: Refusal, detail: string): Decision => ({ ok: false, code, detail });
