import { PrefixCode } from './prefix-code.ts';

const WINDOW = 1 << 16;
const OUTPUT = 1 << 18;
const END = 256;

/** Lengths and distances of Deflate64: the last length code has 16 extra bits, and there are 32 distance codes. */
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 16];
const LENGTH_BASE = LENGTH_EXTRA.map((_, i) =>
  i === 28 ? 3 : 3 + LENGTH_EXTRA.slice(0, i).reduce((n, e) => n + 2 ** e, 0),
);
const DISTANCE_EXTRA = Array.from({ length: 32 }, (_, i) => Math.max(0, (i >> 1) - 1));
const DISTANCE_BASE = DISTANCE_EXTRA.map((_, i) => 1 + DISTANCE_EXTRA.slice(0, i).reduce((n, e) => n + 2 ** e, 0));

export type InflateStop = 'input' | 'output' | 'end' | 'corrupt';

/** Bits, window and symbols of Deflate64; blocks are walked outside. */
export class Inflate64 {
  readonly #buffer = new Uint8Array(WINDOW + OUTPUT);
  #taken = WINDOW;
  #at = WINDOW;
  #history = 0;
  #word = 0;
  #count = 0;
  #literals = new PrefixCode(new Uint8Array(288));
  #distances = this.#literals;
  /** What is read next: 0 a symbol, 1 a length's extra bits, 2 a distance, 3 its extra bits; 4: a match is being copied. */
  #stage = 0;
  #length = 0;
  #distance = 0;
  #extra = 0;

  /** Bits read that are not used. */
  get count(): number {
    return this.#count;
  }

  /** The bits there are, lowest first. */
  get peek(): number {
    return this.#word;
  }

  add(byte: number): void {
    this.#word |= byte << this.#count;
    this.#count += 8;
  }

  /** Takes `n` of the bits there are, at most 16. */
  bits(n: number): number {
    const value = this.#word & ((1 << n) - 1);
    this.#word >>>= n;
    this.#count -= n;
    return value;
  }

  useCodes(literals: PrefixCode, distances: PrefixCode): void {
    this.#literals = literals;
    this.#distances = distances;
    this.#stage = 0;
  }

  /** Puts stored bytes into the window; gives how many found room before `take` is due. */
  store(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.#buffer.length - this.#at);
    this.#buffer.set(part, this.#at);
    this.#at += part.length;
    return part.length;
  }

  /** Takes what was decoded, and makes room where there is none. Valid until more is decoded. */
  take(): Uint8Array {
    if (this.#at < this.#buffer.length) {
      const bytes = this.#buffer.subarray(this.#taken, this.#at);
      this.#taken = this.#at;
      return bytes;
    }
    const bytes = this.#buffer.slice(this.#taken);
    this.#history = WINDOW;
    this.#buffer.copyWithin(0, this.#at - WINDOW);
    this.#at = this.#taken = WINDOW;
    return bytes;
  }

  /** Decodes symbols of a block from `input`; says how many bytes were used and why no more. */
  run(input: Uint8Array): { readonly used: number; readonly stop: InflateStop } {
    const buffer = this.#buffer;
    const literals = this.#literals;
    const distances = this.#distances;
    let word = this.#word;
    let count = this.#count;
    let stage = this.#stage;
    let out = this.#at;
    let at = 0;
    let stop: InflateStop | undefined;
    while (stop === undefined) {
      while (count < 16 && at < input.length) {
        word |= input[at++]! << count;
        count += 8;
      }
      if (stage === 0 || stage === 2) {
        if (out === buffer.length) {
          stop = 'output';
          break;
        }
        const entry = (stage === 0 ? literals : distances).look(word, count);
        if (entry <= 0) {
          stop = entry < 0 ? 'corrupt' : 'input';
          break;
        }
        word >>>= entry & 15;
        count -= entry & 15;
        const symbol = entry >> 4;
        if (stage === 2) {
          this.#distance = DISTANCE_BASE[symbol]!;
          this.#extra = DISTANCE_EXTRA[symbol]!;
          stage = 3;
        } else if (symbol < END) {
          buffer[out++] = symbol;
        } else if (symbol === END) {
          stop = 'end';
        } else if (symbol > 285) {
          stop = 'corrupt';
        } else {
          this.#length = LENGTH_BASE[symbol - 257]!;
          this.#extra = LENGTH_EXTRA[symbol - 257]!;
          stage = 1;
        }
        continue;
      }
      if (stage < 4) {
        const extra = this.#extra;
        if (count < extra) {
          stop = 'input';
          break;
        }
        const value = word & ((1 << extra) - 1);
        word >>>= extra;
        count -= extra;
        if (stage === 1) {
          this.#length += value;
          stage = 2;
          continue;
        }
        this.#distance += value;
        if (this.#distance > out - WINDOW + this.#history) {
          stop = 'corrupt';
          break;
        }
        stage = 4;
      }
      const end = Math.min(out + this.#length, buffer.length);
      this.#length -= end - out;
      for (const back = this.#distance; out < end; out++) buffer[out] = buffer[out - back]!;
      if (this.#length > 0) stop = 'output';
      else stage = 0;
    }
    this.#word = word;
    this.#count = count;
    this.#stage = stage;
    this.#at = out;
    return { used: at, stop };
  }
}
