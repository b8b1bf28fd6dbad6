import { type Anchor, type ByteSet, type CompiledRule, likelihood, numberOf, type Starts } from '../rules/index.ts';
import type { StartWindows } from './start-windows.ts';

/** One distinct run of sets, and the rules that are looked for around it. */
export interface PreparedAnchor {
  readonly sets: readonly ByteSet[];
  /** In parallel: rule index, and how far before the anchor its match may begin. */
  readonly rules: number[];
  readonly least: number[];
  readonly most: number[];
  /** What all bytes between the first of the match and the anchor lie in; `null` if they may be any, or are few. */
  readonly through: (ByteSet | null)[];
}

/** An anchor in a bucket, and the place in it of the three bytes that were hashed. */
export interface BucketEntry {
  readonly anchor: number;
  readonly at: number;
}

/** Anchors of all rules, told apart by how they are found: by the hash of three folded bytes, or bit by bit. */
export interface PreparedAnchors {
  readonly anchors: readonly PreparedAnchor[];
  /** Hash -> 1 + index into `buckets`, 0 where nothing is looked for. */
  readonly heads: Uint16Array;
  readonly buckets: readonly (readonly BucketEntry[])[];
  /** [bucket x NEAR]: which set a byte beside the triple must be in for any anchor of the bucket to stand; 0: any. */
  readonly near: Uint16Array;
  /** The sets that `near` refers to, 256 bits each. */
  readonly nearSets: Uint8Array;
  readonly shapes: ShapeTables;
}

/** Places beside a triple that are looked at before its anchors are, counted from its first byte. */
export const NEAR = [3, -1, 4, 5, -2] as const;

/** Shift-and tables (Baeza-Yates and Gonnet 1992): a bit for every place of every shape, 32 to a word. */
export interface ShapeTables {
  readonly words: number;
  /** [byte x word]: the places that accept the byte. */
  readonly accept: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** [word x bit] of a last place: its anchor. */
  readonly owner: Int32Array;
}

/** A rule whose pattern may not have been parsed yet: asking for the matcher does it. */
export type Patterned = Pick<CompiledRule, 'matcher'>;

/** Finds anchors in a text and marks where matches of their rules may begin. */
export interface Prefilter {
  run(bytes: Uint8Array, from: number, to: number, windows: StartWindows): void;
  /**
   * Those of `starts` at which a match of the rule may begin, in the text of the last `run`; the answer holds until the
   * next call. It may be more than there are.
   */
  narrow(index: number, rule: Patterned, starts: Starts): Starts;
}

/** Triples of six bits each. */
export const TRIPLES = 2 ** 18;

/** Most triples of bytes one anchor may put into the table. */
const MAX_TRIPLES = 16_384;

/** Triples that are expected more often than this per byte are not worth hashing. */
const MAX_CHANCE = 0.004;

/** Windows of fewer places are not cut to what lies between the match's begin and its anchor. */
const FAR = 16;

/** Beyond this, a byte beside a triple may be any. */
const MAX_NEAR_SETS = 2048;

const ANY: ByteSet = new Uint8Array(256).fill(1);

/** Anchors of those rules whose index `among` accepts. */
export function prepareAnchors(
  rules: readonly CompiledRule[],
  among: (index: number) => boolean = () => true,
): PreparedAnchors {
  const anchors: PreparedAnchor[] = [];
  const known = new Map<string, PreparedAnchor>();
  rules.forEach((rule, index) => {
    if (!among(index)) return;
    for (const { sets, before, through } of rule.anchors.anchors) {
      const key = sets.map(numberOf).join();
      let anchor = known.get(key);
      if (!anchor) {
        anchor = { sets, rules: [], least: [], most: [], through: [] };
        anchors.push(anchor);
        known.set(key, anchor);
      }
      anchor.rules.push(index);
      anchor.least.push(before.min);
      anchor.most.push(before.max);
      anchor.through.push(before.max - before.min >= FAR && through.includes(0) ? through : null);
    }
  });
  const byHash = new Map<number, BucketEntry[]>();
  const shapes: number[] = [];
  anchors.forEach((anchor, index) => {
    const triple = rarestTriple(anchor.sets);
    if (!triple) {
      shapes.push(index);
      return;
    }
    const [a, b, c] = triple.sets.map(foldedMembers) as [readonly number[], readonly number[], readonly number[]];
    // The members of a set are distinct, hence so are the hashes.
    for (const x of a) {
      for (const y of b) {
        for (const z of c) {
          const hash = (x << 12) | (y << 6) | z;
          const bucket = byHash.get(hash);
          if (bucket) bucket.push({ anchor: index, at: triple.at });
          else byHash.set(hash, [{ anchor: index, at: triple.at }]);
        }
      }
    }
  });
  const heads = new Uint16Array(TRIPLES);
  const buckets: BucketEntry[][] = [];
  const same = new Map<string, number>();
  for (const [hash, bucket] of byHash) {
    const key = bucket.map(({ anchor, at }) => `${anchor}.${at}`).join();
    let head = same.get(key);
    if (head === undefined) {
      head = buckets.push(bucket);
      same.set(key, head);
    }
    heads[hash] = head;
  }
  return { anchors, heads, buckets, ...nearTables(anchors, buckets), shapes: shapeTables(anchors, shapes) };
}

