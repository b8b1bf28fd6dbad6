// One pass over a piece of content that lists the few places at which something may be written out: long stretches of
// characters of two kinds, places where a run of base85 or base32 may begin, and places where an escape of an archive may.
// Layout of the memory: tables, which the caller fills, the four lists, and the piece with zeros behind it. The lists
// have room for whatever a piece may hold; memory that is not written to costs nothing.

export const MOST: u32 = 1 << 23;
/** First characters and ends of stretches. */
export const RUNS: usize = 0x10000;
export const DUMPS: usize = RUNS + (MOST >> 2);
/** Places, of which there may be one at each character, and at every second one. */
export const PLACES: usize = DUMPS + (MOST >> 2);
export const ESCAPES: usize = PLACES + (MOST << 2);
export const INPUT: usize = ESCAPES + (MOST << 1);
export const MEMORY_END: usize = INPUT + MOST + 0x100;

/** By byte: bits of the kinds below. */
export const KINDS: usize = memory.data(256, 16);
export const RUN: u32 = 1;
export const DUMP: u32 = 2;
export const VISIBLE: u32 = 4;
export const OPENS: u32 = 8;
export const TEXT: u32 = 16;
/** For each kind two tables by nibble, the low one first: a byte is of the kind if they share a bit. */
export const NIBBLES: usize = memory.data(2 * 32, 16);
/** The same for the three bytes by which escapes are told, a bit each of eight ways. */
export const MARKS: usize = memory.data(3 * 32, 16);
/** By two characters of seven bits: the codings that may begin so. */
export const PAIRS: usize = memory.data(1 << 14, 16);
/** Values of seven bits of character, for each coding. */
export const VALUES: usize = memory.data(8 * 128, 16);
/** Bases of the codings. */
export const BASES: usize = memory.data(8, 16);
/** By twelve bits of what three bytes hash to: whether an archive may begin so. */
export const STARTS: usize = memory.data(4096, 16);

/** Shortest stretch, and how far into one a run may begin. */
const SHORTEST: usize = 32;
const FAR: usize = 128;

/** Numbers in each list. */
export let runs: u32 = 0;
export let dumps: u32 = 0;
export let places: u32 = 0;
export let escapes: u32 = 0;

@inline
function shares(tables: usize, low: v128, high: v128): v128 {
  return v128.and(i8x16.swizzle(v128.load(tables), low), i8x16.swizzle(v128.load(tables, 16), high));
}

@inline
function is(at: usize, kind: u32): bool {
  return (load<u8>(KINDS + load<u8>(at)) & kind) != 0;
}

@inline
function first(at: usize, kind: u32): usize {
  while (at > INPUT && is(at - 1, kind)) at--;
  return at;
}

/** All sixteen bytes are of a kind. */
@inline
function all(at: usize, tables: usize): bool {
  const bytes = v128.load(at);
  return v128.all_true<i8>(shares(tables, v128.and(bytes, i8x16.splat(15)), i8x16.shr_u(bytes, 4)));
}

@inline
function allVisible(bytes: v128): bool {
  return v128.all_true<i8>(v128.and(i8x16.gt_s(bytes, i8x16.splat(0x20)), i8x16.lt_s(bytes, i8x16.splat(0x7f))));
}

/** The end of a stretch; zeros behind the piece end all. */
@inline
function last(at: usize, kind: u32): usize {
  if (kind == VISIBLE) while (allVisible(v128.load(at))) at += 16;
  else while (all(at, kind == RUN ? NIBBLES : NIBBLES + 32)) at += 16;
  while (is(at, kind)) at++;
  return at;
}

