import type { Level, ResultHead } from '../model/index.ts';
import type { LedgerExtract } from './options.ts';

/** L0 to L3 come with the result; L4 needs the acts of people. */
export type WordingLevel = Level | 'L4';

/**
 * Phrases no sentence of ours may use: an examination finds or does not find, it proves no absence and certifies nothing.
 * A vendor's own sentence may, inside quotation marks and named as the vendor's.
 */
export const FORBIDDEN_PHRASES = [
  /contains? no\b/i,
  /\bguarantee/i,
  /\bcertif(?:y|ies|ied)\b/i,
  /\bfree of\b/i,
  /\bproves? that\b/i,
  /\bcompliant\b/i,
] as const;

/** What stands in large letters: the word, and what it means for the payload. */
export const VERDICT = {
  cleared: { word: 'Cleared', advice: 'nothing found that speaks against sending', mark: 'check' },
  held: { word: 'Held', advice: 'do not send', mark: 'stop' },
  incomplete: { word: 'Incomplete', advice: 'do not send: not everything could be examined', mark: 'question' },
} as const;

/** What the report adds after people have decided. */
export const APPROVED = 'approved for release';

/** Facts that the sentences are filled with. */
export interface WordingFacts {
  readonly head: ResultHead;
  readonly resultSha256: string;
  readonly ledger?: LedgerExtract | undefined;
}

/** L4 only on top of L3, with the quorum given for exactly this result and an end of validity. */
export function wordingLevel({ head, resultSha256, ledger }: WordingFacts): WordingLevel {
  const { level, outcome } = head.verdict;
  if (level !== 'L3' || outcome !== 'cleared') return level;
  if (ledger === undefined || ledger.resultSha256 !== resultSha256) return level;
  const { given, required, validUntil } = ledger.approvals;
  return given >= required && validUntil !== null ? 'L4' : level;
}

/** The attestation in one or two sentences: the strongest that the data allow, in fixed words. */
export function attestation(facts: WordingFacts): string {
  const level = wordingLevel(facts);
  const { head } = facts;
  const { outcome } = head.verdict;
  const { entries, bytes } = head.coverage;
  const inventory = head.catalog.inventory;
  const below = head.verdict.notices.some(({ code }) => code === 'client-data' || code === 'undocumented-disclosure');
  const nothing = below ? 'no client data at the confidence from which the policy holds' : 'no client data';
  const packs = head.catalog.packs.map(({ id, version }) => `${id} ${version}`).join(', ') || 'none';
  const read = entries.seen - entries.unread;
  switch (level) {
    case 'L0':
      return (
        `No attestation is given: ${WITHOUT[outcome]}. ` +
        `Examined: ${integer(read)} of ${integer(entries.seen)} entries, ${percent(bytes.seen - bytes.unread, bytes.seen)} of the bytes.`
      );
    case 'L1':
      return (
        `All ${integer(entries.seen)} entries are accounted for by the inventory ${inventory?.id ?? ''} ${inventory?.version ?? ''}, by ` +
        'name and place. About their contents nothing is attested: findings count against them.'
      );
    case 'L2':
      return (
        `The rule packs ${packs} reported ${nothing} in the ${integer(read)} of ${integer(entries.seen)} entries ` +
        `whose content was examined; coverage ${percent(bytes.seen - bytes.unread, bytes.seen)} of the bytes.`
      );
    case 'L3':
      return `${fullScope(head, packs, nothing)} Nothing remained unread.`;
    case 'L4':
      return (
        `${fullScope(head, packs, nothing)} Nothing remained unread, and ${facts.ledger?.approvals.given} of ` +
        `${facts.ledger?.approvals.required} required approvals are recorded, valid until ${facts.ledger?.approvals.validUntil}.`
      );
  }
}

/** Why level L0 attests nothing. */
const WITHOUT = {
  cleared: 'the result claims no level of its own',
  held: 'reasons against sending were found, and entries lie outside the documented inventory or could not be read',
  incomplete: 'the examination is incomplete',
} as const;

function fullScope(head: ResultHead, packs: string, nothing: string): string {
  const inventory = head.catalog.inventory;
  return (
    `All ${integer(head.coverage.entries.seen)} entries are accounted for by the inventory ${inventory?.id} ${inventory?.version}, and ` +
    `the rule packs ${packs} reported ${nothing} in them; coverage 100 % of the bytes.`
  );
}

/** What each level says, for the page that explains them. */
export const LEVEL_MEANING: Readonly<Record<WordingLevel, string>> = {
  L0: 'Not examined, or the examination is incomplete: no attestation.',
  L1: 'All entries are accounted for by the inventory, by name and place; nothing is said about contents.',
  L2: 'The rule packs reported no client data in what was examined; the share examined is stated.',
  L3: 'As L2 with every byte examined, every entry documented, and the checks of the path passed where they were made.',
  L4: 'As L3, with the required approvals of people, until a stated time.',
};

/** A share in per cent, cut (never rounded up): 100 % means all of it. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  if (part === whole) return '100 %';
  return `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`;
}

/** Groups of three, thin spaces would not survive copying: a plain space. */
export function integer(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ' ');
}

/** Bytes in binary units with one decimal, and exactly below 1 KiB. */
export function byteCount(value: number | null): string {
  if (value === null) return 'unknown size';
  if (value < 1024) return `${value} B`;
  let scaled = value;
  let unit = -1;
  do {
    scaled /= 1024;
    unit += 1;
  } while (scaled >= 1024 && unit < UNITS.length - 1);
  return `${(Math.floor(scaled * 10) / 10).toFixed(1)} ${UNITS[unit]}`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A digest in groups of eight, as people compare it. */
export function grouped(sha256: string | null): string {
  return sha256 === null ? 'not determined' : (sha256.match(/.{1,8}/g) ?? []).join(' ');
}
