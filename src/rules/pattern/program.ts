import { type AssertionKind, type ByteSet, LINE_END, type PatternNode, WORD } from './ast.ts';

export const OP = { set: 0, split: 1, jump: 2, save: 3, assert: 4, match: 5 } as const;

/** What stands before a position (and after it): decides every assertion. */
export const KIND = { edge: 0, lineEnd: 1, word: 2, other: 3 } as const;
export const KINDS = 4;

const ASSERT: Readonly<Record<AssertionKind, number>> = {
  word: 0,
  'not-word': 1,
  'line-start': 2,
  'line-end': 3,
  'text-start': 4,
  'text-end': 5,
};

/** True if assertion `kind` holds between a byte of kind `before` and one of kind `after` (`edge`: no byte). */
export function holds(kind: number, before: number, after: number): boolean {
  switch (kind) {
    case 0:
      return (before === KIND.word) !== (after === KIND.word);
    case 1:
      return (before === KIND.word) === (after === KIND.word);
    case 2:
      return before <= KIND.lineEnd;
    case 3:
      return after <= KIND.lineEnd;
    case 4:
      return before === KIND.edge;
    default:
      return after === KIND.edge;
  }
}

export const kindOfByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  LINE_END[byte] === 1 ? KIND.lineEnd : WORD[byte] === 1 ? KIND.word : KIND.other,
);

/**
 * A pattern as instructions of a Thompson automaton; thread order is priority, as a backtracking engine would try it.
 * `set`: x = set index, falls through; `split`: x preferred, then y; `jump`: x; `save`: slot x; `assert`: kind x.
 */
export interface Program {
  readonly op: Uint8Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly sets: readonly ByteSet[];
  /** 2 * (groups + 1) */
  readonly slots: number;
  /** Bytes that no instruction tells apart share a class. */
  readonly classOf: Uint8Array;
  readonly classes: number;
  /** A byte of each class. */
  readonly sample: Uint8Array;
  readonly asserts: boolean;
}

export function compileProgram(node: PatternNode, groups: number): Program {
  const builder = new Builder();
  builder.add(node);
  builder.emit(OP.match, 0, 0);
  const { classOf, sample } = byteClasses(builder.sets, builder.asserts);
  return {
    op: Uint8Array.from(builder.op),
    x: Int32Array.from(builder.x),
    y: Int32Array.from(builder.y),
    sets: builder.sets,
    slots: 2 * (groups + 1),
    classOf,
    classes: sample.length,
    sample,
    asserts: builder.asserts,
  };
}

class Builder {
  readonly op: number[] = [];
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly sets: ByteSet[] = [];
  readonly #setIndex = new Map<ByteSet, number>();
  asserts = false;

  emit(op: number, x: number, y: number): number {
    this.op.push(op);
    this.x.push(x);
    this.y.push(y);
    return this.op.length - 1;
  }

  add(node: PatternNode): void {
    switch (node.type) {
      case 'empty':
        return;
      case 'set':
        this.emit(OP.set, this.setIndex(node.set), 0);
        return;
      case 'assert':
        this.asserts = true;
        this.emit(OP.assert, ASSERT[node.kind], 0);
        return;
      case 'group':
        this.emit(OP.save, 2 * node.index, 0);
        this.add(node.item);
        this.emit(OP.save, 2 * node.index + 1, 0);
        return;
      case 'concat':
        for (const item of node.items) this.add(item);
        return;
      case 'alternate':
        this.alternate(node.items);
        return;
      case 'repeat':
        this.repeat(node);
    }
  }

  private alternate(items: readonly PatternNode[]): void {
    const ends: number[] = [];
    items.forEach((item, index) => {
      if (index === items.length - 1) {
        this.add(item);
        return;
      }
      const split = this.emit(OP.split, this.op.length + 1, 0);
      this.add(item);
      ends.push(this.emit(OP.jump, 0, 0));
      this.y[split] = this.op.length;
    });
    for (const end of ends) this.x[end] = this.op.length;
  }

  private repeat(node: Extract<PatternNode, { type: 'repeat' }>): void {
    for (let count = 0; count < node.min; count++) this.add(node.item);
    if (node.max === Infinity) {
      const split = this.emit(OP.split, 0, 0);
      this.add(node.item);
      this.emit(OP.jump, split, 0);
      this.choose(split, node.lazy);
      return;
    }
    const splits: number[] = [];
    for (let count = node.min; count < node.max; count++) {
      splits.push(this.emit(OP.split, 0, 0));
      this.add(node.item);
    }
    for (const split of splits) this.choose(split, node.lazy);
  }

  /** Lets a split enter what follows it first, or leave to here first. */
  private choose(split: number, lazy: boolean): void {
    this.x[split] = lazy ? this.op.length : split + 1;
    this.y[split] = lazy ? split + 1 : this.op.length;
  }

  private setIndex(set: ByteSet): number {
    let index = this.#setIndex.get(set);
    if (index === undefined) {
      index = this.sets.push(set) - 1;
      this.#setIndex.set(set, index);
    }
    return index;
  }
}

/** Splits the bytes by one set after the other: two bytes stay together as long as no set tells them apart. */
function byteClasses(sets: readonly ByteSet[], asserts: boolean): { classOf: Uint8Array; sample: Uint8Array } {
  const classOf = new Uint8Array(256);
  let classes = 1;
  for (const flags of asserts ? [kindOfByte, ...sets] : sets) {
    const renamed = new Map<number, number>();
    for (let byte = 0; byte < 256; byte++) {
      const key = classOf[byte]! * KINDS + flags[byte]!;
      let name = renamed.get(key);
      if (name === undefined) {
        name = renamed.size;
        renamed.set(key, name);
      }
      classOf[byte] = name;
    }
    classes = renamed.size;
  }
  const sample = new Uint8Array(classes);
  for (let byte = 255; byte >= 0; byte--) sample[classOf[byte]!] = byte;
  return { classOf, sample };
}
