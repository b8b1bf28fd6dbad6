import { Stopped } from './broken.ts';
import { type Limits, RATIO_ARMED_AFTER } from './limits.ts';

/** What a payload has cost so far; shared by all containers and codecs inside it, charged before a chunk is handed on. */
export class Budget {
  readonly limits: Limits;
  /** Bytes read from the payload itself. */
  private read = 0;
  private decoded = 0;
  private entries = 0;
  private ticks = 0;
  private readonly deadline: number;

  constructor(limits: Limits) {
    this.limits = limits;
    this.deadline = performance.now() + limits.time * 1000;
  }

  chargeRead(bytes: number): void {
    this.read += bytes;
    this.tick();
  }

  /** Charges bytes a decoder gave, or bytes that are read a second time. */
  chargeDecoded(bytes: number): void {
    this.decoded += bytes;
    if (this.decoded > this.limits.bytes) {
      throw new Stopped('over-bytes', `more than ${this.limits.bytes} bytes decoded`);
    }
    if (this.decoded > RATIO_ARMED_AFTER && this.decoded > this.limits.ratio * this.read) {
      throw new Stopped('over-ratio', `${this.decoded} bytes decoded from ${this.read}, limit ${this.limits.ratio}:1`);
    }
    this.tick();
  }

  chargeEntry(): void {
    this.entries += 1;
    if (this.entries > this.limits.entries) {
      throw new Stopped('over-entries', `more than ${this.limits.entries} entries`);
    }
    if ((this.entries & 63) === 0) this.tick();
  }

  /** Milliseconds. */
  get timeLeft(): number {
    return this.deadline - performance.now();
  }

  /** Looks at the clock. */
  check(): void {
    if (performance.now() > this.deadline) throw new Stopped('over-time', `not done after ${this.limits.time} s`);
  }

  private tick(): void {
    if ((++this.ticks & 7) === 0) this.check();
  }
}
