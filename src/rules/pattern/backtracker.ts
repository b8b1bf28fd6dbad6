import { holds, OP, type Program } from './program.ts';
import { kindAfter, kindBefore, rangeFrom, type Starts, type Text } from './text.ts';

/** Most pairs of instruction and place that are remembered; beyond, `Pike` does the work. */
const MAX_VISITED = 1 << 21;

/** Generation in which each pair was last tried; shared by all rules, as only one runs at a time. */
let visited: Int32Array = new Int32Array(1 << 14);
let generation = 0;

/**
 * Backtracking that never tries the same instruction at the same place twice (as RE2's bit state): as linear as `Pike`,
 * but much quicker on the short stretches that the automaton has already found to hold a match.
 */
export class Backtracker {
  readonly program: Program;
  /** Work done so far: instructions tried. */
  steps = 0;
  /** Begin and end of the match and of each group after a success, -1 where a group took no part. */
  readonly slots: Int32Array;
  #stack: Int32Array = new Int32Array(256);
  /** 1: several ways lead to the instruction. Only there the same pair can be met twice. */
  readonly #joins: Uint8Array;
  /** [set x byte]: 1 for its members. */
  readonly #members: Uint8Array;

  constructor(program: Program) {
    this.program = program;
    this.#joins = joinsOf(program);
    this.#members = Buffer.concat(program.sets);
    this.slots = new Int32Array(program.slots);
  }

  /** Most bytes of a stretch that can be searched at once. */
  get room(): number {
    return Math.floor(MAX_VISITED / this.program.op.length) - 1;
  }

  /** As `Pike.find`; the stretch must not be longer than `room`. No match begins after `lastStart`. */
  find(text: Text, starts: Starts, from: number, last: number, lastStart = last): boolean {
    const size = (last - from + 1) * this.program.op.length;
    if (visited.length < size || generation === 2 ** 31 - 1) {
      visited = new Int32Array(Math.min(MAX_VISITED, 2 * size));
      generation = 0;
    }
    generation++;
    for (let range = rangeFrom(starts, from); range < starts.count; range++) {
      if (starts.pairs[2 * range]! > lastStart) break;
      const low = Math.max(from, starts.pairs[2 * range]!);
      const high = Math.min(lastStart, starts.pairs[2 * range + 1]!);
      for (let at = low; at <= high; at++) if (this.#from(text, at, from, last)) return true;
      if (starts.pairs[2 * range + 1]! >= lastStart) break;
    }
    return false;
  }

  #from(text: Text, start: number, base: number, last: number): boolean {
    const { op, x, y } = this.program;
    const { bytes } = text;
    const members = this.#members;
    const width = op.length;
    const { slots } = this;
    const joins = this.#joins;
    const seen = visited;
    const now = generation;
    slots.fill(-1);
    slots[0] = start;
    let stack = this.#stack;
    stack[0] = 0;
    stack[1] = start;
    let top = 2;
    let { steps } = this;
    while (top > 0) {
      let at = stack[--top]!;
      let pc = stack[--top]!;
      if (pc < 0) {
        slots[-pc - 1] = at;
        continue;
      }
      for (;;) {
        if (joins[pc] === 1) {
          const key = (at - base) * width + pc;
          if (seen[key] === now) break;
          seen[key] = now;
        }
        steps++;
        const code = op[pc]!;
        if (code === OP.set) {
          if (at >= last || members[(x[pc]! << 8) | bytes[at]!] !== 1) break;
          at++;
          pc++;
        } else if (code === OP.split) {
          // A branch whose next byte does not fit is not even put aside.
          const second = y[pc]!;
          pc = x[pc]!;
          const byte = bytes[at]!;
          if (op[pc] === OP.set && (at >= last || members[(x[pc]! << 8) | byte] !== 1)) {
            pc = second;
          } else if (op[second] !== OP.set || (at < last && members[(x[second]! << 8) | byte] === 1)) {
            if (top + 2 > stack.length) stack = this.#grow();
            stack[top++] = second;
            stack[top++] = at;
          }
        } else if (code === OP.save) {
          if (top + 2 > stack.length) stack = this.#grow();
          stack[top++] = -x[pc]! - 1;
          stack[top++] = slots[x[pc]!]!;
          slots[x[pc]!] = at;
          pc++;
        } else if (code === OP.jump) {
          pc = x[pc]!;
        } else if (code === OP.assert) {
          if (!holds(x[pc]!, kindBefore(text, at), kindAfter(text, at))) break;
          pc++;
        } else {
          slots[1] = at;
          this.steps = steps;
          return true;
        }
      }
    }
    this.steps = steps;
    return false;
  }

  #grow(): Int32Array {
    const grown = new Int32Array(2 * this.#stack.length);
    grown.set(this.#stack);
    this.#stack = grown;
    return grown;
  }
}

function joinsOf({ op, x, y }: Program): Uint8Array {
  const ways = new Int32Array(op.length + 1);
  // A match begins at the first.
  ways[0] = 1;
  op.forEach((code, pc) => {
    if (code === OP.match) return;
    ways[code === OP.split || code === OP.jump ? x[pc]! : pc + 1]!++;
    if (code === OP.split) ways[y[pc]!]!++;
  });
  return Uint8Array.from(ways, (count) => (count > 1 ? 1 : 0));
}
