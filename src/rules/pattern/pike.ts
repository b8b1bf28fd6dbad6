import { holds, OP, type Program } from './program.ts';
import { kindAfter, kindBefore, rangeFrom, type Starts, type Text } from './text.ts';

/**
 * Runs a program over a text, all threads side by side in order of priority (Pike 1987, as told by R. Cox, "Regular
 * Expression Matching: the Virtual Machine Approach"): time is instructions x bytes, whatever the pattern. Knows captures.
 */
export class Pike {
  readonly program: Program;
  /** Work done so far: threads stepped. Tests count it to show that time is linear. */
  steps = 0;
  readonly #mark: Int32Array;
  #generation = 0;
  #current: Threads;
  #next: Threads;
  readonly #stack: number[] = [];
  readonly #slots: Int32Array;

  constructor(program: Program) {
    this.program = program;
    const size = program.op.length;
    this.#mark = new Int32Array(size);
    this.#current = { pcs: new Int32Array(size), slots: new Int32Array(size * program.slots), count: 0 };
    this.#next = { pcs: new Int32Array(size), slots: new Int32Array(size * program.slots), count: 0 };
    this.#slots = new Int32Array(program.slots);
  }

  /**
   * The leftmost match that starts in `starts` at or after `from`, with the preference of a backtracking engine.
   * Looks at no byte after `last`, save to decide assertions there.
   * @returns slots: index of begin and end of the match and of each group, -1 where a group took no part
   */
  find(text: Text, starts: Starts, from: number, last: number): Int32Array | null {
    const { op, x, sets, slots: width } = this.program;
    let range = rangeFrom(starts, from);
    if (range === starts.count) return null;
    let found: Int32Array | null = null;
    this.#current.count = 0;
    for (let at = Math.max(from, starts.pairs[2 * range]!); ; at++) {
      while (range < starts.count && starts.pairs[2 * range + 1]! < at) range++;
      if (this.#current.count === 0) {
        if (found || range === starts.count) return found;
        at = Math.max(at, starts.pairs[2 * range]!);
        if (at > last) return null;
      }
      this.#generation++;
      const before = kindBefore(text, at);
      const after = kindAfter(text, at);
      // The threads of this position with their empty transitions followed, in order of priority.
      const closed = this.#next;
      closed.count = 0;
      const current = this.#current;
      let matched = false;
      for (let index = 0; index < current.count && !matched; index++) {
        this.#slots.set(current.slots.subarray(index * width, (index + 1) * width));
        matched = this.#close(closed, current.pcs[index]!, at, before, after);
      }
      if (!matched && !found && range < starts.count && at >= starts.pairs[2 * range]!) {
        this.#slots.fill(-1);
        this.#slots[0] = at;
        matched = this.#close(closed, 0, at, before, after);
      }
      if (matched) {
        found = this.#slots.slice();
        found[1] = at;
      }
      this.steps += closed.count + 1;
      if (at >= last) return found;
      const byte = text.bytes[at]!;
      current.count = 0;
      for (let index = 0; index < closed.count; index++) {
        const pc = closed.pcs[index]!;
        if (op[pc] === OP.set && sets[x[pc]!]![byte] === 1) {
          current.pcs[current.count] = pc + 1;
          current.slots.set(closed.slots.subarray(index * width, (index + 1) * width), current.count * width);
          current.count++;
        }
      }
    }
  }

  /** Adds `pc` and all it reaches without a byte; true if that includes the match, which cuts all lower threads. */
  #close(threads: Threads, first: number, at: number, before: number, after: number): boolean {
    const { op, x, y, slots: width } = this.program;
    const stack = this.#stack;
    stack.length = 0;
    stack.push(first);
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (pc < 0) {
        this.#slots[-pc - 1] = stack.pop()!;
        continue;
      }
      if (this.#mark[pc] === this.#generation) continue;
      this.#mark[pc] = this.#generation;
      switch (op[pc]) {
        case OP.set:
          threads.pcs[threads.count] = pc;
          threads.slots.set(this.#slots, threads.count * width);
          threads.count++;
          break;
        case OP.split:
          stack.push(y[pc]!, x[pc]!);
          break;
        case OP.jump:
          stack.push(x[pc]!);
          break;
        case OP.save:
          stack.push(this.#slots[x[pc]!]!, -x[pc]! - 1, pc + 1);
          this.#slots[x[pc]!] = at;
          break;
        case OP.assert:
          if (holds(x[pc]!, before, after)) stack.push(pc + 1);
          break;
        default:
          return true;
      }
    }
    return false;
  }
}

interface Threads {
  readonly pcs: Int32Array;
  readonly slots: Int32Array;
  count: number;
}
