import { type BigIntStats, lstatSync } from 'node:fs';

/** What of a file changes when somebody writes to it or puts another in its place. */
export function signatureOf(about: BigIntStats): string {
  return `${about.dev}:${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}`;
}

/** As `signatureOf`, but for what a rename changes on some file systems. */
export function isSameFile(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.ino === other?.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

/**
 * Which files rest: the same size, times and inode over at least two looks and at least `settleMs`. Size alone would not
 * do: some servers reserve it before the first byte comes.
 */
export class AtRest {
  #seen = new Map<string, { signature: string; since: number }>();
  #next = new Map<string, { signature: string; since: number }>();

  readonly settleMs: number;
  readonly now: () => number;

  constructor(settleMs: number, now: () => number = () => performance.now()) {
    this.settleMs = settleMs;
    this.now = now;
  }

  /** Looks at one file of a round. @returns what it is if it rests */
  look(path: string): BigIntStats | undefined {
    const about = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (!about?.isFile()) return undefined;
    const signature = signatureOf(about);
    const before = this.#seen.get(path);
    const same = before?.signature === signature;
    const since = same ? before.since : this.now();
    this.#next.set(path, { signature, since });
    return same && this.now() - since >= this.settleMs ? about : undefined;
  }

  /** For how many seconds the one that rests longest has rested. */
  get longestRest(): number {
    const since = [...this.#seen.values()].reduce((least, one) => Math.min(least, one.since), this.now());
    return Math.floor((this.now() - since) / 1000);
  }

  /** Ends a round: what was not looked at in it is forgotten. */
  endRound(): void {
    this.#seen = this.#next;
    this.#next = new Map();
  }
}
