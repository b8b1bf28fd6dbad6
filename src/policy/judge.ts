import type {
  Confidence,
  CoverageCounts,
  Finding,
  Level,
  Outcome,
  Reason,
  ResultEntry,
  Verdict,
} from '../model/index.ts';
import type { Policy } from './policy.ts';
import { Reasons } from './reasons.ts';
import { counts } from './state.ts';

/** The transport side as the judge needs it: one word a verdict, already dated by the crypto policy. */
export interface TransportVerdict {
  readonly verdict: string;
  readonly what: string;
}

export interface Case {
  /** Every entry of every payload, in walk order, with item and finding states already decided. */
  readonly entries: Iterable<ResultEntry>;
  readonly inventoryApplied: boolean;
  /** Verdicts over evidence given by `--transport`; `undefined` if none was given. */
  readonly transport: readonly TransportVerdict[] | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly coverage: { readonly entries: CoverageCounts; readonly bytes: CoverageCounts };
}

const RANK: Readonly<Record<Confidence | 'never', number>> = { low: 0, medium: 1, high: 2, never: 3 };
const PASSING_TRANSPORT = new Set(['acceptable', 'deprecated', 'legacy-use']);
const WORST_FIRST = ['critical', 'high', 'medium', 'low', 'info'] as const;

/**
 * From evidence to verdict, and nothing else: no clock, no files, no order but the given one.
 * `held` outranks `incomplete`; `cleared` needs every entry documented, every byte accounted for, no finding at or above
 * the policy's threshold.
 */
export function judge(evidence: Case, policy: Policy): Judgement {
  const holds = new Reasons();
  const unread = new Reasons();
  const notices = new Reasons();
  const coverage = { entries: zeroCounts(), bytes: zeroCounts() };
  const payloads: { readonly root: ResultEntry; examined: boolean }[] = [];

  for (const entry of evidence.entries) {
    tally(coverage, entry);
    if (entry.path.length === 1) payloads.push({ root: entry, examined: false });
    const payload = payloads.at(-1);
    if (payload && isSubstance(entry)) payload.examined = true;
    judgeItem(entry, policy, holds, notices);
    judgeReading(entry, policy, holds, unread, notices);
    judgeFindings(entry, policy, holds, notices);
    noteSuppressions(entry, notices);
  }
  // One empty payload beside others is not a clear one either.
  const nothing = 'there was nothing to examine; an empty payload is not a clear one';
  const empty = payloads.filter(({ examined }) => !examined);
  if (empty.length === payloads.length) unread.add(overall('nothing-examined', 'high', nothing));
  else for (const { root } of empty) unread.add(one(root, 'nothing-examined', 'high', nothing));
  if (!evidence.inventoryApplied) {
    notices.add(overall('no-inventory', 'info', 'no inventory was applied: no file was compared with a document'));
  }
  judgeTransport(evidence, policy, holds, unread);

  const outcome: Outcome = holds.isEmpty ? (unread.isEmpty ? 'cleared' : 'incomplete') : 'held';
  const level = levelOf(evidence.inventoryApplied, holds, unread, outcome);
  return {
    verdict: { outcome, level, reasons: [...holds.list(), ...unread.list()], notices: notices.list() },
    coverage,
  };
}

/** A member, or a payload that holds something itself; a container and its header texts, a directory or an empty file is nothing. */
function isSubstance(entry: ResultEntry): boolean {
  if (entry.kind === 'directory' || entry.kind === 'pseudo' || entry.coverage === 'opened') return false;
  return entry.path.length > 1 || entry.size !== 0;
}

function judgeItem(entry: ResultEntry, policy: Policy, holds: Reasons, notices: Reasons): void {
  const item = entry.item;
  if (item === undefined || item.status === 'documented') return;
  const say = (code: string, severity: Reason['severity'], message: string): Reason =>
    one(entry, code, severity, message);
  if (item.status === 'undocumented') {
    // A directory carries no content of its own; what lies in it is judged by itself.
    const effect = entry.kind === 'directory' ? 'notice' : policy.items.undocumented;
    const reason = say(
      'undocumented-file',
      'high',
      `the inventory names no such ${entry.kind} in context ${item.context}`,
    );
    (effect === 'hold' ? holds : notices).add(reason);
  } else if (item.status === 'forbidden') {
    holds.add(say('forbidden-file', 'critical', `must not be sent: item ${item.id}`));
  } else if (item.status === 'known-from-other-source') {
    const allowed = item.id !== null && policy.allowKnown.includes(item.id);
    const effect = allowed ? 'notice' : policy.items['known-from-other-source'];
    const reason = say(
      'known-from-other-source',
      'medium',
      `item ${item.id} is known, but not from the inventory's document`,
    );
    (effect === 'hold' ? holds : notices).add(reason);
  } else if (!item.inherited) {
    const reason = say('documented-ambiguous', 'info', `item ${item.id} rests on an ambiguous place of the document`);
    (policy.items['documented-ambiguous'] === 'hold' ? holds : notices).add(reason);
  }
}

