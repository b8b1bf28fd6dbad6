import { describeEvents, type EventReport } from './event-report.ts';
import type { ReadEvents, ServiceEvent } from './events.ts';

/** An event in the list of one console. */
export interface ListedEvent {
  /** Name of the list. */
  readonly list: string;
  readonly line: number;
  readonly problem: string;
  readonly approvalState: string | null;
}

/** One event, however many consoles list it: a call-home server may send what another console found. */
export interface EventGroup {
  /** The PMH number, or what else tells the event. */
  readonly event: string;
  readonly by: 'pmh' | 'occurrence' | 'problem';
  readonly listed: readonly ListedEvent[];
  /** The consoles do not say the same of its approval. */
  readonly disagree: boolean;
}

/**
 * Groups the events of several consoles: by PMH number where there is one, else by reference code, system and first time.
 * The PMH number that one console knows is taken for the others that list the same occurrence.
 */
export function groupEvents(
  lists: readonly { readonly name: string; readonly read: ReadEvents }[],
): readonly EventGroup[] {
  const reported = new Map<string, string>();
  for (const { read } of lists) {
    for (const { pmh, occurrence } of read.events) if (pmh && occurrence) reported.set(occurrence, pmh);
  }
  const groups = new Map<string, { event: string; by: EventGroup['by']; listed: ListedEvent[] }>();
  for (const { name, read } of lists) {
    for (const event of read.events) {
      const told = tellsApart(event, reported);
      // Problem numbers are a console's own.
      const key = JSON.stringify(told.by === 'problem' ? [told, name] : told);
      const group = groups.get(key) ?? { ...told, listed: [] };
      const { line, problem, approvalState = null } = event;
      group.listed.push({ list: name, line, problem, approvalState });
      groups.set(key, group);
    }
  }
  return [...groups.values()].map((group) => ({
    ...group,
    disagree: new Set(group.listed.map(({ approvalState }) => approvalState?.toLowerCase())).size > 1,
  }));
}

function tellsApart(
  { pmh, occurrence, problem }: ServiceEvent,
  reported: ReadonlyMap<string, string>,
): { event: string; by: EventGroup['by'] } {
  const number = pmh ?? (occurrence && reported.get(occurrence));
  if (number) return { event: number, by: 'pmh' };
  return occurrence ? { event: occurrence, by: 'occurrence' } : { event: problem, by: 'problem' };
}

/** What a person reads of one list, or of each list and then of the events that several hold. */
export function describeLists(
  reports: readonly {
    readonly list: string;
    readonly events: readonly EventReport[];
    readonly bad: ReadEvents['bad'];
  }[],
  groups: readonly EventGroup[],
): string {
  const [one, ...others] = reports;
  if (one && others.length === 0) return describeEvents(one.events, one.bad);
  return (
    reports.map(({ list, events, bad }) => `${list}\n${describeEvents(events, bad)}`).join('') + describeGroups(groups)
  );
}

/** The groups that more than one list holds, one line each and one for each of its places. */
function describeGroups(groups: readonly EventGroup[]): string {
  const lines = groups
    .filter(({ listed }) => listed.length > 1)
    .flatMap(({ event, by, listed, disagree }) => [
      `${by === 'pmh' ? 'PMH ' : ''}${event}: listed ${listed.length} times${disagree ? ', and not with the same approval_state' : ''}`,
      ...listed.map(({ list, line, problem, approvalState }) => {
        return `  ${list}:${line}: problem ${problem}, approval_state ${approvalState ?? 'absent'}`;
      }),
    ]);
  return lines.length === 0 ? 'no event is listed by more than one console\n' : `${lines.join('\n')}\n`;
}

/** The worst of all; where consoles disagree, which is right cannot be told from lists alone. */
export function outcomeOfLists(
  reports: readonly { readonly outcome: 'clear' | 'violation' | 'unknown' }[],
  groups: readonly EventGroup[],
): 'clear' | 'violation' | 'unknown' {
  if (reports.some(({ outcome }) => outcome === 'violation')) return 'violation';
  const unknown = reports.some(({ outcome }) => outcome === 'unknown') || groups.some(({ disagree }) => disagree);
  return unknown ? 'unknown' : 'clear';
}
