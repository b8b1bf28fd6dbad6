/** Bytes of one block of the entropy test; blocks start at multiples of it. */
const ENTROPY_BLOCK = 1024;

/** The last block counts if it has at least so many bytes, so this is also the smallest file that can be noticed. */
const ENTROPY_MINIMUM = 256;

/** In a file of more bytes than this, so many bytes in a row must look random: tables and digests in code are shorter. */
const ENTROPY_RUN = 16 * 1024;

/**
 * A block looks random if two bytes drawn from it are equal less than 1.5 times as often as in random data. With 256
 * bytes random data has 1 +- 0.09, with 1024 1 +- 0.02; deflate, xz and JPEG data stay under 1.3; machine code has 3 and
 * more, text 10 and more, UTF-16 over 60.
 */
const RANDOM_BELOW = 1.5;

/**
 * Notices content with the entropy of compressed or encrypted data, block by block, so that an encrypted region in a
 * big plain file is seen. The answer depends on the bytes only, not on how they were cut into chunks.
 */
export class EntropyMeter {
  /** Made once a block has to be counted: most content is text and never needs it. */
  private counts: Uint16Array | undefined;
  private filled = 0;
  private size = 0;
  private run = 0;
  private random = 0;
  /** A run was long enough, so no later byte changes the answer. */
  private decided = false;

  /**
   * `text` tells that the bytes are valid UTF-8. Such bytes never look random, as they are at most 128 values or in fixed
   * orders, so whole blocks of them are passed over; the answer is the same without.
   */
  update(bytes: Uint8Array, text: boolean): void {
    this.size += bytes.length;
    if (this.decided) return;
    // What makes small content random is a sum over all blocks; large content needs a run, which may be leapt after.
    const large = this.size > ENTROPY_RUN;
    for (let at = 0; at < bytes.length && !this.decided; ) {
      const left = bytes.length - at;
      if (this.filled === 0 && text && left >= ENTROPY_BLOCK) {
        this.run = 0;
        at += left - (left % ENTROPY_BLOCK);
      } else if (this.filled === 0 && large && this.run === 0 && left >= ENTROPY_RUN) {
        at = this.leap(bytes, at);
      } else {
        at = this.count(bytes, at);
      }
    }
  }

  finish(): boolean {
    if (this.filled >= ENTROPY_MINIMUM) this.close();
    if (this.size < ENTROPY_MINIMUM) return false;
    return this.size <= ENTROPY_RUN ? this.random * 2 >= this.size : this.decided;
  }

  /**
   * Passes over blocks that no long run can begin at: of those up to a run's length ahead, the last that does not look
   * random rules out all before it. In plain content that is the first one looked at, so one in sixteen is counted.
   */
  private leap(bytes: Uint8Array, at: number): number {
    for (let block = at + ENTROPY_RUN - ENTROPY_BLOCK; block >= at; block -= ENTROPY_BLOCK) {
      this.tally(bytes, block, block + ENTROPY_BLOCK);
      if (!this.looksRandom()) return block + ENTROPY_BLOCK;
    }
    this.decided = true;
    return at + ENTROPY_RUN;
  }

  /** Counts up to the end of the present block. */
  private count(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + ENTROPY_BLOCK - this.filled);
    this.tally(bytes, at, end);
    if (this.filled === ENTROPY_BLOCK) this.close();
    return end;
  }

  private tally(bytes: Uint8Array, from: number, to: number): void {
    this.counts ??= new Uint16Array(256);
    const { counts } = this;
    for (let at = from; at < to; at += 1) counts[bytes[at]!]! += 1;
    this.filled += to - from;
  }

  private close(): void {
    const { filled } = this;
    if (!this.looksRandom()) {
      this.run = 0;
      return;
    }
    this.run += filled;
    this.random += filled;
    if (this.run >= ENTROPY_RUN) this.decided = true;
  }

  /** Judges the block that was tallied and begins a new one. */
  private looksRandom(): boolean {
    const { counts, filled } = this;
    if (!counts) return false;
    let squares = 0;
    for (let value = 0; value < 256; value += 1) squares += counts[value]! * counts[value]!;
    counts.fill(0);
    this.filled = 0;
    return (256 * (squares - filled)) / (filled * (filled - 1)) < RANDOM_BELOW;
  }
}
