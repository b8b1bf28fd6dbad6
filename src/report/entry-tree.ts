import { createHash } from 'node:crypto';

/**
 * Root of the RFC 6962 tree (section 2.1) over the canonical entries of a result, taken as they pass: the root that an
 * attestation names, and against which one file's verdict is proved without the names of the others.
 */
export class EntryTree {
  size = 0;
  /** Roots of complete subtrees, largest first: one for each bit that is set in `size`. */
  readonly #roots: Buffer[] = [];

  /** @param entry canonical JSON of the next entry */
  add(entry: string): void {
    let root = createHash('sha256').update('\0').update(entry).digest();
    for (let bits = this.size; bits % 2 === 1; bits = Math.floor(bits / 2))
      root = node(this.#roots.pop() as Buffer, root);
    this.#roots.push(root);
    this.size += 1;
  }

  /** Lower-case hex. */
  root(): string {
    const [last, ...rest] = [...this.#roots].reverse();
    if (last === undefined) return createHash('sha256').digest('hex');
    return rest.reduce((right, left) => node(left, right), last).toString('hex');
  }
}

const node = (left: Uint8Array, right: Uint8Array) =>
  createHash('sha256').update('\x01').update(left).update(right).digest();
