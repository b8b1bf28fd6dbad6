import type { ResultHead } from '../model/index.ts';
import type { Facts } from './facts.ts';
import type { LedgerExtract } from './options.ts';
import { byteCount, integer, percent, type WordingLevel } from './wording.ts';

/** So many kinds of gaps are named beside the verdict; all of them where the gaps are listed. */
const KINDS = 4;

/** What the verdict does not rest on, in plain words; never empty, since no rule set describes everything. */
export function notLookedAt(head: ResultHead, facts: Facts): string[] {
  const { entries, bytes } = head.coverage;
  const share = (word: 'raw' | 'unread') =>
    `${integer(entries[word])} ${entries[word] === 1 ? 'entry' : 'entries'} (${byteCount(bytes[word])}, ${percent(bytes[word], bytes.seen)})`;
  const kinds = [...facts.gaps].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const more = kinds.length > KINDS ? `, and ${kinds.length - KINDS} more kinds` : '';
  const gaps = kinds.slice(0, KINDS).map(([code, count]) => `${code} ${integer(count)}`);
  return [
    ...(entries.unread > 0
      ? [
          `${share('unread')} could not be read, or not to the end${gaps.length > 0 ? `: ${gaps.join(', ')}${more}` : ''}.`,
        ]
      : []),
    ...(entries.raw > 0
      ? [`The structure of ${share('raw')}: every byte was scanned, the format was not understood.`]
      : []),
    ...(head.catalog.inventory === null ? ['Whether the vendor documents each file: no inventory was applied.'] : []),
    ...(head.catalog.packs.length === 0 ? ['Contents: no rule pack was applied to them.'] : []),
    ...(head.transport.verdicts.length === 0 ? ['The path it would be sent on: no observation of it was given.'] : []),
    'Anything that no rule of the packs applied describes.',
  ];
}

const ONLY_THIS = 'This report holds for the file with the SHA-256 stated in it, and for no other.';
/** A directory has no digest: what will be sent is a file that nobody has examined yet. */
const ONLY_AS_READ = 'This report holds for the payload as it was read; a file made of it must be examined itself.';

/** What the reader has to do, by the verdict and by what people have decided so far. */
export function nextSteps(head: ResultHead, level: WordingLevel, ledger: LedgerExtract | undefined): string[] {
  const hashed = head.payloads.every(({ sha256 }) => sha256 !== null);
  const only = hashed ? ONLY_THIS : ONLY_AS_READ;
  switch (head.verdict.outcome) {
    case 'held':
      return [
        'Do not send it. Read the reasons in full under "Findings" and "Inventory match".',
        'Let those who answer for the data decide what must be left out or masked where it comes from, and have a new file made.',
        `Examine the new file. ${only}`,
      ];
    case 'incomplete':
      return [
        'Do not send it. What could not be read, and why, is listed under "Gaps".',
        'Get a whole and unencrypted copy, or raise the limit that was met, and examine again.',
        only,
      ];
    case 'cleared':
      return [
        ...(hashed
          ? ['Compare the digest of the file about to be sent with the SHA-256 stated here: they must be equal.']
          : []),
        level === 'L4'
          ? `Send it before ${ledger?.approvals.validUntil}; after that it must be approved again.`
          : 'Have it approved by those who may: an examination permits nothing by itself.',
        only,
      ];
  }
}
