import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lockDirectory, replaceWhole } from '../evidence/index.ts';
import { DataError, OperatorError, type Outcome as Word } from '../model/index.ts';
import { AtRest, isSameFile } from './at-rest.ts';
import { VerdictCache } from './cache.ts';
import { Job } from './job.ts';
import type { Layout } from './layout.ts';
import type { Event } from './log.ts';
import { exposition, readTotals, type Totals, writeTotals } from './metrics.ts';
import { Outbox, type Sink } from './outbox.ts';
import { type Copied, copyPrivately, isUnchanged } from './private-copy.ts';
import { type Companion, publish, resumePublication } from './publish.ts';
import { type Outcome, type Run, sidecar } from './sidecar.ts';
import { listIncoming } from './tree.ts';
import { describeTrouble } from './trouble.ts';
import { sleep, wakeUp } from './wake-up.ts';

/** How payloads are audited; given by the command, so that this room knows nothing of options and formats. */
export interface Examination {
  /** Everything but the payload that a verdict depends on, as it stands now. */
  identity(): Promise<{ readonly key: Readonly<Record<string, string>>; readonly clearsWithoutPerson: boolean }>;
  /** Audits a private copy and writes the canonical result to `resultPath`. @throws OperatorError for bad options */
  examine(copy: string, resultPath: string, signal: AbortSignal): Promise<Outcome>;
  /** Makes what else shall stand beside the payload, from the result. */
  companions(resultPath: string, out: (name: string) => string): Promise<readonly Companion[]>;
  /** The events of a result for security monitoring, one line of JSON each. */
  events(resultPath: string): AsyncIterable<Uint8Array>;
}

export interface StagingOptions {
  readonly layout: Layout;
  readonly examination: Examination;
  readonly settleMs: number;
  readonly intervalMs: number;
  /** How many payloads are audited at a time. */
  readonly jobs: number;
  /** With it, NAME is a payload only once NAME + trigger lies beside it. */
  readonly trigger: string | undefined;
  readonly metricsFile: string | undefined;
  /** Where events go; each gets every one at least once, over restarts too. */
  readonly sinks: readonly Sink[];
  readonly tell: (event: Event) => void;
  /** A payload was published; the sidecar's text. */
  readonly published: (sidecar: string) => void;
}

/** What one run did, and what it left. */
export interface Tally {
  readonly cleared: number;
  readonly held: number;
  readonly incomplete: number;
  readonly waiting: number;
  readonly odd: number;
  readonly troubles: number;
}

const RETRY_MS = 30_000;
/** A look costs at most one part in so many of a processor: while nothing happens, and while files keep coming. */
const IDLE_SHARE = 125;
const BUSY_SHARE = 5;

/** One owner of one staging directory: `incoming -> .working -> cleared | held`. */
export class Watch {
  readonly #options: StagingOptions;
  readonly #atRest: AtRest;
  readonly #cache: VerdictCache;
  readonly #totals: Totals;
  readonly #outbox: Outbox;
  readonly #unlock: () => void;
  /** Claimed, and waiting until they rest (again): left by an earlier run, or changed while we had them. */
  readonly #unsettled = new Map<string, { job: Job; notBefore: number }>();
  readonly #queue: Job[] = [];
  readonly #active = new Set<Promise<void>>();
  readonly #tally = { cleared: 0, held: 0, incomplete: 0, waiting: 0, odd: 0, troubles: 0 };
  #failed: OperatorError | undefined;
  #bug: { error: unknown } | undefined;
  #oddTold = 0;

  private constructor(options: StagingOptions, unlock: () => void) {
    this.#options = options;
    this.#unlock = unlock;
    this.#atRest = new AtRest(options.settleMs);
    this.#cache = new VerdictCache(options.layout.state);
    this.#outbox = new Outbox(options.layout.state, options.sinks, options.tell);
    this.#totals = readTotals(join(options.layout.state, 'totals.json'));
  }

  /** Takes the lock and looks at what an earlier run left. @throws DataError naming the process that has it */
  static async open(options: StagingOptions): Promise<Watch> {
    const { layout, tell } = options;
    const { unlock } = await lockDirectory(layout.state, 'this staging directory');
    const watch = new Watch(options, unlock);
    for (const job of Job.left(layout)) {
      watch.#unsettled.set(job.id, { job, notBefore: 0 });
      tell({ level: 'info', event: 'recovered', job: job.id });
    }
    return watch;
  }

  close(): void {
    this.#unlock();
  }

