const FAST_BITS = 10;
const MAX_BITS = 15;

/** A canonical prefix code of DEFLATE (RFC 1951, 3.2.2), read lowest bit first. */
export class PrefixCode {
  /** symbol << 4 | length by the next ten bits; 0 where the code is longer or none. */
  readonly #fast = new Uint16Array(1 << FAST_BITS);
  readonly #counts = new Uint16Array(MAX_BITS + 1);
  readonly #sorted: Uint16Array;
  /** Codes that the lengths leave unused: negative if they ask for more than there are. */
  readonly spare: number;

  constructor(lengths: Uint8Array) {
    this.#sorted = new Uint16Array(lengths.length);
    for (const length of lengths) this.#counts[length]!++;
    this.#counts[0] = 0;
    const next = new Uint16Array(MAX_BITS + 2);
    const index = new Uint16Array(MAX_BITS + 2);
    let spare = 1;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      spare = spare * 2 - this.#counts[bits]!;
      if (spare < 0) break;
      next[bits + 1] = (next[bits]! + this.#counts[bits]!) << 1;
      index[bits + 1] = index[bits]! + this.#counts[bits]!;
    }
    this.spare = spare;
    if (spare < 0) return;
    lengths.forEach((length, symbol) => {
      if (length === 0) return;
      this.#sorted[index[length]!++] = symbol;
      const code = next[length]!++;
      if (length > FAST_BITS) return;
      let reversed = 0;
      for (let i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i);
      for (let i = reversed; i < 1 << FAST_BITS; i += 1 << length) this.#fast[i] = (symbol << 4) | length;
    });
  }

  /** symbol << 4 | length of the code at the low end of `word`, which has `count` bits; 0 if there are too few, -1 if none. */
  look(word: number, count: number): number {
    const entry = this.#fast[word & ((1 << FAST_BITS) - 1)]!;
    if (entry !== 0) return (entry & 15) <= count ? entry : 0;
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      if (bits > count) return 0;
      code |= (word >> (bits - 1)) & 1;
      const many = this.#counts[bits]!;
      if (code - many < first) return (this.#sorted[index + code - first]! << 4) | bits;
      index += many;
      first = (first + many) << 1;
      code <<= 1;
    }
    return -1;
  }
}
