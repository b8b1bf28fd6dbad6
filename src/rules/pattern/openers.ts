import { holds, KINDS, kindOfByte, OP, type Program } from './program.ts';
import { kindBefore, type Text } from './text.ts';

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
  /** Instructions visited to work out answers: bounded by the pattern, whatever the text. */
  steps = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#answers = new Uint8Array((program.asserts ? KINDS : 1) * program.classes * program.classes);
  }

  /** False if no match that begins at `at` can end at or before `last`. */
  possible(text: Text, at: number, last: number): boolean {
    if (at + 1 >= last) return true;
    const { classOf, classes, asserts } = this.#program;
    const first = text.bytes[at]!;
    const second = text.bytes[at + 1]!;
    const before = asserts ? kindBefore(text, at) : 0;
    const key = (before * classes + classOf[first]!) * classes + classOf[second]!;
    let answer = this.#answers[key]!;
    if (answer === 0) this.#answers[key] = answer = this.#workOut(before, first, second) ? YES : NO;
    return answer === YES;
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
