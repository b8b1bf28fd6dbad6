import { type ByteSet, NONE, type PatternNode, type Span, spanOf, union } from './ast.ts';
import { likelihood, likelihoodAfter, numberOf } from './likelihood.ts';

/** Consecutive byte sets that occur in every match; the match begins `before.min` to `before.max` bytes earlier. */
export interface Anchor {
  readonly sets: readonly ByteSet[];
  readonly before: Span;
  /** Every byte between the first one of the match and the anchor lies in it. */
  readonly through: ByteSet;
}

/** Anchors of which every match holds at least one, and how often one is expected per byte of ordinary text. */
export interface AnchorSet {
  readonly anchors: readonly Anchor[];
  readonly cost: number;
}

/** Most alternatives of one run of sets, and most sets in one anchor. */
const MAX_ALTERNATIVES = 16;
const MAX_SETS = 12;

/** Shorter stretches that are tried where a run has alternatives. */
const LENGTHS = [9, 7, 5, 4, 3, 2];

type Sequence = readonly ByteSet[];
interface Run {
  /** Alternatives that follow one another without a gap. */
  readonly sequences: readonly Sequence[];
  readonly at: Span;
}

/** The rarest anchors of a pattern; `null` if nothing is certain to occur. */
export function anchorsOf(node: PatternNode): AnchorSet | null {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return null;
    case 'group':
      return anchorsOf(node.item);
    case 'alternate': {
      const exact = exactOf(node);
      const whole = exact ? fromRun({ sequences: exact, at: ZERO }, tailBytes(node)) : null;
      const parts = node.items.map(anchorsOf);
      if (parts.some((part) => part === null)) return whole;
      const anchors = parts.flatMap((part) => part!.anchors);
      return cheaper(whole, { anchors, cost: parts.reduce((sum, part) => sum + part!.cost, 0) });
    }
    default:
      return ofSequence(node.type === 'concat' ? node.items : [node]);
  }
}

const ZERO: Span = { min: 0, max: 0 };

function ofSequence(items: readonly PatternNode[]): AnchorSet | null {
  let best: AnchorSet | null = null;
  let run: Run = { sequences: [[]], at: ZERO };
  let place: Span = ZERO;
  // Bytes of all items up to here, but the very first byte.
  let passed = NONE;
  let begun = false;
  items.forEach((outer, index) => {
    const item = bare(outer);
    const earlier = begun ? union(passed, edge(item, 'first').set) : NONE;
    passed = begun ? union(passed, bytesOf(item)) : tailBytes(item);
    begun ||= spanOf(item).max > 0;
    const exact = exactOf(item);
    const joined = exact && cross(run.sequences, exact);
    const after = plus(place, spanOf(item));
    if (joined) {
      run = { sequences: joined, at: run.at };
    } else if (item.type === 'repeat' && item.min > 0 && exactOf(item.item)) {
      // The first copies follow what stands before; the last ones lead to what comes after.
      const copy = exactOf(item.item)!;
      best = cheaper(best, fromRun({ sequences: power(copy, item.min, run.sequences), at: run.at }, passed));
      const tail = power(copy, item.min, [[]]);
      const length = spanOfSequences(tail);
      run = { sequences: tail, at: { min: Math.max(0, after.min - length.max), max: after.max - length.min } };
    } else {
      // One byte more on either side is known even where the text between is not.
      const first = edgeOf(items.slice(index), 'first');
      const head = first && cross(run.sequences, [[first]]);
      best = cheaper(best, fromRun(head ? { sequences: head, at: run.at } : run, passed));
      // What follows an alternation is known to follow each of its branches.
      const next = item.type === 'alternate' ? edgeOf(items.slice(index + 1), 'first') : null;
      best = cheaper(best, moved(inside(next ? followed(item, next) : item), place, earlier));
      const last = edgeOf(items.slice(0, index + 1), 'last');
      if (exact) run = { sequences: exact, at: place };
      else if (last) run = { sequences: [[last]], at: { min: Math.max(0, after.min - 1), max: after.max - 1 } };
      else run = { sequences: [[]], at: after };
    }
    place = after;
  });
  return cheaper(best, fromRun(run, passed));
}

/** All bytes that a node can consume. */
function bytesOf(node: PatternNode): ByteSet {
  let bytes = allBytes.get(node);
  if (!bytes) {
    bytes = node.type === 'set' ? node.set : union(...childrenOf(node).map(bytesOf));
    allBytes.set(node, bytes);
  }
  return bytes;
}

