const FIRST_BITS = 9;
const CLEAR = 256;
const OUTPUT = 1 << 18;
/** A string is never longer than there are codes. */
const STRING_MAX = 1 << 16;

/** What made `run` stop. */
export type LzwStop = 'input' | 'output' | 'padding' | 'corrupt';

/**
 * The code strings of `compress`: LZW with codes of 9 bits and more, lowest bit first, in groups of eight. Where the width
 * changes or the table is cleared, the rest of the group is left out (an encoder wrote whole groups).
 */
export class Lzw {
  readonly #maxBits: number;
  readonly #blockMode: boolean;
  readonly #prefix = new Uint16Array(1 << 16);
  readonly #suffix = new Uint8Array(1 << 16);
  readonly #length = new Uint32Array(1 << 16);
  readonly #output = new Uint8Array(OUTPUT);
  #outputAt = 0;
  #bits = FIRST_BITS;
  #free: number;
  #old = -1;
  #first = 0;
  #word = 0;
  #count = 0;
  /** Codes read of the group. */
  #inGroup = 0;

  /** Bytes to leave out before the next group begins. */
  padding = 0;

  constructor(maxBits: number, blockMode: boolean) {
    this.#maxBits = maxBits;
    this.#blockMode = blockMode;
    this.#free = blockMode ? CLEAR + 1 : CLEAR;
    for (let code = 0; code < 256; code++) {
      this.#suffix[code] = code;
      this.#length[code] = 1;
    }
  }

  /** Bits that were read but belong to no code yet, and how many there are. */
  get remainder(): { readonly bits: number; readonly count: number } {
    return { bits: this.#word, count: this.#count };
  }

  /** Takes what was decoded. */
  take(): Uint8Array {
    const bytes = this.#output.subarray(0, this.#outputAt);
    this.#outputAt = 0;
    return bytes;
  }

  /** Leaves the rest of the group out; gives the bits of it that were read already. */
  skipGroup(): number {
    const left = ((8 - this.#inGroup) & 7) * this.#bits - this.#count;
    const bits = this.#word;
    this.padding = left >> 3;
    this.#word = this.#count = this.#inGroup = 0;
    if (this.#free === CLEAR) this.#bits = FIRST_BITS;
    else this.#bits++;
    return bits;
  }

  /** Decodes from `input`; says how many of its bytes were used and why no more. At `padding` call `skipGroup`. */
  run(input: Uint8Array): { readonly used: number; readonly stop: LzwStop } {
    const prefix = this.#prefix;
    const suffix = this.#suffix;
    const lengths = this.#length;
    const output = this.#output;
    const bits = this.#bits;
    const mask = (1 << bits) - 1;
    const most = 1 << this.#maxBits;
    // The width grows once the table holds a code that does not fit, but never past the widest.
    const grows = bits < this.#maxBits ? 1 << bits : most + 1;
    let word = this.#word;
    let count = this.#count;
    let at = 0;
    let out = this.#outputAt;
    let free = this.#free;
    let old = this.#old;
    let first = this.#first;
    let inGroup = this.#inGroup;
    let stop: LzwStop = 'input';
    for (;;) {
      if (out + STRING_MAX > OUTPUT) {
        stop = 'output';
        break;
      }
      while (count < bits && at < input.length) {
        word |= input[at++]! << count;
        count += 8;
      }
      if (count < bits) break;
      // With 9 bits at most, ncompress writes a code that does not fit once the table is full, and no tool reads it back.
      if (free >= most && bits === FIRST_BITS) {
        stop = 'corrupt';
        break;
      }
      const code = word & mask;
      word >>>= bits;
      count -= bits;
      inGroup = (inGroup + 1) & 7;
      if (old < 0) {
        if (code > 255) {
          stop = 'corrupt';
          break;
        }
        output[out++] = first = old = code;
        continue;
      }
      if (code === CLEAR && this.#blockMode) {
        free = CLEAR;
        stop = 'padding';
        break;
      }
      if (code > free || (code === free && free >= most)) {
        stop = 'corrupt';
        break;
      }
      let from = code;
      let length: number;
      if (code === free) {
        from = old;
        length = lengths[old]! + 1;
        output[out + length - 1] = first;
      } else {
        length = lengths[code]!;
      }
      let to = out + lengths[from]!;
      for (; from > 255; from = prefix[from]!) output[--to] = suffix[from]!;
      output[out] = first = from;
      out += length;
      if (free < most) {
        prefix[free] = old;
        suffix[free] = first;
        lengths[free] = lengths[old]! + 1;
        free++;
      }
      old = code;
      if (free >= grows) {
        stop = 'padding';
        break;
      }
    }
    this.#word = word;
    this.#count = count;
    this.#outputAt = out;
    this.#free = free;
    this.#old = old;
    this.#first = first;
    this.#inGroup = inGroup;
    return { used: at, stop };
  }
}
