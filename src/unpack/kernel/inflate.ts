// Deflate (RFC 1951) in WebAssembly. It stops wherever the input at hand or the room for output ends, and goes on from
// there. Layout of the memory:
//   0 .. INPUT            tables
//   INPUT .. HISTORY      compressed bytes: what was left of the last piece, then up to INPUT_MAX of the next
//   HISTORY .. OUTPUT     the 32 KiB before the piece that is being decoded
//   OUTPUT .. MEMORY_END  that piece, about OUTPUT_MAX bytes, and slack
import { copyMatch } from './part/copy';

export const INPUT_MAX: u32 = 1 << 17;
/** More than the longest header of a block, which is read in one go. */
const CARRY: u32 = 0x1000;
const INPUT: usize = 0x8000;
const WINDOW: u32 = 1 << 15;
const OUTPUT_MAX: u32 = 1 << 18;
const OUTPUT: usize = INPUT + CARRY + INPUT_MAX + 0x1000 + WINDOW;
/** One round of the fast loop writes at most three literals and a match, whose copy runs over by less than 32 bytes. */
const FULL: usize = OUTPUT + OUTPUT_MAX;
export const MEMORY_END: usize = FULL + 0x400;

/** What `run` says. */
const MORE: i32 = 0;
const ROOM: i32 = 1;
const DONE: i32 = 2;
const BAD: i32 = -1;

/** Of a step inside: go on. */
const ON: i32 = 3;

const HEADER: u32 = 0;
const STORED: u32 = 1;
const CODES: u32 = 2;
const ENDED: u32 = 3;
const BROKEN: u32 = 4;

/**
 * Entries of the tables, 32 bits. A literal: LITERAL, the byte from bit 16 on, bits of its code. A length or distance:
 * its base from bit 16 on, bits of its code from bit 8 on, bits of code and extra bits together. A table for longer
 * codes: SUB, its place in entries, the bits it is indexed by, bits of this table. Else END or nothing that is valid.
 */
const LITERAL: u32 = 0x80000000;
const OTHER: u32 = 0x8000;
const SUB: u32 = OTHER | 0x4000;
const END: u32 = OTHER | 0x2000;

const LONG_BITS: u32 = 11;
const FAR_BITS: u32 = 8;
/** Entries that complete codes of 286 and of 30 symbols can need (the program `enough` of zlib computes them). */
const LONG_TABLE: usize = memory.data(2342 * 4, 8);
const FAR_TABLE: usize = memory.data(402 * 4, 8);
const CODE_TABLE: usize = memory.data(128 * 4, 8);
const LENGTHS: usize = memory.data(320, 8);
const SORTED: usize = memory.data(288 * 2, 8);
const COUNTS: usize = memory.data(16 * 4, 8);
const PLACES: usize = memory.data(16 * 4, 8);

/** RFC 1951, section 3.2.5. */
const LENGTH_BASE: usize = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const LENGTH_EXTRA: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
/** Order of the lengths of the code of code lengths (section 3.2.7). */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Which alphabet a table is for. */
const OF_CODES: u32 = 0;
const OF_LENGTHS: u32 = 1;
const OF_DISTANCES: u32 = 2;

let from: usize = INPUT;
let end: usize = INPUT;
/** Bits taken from the input and not used yet, the next one lowest; nothing above the first `held`. */
let bits: u64 = 0;
let held: u32 = 0;
let mode: u32 = HEADER;
let last: bool = false;
let stored: u32 = 0;
/** The piece that is being decoded begins here; what stands from `floor` on may be referred to. */
export let start: usize = OUTPUT;
export let at: usize = OUTPUT;
let floor: usize = OUTPUT;

export function begin(): void {
  from = end = INPUT;
  bits = 0;
  held = 0;
  mode = HEADER;
  last = false;
  start = at = floor = OUTPUT;
}

/** Where the next bytes of input belong. */
export function place(): usize {
  const left = <u32>(end - from);
  memory.copy(INPUT, from, left);
  from = INPUT;
  end = INPUT + left;
  return end;
}

export function give(length: u32): void {
  end += length;
}

/** Bytes of the input that were not used. */
export function unread(): u32 {
  return <u32>(end - from);
}