function judgeReading(entry: ResultEntry, policy: Policy, holds: Reasons, unread: Reasons, notices: Reasons): void {
  const gaps = entry.gaps.filter((gap) => gap.code !== 'type-mismatch');
  for (const gap of entry.gaps) {
    if (gap.code !== 'type-mismatch') continue;
    (policy.typeMismatch === 'hold' ? holds : notices).add(one(entry, 'type-mismatch', 'high', gap.detail));
  }
  if (entry.coverage === 'unread') {
    const codes = [...new Set(gaps.map((gap) => gap.code))].join(', ') || 'unread';
    unread.add(one(entry, 'unread-content', 'high', `not all of it could be examined: ${codes}`));
  } else if (gaps.length > 0) {
    const codes = [...new Set(gaps.map((gap) => gap.code))].join(', ');
    unread.add(one(entry, 'untrusted-structure', 'high', `read, but not to be trusted: ${codes}`));
  }
}

function judgeFindings(entry: ResultEntry, policy: Policy, holds: Reasons, notices: Reasons): void {
  const holding: Finding[] = [];
  const noted: Finding[] = [];
  for (const finding of entry.findings) {
    if (!counts(finding)) continue;
    const enough = RANK[finding.confidence] >= RANK[policy.findings[finding.tier]];
    (enough ? holding : noted).push(finding);
  }
  for (const code of ['client-data', 'undocumented-disclosure'] as const) {
    const state = code === 'client-data' ? 'client-data' : 'undocumented';
    const of = (list: Finding[]) => list.filter((finding) => finding.state === state);
    if (of(holding).length > 0) holds.add(findingReason(entry, code, of(holding)));
    if (of(noted).length > 0) notices.add(findingReason(entry, code, of(noted)));
  }
}

/** Nothing is set aside in silence. */
function noteSuppressions(entry: ResultEntry, notices: Reasons): void {
  const suppressed = entry.findings.filter(({ state }) => state === 'suppressed');
  if (suppressed.length > 0) notices.add(findingReason(entry, 'suppressed-finding', suppressed));
  const expired = entry.findings.filter((finding) => counts(finding) && finding.by?.startsWith('waiver '));
  if (expired.length > 0) notices.add(findingReason(entry, 'waiver-expired', expired));
}

function findingReason(entry: ResultEntry, code: string, findings: readonly Finding[]): Reason {
  const rules = [...new Set(findings.map((finding) => finding.rule))].sort();
  const severity = WORST_FIRST.find((word) => findings.some((finding) => finding.severity === word)) ?? 'info';
  const count = findings.reduce((sum, finding) => sum + (finding.count ?? 1), 0);
  const shown = rules.length > 6 ? `${rules.slice(0, 6).join(', ')} and ${rules.length - 6} more` : rules.join(', ');
  return { code, severity, path: entry.path, message: `found by ${shown}`, count };
}

function judgeTransport(evidence: Case, policy: Policy, holds: Reasons, unread: Reasons): void {
  const bad =
    evidence.transport?.filter(({ verdict }) => !PASSING_TRANSPORT.has(verdict) && verdict !== 'unknown') ?? [];
  for (const { verdict, what } of bad) {
    holds.add(overall('transport-disallowed', 'high', `the path it would leave on is ${verdict}: ${what}`));
  }
  if (!policy.transport.required) return;
  const known = evidence.transport?.some(({ verdict }) => verdict !== 'unknown') ?? false;
  const unknown = evidence.transport?.some(({ verdict }) => verdict === 'unknown') ?? false;
  if (!known || unknown) {
    unread.add(
      overall('transport-unknown', 'high', 'the policy asks for evidence of the path, and it is not complete'),
    );
  }
}

/** The strongest wording that the evidence carries (docs/reports.md); L4 needs approvals and is the report's. */
function levelOf(inventoryApplied: boolean, holds: Reasons, unread: Reasons, outcome: Outcome): Level {
  if (!unread.isEmpty) return 'L0';
  if (outcome === 'cleared') return inventoryApplied ? 'L3' : 'L2';
  const quiet = !holds.has('client-data') && !holds.has('undocumented-disclosure');
  if (quiet) return 'L2';
  const allNamed = !['undocumented-file', 'forbidden-file', 'known-from-other-source'].some((code) => holds.has(code));
  return inventoryApplied && allNamed ? 'L1' : 'L0';
}

function one(entry: ResultEntry, code: string, severity: Reason['severity'], message: string): Reason {
  return { code, severity, path: entry.path, message, count: 1 };
}

function overall(code: string, severity: Reason['severity'], message: string): Reason {
  return { code, severity, path: null, message, count: 1 };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function zeroCounts(): Mutable<CoverageCounts> {
  return { seen: 0, decoded: 0, raw: 0, opened: 0, unread: 0 };
}

function tally(
  coverage: { entries: Mutable<CoverageCounts>; bytes: Mutable<CoverageCounts> },
  entry: ResultEntry,
): void {
  const size = entry.size ?? 0;
  coverage.entries.seen += 1;
  coverage.entries[entry.coverage] += 1;
  coverage.bytes.seen += size;
  coverage.bytes[entry.coverage] += size;
}
