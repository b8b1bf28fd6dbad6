import type { Starts } from '../rules/index.ts';
import type { PreparedAnchor } from './prefilter.ts';

/** Where matches of each rule may begin in the text at hand; filled by the prefilter, read rule by rule. */
export class StartWindows {
  readonly #pairs: Int32Array[];
  readonly #counts: Int32Array;
  readonly #unsorted: Uint8Array;
  readonly #touched: number[] = [];
  #first = 0;
  #last = 0;

  constructor(rules: number) {
    this.#pairs = Array.from({ length: rules }, () => new Int32Array(8));
    this.#counts = new Int32Array(rules);
    this.#unsorted = new Uint8Array(rules);
  }

  /** Forgets all windows; new ones are cut to `[first, last]`. */
  reset(first: number, last: number): void {
    for (const rule of this.#touched) {
      this.#counts[rule] = 0;
      this.#unsorted[rule] = 0;
    }
    this.#touched.length = 0;
    this.#first = first;
    this.#last = last;
  }

  /** The anchor stands at `at`: its rules may begin around there. */
  mark(anchor: PreparedAnchor, at: number): void {
    const { rules, least, most } = anchor;
    for (let index = 0; index < rules.length; index++) {
      const low = Math.max(this.#first, at - most[index]!);
      const high = Math.min(this.#last, at - least[index]!);
      if (low <= high) this.#add(rules[index]!, low, high);
    }
  }

  #add(rule: number, low: number, high: number): void {
    const count = this.#counts[rule]!;
    let pairs = this.#pairs[rule]!;
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
    const pairs = this.#pairs[rule]!;
    const count = this.#counts[rule]!;
    if (this.#unsorted[rule] === 0) return { pairs, count };
    const order = Array.from({ length: count }, (_, index) => [pairs[2 * index]!, pairs[2 * index + 1]!] as const);
    order.sort((left, right) => left[0] - right[0]);
    let last = -1;
    for (const [low, high] of order) {
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