  /** Takes what rests now, and ends when all of it is published. @throws OperatorError where options are bad */
  async once(signal: AbortSignal): Promise<Tally> {
    this.#attempt(() => this.#round(signal));
    await sleep(this.#options.settleMs + 1, signal);
    this.#attempt(() => this.#round(signal));
    await this.#drain();
    await this.#outbox.empty(signal);
    if (this.#failed) throw this.#failed;
    this.#endRound();
    return { ...this.#tally, waiting: this.#tally.waiting + this.#unsettled.size };
  }

  /** Goes on until `signal`. The scan is the truth; the file system's events only wake it early. */
  async forever(signal: AbortSignal): Promise<Tally> {
    const { intervalMs, layout } = this.#options;
    while (!signal.aborted && !this.#bug) {
      const [began, before] = [performance.now(), process.cpuUsage()];
      this.#attempt(() => this.#round(signal));
      this.#endRound();
      const { user, system } = process.cpuUsage(before);
      const cost = (user + system) / 1000;
      this.#outbox.deliver();
      await wakeUp(layout.incoming, Math.max(intervalMs, cost * IDLE_SHARE), signal);
      const early = Math.max(intervalMs / 4, cost * BUSY_SHARE) - (performance.now() - began);
      if (early > 0) await sleep(early, signal);
    }
    await this.#drain();
    await this.#outbox.stop();
    return { ...this.#tally };
  }

  /** Looks once at everything that waits, and claims what rests. */
  #round(signal: AbortSignal): void {
    const { layout, trigger, tell } = this.#options;
    if (!existsSync(join(layout.state, 'lock'))) {
      throw new DataError(
        `${layout.root} is not the directory this watch began with`,
        [],
        ['check that it is mounted'],
      );
    }
    const { files, odd } = listIncoming(layout.incoming, trigger);
    if (odd !== this.#oddTold && odd > 0) tell({ level: 'warning', event: 'odd', count: odd });
    this.#oddTold = odd;
    this.#tally.odd = odd;
    const ready = files.flatMap((path) => {
      const about = this.#atRest.look(join(layout.incoming, path));
      return about ? [{ path, about }] : [];
    });
    const settled = [...this.#unsettled.values()].filter(({ job, notBefore }) => {
      const path = job.path(trigger);
      const rests = path === undefined || this.#atRest.look(job.originalPath(path)) !== undefined;
      return rests && performance.now() >= notBefore;
    });
    this.#atRest.endRound();
    this.#tally.waiting = files.length - ready.length;

    for (const { job } of settled) {
      this.#unsettled.delete(job.id);
      this.#queue.push(job);
    }
    for (const { path, about } of ready) {
      const job = Job.claim(layout, path, trigger);
      if (!job) continue;
      tell({ level: 'info', event: 'claimed', job: job.id, size: Number(about.size) });
      const claimed = lstatSync(job.originalPath(path), { bigint: true, throwIfNoEntry: false });
      if (isSameFile(about, claimed)) this.#queue.push(job);
      else this.#unsettled.set(job.id, { job, notBefore: 0 });
    }
    this.#start(signal);
  }

  #start(signal: AbortSignal): void {
    while (this.#active.size < this.#options.jobs && !signal.aborted && !this.#failed && !this.#bug) {
      const job = this.#queue.shift();
      if (!job) return;
      const work: Promise<void> = this.#process(job, signal)
        .catch((error: unknown) => this.#troubled(error, job))
        .finally(() => {
          this.#active.delete(work);
          this.#start(signal);
        });
      this.#active.add(work);
    }
  }

  async #drain(): Promise<void> {
    while (this.#active.size > 0) await Promise.all(this.#active);
    if (this.#bug) throw this.#bug.error;
  }

  async #process(job: Job, signal: AbortSignal): Promise<void> {
    const { layout, trigger, examination, tell } = this.#options;
    if (job.isDone) return job.finish();
    const path = job.path(trigger);
    if (path === undefined) return job.giveUpEmpty(trigger);
    const [original, copy] = [job.originalPath(path), job.copyPath(path)];
    const out = (name: string): string => job.outPath(name);
    if (resumePublication({ copy, out })) return this.#finish(job);

    job.restart();
    const claimed = new Date().toISOString();
    const copied = await copyPrivately(original, copy);
    if (!copied) return this.#again(job);
    const identity = await examination.identity();
    const name = basename(path);
    const key = VerdictCache.key({ ...identity.key, name, sha256: copied.sha256 });
    const cached = this.#cache.find(key, out('result.json'));
    const outcome = cached ?? (await examination.examine(copy, out('result.json'), signal));
    // Stopped by the operator, not by the payload: the next run begins again with the same original.
    if (signal.aborted) return;
    if (!speaksOf(outcome, copied, identity.key['options']) || !(await isUnchanged(original, copied)))
      return this.#again(job);

    const audited = cached?.audited ?? new Date().toISOString();
    if (!cached) this.#cache.keep(key, { ...outcome, audited }, out('result.json'));
    const run: Run = { job: job.id, claimed, audited, cached: cached !== undefined };
    const word = outcome.head.verdict.outcome;
    tell({ level: 'info', event: 'audited', job: job.id, sha256: copied.sha256, verdict: word, cached: run.cached });
    const waits = word === 'cleared' && !identity.clearsWithoutPerson;
    const beside = await examination.companions(out('result.json'), out);
    replaceWhole(out('sidecar.json'), sidecar(copied, outcome, waits, run), 0o444);
    const events = examination.events(out('result.json'));
    await this.#outbox.write(out('events.ndjson'), readFileSync(out('sidecar.json'), 'utf8'), events);
    const target = word === 'cleared' && !waits ? layout.cleared : layout.held;
    const companions = [...beside, { file: 'sidecar.json', suffix: '.clearance.json' }];
    await publish(join(target, dirname(path)), name, companions, { copy, out });
    this.#finish(job);
  }

  /** The payload is published: counted by its sidecar, which also stands for one whose publication was resumed. */
  #finish(job: Job): void {
    const text = readFileSync(job.outPath('sidecar.json'), 'utf8');
    const about = JSON.parse(text) as {
      payload: { size: number; sha256: string };
      verdict: { outcome: Word };
      waitsFor?: string;
      run: Run;
    };
    // Before the job is tidied away: whatever ends this process, the events are not lost.
    this.#outbox.take(job.outPath('events.ndjson'), job.id);
    job.finish();
    const word = about.verdict.outcome === 'cleared' && about.waitsFor ? 'held' : about.verdict.outcome;
    this.#tally[word] += 1;
    this.#totals[word] += 1;
    this.#totals.bytes += about.payload.size;
    if (about.run.cached) this.#totals.cached += 1;
    this.#options.tell({ level: 'info', event: 'published', job: job.id, sha256: about.payload.sha256, verdict: word });
    this.#options.published(text);
  }

  #again(job: Job): void {
    this.#options.tell({ level: 'warning', event: 'again', job: job.id });
    this.#unsettled.set(job.id, { job, notBefore: 0 });
  }

  /** Trouble with the directory: told, counted, tried again later; the original stays where it is. */
  #troubled(error: unknown, job?: Job): void {
    const trouble = describeTrouble(error);
    if (!trouble) {
      this.#bug ??= { error };
      return;
    }
    if (error instanceof OperatorError && job) this.#failed ??= error;
    this.#tally.troubles += 1;
    this.#totals.errors += 1;
    this.#options.tell({ level: 'error', event: 'trouble', ...trouble, job: job?.id });
    if (job) this.#unsettled.set(job.id, { job, notBefore: performance.now() + RETRY_MS });
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#troubled(error);
    }
  }

  /** Totals and metrics; a watch with a bad option goes on trying, since the option may be put right meanwhile. */
  #endRound(): void {
    const { layout, metricsFile } = this.#options;
    const before = this.#tally.troubles;
    this.#failed = undefined;
    this.#attempt(() => {
      if (before === this.#troublesSeen) this.#totals.lastSuccess = Math.floor(Date.now() / 1000);
      this.#troublesSeen = before;
      // Of another directory than the one it began with, nothing is touched.
      if (existsSync(join(layout.state, 'lock'))) writeTotals(join(layout.state, 'totals.json'), this.#totals);
      if (metricsFile === undefined) return;
      const gauges = {
        waiting: this.#tally.waiting,
        oldestWaitingSeconds: this.#atRest.longestRest,
        undelivered: this.#outbox.waiting,
        inWork: this.#queue.length + this.#active.size + this.#unsettled.size,
      };
      replaceWhole(metricsFile, exposition(this.#totals, gauges), 0o644, false);
    });
  }

  #troublesSeen = 0;
}

/** Whether a result is about these bytes under the options of now; one that clears nothing may lack the digest. */
function speaksOf({ head }: Outcome, copied: Copied, options: string | undefined): boolean {
  const [payload, more] = head.payloads;
  const digest = payload?.sha256 ?? (head.verdict.outcome === 'cleared' ? null : copied.sha256);
  return head.optionsSha256 === options && more === undefined && digest === copied.sha256;
}
