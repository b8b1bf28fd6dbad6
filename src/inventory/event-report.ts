import { UsageError } from '../model/index.ts';
import {
  type ApprovalProof,
  proveApproval,
  type ReadEvents,
  type Reconciled,
  reconcile,
  type SendFacts,
} from './events.ts';
import type { Inventory } from './inventory.ts';

export interface EventReport {
  readonly problem: string;
  readonly refcode: string;
  readonly status: string;
  readonly approvalState: string | null;
  readonly approval: ApprovalProof;
  /** Without an archive the files that the console lists are taken as those that are to be sent. */
  readonly files: readonly Reconciled[];
}

export interface EventFacts extends SendFacts {
  /** Top-level names of the archive that was sent. */
  readonly sent?: readonly string[] | undefined;
  /** Narrows to one problem number. */
  readonly problem?: string | undefined;
}

/**
 * Judges each event of a list.
 * @throws UsageError for a time that is none, or a problem number that is not in the list
 */
export function reportEvents(inventory: Inventory, { events }: ReadEvents, facts: EventFacts): EventReport[] {
  for (const time of [facts.listedAt, facts.sentAt]) {
    if (time === undefined || !Number.isNaN(Date.parse(time))) continue;
    throw new UsageError(`"${time}" is no date and time`, ['write it as 2017-12-04T09:15:00Z']);
  }
  const wanted = events.filter(({ problem }) => facts.problem === undefined || problem === facts.problem);
  if (wanted.length === 0 && facts.problem !== undefined) {
    throw new UsageError(`the list has no problem number "${facts.problem}"`, [
      `known: ${events.map(({ problem }) => problem).join(', ')}`,
    ]);
  }
  if (facts.sent !== undefined && wanted.length > 1) {
    throw new UsageError('an archive belongs to one event', ['name it with --problem']);
  }
  return wanted.map((event) => ({
    problem: event.problem,
    refcode: event.refcode,
    status: event.status,
    approvalState: event.approvalState ?? null,
    approval: proveApproval(event, facts),
    files: reconcile(inventory, event, facts.sent ?? event.files.map(({ name }) => name)),
  }));
}

/** `violation`: sent without approval or beyond the lists. `unknown`: not proven, or a line that could not be read. */
export function outcomeOf(reports: readonly EventReport[], bad: ReadEvents['bad']): 'clear' | 'violation' | 'unknown' {
  const violated = ({ approval, files }: EventReport): boolean =>
    approval.outcome === 'disproved' || files.some(({ finding }) => /^sent-but/.test(finding));
  if (reports.some(violated)) return 'violation';
  return reports.length === 0 || bad.length > 0 || reports.some(({ approval }) => approval.outcome === 'not-proven')
    ? 'unknown'
    : 'clear';
}

export function describeEvents(reports: readonly EventReport[], bad: ReadEvents['bad']): string {
  const lines = bad.map(({ line, why }) => `unknown: line ${line}: ${why}`);
  for (const { problem, refcode, approval, files } of reports) {
    lines.push(`problem ${problem} (${refcode}): approval ${approval.outcome}, ${approval.why}`);
    for (const { name, item, finding } of files)
      lines.push(`  ${finding}: ${name}${item === null ? '' : ` (${item})`}`);
  }
  return `${lines.join('\n')}\n`;
}
