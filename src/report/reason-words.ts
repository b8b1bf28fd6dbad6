import type { Reason } from '../model/index.ts';
import { SEVERITIES } from './facts.ts';

/** Reason and notice codes as a reader who never saw the tool would say them. A code that is not here is shown as it is. */
const WORDS: Readonly<Record<string, string>> = {
  'client-data': 'Client data or credentials were found',
  'undocumented-disclosure': 'Personal or technical data lies where no document discloses it',
  'undocumented-file': 'The inventory names no such file',
  'forbidden-file': 'The file must never be sent',
  'known-from-other-source': 'The file is known, but not from the inventory’s document',
  'documented-ambiguous': 'The item rests on an ambiguous place of the document',
  'unread-content': 'Content could not be examined, or not all of it',
  'untrusted-structure': 'The structure of the archive cannot be trusted',
  'type-mismatch': 'The content is not of the documented kind',
  'transport-disallowed': 'The path it would leave on is not allowed',
  'transport-unknown': 'The evidence about the path is missing or incomplete',
  'endpoint-undocumented': 'A destination is not documented',
  'policy-expired': 'The policy has expired',
  'nothing-examined': 'There was nothing to examine',
  'suppressed-finding': 'Set aside by a waiver or an earlier result, and not counted',
  'waiver-expired': 'A waiver has expired, and what it set aside counts again',
  'no-inventory': 'No inventory was applied',
};

export function reasonWords(code: string): string {
  return WORDS[code] ?? code;
}

export interface ReasonGroup {
  readonly code: string;
  readonly title: string;
  readonly severity: Reason['severity'];
  readonly count: number;
  readonly reasons: readonly Reason[];
}

/** Reasons of one code together, the worst first, then in the order in which the codes first appear. */
export function groupReasons(reasons: readonly Reason[]): ReasonGroup[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) groups.set(reason.code, [...(groups.get(reason.code) ?? []), reason]);
  const grouped = [...groups].map(([code, list]) => ({
    code,
    title: reasonWords(code),
    severity: SEVERITIES.find((word) => list.some(({ severity }) => severity === word)) ?? 'info',
    count: list.reduce((sum, { count }) => sum + count, 0),
    reasons: list,
  }));
  return grouped.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