/** Looks through `length` bytes at INPUT. */
export function survey(length: u32): void {
  runs = dumps = places = escapes = 0;
  const end = INPUT + length;
  memory.fill(end, 0, 64);
  const nibble = i8x16.splat(15);
  let runEnd = INPUT;
  let dumpEnd = INPUT;
  let seenEnd = INPUT;
  for (let at = INPUT; at < end; at += 16) {
    const bytes = v128.load(at);
    const low = v128.and(bytes, nibble);
    const high = i8x16.shr_u(bytes, 4);
    if (v128.all_true<i8>(shares(NIBBLES, low, high)) && at >= runEnd) {
      const from = first(at, RUN);
      runEnd = last(at + 16, RUN);
      if (runEnd - from >= SHORTEST) runs = put(RUNS, put(RUNS, runs, from), runEnd);
    }
    if (v128.all_true<i8>(shares(NIBBLES + 32, low, high)) && at >= dumpEnd) {
      const from = first(at, DUMP);
      dumpEnd = last(at + 16, DUMP);
      if (dumpEnd - from >= SHORTEST) dumps = put(DUMPS, put(DUMPS, dumps, from), dumpEnd);
    }
    if (allVisible(bytes) && at >= seenEnd) {
      const from = first(at, VISIBLE);
      seenEnd = last(at + 16, VISIBLE);
      if (seenEnd - from >= SHORTEST) promising(from, seenEnd);
    }
    const second = v128.load(at, 1);
    const third = v128.load(at, 2);
    const marks = v128.and(
      v128.and(shares(MARKS, low, high), shares(MARKS + 32, v128.and(second, nibble), i8x16.shr_u(second, 4))),
      shares(MARKS + 64, v128.and(third, nibble), i8x16.shr_u(third, 4)),
    );
    if (!v128.any_true(marks)) continue;
    let found = <u32>i8x16.bitmask(i8x16.ne(marks, i8x16.splat(0)));
    for (; found != 0; found &= found - 1) escape(at + ctz(found));
  }
}

@inline
function put(list: usize, count: u32, at: usize): u32 {
  store<u32>(list + (<usize>count << 2), <u32>(at - INPUT));
  return count + 1;
}

/** Numbers in lists are common: of those that may be bytes of an archive, the next digit is told too. */
function escape(at: usize): void {
  if (load<u8>(at, 2) == 0x2c) {
    const next = load<u8>(at, 3);
    if (next != 0x20 && next != 0x31 && next != 0x37) return;
  }
  escapes = put(ESCAPES, escapes, at);
}

/** Lists the places of a stretch at which a run may begin. */
function promising(from: usize, to: usize): void {
  const most = min<usize>(to - SHORTEST, from + FAR);
  for (let at = from; at <= most; at++) {
    if (at > from && !is(at - 1, OPENS)) continue;
    const may = <u32>load<u8>(PAIRS + (((<usize>load<u8>(at)) << 7) | load<u8>(at, 1)));
    for (let left = may; left != 0; left &= left - 1) {
      if (begins(at, ctz(left))) {
        places = put(PLACES, places, at);
        break;
      }
    }
  }
}

/** Five characters as the first bytes of their group, and none where they are no group. */
@inline
function group(at: usize, values: usize, base: u64): u64 {
  let sum: u64 = 0;
  for (let place: usize = 0; place < 5; place++) {
    const value = <u64>load<u8>(values + load<u8>(at + place));
    if (value >= base) return u64.MAX_VALUE;
    sum = sum * base + value;
  }
  return sum;
}

/** All four are of a text. */
@inline
function isText(bytes: u32): bool {
  const all =
    load<u8>(KINDS + (bytes >> 24)) &
    load<u8>(KINDS + ((bytes >> 16) & 255)) &
    load<u8>(KINDS + ((bytes >> 8) & 255)) &
    load<u8>(KINDS + (bytes & 255));
  return (all & TEXT) != 0;
}

/** The first three bytes may be of an archive, or the first of all are of a text. */
function begins(at: usize, coding: u32): bool {
  const base = <u64>load<u8>(BASES + coding);
  const values = VALUES + <usize>(coding << 7);
  const sum = group(at, values, base);
  if (sum > 0xffffffff) return false;
  const three = <u32>(base == 32 ? sum >> 1 : sum >> 8);
  if (load<u8>(STARTS + ((three ^ (three >> 12)) & 4095)) != 0) return true;
  // Of base32 five characters are three bytes and a bit.
  if (base == 32) return isText((three << 8) | 0x20);
  if (!isText(<u32>sum)) return false;
  for (let next: usize = 5; next < 20; next += 5) {
    const more = group(at + next, values, base);
    if (more > 0xffffffff || !isText(<u32>more)) return false;
  }
  return true;
}
