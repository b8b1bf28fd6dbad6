import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Budget } from '../budget.ts';
import { InlineSevenZip } from './inline.ts';
import { AHEAD, type SevenZipJob, type SevenZipMessage } from './protocol.ts';

/**
 * Runs the decoder in a thread of its own, which is ended with whatever it is doing when time is up; where no thread may
 * be started, in this one.
 */
export class SevenZipSession {
  /** Pieces were charged already. */
  readonly charged: boolean;
  private readonly worker: Worker | undefined;
  private readonly inline: InlineSevenZip | undefined;
  private readonly counter: Int32Array;
  private readonly messages: SevenZipMessage[] = [];
  private wake: (() => void) | undefined;
  private gone = false;

  constructor(job: Omit<SevenZipJob, 'taken'>, budget: Budget) {
    const taken = new SharedArrayBuffer(4);
    this.counter = new Int32Array(taken);
    const workerData: SevenZipJob = { ...job, taken };
    this.worker = startWorker(new URL(import.meta.resolve('#unpack/seven-zip')), {
      workerData,
      stdout: true,
      stderr: true,
      env: {},
      execArgv: [],
    });
    const stopped = (): void => {
      this.gone = true;
      this.wake?.();
    };
    this.inline = this.worker === undefined ? new InlineSevenZip(job, budget) : undefined;
    this.charged = this.inline !== undefined;
    this.worker?.on('message', (message: SevenZipMessage) => {
      this.messages.push(message);
      this.wake?.();
    });
    this.worker?.on('error', stopped);
    this.worker?.on('exit', stopped);
  }

  /** The next message; `ended` if the worker ended without one, `late` if none came within so many milliseconds. */
  async next(milliseconds: number): Promise<SevenZipMessage | 'ended' | 'late'> {
    if (this.inline) return this.inline.next();
    if (this.messages.length === 0 && !this.gone) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1));
      });
      clearTimeout(timer);
      this.wake = undefined;
    }
    const message = this.messages.shift();
    if (!message) return this.gone ? 'ended' : 'late';
    if (message.type === 'piece') {
      Atomics.add(this.counter, 0, 1);
      Atomics.notify(this.counter, 0);
    }
    return message;
  }

  close(): void {
    this.gone = true;
    this.inline?.close();
    // It may be waiting to give the next piece.
    Atomics.add(this.counter, 0, AHEAD);
    Atomics.notify(this.counter, 0);
    void this.worker?.terminate();
  }
}

/** A thread is not bound by the restrictions of the process that starts it, so a restricted process may not start one. */
function startWorker(url: URL, options: WorkerOptions): Worker | undefined {
  try {
    return new Worker(url, options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return undefined;
    throw cause;
  }
}