/** Decodes on. MORE: the input is used up; ROOM: a piece is there; DONE: the last one is; BAD: the stream is broken. */
export function run(): i32 {
  if (at >= FULL) {
    memory.copy(OUTPUT - WINDOW, at - WINDOW, WINDOW);
    start = at = OUTPUT;
    floor = OUTPUT - WINDOW;
  }
  while (mode < ENDED) {
    if (at >= FULL) return ROOM;
    const result = mode == HEADER ? header() : mode == STORED ? plain() : codes();
    if (result == BAD) {
      giveBack();
      mode = BROKEN;
    } else if (result != ON) {
      return result;
    }
  }
  return mode == ENDED ? DONE : BAD;
}

/** Gives whole bytes back to the input. */
@inline
function giveBack(): void {
  from -= held >> 3;
  held &= 7;
  bits &= ((<u64>1) << held) - 1;
}

@inline
function has(n: u32): bool {
  while (held < n) {
    if (from >= end) return false;
    bits |= (<u64>load<u8>(from++)) << held;
    held += 8;
  }
  return true;
}

@inline
function take(n: u32): u32 {
  const value = <u32>(bits & (((<u64>1) << n) - 1));
  bits >>= n;
  held -= n;
  return value;
}

/** A block's header, whole or not at all. */
function header(): i32 {
  const f = from;
  const b = bits;
  const h = held;
  const l = last;
  const result = readHeader();
  if (result == MORE) {
    from = f;
    bits = b;
    held = h;
    last = l;
  }
  return result;
}

function readHeader(): i32 {
  if (!has(3)) return MORE;
  last = take(1) == 1;
  const type = take(2);
  if (type == 0) {
    take(held & 7);
    if (!has(32)) return MORE;
    stored = take(16);
    if (take(16) != (stored ^ 0xffff)) return BAD;
    mode = STORED;
    return ON;
  }
  if (type == 3) return BAD;
  if (type == 1) {
    memory.fill(LENGTHS, 8, 144);
    memory.fill(LENGTHS + 144, 9, 112);
    memory.fill(LENGTHS + 256, 7, 24);
    memory.fill(LENGTHS + 280, 8, 8);
    build(LENGTHS, 288, LONG_TABLE, LONG_BITS, OF_LENGTHS);
    memory.fill(LENGTHS, 5, 32);
    build(LENGTHS, 32, FAR_TABLE, FAR_BITS, OF_DISTANCES);
    mode = CODES;
    return ON;
  }
  return dynamicHeader();
}

/** RFC 1951, section 3.2.7. */
function dynamicHeader(): i32 {
  if (!has(14)) return MORE;
  const lengths = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (lengths > 286 || distances > 30) return BAD;
  memory.fill(LENGTHS, 0, 19);
  for (let i: u32 = 0; i < codes; i++) {
    if (!has(3)) return MORE;
    store<u8>(LENGTHS + load<u8>(ORDER + i), take(3));
  }
  if (!build(LENGTHS, 19, CODE_TABLE, 7, OF_CODES)) return BAD;
  const all = lengths + distances;
  for (let i: u32 = 0; i < all; ) {
    // A code has at most seven bits, and seven more tell how often it repeats.
    has(14);
    const entry = load<u32>(CODE_TABLE + <usize>((<u32>bits & 127) << 2));
    const length = entry & 63;
    if (length > held) return MORE;
    if ((entry & OTHER) != 0) return BAD;
    take(length);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, symbol);
      continue;
    }
    const extra: u32 = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
    if (held < extra) return MORE;
    const times = take(extra) + (symbol == 18 ? 11 : 3);
    if ((symbol == 16 && i == 0) || i + times > all) return BAD;
    memory.fill(LENGTHS + i, symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0, times);
    i += times;
  }
  // Without an end the block could never be left.
  if (load<u8>(LENGTHS + 256) == 0) return BAD;
  giveBack();
  if (!build(LENGTHS, lengths, LONG_TABLE, LONG_BITS, OF_LENGTHS)) return BAD;
  if (!build(LENGTHS + lengths, distances, FAR_TABLE, FAR_BITS, OF_DISTANCES)) return BAD;
  mode = CODES;
  return ON;
}

function entryOf(kind: u32, symbol: u32, length: u32): u32 {
  if (kind == OF_CODES) return (symbol << 16) | length;
  if (kind == OF_LENGTHS) {
    if (symbol < 256) return LITERAL | (symbol << 16) | length;
    if (symbol == 256) return END | length;
    if (symbol > 285) return OTHER | length;
    const base = <u32>load<u16>(LENGTH_BASE + <usize>((symbol - 257) << 1));
    return (base << 16) | (length << 8) | (length + load<u8>(LENGTH_EXTRA + symbol - 257));
  }
  if (symbol > 29) return OTHER | length;
  const extra: u32 = symbol < 4 ? 0 : (symbol >> 1) - 1;
  const base: u32 = symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extra) + 1;
  return (base << 16) | (length << 8) | (length + extra);
}

