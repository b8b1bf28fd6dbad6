import { holds, KIND, KINDS, kindOfByte, OP, type Program } from './program.ts';
import { kindBefore, rangeFrom, type Starts, type Text } from './text.ts';

/** States kept before the cache is emptied: bounds memory, whatever the pattern and the input. */
const MAX_STATES = 2000;
/** Ids below this have no thread left: one for each kind of the byte before, without and with a match behind. */
const DEAD = 2 * KINDS;

/** Where a match ends, and a place at or before which no thread of it was alive. */
export interface FoundEnd {
  end: number;
  /** The match starts at or after this index. */
  from: number;
}

/**
 * The same search as `Pike`, without captures, on states that are built when they are first met: one table look-up for
 * each byte. A state is an ordered list of instructions, so the preference of lazy and greedy repeats is kept.
 */
export class LazyDfa {
  readonly program: Program;
  /** Work done so far: bytes stepped and threads visited while building states. */
  steps = 0;
  /** How often the states had to be thrown away because they were too many: a sign that building them is in vain. */
  flushes = 0;
  readonly #stride: number;
  /** Twice the class of each byte, and of the end of the text. */
  readonly #columns: Uint16Array;
  readonly #edgeColumn: number;
  /** Row of a state + 2 * class + (1 if a match may start here) -> row of the next << 1 | match ended here, plus 1; 0: not built */
  #table: Int32Array;
  #states: { readonly pcs: Int32Array; readonly before: number; readonly matched: boolean }[] = [];
  #ids = new Map<string, number>();
  readonly #mark: Int32Array;
  #generation = 0;

  constructor(program: Program) {
    this.program = program;
    this.#stride = 2 * (program.classes + 1);
    this.#columns = Uint16Array.from(program.classOf, (name) => 2 * name);
    this.#edgeColumn = 2 * program.classes;
    this.#table = new Int32Array(this.#stride * 32);
    this.#mark = new Int32Array(program.op.length);
    this.#reset();
  }

  /**
   * End of the leftmost match that starts in `starts` at or after `from`. Threads that live on for more than `reach`
   * bytes after the last allowed start are given up.
   */
  find(text: Text, starts: Starts, from: number, reach: number, found: FoundEnd): boolean {
    const { bytes, end } = text;
    const { pairs, count } = starts;
    const columns = this.#columns;
    const dead = DEAD * this.#stride;
    let table = this.#table;
    let range = rangeFrom(starts, from);
    let at = from;
    for (;;) {
      // No thread is alive: on to the next allowed start.
      while (range < count && pairs[2 * range + 1]! < at) range++;
      if (range === count) return false;
      at = Math.max(at, pairs[2 * range]!);
      if (at > end) return false;
      let state = (this.program.asserts ? kindBefore(text, at) : 0) * this.#stride;
      let quiet = at;
      let matchEnd = -1;
      let stop = at + reach;
      let alive = true;
      while (alive && at <= end && at <= stop) {
        // A stretch of bytes at each of which a match may start, or at none of which it may.
        let inject = 0;
        let last = Math.min(stop, end - 1);
        if (matchEnd < 0) {
          while (range < count && pairs[2 * range + 1]! < at) range++;
          if (range < count) {
            if (pairs[2 * range]! <= at) {
              inject = 1;
              last = Math.min(pairs[2 * range + 1]!, end - 1);
              stop = pairs[2 * range + 1]! + reach;
            } else {
              last = Math.min(last, pairs[2 * range]! - 1);
            }
          }
        }
        const first = at;
        if (at === end) last = end;
        while (at <= last) {
          const column = (at < end ? columns[bytes[at]!]! : this.#edgeColumn) + inject;
          let next = table[state + column]!;
          if (next === 0) {
            next = this.#build(state, column);
            table = this.#table;
          }
          next--;
          state = next >> 1;
          at++;
          if ((next & 1) === 1) {
            matchEnd = at - 1;
            if (inject === 1) {
              // The leftmost start is found: no later one may begin.
              stop = matchEnd + reach;
              alive = state >= dead;
              break;
            }
          }
          if (state < dead) {
            if (matchEnd >= 0 || inject === 0) {
              alive = false;
              if (matchEnd < 0) quiet = at;
              break;
            }
            quiet = at;
          }
        }
        this.steps += at - first;
      }
      if (matchEnd >= 0) {
        found.end = matchEnd;
        found.from = quiet;
        return true;
      }
      if (at > end) return false;
    }
  }

  /** Builds the transition at `column` of the row `from`, and returns its entry. */
  #build(from: number, column: number): number {
    const { op, x, sets, classes, sample } = this.program;
    const inject = column & 1;
    let row = from;
    const { pcs, before, matched } = this.#states[row / this.#stride]!;
    const byte = column >> 1 < classes ? sample[column >> 1]! : -1;
    const after = byte < 0 ? KIND.edge : kindOfByte[byte]!;
    this.#generation++;
    const live: number[] = [];
    let ended = false;
    for (const pc of pcs) {
      if (ended) break;
      ended = this.#close(pc, before, after, live);
    }
    if (!ended && inject === 1 && !matched) ended = this.#close(0, before, after, live);
    const next =
      byte < 0 ? [] : live.filter((pc) => op[pc] === OP.set && sets[x[pc]!]![byte] === 1).map((pc) => pc + 1);
    this.steps += live.length + pcs.length;
    if (this.#states.length >= MAX_STATES) {
      this.flushes++;
      this.#reset();
      row = this.#intern(pcs, before, matched) * this.#stride;
    }
    const target = this.#intern(Int32Array.from(next), this.program.asserts ? after : 0, matched || ended);
    const entry = ((target * this.#stride) << 1) + (ended ? 1 : 0) + 1;
    this.#table[row + column] = entry;
    return entry;
  }

  /** Follows empty transitions; true if the match was reached, after which no lower thread may live. */
  #close(first: number, before: number, after: number, live: number[]): boolean {
    const { op, x, y } = this.program;
    const stack = [first];
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (this.#mark[pc] === this.#generation) continue;
      this.#mark[pc] = this.#generation;
      if (op[pc] === OP.set) live.push(pc);
      else if (op[pc] === OP.split) stack.push(y[pc]!, x[pc]!);
      else if (op[pc] === OP.jump) stack.push(x[pc]!);
      else if (op[pc] === OP.save) stack.push(pc + 1);
      else if (op[pc] === OP.assert) {
        if (holds(x[pc]!, before, after)) stack.push(pc + 1);
      } else return true;
    }
    return false;
  }

  #intern(pcs: Int32Array, before: number, matched: boolean): number {
    const key = `${pcs.join(',')};${before}${matched ? 'm' : ''}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#states.push({ pcs, before, matched }) - 1;
      this.#ids.set(key, id);
      if (this.#states.length * this.#stride > this.#table.length) {
        const grown = new Int32Array(2 * this.#table.length);
        grown.set(this.#table);
        this.#table = grown;
      }
    }
    return id;
  }

  #reset(): void {
    this.#states = [];
    this.#ids = new Map();
    this.#table.fill(0);
    for (const matched of [false, true]) {
      for (let kind = 0; kind < KINDS; kind++) this.#intern(new Int32Array(0), kind, matched);
    }
  }
}
