import type { Budget } from '../budget.ts';
import { SpoolWriter } from '../spool.ts';
import { extractArchive, hasSevenZip, listArchive, type SevenZipRun } from './program.ts';
import type { SevenZipJob, SevenZipMessage } from './protocol.ts';

const PIECE = 2 ** 20;

class Stalled extends Error {}

/**
 * Runs the decoder in this process, where it may start no thread. What it gives is charged and spooled; whenever it reads or
 * writes, the budget may end it. A process that may not start threads is itself watched by the one that started it, so a
 * decoder that does neither ends too.
 */
export class InlineSevenZip {
  private readonly run: SevenZipRun;
  private readonly budget: Budget;
  private readonly spool: SpoolWriter;
  private state: 'begun' | 'listed' | 'extracted' | 'done' = 'begun';
  private outcome: SevenZipMessage | undefined;
  private given = 0;
  private progress = performance.now();

  constructor({ archive, type, memory }: Omit<SevenZipJob, 'taken'>, budget: Budget) {
    this.run = { archive: new Uint8Array(archive), type, memory, alive: () => this.alive() };
    this.budget = budget;
    this.spool = new SpoolWriter(budget);
  }

  /** What the thread would say next; `late` if the decoder ran for too long without giving anything. */
  async next(): Promise<SevenZipMessage | 'ended' | 'late'> {
    this.progress = performance.now();
    try {
      return await this.step();
    } catch (error) {
      if (error instanceof Stalled) return 'late';
      throw error;
    }
  }

  private alive(): void {
    this.budget.check();
    if (performance.now() - this.progress > this.budget.limits.stall * 1000) throw new Stalled();
  }

  private async step(): Promise<SevenZipMessage | 'ended'> {
    if (this.state === 'begun') {
      if (!(await hasSevenZip())) {
        this.state = 'done';
        return { type: 'absent' };
      }
      const listed = await listArchive(this.run);
      this.state = listed.code === 0 ? 'listed' : 'done';
      return { type: 'listed', ...listed };
    }
    if (this.state === 'listed') {
      const { code, errors } = await extractArchive(this.run, (bytes) => {
        this.budget.chargeDecoded(bytes.length);
        this.progress = performance.now();
        this.spool.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      });
      this.outcome = { type: 'done', code, errors };
      this.state = 'extracted';
    }
    if (this.given < this.spool.size) {
      const bytes = await this.spool.random().readAt(this.given, PIECE);
      this.given += bytes.length;
      return { type: 'piece', bytes };
    }
    const { outcome } = this;
    this.outcome = undefined;
    return outcome ?? 'ended';
  }

  close(): void {
    this.spool.close();
  }
}
