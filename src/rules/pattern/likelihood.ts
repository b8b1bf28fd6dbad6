import type { ByteSet } from './ast.ts';

/**
 * How often each byte occurs in the mix that payloads are made of: logs, listings, XML, sources, prose, binaries. Parts
 * per 10,000; an estimate that only has to put anchors in order, so it is rough on purpose.
 */
const COMMON: Readonly<Record<string, number>> = {
  ' ': 1500,
  e: 560,
  t: 440,
  a: 400,
  o: 370,
  i: 370,
  n: 360,
  s: 350,
  r: 340,
  l: 230,
  d: 220,
  c: 200,
  u: 160,
  m: 150,
  p: 150,
  f: 110,
  g: 100,
  h: 160,
  b: 90,
  y: 70,
  v: 60,
  w: 60,
  k: 45,
  x: 40,
  q: 10,
  j: 10,
  z: 10,
  '0': 260,
  '1': 240,
  '2': 200,
  '3': 130,
  '4': 120,
  '5': 110,
  '6': 100,
  '7': 90,
  '8': 90,
  '9': 90,
  '\n': 200,
  '.': 120,
  '-': 120,
  '/': 100,
  ':': 110,
  '=': 60,
  '"': 70,
  ',': 60,
  _: 80,
  '<': 40,
  '>': 45,
  '(': 35,
  ')': 35,
  ';': 25,
  "'": 25,
  '[': 25,
  ']': 25,
  '*': 25,
  '#': 15,
  '{': 10,
  '}': 10,
  '\t': 40,
  '\0': 300,
  A: 40,
  B: 25,
  C: 40,
  D: 35,
  E: 45,
  F: 30,
  G: 15,
  H: 15,
  I: 35,
  J: 8,
  K: 10,
  L: 25,
  M: 25,
  N: 30,
  O: 25,
  P: 30,
  Q: 5,
  R: 30,
  S: 40,
  T: 40,
  U: 20,
  V: 15,
  W: 15,
  X: 10,
  Y: 8,
  Z: 5,
};
export const BYTE_SHARES = Float64Array.from(
  { length: 256 },
  (_, byte) => (COMMON[String.fromCharCode(byte)] ?? 2) / 10_000,
);

/** Share of bytes of ordinary payloads that lie in the set, 0 to 1. */
export function likelihood(set: ByteSet): number {
  return factsOf(set).share;
}

/** A set of more members is a kind of character (digits, letters, hexadecimal ...), not a spelling of one. */
const KIND = 6;

/**
 * The same for a byte that follows one of `before`. Characters of one kind come in runs (numbers, words, digests), so a
 * further one of a kind is far more likely than the share of its bytes says.
 */
export function likelihoodAfter(before: ByteSet | null, set: ByteSet): number {
  const alone = likelihood(set);
  if (!before || factsOf(set).size < KIND || factsOf(before).size < KIND || !overlap(before, set)) return alone;
  return Math.max(alone, factsOf(set).size <= 40 ? 0.55 : 0.75);
}

interface Facts {
  readonly number: number;
  readonly share: number;
  readonly size: number;
}
const facts = new Map<ByteSet, Facts>();

/** A number for a set, the same for equal sets. */
export function numberOf(set: ByteSet): number {
  return factsOf(set).number;
}

function factsOf(set: ByteSet): Facts {
  let known = facts.get(set);
  if (!known) {
    let share = 0;
    let size = 0;
    for (let byte = 0; byte < 256; byte++) {
      share += set[byte]! * BYTE_SHARES[byte]!;
      size += set[byte]!;
    }
    known = { number: facts.size, share: Math.min(1, share), size };
    facts.set(set, known);
  }
  return known;
}

function overlap(left: ByteSet, right: ByteSet): boolean {
  for (let byte = 0; byte < 256; byte++) if ((left[byte]! & right[byte]!) === 1) return true;
  return false;
}
