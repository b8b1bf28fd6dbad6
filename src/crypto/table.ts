import type { CryptoVerdict } from './judge.ts';
import type { CryptoObservation } from './observation.ts';
import { rank } from './policy.ts';

const HEAD = ['WHERE', 'WHAT', 'VERDICT', 'CLAUSE', 'UNTIL', 'THEN'] as const;

/** Verdicts as a table for people, worst first: where, what, verdict, clause, last day, what comes next. */
export function verdictTable(verdicts: readonly CryptoVerdict[], observations: readonly CryptoObservation[]): string {
  const notes = new Map(observations.map(({ id, note }) => [id, note]));
  const rows = verdicts
    .toSorted((a, b) => rank(b.word) - rank(a.word))
    .map((verdict) => [
      place(verdict),
      clean(verdict.what),
      verdict.draft ? `${verdict.word} (draft)` : verdict.word,
      clause(verdict, notes.get(verdict.observation)),
      verdict.validTo ?? '',
      verdict.next ? `${verdict.next.word} from ${verdict.next.date}${verdict.next.draft ? ' (draft)' : ''}` : '',
    ]);
  const all = [[...HEAD], ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const unverified = verdicts.filter(({ verified }) => !verified).length;
  const footer =
    unverified > 0
      ? [`* ${unverified} of ${verdicts.length} rest on a clause not yet verified against the primary text`]
      : [];
  return `${[...lines, ...footer].join('\n')}\n`;
}

function place({ subject: { host, port, address, file, line } }: CryptoVerdict): string {
  if (file !== undefined) return clean(line === undefined ? file : `${file}:${line}`);
  if (host === undefined) return '-';
  const full = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return clean(address !== undefined && address !== host ? `${full} (${address})` : full);
}

function clause(verdict: CryptoVerdict, note: string | undefined): string {
  if (verdict.clause === null) return clean(note ?? verdict.reason ?? '-');
  const star = verdict.verified ? '' : ' *';
  return `${verdict.document} ${verdict.edition.replace(/ \(.*\)$/, '')} s.${verdict.section}${star}`;
}

/** Names come from evidence: nothing of it may steer a terminal. */
function clean(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '?');
}
