import { BRANCH_FILTERS, type BranchCode } from './branch-filters.ts';
import type { Input } from './input.ts';

/** A filter before LZMA2. Both give bytes of their own, never a view of what they were given. */
export interface Filter {
  push(bytes: Uint8Array): Uint8Array;
  /** What was waiting for bytes that do not come. */
  flush(): Uint8Array;
}

class BranchFilter implements Filter {
  readonly #code: BranchCode;
  #position: number;
  #carry = new Uint8Array(0);

  constructor(code: BranchCode, position: number) {
    this.#code = code;
    this.#position = position;
  }

  push(bytes: Uint8Array): Uint8Array {
    const all = new Uint8Array(this.#carry.length + bytes.length);
    all.set(this.#carry);
    all.set(bytes, this.#carry.length);
    const done = this.#code(all, this.#position);
    this.#position = (this.#position + done) >>> 0;
    this.#carry = all.slice(done);
    return all.subarray(0, done);
  }

  flush(): Uint8Array {
    return this.#carry;
  }
}

class DeltaFilter implements Filter {
  readonly #history = new Uint8Array(256);
  readonly #distance: number;
  #at = 0;

  constructor(distance: number) {
    this.#distance = distance;
  }

  push(bytes: Uint8Array): Uint8Array {
    const out = bytes.slice();
    const history = this.#history;
    for (let i = 0; i < out.length; i++) {
      const value = (out[i]! + history[(this.#at - this.#distance) & 255]!) & 255;
      history[this.#at & 255] = value;
      out[i] = value;
      this.#at = (this.#at + 1) & 255;
    }
    return out;
  }

  flush(): Uint8Array {
    return new Uint8Array(0);
  }
}

const DELTA = 3;

/** A filter of a block header (xz file format 1.1.0, section 5.3); throws where it is not supported. */
export function openFilter(input: Input, id: number, properties: Uint8Array): Filter {
  if (id === DELTA && properties.length === 1) return new DeltaFilter(properties[0]! + 1);
  const branch = BRANCH_FILTERS[id];
  if (branch === undefined) throw input.error('unsupported', 'a block needs a filter that is not supported');
  if (properties.length !== 0 && properties.length !== 4) throw input.error('corrupt', 'a filter has wrong properties');
  const start = properties.reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
  if (start % branch.align !== 0) throw input.error('corrupt', 'a filter has wrong properties');
  return new BranchFilter(branch.make(), start);
}

/** Sends one piece through the filters from the last of them to the first. */
export function* through(filters: readonly Filter[], bytes: Uint8Array): Generator<Uint8Array, void> {
  const out = filters.reduceRight((piece, filter) => filter.push(piece), bytes);
  if (out.length > 0) yield out;
}

/** Empties the filters at a block's end. */
export function* drain(filters: readonly Filter[]): Generator<Uint8Array, void> {
  for (let i = filters.length - 1; i >= 0; i--) yield* through(filters.slice(0, i), filters[i]!.flush());
}
