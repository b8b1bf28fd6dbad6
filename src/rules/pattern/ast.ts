/** A set of bytes: 256 flags, never changed once made. Equal sets are one object. */
export type ByteSet = Uint8Array;

/** Where an assertion holds without consuming a byte. Lines end at `\n` and at `\r`. */
export type AssertionKind = 'word' | 'not-word' | 'line-start' | 'line-end' | 'text-start' | 'text-end';

export type PatternNode =
  | { readonly type: 'empty' }
  | { readonly type: 'set'; readonly set: ByteSet }
  | { readonly type: 'concat'; readonly items: readonly PatternNode[] }
  | { readonly type: 'alternate'; readonly items: readonly PatternNode[] }
  | {
      readonly type: 'repeat';
      readonly item: PatternNode;
      readonly min: number;
      /** `Infinity` for an open repeat. */
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly type: 'group'; readonly item: PatternNode; readonly index: number }
  | { readonly type: 'assert'; readonly kind: AssertionKind };

/** A pattern that is not in the language, or not allowed in a rule; `index` counts from 0 within the pattern. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

const interned = new Map<string, ByteSet>();

/** The one instance of a set: sets may be compared and looked up by identity. */
function intern(set: ByteSet): ByteSet {
  const key = Buffer.from(set.buffer, set.byteOffset, 256).toString('latin1');
  const known = interned.get(key);
  if (known) return known;
  interned.set(key, set);
  return set;
}

export function byteSet(...ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint8Array(256);
  for (const [from, to] of ranges) set.fill(1, from, to + 1);
  return intern(set);
}

export function union(...sets: readonly ByteSet[]): ByteSet {
  return sets.reduce(unionOfTwo, NONE);
}

/** The same two sets are joined again and again. */
const unions = new WeakMap<ByteSet, Map<ByteSet, ByteSet>>();

function unionOfTwo(left: ByteSet, right: ByteSet): ByteSet {
  if (left === right || right === NONE) return left;
  if (left === NONE) return right;
  let known = unions.get(left);
  if (!known) {
    known = new Map();
    unions.set(left, known);
  }
  let joined = known.get(right);
  if (!joined) {
    joined = intern(left.map((flag, byte) => flag | right[byte]!));
    known.set(right, joined);
  }
  return joined;
}

/** The set whose members are the bits of 32 bytes, lowest first. */
export function setOfBits(bits: Uint8Array): ByteSet {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) set[byte] = (bits[byte >> 3]! >> (byte & 7)) & 1;
  return intern(set);
}

export function negate(set: ByteSet): ByteSet {
  return intern(set.map((flag) => 1 - flag));
}

/** Adds the other case of every ASCII letter. */
export function foldCase(set: ByteSet): ByteSet {
  const folded = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    if (set[upper] === 1 || set[upper + 32] === 1) folded[upper] = folded[upper + 32] = 1;
  }
  return intern(folded);
}

/** No byte at all. */
export const NONE: ByteSet = byteSet();
export const ANY_BYTE: ByteSet = byteSet([0, 255]);
export const DIGIT = byteSet([0x30, 0x39]);
export const WORD = byteSet([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
export const SPACE = byteSet([0x09, 0x0d], [0x20, 0x20]);
export const LINE_END = byteSet([0x0a, 0x0a], [0x0d, 0x0d]);

/** Shortest and longest text a pattern can match, in bytes; `max` may be `Infinity`. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

export function spanOf(node: PatternNode): Span {
  let span = spans.get(node);
  if (!span) {
    span = measure(node);
    spans.set(node, span);
  }
  return span;
}

const spans = new WeakMap<PatternNode, Span>();

function measure(node: PatternNode): Span {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return { min: 0, max: 0 };
    case 'set':
      return { min: 1, max: 1 };
    case 'group':
      return spanOf(node.item);
    case 'concat':
      return node.items.map(spanOf).reduce((sum, span) => ({ min: sum.min + span.min, max: sum.max + span.max }), {
        min: 0,
        max: 0,
      });
    case 'alternate': {
      const spans = node.items.map(spanOf);
      return { min: Math.min(...spans.map((span) => span.min)), max: Math.max(...spans.map((span) => span.max)) };
    }
    case 'repeat': {
      const span = spanOf(node.item);
      return { min: span.min * node.min, max: span.max === 0 ? 0 : node.max === 0 ? 0 : span.max * node.max };
    }
  }
}

/** Places at which a pattern consumes a byte, bounded repeats written out: what an automaton for it is made of. */
export function placesOf(node: PatternNode): number {
  switch (node.type) {
    case 'empty':
    case 'assert':
      return 0;
    case 'set':
      return 1;
    case 'group':
      return placesOf(node.item);
    case 'concat':
    case 'alternate':
      return node.items.reduce((sum, item) => sum + placesOf(item), 0);
    case 'repeat':
      return placesOf(node.item) * (node.max === Infinity ? node.min + 1 : node.max);
  }
}