const allBytes = new WeakMap<PatternNode, ByteSet>();

/** All bytes that a node can consume after its first one. */
function tailBytes(node: PatternNode): ByteSet {
  switch (node.type) {
    case 'concat': {
      const begin = node.items.findIndex((item) => spanOf(item).max > 0);
      if (begin < 0) return NONE;
      return union(tailBytes(node.items[begin]!), ...node.items.slice(begin + 1).map(bytesOf));
    }
    case 'repeat':
      return node.max > 1 ? bytesOf(node.item) : tailBytes(node.item);
    default:
      return union(...childrenOf(node).map(tailBytes));
  }
}

function childrenOf(node: PatternNode): readonly PatternNode[] {
  return node.type === 'group' || node.type === 'repeat' ? [node.item] : 'items' in node ? node.items : [];
}

/** Bytes that the text of a sequence can begin or end with; `null` if it may be empty. */
function edgeOf(items: readonly PatternNode[], side: 'first' | 'last'): ByteSet | null {
  const { set, nullable } = edge({ type: 'concat', items }, side);
  return nullable ? null : set;
}

function edge(node: PatternNode, side: 'first' | 'last'): { readonly set: ByteSet; readonly nullable: boolean } {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return { set: NONE, nullable: true };
    case 'set':
      return { set: node.set, nullable: false };
    case 'group':
      return edge(node.item, side);
    case 'repeat': {
      const inner = edge(node.item, side);
      return { set: inner.set, nullable: inner.nullable || node.min === 0 };
    }
    case 'alternate': {
      const parts = node.items.map((item) => edge(item, side));
      return { set: union(...parts.map(({ set }) => set)), nullable: parts.some(({ nullable }) => nullable) };
    }
    case 'concat': {
      let set = NONE;
      for (const item of side === 'first' ? node.items : node.items.toReversed()) {
        const part = edge(item, side);
        set = union(set, part.set);
        if (!part.nullable) return { set, nullable: false };
      }
      return { set, nullable: true };
    }
  }
}

function followed(item: PatternNode, next: ByteSet): PatternNode {
  const set: PatternNode = { type: 'set', set: next };
  const branches = item.type === 'alternate' ? item.items : [item];
  return { type: 'alternate', items: branches.map((branch) => ({ type: 'concat', items: [branch, set] })) };
}

/** Anchors of an item that stands alone; an optional one has none. */
function inside(item: PatternNode): AnchorSet | null {
  if (item.type !== 'repeat') return anchorsOf(item);
  return item.min > 0 ? anchorsOf(item.item) : null;
}

/** All texts of a small node as sequences of sets; `null` if they are too many or too long. */
function exactOf(outer: PatternNode): readonly Sequence[] | null {
  const node = bare(outer);
  let exact = exacts.get(node);
  if (exact === undefined) {
    exact = spellOut(node);
    exacts.set(node, exact);
  }
  return exact;
}

const exacts = new WeakMap<PatternNode, readonly Sequence[] | null>();

function spellOut(node: PatternNode): readonly Sequence[] | null {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return [[]];
    case 'set':
      return [[node.set]];
    case 'group':
      return exactOf(node.item);
    case 'concat': {
      let all: readonly Sequence[] | null = [[]];
      for (const item of node.items) {
        const exact = exactOf(item);
        all = all && exact && cross(all, exact);
      }
      return all;
    }
    case 'alternate': {
      const parts = node.items.map(exactOf);
      if (parts.some((part) => part === null)) return null;
      const all = parts.flatMap((part) => part!);
      return all.length > MAX_ALTERNATIVES * 4 ? null : all;
    }
    case 'repeat': {
      const exact = exactOf(node.item);
      if (node.min === 0 && node.max === 1 && exact && exact.length <= 2) return [[], ...exact];
      if (node.max !== node.min || node.max > MAX_SETS) return null;
      let all: readonly Sequence[] | null = [[]];
      for (let count = 0; count < node.min; count++) all = all && exact && cross(all, exact);
      return all;
    }
  }
}

function bare(node: PatternNode): PatternNode {
  return node.type === 'group' ? bare(node.item) : node;
}

