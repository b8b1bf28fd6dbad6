import { holds, KINDS, kindOfByte, OP, type Program } from './program.ts';
import { kindBefore, type Starts, type Text } from './text.ts';

const NO = 1;
const YES = 2;

/**
 * Says of a place, by the byte before it and the two from there on, that no match can begin there. Answers are worked
 * out when they are first asked for. It is never wrong where it says no; a yes has to be tried.
 */
export class Openers {
  readonly #program: Program;
  /** [kind before x class x class]: 0 if not worked out yet. */
  readonly #answers: Uint8Array;
  #pairs: Int32Array = new Int32Array(16);
  #count = 0;
  /** Work done so far: places looked at, and instructions visited to work out answers. */
  steps = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#answers = new Uint8Array((program.asserts ? KINDS : 1) * program.classes * program.classes);
  }

  /** Those of `starts` at which a match may begin; the answer holds until the next call. */
  narrow(text: Text, starts: Starts): Starts {
    const { bytes, end } = text;
    const { classOf, classes, asserts } = this.#program;
    const answers = this.#answers;
    this.#count = 0;
    for (let range = 0; range < starts.count; range++) {
      const low = starts.pairs[2 * range]!;
      const high = starts.pairs[2 * range + 1]!;
      let before = asserts ? kindBefore(text, low) : 0;
      let first = classOf[bytes[low]!]!;
      let at = low;
      for (; at <= high && at + 1 < end; at++) {
        const second = classOf[bytes[at + 1]!]!;
        const key = (before * classes + first) * classes + second;
        let answer = answers[key]!;
        if (answer === 0) answers[key] = answer = this.#workOut(before, bytes[at]!, bytes[at + 1]!) ? YES : NO;
        if (answer === YES) this.#add(at, at);
        if (asserts) before = kindOfByte[bytes[at]!]!;
        first = second;
      }
      // What follows the last byte is not known here.
      if (at <= high) this.#add(at, high);
      this.steps += high - low + 1;
    }
    return { pairs: this.#pairs, count: this.#count };
  }

  #add(low: number, high: number): void {
    const next = 2 * this.#count;
    if (next > 0 && this.#pairs[next - 1]! + 1 === low) {
      this.#pairs[next - 1] = high;
      return;
    }
    if (next === this.#pairs.length) {
      const grown = new Int32Array(2 * next);
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs[next] = low;
    this.#pairs[next + 1] = high;
    this.#count++;
  }

  #workOut(before: number, first: number, second: number): boolean {
    const opened = this.#accepting([0], before, first);
    if (!opened) return true;
    const next = this.#accepting(opened, kindOfByte[first]!, second);
    return next === null || next.length > 0;
  }

  /** Instructions after those that take `byte`, reached from `pcs`; `null` if the match is reached without it. */
  #accepting(pcs: readonly number[], before: number, byte: number): number[] | null {
    const { op, x, y, sets } = this.#program;
    const after = kindOfByte[byte]!;
    const seen = new Set<number>();
    const stack = [...pcs];
    const taken: number[] = [];
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (seen.has(pc)) continue;
      seen.add(pc);
      this.steps++;
      const code = op[pc];
      if (code === OP.match) return null;
      if (code === OP.set) {
        if (sets[x[pc]!]![byte] === 1) taken.push(pc + 1);
      } else if (code === OP.split) stack.push(x[pc]!, y[pc]!);
      else if (code === OP.jump) stack.push(x[pc]!);
      else if (code === OP.save || holds(x[pc]!, before, after)) stack.push(pc + 1);
    }
    return taken;
  }
}
