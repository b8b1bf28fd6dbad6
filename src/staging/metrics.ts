import { readFileSync } from 'node:fs';
import { replaceWhole } from '../evidence/index.ts';

/** What is counted over all runs of one staging directory. */
export interface Totals {
  cleared: number;
  held: number;
  incomplete: number;
  cached: number;
  bytes: number;
  errors: number;
  /** Unix seconds of the last round that ended without trouble; 0 before the first. */
  lastSuccess: number;
}

export interface Gauges {
  readonly waiting: number;
  readonly oldestWaitingSeconds: number;
  readonly inWork: number;
  readonly undelivered: number;
}

const NONE: Totals = { cleared: 0, held: 0, incomplete: 0, cached: 0, bytes: 0, errors: 0, lastSuccess: 0 };

export function readTotals(path: string): Totals {
  try {
    return { ...NONE, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<Totals>) };
  } catch {
    return { ...NONE };
  }
}

export function writeTotals(path: string, totals: Totals): void {
  replaceWhole(path, JSON.stringify(totals), 0o600, false);
}

/** Prometheus text exposition format 0.0.4, for the textfile collector or a /metrics answer. */
export function exposition(totals: Totals, gauges: Gauges): string {
  const metric = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly [string, number][]) =>
    [
      `# HELP clearance_watch_${name} ${help}`,
      `# TYPE clearance_watch_${name} ${type}`,
      ...samples.map(([labels, value]) => `clearance_watch_${name}${labels} ${value}`),
    ].join('\n');
  const verdicts = (['cleared', 'held', 'incomplete'] as const).map((word): [string, number] => [
    `{verdict="${word}"}`,
    totals[word],
  ]);
  return `${[
    metric('payloads_total', 'counter', 'Payloads published, by verdict.', verdicts),
    metric('cached_total', 'counter', 'Payloads whose verdict was that of an earlier audit.', [['', totals.cached]]),
    metric('bytes_total', 'counter', 'Bytes of the payloads published.', [['', totals.bytes]]),
    metric('errors_total', 'counter', 'Troubles with the staging directory.', [['', totals.errors]]),
    metric('waiting', 'gauge', 'Payloads in incoming that are not claimed yet.', [['', gauges.waiting]]),
    metric('oldest_waiting_seconds', 'gauge', 'For how long the first of them has been seen.', [
      ['', gauges.oldestWaitingSeconds],
    ]),
    metric('in_work', 'gauge', 'Payloads claimed and not published yet.', [['', gauges.inWork]]),
    metric('undelivered', 'gauge', 'Payloads whose events are not yet where they should go.', [
      ['', gauges.undelivered],
    ]),
    metric('last_success_timestamp_seconds', 'gauge', 'When the last round without trouble ended.', [
      ['', totals.lastSuccess],
    ]),
  ].join('\n')}\n`;
}
