import { isUtf8 } from 'node:buffer';

/** Bytes of one block of the entropy test; blocks start at multiples of it. */
export const ENTROPY_BLOCK = 1024;

/** The last block counts if it has at least so many bytes, so this is also the smallest file that can be noticed. */
export const ENTROPY_MINIMUM = 256;

/** In a file of more bytes than this, so many bytes in a row must look random: tables and digests in code are shorter. */
export const ENTROPY_RUN = 16 * 1024;

/**
 * A block looks random if two bytes drawn from it are equal less than 1.5 times as often as in random data. With 256
 * bytes random data has 1 +- 0.09, with 1024 1 +- 0.02; deflate, xz and JPEG data stay under 1.3; machine code has 3 and
 * more, text 10 and more, UTF-16 over 60.
 */
const RANDOM_BELOW = 1.5;

/** How many bytes of whole blocks can be passed over, looked at some blocks at a time. */
function textBlocks(bytes: Uint8Array, at: number, text: boolean): number {
  const left = bytes.length - at;
  const whole = left - (left % ENTROPY_BLOCK);
  if (text) return whole;
  for (const length of [8 * ENTROPY_BLOCK, ENTROPY_BLOCK]) {
    if (length <= whole && isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

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
  private longest = 0;
  private random = 0;

  /**
   * `text` tells that the bytes are valid UTF-8. Such bytes never look random, as they are at most 128 values or in fixed
   * orders, so whole blocks of them are passed over; the answer is the same without.
   */
  update(bytes: Uint8Array, text: boolean): void {
    this.size += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const passed = this.filled === 0 ? textBlocks(bytes, at, text) : 0;
      if (passed > 0) this.run = 0;
      at = passed > 0 ? at + passed : this.count(bytes, at);
    }
  }

  finish(): boolean {
    if (this.filled >= ENTROPY_MINIMUM && this.counts) this.close(this.counts);
    if (this.size < ENTROPY_MINIMUM) return false;
    return this.size <= ENTROPY_RUN ? this.random * 2 >= this.size - ENTROPY_BLOCK : this.longest >= ENTROPY_RUN;
  }

  /** Counts up to the end of the present block. */
  private count(bytes: Uint8Array, at: number): number {
    this.counts ??= new Uint16Array(256);
    const { counts } = this;
    const end = Math.min(bytes.length, at + ENTROPY_BLOCK - this.filled);
    for (let i = at; i < end; i += 1) counts[bytes[i]!]! += 1;
    this.filled += end - at;
    if (this.filled === ENTROPY_BLOCK) this.close(counts);
    return end;
  }

  private close(counts: Uint16Array): void {
    const { filled } = this;
    let squares = 0;
    for (let i = 0; i < 256; i += 1) squares += counts[i]! * counts[i]!;
    const ratio = (256 * (squares - filled)) / (filled * (filled - 1));
    if (ratio < RANDOM_BELOW) {
      this.run += filled;
      this.random += filled;
      if (this.run > this.longest) this.longest = this.run;
    } else {
      this.run = 0;
    }
    counts.fill(0);
    this.filled = 0;
  }
}