/** Fills a table for a canonical code (section 3.2.2); false if the lengths make none. */
function build(lengths: usize, symbols: u32, table: usize, root: u32, kind: u32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const count = COUNTS + <usize>((<u32>load<u8>(lengths + i)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  let left: i32 = 1;
  let longest: u32 = 0;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const count = load<u32>(COUNTS + <usize>(length << 2));
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    if (count > 0) longest = length;
    store<u32>(PLACES + <usize>(length << 2), place);
    place += count;
  }
  // A lone code of one bit may leave the other bit unused, and an alphabet may not be used at all.
  if (left > 0 && longest > 0 && (kind == OF_CODES || longest != 1)) return false;
  for (let i: u32 = 0; i < symbols; i++) {
    const length = <u32>load<u8>(lengths + i);
    if (length == 0) continue;
    const slot = PLACES + <usize>(length << 2);
    store<u16>(SORTED + <usize>(load<u32>(slot) << 1), i);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  const size: u32 = 1 << root;
  if (left > 0) for (let i: u32 = 0; i < size; i++) store<u32>(table + <usize>(i << 2), OTHER | 1);
  let code: u32 = 0;
  let free = size;
  let sub: u32 = 0;
  let subBits: u32 = 0;
  let prefix: u32 = 0xffffffff;
  let length: u32 = 1;
  for (let i: u32 = 0; i < place; i++) {
    const symbol = <u32>load<u16>(SORTED + <usize>(i << 1));
    while (load<u32>(COUNTS + <usize>(length << 2)) == 0) {
      length++;
      code <<= 1;
    }
    const reversed = reverse(code, length);
    if (length <= root) {
      const entry = entryOf(kind, symbol, length);
      for (let slot = reversed; slot < size; slot += 1 << length) store<u32>(table + <usize>(slot << 2), entry);
    } else {
      const short = reversed & (size - 1);
      if (short != prefix) {
        prefix = short;
        sub = free;
        subBits = length - root;
        // As many bits as all codes with this beginning need together.
        let room: i32 = 1 << subBits;
        while (subBits + root < longest) {
          room -= <i32>load<u32>(COUNTS + <usize>((subBits + root) << 2));
          if (room <= 0) break;
          subBits++;
          room <<= 1;
        }
        free += 1 << subBits;
        store<u32>(table + <usize>(short << 2), SUB | (sub << 16) | (subBits << 8) | root);
      }
      const entry = entryOf(kind, symbol, length - root);
      const step: u32 = 1 << (length - root);
      for (let slot = reversed >> root; slot < 1 << subBits; slot += step) {
        store<u32>(table + <usize>((sub + slot) << 2), entry);
      }
    }
    const count = COUNTS + <usize>(length << 2);
    store<u32>(count, load<u32>(count) - 1);
    code++;
  }
  return true;
}

function reverse(code: u32, length: u32): u32 {
  let result: u32 = 0;
  for (let i: u32 = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}

/** Content of a stored block. */
function plain(): i32 {
  while (stored > 0) {
    const length = min<u32>(stored, min<u32>(<u32>(end - from), <u32>(FULL - at)));
    if (length == 0) return from >= end ? MORE : ROOM;
    memory.copy(at, from, length);
    at += length;
    from += length;
    stored -= length;
  }
  mode = last ? ENDED : HEADER;
  return ON;
}

function codes(): i32 {
  const fast = quick();
  if (fast != MORE) return fast;
  while (at < FULL) {
    const result = careful();
    if (result != ON || mode != CODES) return result;
  }
  return ROOM;
}

@inline
function masked(value: u64, n: u32): u32 {
  return <u32>(value & (((<u64>1) << n) - 1));
}

/** Symbols while input and room are plenty. MORE: near the end of either. */
function quick(): i32 {
  if (end - from < 16) return MORE;
  const limit = end - 16;
  let input = from;
  let word = bits;
  let n = held;
  let to = at;
  let result = MORE;
  while (input <= limit && to < FULL) {
    // Fills up to 56 bits or more; what lies above `n` is read again later and stays the same.
    word |= load<u64>(input) << n;
    input += (63 - n) >> 3;
    n |= 56;
    let entry = load<u32>(LONG_TABLE + <usize>((<u32>word & 0x7ff) << 2));
    if ((entry & LITERAL) != 0) {
      word >>= entry & 63;
      n -= entry & 63;
      store<u8>(to++, entry >> 16);
      entry = load<u32>(LONG_TABLE + <usize>((<u32>word & 0x7ff) << 2));
      if ((entry & LITERAL) != 0) {
        word >>= entry & 63;
        n -= entry & 63;
        store<u8>(to++, entry >> 16);
        entry = load<u32>(LONG_TABLE + <usize>((<u32>word & 0x7ff) << 2));
        if ((entry & LITERAL) != 0) {
          word >>= entry & 63;
          n -= entry & 63;
          store<u8>(to++, entry >> 16);
          continue;
        }
      }
      word |= load<u64>(input) << n;
      input += (63 - n) >> 3;
      n |= 56;
    }
    if ((entry & OTHER) != 0) {
      if ((entry & SUB) == SUB) {
        word >>= LONG_BITS;
        n -= LONG_BITS;
        entry = load<u32>(LONG_TABLE + <usize>(((entry >> 16) + masked(word, (entry >> 8) & 15)) << 2));
        if ((entry & LITERAL) != 0) {
          word >>= entry & 63;
          n -= entry & 63;
          store<u8>(to++, entry >> 16);
          continue;
        }
      }
      if ((entry & OTHER) != 0) {
        word >>= entry & 63;
        n -= entry & 63;
        if ((entry & END) == END) {
          mode = last ? ENDED : HEADER;
          result = ON;
        } else {
          result = BAD;
        }
        break;
      }
    }
    const length = (entry >> 16) + (masked(word, entry & 63) >> ((entry >> 8) & 15));
    word >>= entry & 63;
    n -= entry & 63;
    entry = load<u32>(FAR_TABLE + <usize>((<u32>word & 0xff) << 2));
    if ((entry & OTHER) != 0) {
      if ((entry & SUB) == SUB) {
        word >>= FAR_BITS;
        n -= FAR_BITS;
        entry = load<u32>(FAR_TABLE + <usize>(((entry >> 16) + masked(word, (entry >> 8) & 15)) << 2));
      }
      if ((entry & OTHER) != 0) {
        result = BAD;
        break;
      }
    }
    const distance = (entry >> 16) + (masked(word, entry & 63) >> ((entry >> 8) & 15));
    word >>= entry & 63;
    n -= entry & 63;
    if (distance > <u32>(to - floor)) {
      result = BAD;
      break;
    }
    copyMatch(to, distance, length);
    to += length;
  }
  from = input;
  bits = word;
  held = n;
  at = to;
  giveBack();
  return result;
}

/** One symbol, with as many bits as it has. */
function careful(): i32 {
  const f = from;
  const b = bits;
  const h = held;
  const result = symbol();
  if (result == MORE) {
    from = f;
    bits = b;
    held = h;
  } else {
    giveBack();
  }
  return result;
}

/** The entry of the next code, without its own bits taken; 0 if bits are missing. */
@inline
function next(table: usize, root: u32): u32 {
  let entry = load<u32>(table + <usize>(masked(bits, root) << 2));
  if ((entry & SUB) == SUB && (entry & LITERAL) == 0) {
    if (held < root) return 0;
    take(root);
    entry = load<u32>(table + <usize>(((entry >> 16) + masked(bits, (entry >> 8) & 15)) << 2));
  }
  return (entry & 63) > held ? 0 : entry;
}

function symbol(): i32 {
  // Length and distance with all their extra bits have 48 at most.
  has(48);
  let entry = next(LONG_TABLE, LONG_BITS);
  if (entry == 0) return MORE;
  if ((entry & LITERAL) != 0) {
    take(entry & 63);
    store<u8>(at++, entry >> 16);
    return ON;
  }
  if ((entry & OTHER) != 0) {
    take(entry & 63);
    if ((entry & END) != END) return BAD;
    mode = last ? ENDED : HEADER;
    return ON;
  }
  const length = (entry >> 16) + (masked(bits, entry & 63) >> ((entry >> 8) & 15));
  take(entry & 63);
  entry = next(FAR_TABLE, FAR_BITS);
  if (entry == 0) return MORE;
  if ((entry & OTHER) != 0) return BAD;
  const distance = (entry >> 16) + (masked(bits, entry & 63) >> ((entry >> 8) & 15));
  take(entry & 63);
  if (distance > <u32>(at - floor)) return BAD;
  copyMatch(at, distance, length);
  at += length;
  return ON;
}