function nearTables(anchors: readonly PreparedAnchor[], buckets: readonly (readonly BucketEntry[])[]) {
  const sets = [new Uint8Array(32).fill(0xff)];
  const known = new Map<string, number>();
  const near = buckets.flatMap((bucket) =>
    NEAR.map((offset) => {
      const parts = bucket.map(({ anchor, at }) => anchors[anchor]!.sets[at + offset]);
      if (parts.some((part) => part === undefined)) return 0;
      const key = [...new Set(parts.map((part) => numberOf(part!)))].sort().join();
      let id = known.get(key);
      if (id === undefined && sets.length < MAX_NEAR_SETS) {
        const bits = new Uint8Array(32);
        for (const part of parts) for (let byte = 0; byte < 256; byte++) bits[byte >> 3]! |= part![byte]! << (byte & 7);
        id = sets.push(bits) - 1;
        known.set(key, id);
      }
      return id ?? 0;
    }),
  );
  return { near: Uint16Array.from(near), nearSets: Buffer.concat(sets) };
}

/** Six bits of a byte: ASCII letters without their case, all other printable ASCII apart; the rest falls among them. */
export function sixBits(byte: number): number {
  return (byte & 0x1f) | ((byte & 0x40) >> 1);
}

const folded = new Map<ByteSet, readonly number[]>();

function foldedMembers(set: ByteSet): readonly number[] {
  let members = folded.get(set);
  if (!members) {
    members = foldMembers(set);
    folded.set(set, members);
  }
  return members;
}

function foldMembers(set: ByteSet): readonly number[] {
  const members = new Set<number>();
  for (let byte = 0; byte < 256; byte++) if (set[byte] === 1) members.add(sixBits(byte));
  return [...members];
}

/** The three places of an anchor that are met least often; a byte that may be any is added to an anchor of two. */
function rarestTriple(sets: readonly ByteSet[]): { at: number; sets: readonly ByteSet[] } | null {
  const padded = sets.length === 2 ? [...sets, ANY] : sets;
  let best: { at: number; sets: readonly ByteSet[] } | null = null;
  let least = MAX_CHANCE;
  for (let at = 0; at + 3 <= padded.length; at++) {
    const three = padded.slice(at, at + 3);
    const triples = three.reduce((product, set) => product * foldedMembers(set).length, 1);
    const chance = three.reduce((product, set) => product * likelihood(set), 1);
    if (triples > MAX_TRIPLES || chance >= least || isOneKind(three)) continue;
    least = chance;
    best = { at, sets: three };
  }
  return best;
}

/** Three digits or three letters in a row say nothing: such anchors are followed over all their places. */
function isOneKind([a, b, c]: readonly ByteSet[]): boolean {
  const wide = (set: ByteSet): boolean => foldedMembers(set).length >= 8;
  const share = a!.some((flag, byte) => flag === 1 && b![byte] === 1 && c![byte] === 1);
  return wide(a!) && wide(b!) && wide(c!) && share && c !== ANY;
}

function shapeTables(anchors: readonly PreparedAnchor[], shapes: readonly number[]): ShapeTables {
  const places: { word: number; bit: number; anchor: number; at: number }[] = [];
  let word = 0;
  let bit = 0;
  for (const anchor of shapes) {
    const { length } = anchors[anchor]!.sets;
    if (bit + length > 32) {
      word++;
      bit = 0;
    }
    for (let at = 0; at < length; at++) places.push({ word, bit: bit++, anchor, at });
  }
  const words = places.length === 0 ? 0 : word + 1;
  const accept = new Int32Array(256 * words);
  const first = new Int32Array(words);
  const last = new Int32Array(words);
  const owner = new Int32Array(32 * words);
  for (const { word: index, bit: place, anchor, at } of places) {
    const { sets } = anchors[anchor]!;
    for (let byte = 0; byte < 256; byte++) if (sets[at]![byte] === 1) accept[byte * words + index]! |= 1 << place;
    if (at === 0) first[index]! |= 1 << place;
    if (at === sets.length - 1) {
      last[index]! |= 1 << place;
      owner[32 * index + place] = anchor;
    }
  }
  return { words, accept, first, last, owner };
}

/** Marks every anchor of the bucket that stands around the triple at `at`. */
export function markBucket(
  { anchors, buckets }: PreparedAnchors,
  head: number,
  bytes: Uint8Array,
  at: number,
  from: number,
  to: number,
  windows: StartWindows,
): void {
  const bucket = buckets[head - 1]!;
  for (let index = 0; index < bucket.length; index++) {
    const entry = bucket[index]!;
    const anchor = anchors[entry.anchor]!;
    const begin = at - entry.at;
    if (begin >= from && holdsAt(anchor, bytes, begin, to)) windows.mark(anchor, begin);
  }
}

function holdsAt({ sets }: Pick<Anchor, 'sets'>, bytes: Uint8Array, at: number, to: number): boolean {
  if (at + sets.length > to) return false;
  for (let index = 0; index < sets.length; index++) if (sets[index]![bytes[at + index]!] !== 1) return false;
  return true;
}

/** Marks the anchors whose last places are the bits of `hits`. */
export function markShapes(
  { anchors, shapes }: PreparedAnchors,
  word: number,
  hits: number,
  at: number,
  windows: StartWindows,
): void {
  for (let rest = hits; rest !== 0; rest &= rest - 1) {
    const bit = 31 - Math.clz32(rest & -rest);
    const anchor = anchors[shapes.owner[32 * word + bit]!]!;
    windows.mark(anchor, at + 1 - anchor.sets.length);
  }
}
