import { canonicalJson, type Outcome, type ResultHead, type StoredResult, UsageError } from '../model/index.ts';
import { csvField } from './csv.ts';
import { gatherFacts } from './facts.ts';
import type { Format } from './formats.ts';
import { resultDigest } from './identifiers.ts';
import type { LedgerExtract } from './options.ts';
import { groupReasons } from './reason-words.ts';

export interface SummaryOptions {
  readonly paper: 'a4' | 'letter';
  readonly ledgers: readonly LedgerExtract[];
}

/** One result of a fleet, in one line. */
export interface SummaryRow {
  readonly resultSha256: string;
  readonly asOf: string;
  readonly payloads: readonly string[];
  readonly payloadSha256: readonly (string | null)[];
  readonly outcome: Outcome;
  readonly entries: number;
  readonly bytes: number;
  readonly unread: number;
  readonly outside: number;
  readonly counting: number;
  /** Places where the inventory's document contradicts itself, as the result tells them. */
  readonly sourceConflicts: number;
  /** Codes of the reasons against sending, in the order of the result. */
  readonly reasons: readonly string[];
  /** `undefined` where no ledger was given for this result. */
  readonly approvals:
    | { readonly given: number; readonly required: number; readonly validUntil: string | null }
    | undefined;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Reason code to number of results it prevented. */
  readonly causes: readonly { readonly code: string; readonly title: string; readonly results: number }[];
  /** Results that still wait for approval, oldest first; empty where no ledger says anything. */
  readonly waiting: readonly SummaryRow[];
}

/** Reads every result once; rows stand in order of their as-of date, then of their digest, whatever the order given. */
async function summarise(results: readonly StoredResult[], ledgers: readonly LedgerExtract[]): Promise<Summary> {
  const rows: SummaryRow[] = [];
  const titles = new Map<string, { title: string; results: number }>();
  for (const result of results) {
    const { row, groups } = await rowOf(result, ledgers);
    // The same result given twice is one result.
    if (rows.some(({ resultSha256 }) => resultSha256 === row.resultSha256)) continue;
    rows.push(row);
    for (const { code, title } of groups) titles.set(code, { title, results: (titles.get(code)?.results ?? 0) + 1 });
  }
  const order = (row: SummaryRow) => `${row.asOf} ${row.resultSha256}`;
  rows.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const outcomes = { cleared: 0, held: 0, incomplete: 0 };
  for (const { outcome } of rows) outcomes[outcome] += 1;
  return {
    rows,
    outcomes,
    causes: [...titles]
      .map(([code, cause]) => ({ code, ...cause }))
      .sort((a, b) => b.results - a.results || (a.code < b.code ? -1 : 1)),
    waiting: rows.filter(({ approvals }) => approvals !== undefined && approvals.given < approvals.required),
  };
}

async function rowOf(result: StoredResult, ledgers: readonly LedgerExtract[]) {
  const { head } = result;
  const facts = await gatherFacts(result);
  const resultSha256 = await resultDigest(result);
  const groups = groupReasons(head.verdict.reasons);
  const row: SummaryRow = {
    resultSha256,
    asOf: head.asOf,
    payloads: head.payloads.map(({ name }) => name),
    payloadSha256: head.payloads.map(({ sha256 }) => sha256),
    outcome: head.verdict.outcome,
    entries: head.coverage.entries.seen,
    bytes: payloadBytes(head),
    unread: head.coverage.entries.unread,
    outside: facts.outsideTotal,
    counting: facts.countingTotal,
    sourceConflicts: head.document?.conflicts.length ?? 0,
    reasons: groups.map(({ code }) => code),
    approvals: ledgers.find((ledger) => ledger.resultSha256 === resultSha256)?.approvals,
  };
  return { row, groups };
}

function payloadBytes({ payloads, coverage }: ResultHead): number {
  const known = payloads.every(({ size }) => size !== null);
  return known ? payloads.reduce((sum, { size }) => sum + (size ?? 0), 0) : coverage.bytes.seen;
}

/**
 * One page over many results: `pdf`, or the same rows as `json` or `csv`.
 * @throws UsageError for a format that has no summary
 */
export async function* renderSummary(
  format: Format,
  results: readonly StoredResult[],
  options: SummaryOptions,
): AsyncGenerator<Uint8Array> {
  const summary = await summarise(results, options.ledgers);
  if (format === 'pdf') yield* (await import('./pdf/render-summary.ts')).renderSummaryPdf(summary, options.paper);
  else if (format === 'json') yield Buffer.from(canonicalJson({ schema: 'clearance.summary/1', ...summary }));
  else if (format === 'csv') yield Buffer.from(summaryCsv(summary));
  else
    throw new UsageError(`there is no summary in the format ${format}`, [
      'use -o pdf=FILE, -o json=FILE or -o csv=FILE',
    ]);
}

function summaryCsv({ rows }: Summary): string {
  const header = [
    'asOf',
    'payload',
    'payloadSha256',
    'outcome',
    'entries',
    'bytes',
    'unread',
    'outside',
    'counting',
    'sourceConflicts',
    'reasons',
    'approvals',
    'resultSha256',
  ];
  const lines = rows.map((row) => [
    row.asOf,
    row.payloads.join(' '),
    row.payloadSha256.map((sha256) => sha256 ?? '').join(' '),
    row.outcome,
    String(row.entries),
    String(row.bytes),
    String(row.unread),
    String(row.outside),
    String(row.counting),
    String(row.sourceConflicts),
    row.reasons.join(' '),
    row.approvals ? `${row.approvals.given} of ${row.approvals.required}` : '',
    row.resultSha256,
  ]);
  return [header, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}
