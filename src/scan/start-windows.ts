import type { ByteSet, Starts } from '../rules/index.ts';
import type { PreparedAnchor } from './prefilter.ts';

/** Two places in one number, to be sorted together. */
const SHIFT = 2 ** 24;

const NOWHERE = new Int32Array(0);

/** Where matches of each rule may begin in the text at hand; filled by the prefilter, read rule by rule. */
export class StartWindows {
  readonly #pairs: (Int32Array | undefined)[];
  readonly #counts: Int32Array;
  readonly #unsorted: Uint8Array;
  /** 1: the pairs are not ours. */
  readonly #given: Uint8Array;
  readonly #touched: number[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #order: Float64Array = new Float64Array(64);
  #first = 0;
  #last = 0;
  /** For each rule: the anchor from which bytes were last followed backwards, what they lay in, and where that ended. */
  readonly #anchored: Int32Array;
  readonly #border: Int32Array;
  readonly #followed: (ByteSet | undefined)[];

  constructor(rules: number) {
    this.#pairs = Array.from({ length: rules }, () => undefined);
    this.#counts = new Int32Array(rules);
    this.#unsorted = new Uint8Array(rules);
    this.#given = new Uint8Array(rules);
    this.#anchored = new Int32Array(rules);
    this.#border = new Int32Array(rules);
    this.#followed = Array.from({ length: rules }, () => undefined);
  }

  /** Forgets all windows; new ones are of `bytes` and cut to `[first, last]`. */
  reset(bytes: Uint8Array, first: number, last: number): void {
    for (const rule of this.#touched) {
      this.#counts[rule] = 0;
      this.#unsorted[rule] = 0;
      this.#followed[rule] = undefined;
      if (this.#given[rule] === 1) this.#pairs[rule] = undefined;
      this.#given[rule] = 0;
    }
    this.#touched.length = 0;
    this.#bytes = bytes;
    this.#first = first;
    this.#last = last;
  }

  /** First and last place at which a start is wanted. */
  get first(): number {
    return this.#first;
  }
  get last(): number {
    return this.#last;
  }

  /** Windows of a rule that were found elsewhere, and hold until the next reset. */
  give(rule: number, { pairs, count }: Starts, unsorted: boolean): void {
    this.#touched.push(rule);
    this.#given[rule] = 1;
    this.#pairs[rule] = pairs;
    this.#counts[rule] = count;
    this.#unsorted[rule] = unsorted ? 1 : 0;
  }

  /** The anchor stands at `at`: its rules may begin around there. */
  mark(anchor: PreparedAnchor, at: number): void {
    const { rules, least, most, through } = anchor;
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index]!;
      let low = Math.max(this.#first, at - most[index]!);
      const high = Math.min(this.#last, at - least[index]!);
      const set = through[index];
      if (set && low < high) low = Math.max(low, this.#borderOf(rule, set, at, low));
      if (low <= high) this.#add(rule, low, high);
    }
  }

  /** The last place before `at`, or one before `low`, whose byte is not in `set`: a match cannot begin earlier. */
  #borderOf(rule: number, set: ByteSet, at: number, low: number): number {
    const bytes = this.#bytes;
    const known = this.#followed[rule] === set && this.#anchored[rule]! <= at ? this.#anchored[rule]! : -1;
    const least = Math.max(low, known);
    let border = at - 1;
    while (border >= least && set[bytes[border]!] === 1) border--;
    if (border < least && known >= low) {
      // From an anchor that was followed before, the way back is known as far as it was followed then.
      border = this.#border[rule]!;
      while (border >= low && set[bytes[border]!] === 1) border--;
    }
    this.#followed[rule] = set;
    this.#anchored[rule] = at;
    this.#border[rule] = border;
    return border;
  }

  #add(rule: number, low: number, high: number): void {
    const count = this.#counts[rule]!;
    let pairs = this.#pairs[rule] ?? new Int32Array(8);
    this.#pairs[rule] = pairs;
    if (count === 0) {
      this.#touched.push(rule);
    } else {
      const end = 2 * count - 1;
      if (low >= pairs[end - 1]! && low <= pairs[end]! + 1) {
        if (high > pairs[end]!) pairs[end] = high;
        return;
      }
      if (low < pairs[end - 1]!) this.#unsorted[rule] = 1;
      if (2 * count + 2 > pairs.length) {
        const grown = new Int32Array(2 * pairs.length);
        grown.set(pairs);
        this.#pairs[rule] = pairs = grown;
      }
    }
    pairs[2 * count] = low;
    pairs[2 * count + 1] = high;
    this.#counts[rule] = count + 1;
  }

  /** Rules with at least one window, in the order of the rule set. */
  touched(): readonly number[] {
    return this.#touched.sort((left, right) => left - right);
  }

  starts(rule: number): Starts {
    const count = this.#counts[rule]!;
    const pairs = this.#pairs[rule] ?? NOWHERE;
    if (this.#unsorted[rule] === 0) return { pairs, count };
    if (this.#order.length < count) this.#order = new Float64Array(2 * count);
    const order = this.#order.subarray(0, count);
    for (let index = 0; index < count; index++) order[index] = pairs[2 * index]! * SHIFT + pairs[2 * index + 1]!;
    order.sort();
    let last = -1;
    for (const both of order) {
      const low = Math.floor(both / SHIFT);
      const high = both - low * SHIFT;
      if (last >= 0 && low <= pairs[2 * last + 1]! + 1) {
        pairs[2 * last + 1] = Math.max(pairs[2 * last + 1]!, high);
      } else {
        last++;
        pairs[2 * last] = low;
        pairs[2 * last + 1] = high;
      }
    }
    return { pairs, count: last + 1 };
  }
}