function cross(left: readonly Sequence[], right: readonly Sequence[]): readonly Sequence[] | null {
  if (left.length * right.length > Math.max(MAX_ALTERNATIVES, left.length, right.length)) return null;
  const all: Sequence[] = [];
  for (const head of left) {
    for (const tail of right) {
      if (head.length + tail.length > 2 * MAX_SETS) return null;
      all.push(head.concat(tail));
    }
  }
  return all;
}

/** `base` followed by as many copies as fit, at most `count`. */
function power(copy: readonly Sequence[], count: number, base: readonly Sequence[]): readonly Sequence[] {
  let all = base;
  for (let index = 0; index < Math.min(count, MAX_SETS); index++) {
    const more = cross(all, copy);
    if (!more) break;
    all = more;
  }
  return all;
}

/**
 * The best stretch of every alternative. Shorter stretches are met more often, but alternatives that differ only late
 * become one: all lengths are tried.
 */
function fromRun(run: Run, through: ByteSet): AnchorSet | null {
  const longest = Math.min(MAX_SETS, Math.max(...run.sequences.map(({ length }) => length)));
  const lengths = run.sequences.length > 1 ? [longest, ...LENGTHS.filter((some) => some < longest)] : [longest];
  const windows = run.sequences.map((sequence) => rarestWindows(sequence, lengths));
  let best: AnchorSet | null = null;
  lengths.forEach((_, which) => {
    const distinct = new Map<string, { anchor: Anchor; chance: number }>();
    for (const [index, sequence] of run.sequences.entries()) {
      const window = windows[index]![which];
      if (!window) return;
      const sets = sequence.slice(window.skip, window.skip + window.length);
      const key = `${window.skip} ${sets.map(numberOf).join()}`;
      distinct.set(key, { anchor: { sets, before: shift(run.at, window.skip), through }, chance: window.chance });
    }
    const all = [...distinct.values()];
    const set = { anchors: all.map(({ anchor }) => anchor), cost: all.reduce((sum, { chance }) => sum + chance, 0) };
    best = cheaper(best, set);
  });
  return best;
}

interface Window {
  readonly skip: number;
  readonly length: number;
  readonly chance: number;
}

/** For each greatest length the stretch worth looking for: common sets at its ends are left out. */
function rarestWindows(sequence: Sequence, lengths: readonly number[]): (Window | undefined)[] {
  const best: (Window | undefined)[] = lengths.map(() => undefined);
  for (let skip = 0; skip < sequence.length; skip++) {
    let chance = 1;
    for (let length = 1; length <= lengths[0]! && skip + length <= sequence.length; length++) {
      chance *= likelihoodAfter(length > 1 ? sequence[skip + length - 2]! : null, sequence[skip + length - 1]!);
      if (chance >= 0.9) continue;
      for (let which = 0; which < lengths.length && length <= lengths[which]!; which++) {
        const other = best[which];
        if (!other || chance < other.chance * 0.8) best[which] = { skip, length, chance };
      }
    }
  }
  return best;
}

function spanOfSequences(sequences: readonly Sequence[]): Span {
  const lengths = sequences.map((sequence) => sequence.length);
  return { min: Math.min(...lengths), max: Math.max(...lengths) };
}

function moved(set: AnchorSet | null, by: Span, earlier: ByteSet): AnchorSet | null {
  if (!set) return null;
  const anchors = set.anchors.map(({ sets, before, through }) => ({
    sets,
    before: plus(before, by),
    through: union(through, earlier),
  }));
  return { ...set, anchors };
}

function plus(left: Span, right: Span): Span {
  return { min: left.min + right.min, max: left.max + right.max };
}

function shift(span: Span, by: number): Span {
  return { min: span.min + by, max: span.max + by };
}

function cheaper(left: AnchorSet | null, right: AnchorSet | null): AnchorSet | null {
  if (!left || !right) return left ?? right;
  return score(right) < score(left) ? right : left;
}

/** Every further anchor costs something of its own: little if it has a literal, more if all of it is kinds of bytes. */
function score(set: AnchorSet): number {
  return set.anchors.reduce((sum, { sets }) => sum + (hasLiteral(sets) ? 2e-7 : 3e-4), set.cost);
}

function hasLiteral(sets: Sequence): boolean {
  return sets.some((_, at) => at + 3 <= sets.length && sets.slice(at, at + 3).every((set) => likelihood(set) < 0.06));
}
