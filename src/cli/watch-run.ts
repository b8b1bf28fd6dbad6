import { availableParallelism } from 'node:os';
import { UsageError } from '../model/index.ts';
import type { Event, Examination, Tally } from '../staging/index.ts';
import { type SinkFlags, sinksFrom } from './event-sinks.ts';

interface WatchFlags extends SinkFlags {
  readonly once: boolean;
  readonly settle: string;
  readonly interval: string;
  readonly trigger?: string | undefined;
  readonly jobs: number;
  readonly metrics?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Opens a staging directory and clears it once, or until the process is told to end. @throws UsageError, DataError */
export async function runWatch(
  dir: string,
  flags: WatchFlags,
  given: { examination: Examination; write: (text: string) => Promise<void> },
): Promise<Tally> {
  const { forOperator, logLine, openLayout, Watch } = await import('../staging/index.ts');
  const tell = (event: Event): void => {
    if (!flags.quiet || event.level !== 'info') process.stderr.write(logLine(event));
  };
  const [settleMs, intervalMs] = [milliseconds('settle', flags.settle), milliseconds('interval', flags.interval)];
  if (intervalMs < 50) throw new UsageError('--interval is too short', ['0.05 seconds is the least']);
  if (flags.trigger !== undefined && !/^\.?[\w.-]+$/.test(flags.trigger)) {
    throw new UsageError(`--trigger ${flags.trigger} is no suffix of a name`, ['write for example .done']);
  }
  const sinks = await sinksFrom(flags);
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.removeAllListeners('SIGINT');
  process.once('SIGINT', end).once('SIGTERM', end);
  // Before the first byte: a bad option is told at once, not with the first payload.
  await given.examination.identity();
  const open = async () =>
    Watch.open({
      layout: openLayout(dir),
      examination: given.examination,
      settleMs,
      intervalMs,
      jobs: Math.min(flags.jobs, 4 * availableParallelism()),
      trigger: flags.trigger,
      metricsFile: flags.metrics,
      sinks,
      tell,
      published: (sidecar) => void given.write(flags.json ? sidecar : line(sidecar)),
    });
  const watch = await open().catch((error: unknown) => {
    throw forOperator(error);
  });
  try {
    tell({ level: 'info', event: 'started', once: flags.once });
    const tally = flags.once ? await watch.once(stop.signal) : await watch.forever(stop.signal);
    tell({ level: 'info', event: 'ended', ...tally });
    return tally;
  } finally {
    watch.close();
  }
}

function milliseconds(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 86_400) return value * 1000;
  throw new UsageError(`--${flag} ${text} is no number of seconds`, ['write for example 5 or 0.5']);
}

/** One line a person reads; the name is the result's, masked where client data lies in it. */
function line(text: string): string {
  const { payload, verdict, waitsFor } = JSON.parse(text) as {
    payload: { name: string; sha256: string };
    verdict: { outcome: string; reasons: { code: string; count: number }[] };
    waitsFor?: string;
  };
  const why = verdict.reasons.map(({ code, count }) => `${code} (${count})`).join(', ');
  const waits = waitsFor ? `, waits for ${waitsFor}` : '';
  return `${verdict.outcome.padEnd(10)} ${payload.name}  sha256:${payload.sha256}${why && `  ${why}`}${waits}\n`;
}
