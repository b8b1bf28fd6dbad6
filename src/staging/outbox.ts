import { existsSync, linkSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../evidence/index.ts';
import type { Event } from './log.ts';
import { sleep } from './wake-up.ts';

/** One place that events go to. */
export interface Sink {
  readonly name: 'file' | 'syslog' | 'webhook';
  /** Resolves once the other side has it. @throws what kept it from going there; it is tried again */
  send(item: OutboxItem): Promise<void>;
}

/** What is sent for one published payload: the same `id` each time it is tried. */
export interface OutboxItem {
  readonly id: string;
  /** The sidecar, one line of JSON. */
  readonly sidecar: string;
  /** OCSF events, one line of JSON each. */
  readonly events: readonly string[];
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;
/** So often a run that ends (`--once`) tries; what is left then goes with the next run. */
const LAST_TRIES = 3;

/**
 * Events on their way: a folder for each sink, a file for each payload, removed once the sink has taken it. A file comes
 * here by link(2) before its job is tidied away, so that no end of the process loses one.
 */
export class Outbox {
  readonly #folders: readonly { sink: Sink; folder: string; wait: number; notBefore: number }[];
  readonly #tell: (event: Event) => void;
  readonly #stopped = new AbortController();
  #delivery: Promise<void> | undefined;

  constructor(state: string, sinks: readonly Sink[], tell: (event: Event) => void) {
    this.#tell = tell;
    this.#folders = sinks.map((sink) => {
      const folder = join(state, 'outbox', sink.name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return { sink, folder, wait: FIRST_WAIT_MS, notBefore: 0 };
    });
  }

  /** Writes what is to be sent for a payload into the job, if anything is to be sent anywhere. */
  async write(path: string, sidecar: string, events: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#folders.length === 0) return;
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(`${sidecar.trimEnd()}\n`);
      for await (const bytes of events) await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Takes a written file over; a second time changes nothing. */
  take(path: string, id: string): void {
    if (!existsSync(path)) return;
    for (const { folder } of this.#folders) {
      try {
        linkSync(path, join(folder, `${id}.ndjson`));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      syncDirectory(folder);
    }
  }

  /** How many files wait, over all sinks. */
  get waiting(): number {
    return this.#folders.reduce((sum, { folder }) => sum + readdirSync(folder).length, 0);
  }

  /** Begins to deliver what waits, beside the watch; nothing if that is under way. */
  deliver(): void {
    this.#delivery ??= this.#round().finally(() => {
      this.#delivery = undefined;
    });
  }

  /** Delivers all, or gives up after a few tries; what is left stays for the next run. */
  async empty(signal: AbortSignal): Promise<void> {
    for (let tries = 1; this.waiting > 0 && !signal.aborted; tries += 1) {
      await this.#round();
      if (tries === LAST_TRIES) return;
      if (this.waiting > 0) await sleep(tries * FIRST_WAIT_MS, signal);
      for (const folder of this.#folders) folder.notBefore = 0;
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#delivery;
  }

  async #round(): Promise<void> {
    await Promise.all(this.#folders.map((one) => this.#deliverTo(one)));
  }

  /** In no order; after the first failure the others wait too, since they go to the same place. */
  async #deliverTo(one: { sink: Sink; folder: string; wait: number; notBefore: number }): Promise<void> {
    if (performance.now() < one.notBefore) return;
    for (const name of readdirSync(one.folder)) {
      if (this.#stopped.signal.aborted) return;
      const path = join(one.folder, name);
      try {
        await one.sink.send(await readItem(path, name));
        unlinkSync(path);
        one.wait = FIRST_WAIT_MS;
      } catch (error) {
        one.notBefore = performance.now() + one.wait;
        one.wait = Math.min(one.wait * 2, LONGEST_WAIT_MS);
        const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
        this.#tell({ level: 'warning', event: 'undelivered', sink: one.sink.name, reason, count: this.waiting });
        return;
      }
    }
  }
}

async function readItem(path: string, name: string): Promise<OutboxItem> {
  const file = await open(path, 'r');
  try {
    const [sidecar = '', ...events] = (await file.readFile('utf8')).split('\n').filter((line) => line !== '');
    return { id: name.replace('.ndjson', ''), sidecar, events };
  } finally {
    await file.close();
  }
}
