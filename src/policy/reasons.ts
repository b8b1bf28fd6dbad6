import type { Reason } from '../model/index.ts';

/** More reasons of one code than this are summed up in one line without a path: the entries themselves say the rest. */
const LISTED_PER_CODE = 100;

/** Collects reasons in walk order; beyond the first hundred of a code they are counted, never dropped. */
export class Reasons {
  readonly #listed: Reason[] = [];
  readonly #perCode = new Map<string, { listed: number; more: number; severity: Reason['severity'] }>();

  add(reason: Reason): void {
    let tally = this.#perCode.get(reason.code);
    if (tally === undefined) {
      tally = { listed: 0, more: 0, severity: reason.severity };
      this.#perCode.set(reason.code, tally);
    }
    if (tally.listed < LISTED_PER_CODE) {
      tally.listed += 1;
      this.#listed.push(reason);
    } else {
      tally.more += reason.count;
    }
  }

  get isEmpty(): boolean {
    return this.#listed.length === 0;
  }

  has(code: string): boolean {
    return this.#perCode.has(code);
  }

  list(): Reason[] {
    const rest = [...this.#perCode]
      .filter(([, tally]) => tally.more > 0)
      .map(([code, { more, severity }]) => ({
        code,
        severity,
        path: null,
        message: `${more} more of the same kind; the entries name each`,
        count: more,
      }));
    return [...this.#listed, ...rest];
  }
}
