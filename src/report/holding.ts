import type { Finding, FindingState, ResultEntry, ResultHead } from '../model/index.ts';

/** The reason code a state leads to, where the policy holds for it. */
const CODE: Partial<Record<FindingState, string>> = {
  'client-data': 'client-data',
  undocumented: 'undocumented-disclosure',
};

/**
 * Asks the verdict whether an entry is named by a reason of a code. A code with more reasons than are listed ends in one
 * without a path, which may stand for any entry: the answer is then `maybe`.
 */
export function reasonIndex({
  verdict,
}: ResultHead): (code: string, path: readonly string[]) => 'yes' | 'maybe' | 'no' {
  const listed = new Set<string>();
  const summedUp = new Set<string>();
  for (const { code, path } of verdict.reasons) {
    if (path === null) summedUp.add(code);
    else listed.add(JSON.stringify([code, path]));
  }
  return (code, path) => (listed.has(JSON.stringify([code, path])) ? 'yes' : summedUp.has(code) ? 'maybe' : 'no');
}

/**
 * Which findings of an entry are behind the verdict. The thresholds are the policy's and not in the result, so its
 * reasons are asked; where they only sum up, the strong findings count (T0 or T1, not of low confidence).
 */
export function holdingFindings(head: ResultHead): (entry: ResultEntry) => ReadonlySet<Finding> {
  const named = reasonIndex(head);
  return (entry) => {
    const holding = new Set<Finding>();
    for (const [state, code] of Object.entries(CODE)) {
      const found = entry.findings.filter((finding) => finding.state === state);
      if (found.length === 0) continue;
      const answer = named(code, entry.path);
      if (answer === 'no') continue;
      const strong = found.filter(({ tier, confidence }) => (tier === 'T0' || tier === 'T1') && confidence !== 'low');
      for (const finding of answer === 'yes' && strong.length === 0 ? found : strong) holding.add(finding);
    }
    return holding;
  };
}

/** The reason code a status leads to, where the policy holds for it. */
export const STATUS_CODE = {
  undocumented: 'undocumented-file',
  forbidden: 'forbidden-file',
  'known-from-other-source': 'known-from-other-source',
} as const;

/** Whether the verdict holds the payload because of the status of this entry. */
export function holdingStatus(head: ResultHead): (entry: ResultEntry) => boolean {
  const named = reasonIndex(head);
  return ({ item, path, kind }) => {
    if (item === undefined || !Object.hasOwn(STATUS_CODE, item.status)) return false;
    const answer = named(STATUS_CODE[item.status as keyof typeof STATUS_CODE], path);
    return answer === 'yes' || (answer === 'maybe' && kind !== 'directory');
  };
}
