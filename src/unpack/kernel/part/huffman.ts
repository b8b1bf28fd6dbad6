// Huffman coded literals of Zstandard (RFC 8878, section 4.2). A table entry is 2 bytes: symbol, bits.
import { buildTable, countsLog, readCounts } from './fse';

const MAX_BITS: u32 = 11;
const WEIGHTS: usize = memory.data(256 + 8, 8);
const WEIGHT_TABLE: usize = memory.data(64 * 8, 8);
/** Base and extra bits of a weight: the weight itself, no bits. */
const WEIGHT_VALUES: usize = memory.data(16 * 8, 8);
const RANKS: usize = memory.data(16 * 4, 8);
export const HUFFMAN: usize = memory.data((1 << 11) * 2, 8);
/** Bits of the longest code of the table; 0 while there is none. */
export let huffmanBits: u32 = 0;

export function forgetHuffman(): void {
  huffmanBits = 0;
  for (let w: u32 = 0; w < 16; w++) store<u64>(WEIGHT_VALUES + (w << 3), w);
}

/** Decodes FSE coded weights (RFC 8878, 4.2.1.2); gives their number, 0 if they are corrupt. */
function readWeights(from: usize, end: usize): u32 {
  const used = readCounts(from, end, 12, 6);
  if (used == 0 || from + used >= end || !buildTable(WEIGHT_TABLE, WEIGHT_VALUES)) return 0;
  const start = from + used;
  const last = <u32>load<u8>(end - 1);
  if (last == 0) return 0;
  // Bits left, counted from the end mark downwards. At most 127 bytes.
  let left = <i32>(((<u32>(end - start)) << 3) - 8 + (31 - clz<u32>(last)));
  let states: u32 = 0;
  let n: u32 = 0;
  // Two states take turns; `states` holds the one whose turn is next in its low half.
  left -= countsLog;
  const first = peek(start, left, countsLog);
  left -= countsLog;
  if (left < 0) return 0;
  states = first | (peek(start, left, countsLog) << 16);
  while (n < 254) {
    const entry = WEIGHT_TABLE + ((states & 0xffff) << 3);
    store<u8>(WEIGHTS + n, load<u8>(entry, 4));
    n++;
    const bits = <u32>load<u8>(entry, 3);
    left -= bits;
    if (left < 0) {
      store<u8>(WEIGHTS + n, load<u8>(WEIGHT_TABLE + ((states >> 16) << 3), 4));
      return n + 1;
    }
    states = (states >> 16) | ((<u32>load<u16>(entry) + peek(start, left, bits)) << 16);
  }
  return 0;
}

/** `bits` bits whose lowest lies `at` bits above `start`. */
@inline
function peek(start: usize, at: i32, bits: u32): u32 {
  return at < 0 ? 0 : (load<u32>(start + (at >> 3)) >> (at & 7)) & ((1 << bits) - 1);
}

/** Reads a tree description from [from, end); gives the bytes used, 0 if it is corrupt. */
export function readTree(from: usize, end: usize): u32 {
  if (from >= end) return 0;
  const head = <u32>load<u8>(from);
  let n: u32;
  let used: u32;
  if (head >= 128) {
    n = head - 127;
    used = 1 + ((n + 1) >> 1);
    if (used > <u32>(end - from)) return 0;
    for (let i: u32 = 0; i < n; i += 2) {
      const pair = load<u8>(from + (i >> 1), 1);
      store<u8>(WEIGHTS + i, pair >> 4);
      store<u8>(WEIGHTS + i, pair & 15, 1);
    }
  } else {
    used = 1 + head;
    if (used > <u32>(end - from)) return 0;
    n = readWeights(from + 1, from + used);
    if (n == 0) return 0;
  }
  return layOut(n) ? used : 0;
}

function layOut(given: u32): bool {
  let n = given;
  let sum: u32 = 0;
  memory.fill(RANKS, 0, 64);
  for (let i: u32 = 0; i < n; i++) {
    const w = <u32>load<u8>(WEIGHTS + i);
    if (w > MAX_BITS) return false;
    store<u32>(RANKS + (w << 2), load<u32>(RANKS + (w << 2)) + 1);
    sum += (1 << w) >> 1;
  }
  if (sum == 0) return false;
  const bits: u32 = 32 - clz<u32>(sum);
  if (bits > MAX_BITS) return false;
  // The last weight is not written: it fills the sum up to a power of two.
  const rest: u32 = (1 << bits) - sum;
  if ((rest & (rest - 1)) != 0) return false;
  const last: u32 = 32 - clz<u32>(rest);
  store<u8>(WEIGHTS + n, <u8>last);
  store<u32>(RANKS + (last << 2), load<u32>(RANKS + (last << 2)) + 1);
  n++;
  const ones = load<u32>(RANKS + 4);
  if (ones < 2 || (ones & 1) != 0) return false;
  let at: u32 = 0;
  for (let w: u32 = 1; w <= bits; w++) {
    const count = load<u32>(RANKS + (w << 2));
    store<u32>(RANKS + (w << 2), at);
    at += count << (w - 1);
  }
  for (let i: u32 = 0; i < n; i++) {
    const w = <u32>load<u8>(WEIGHTS + i);
    if (w == 0) continue;
    const span: u32 = 1 << (w - 1);
    const start = load<u32>(RANKS + (w << 2));
    const entry = <u16>(i | ((bits + 1 - w) << 8));
    for (let k: u32 = 0; k < span; k++) store<u16>(HUFFMAN + ((start + k) << 1), entry);
    store<u32>(RANKS + (w << 2), start + span);
  }
  huffmanBits = bits;
  return true;
}

/** Where a stream stands between the quick loop and its end. */
let atByte: usize = 0;
let atBits: u32 = 0;

/** Sets a stream up at its end mark; false if there is none. */
@inline
function open(start: usize, end: usize): bool {
  if (end <= start || load<u8>(end - 1) == 0) return false;
  atByte = end - 8;
  atBits = clz<u32>(load<u8>(end - 1)) - 23;
  return true;
}

/** Decodes what is left of one stream, symbol by symbol; true if it ends exactly at its first bit. */
function finish(start: usize, byte: usize, used: u32, to: usize, end: usize): bool {
  const shift: u64 = 64 - huffmanBits;
  let at = byte;
  let bits: u64 = used;
  for (let out = to; out < end; out++) {
    at -= <usize>(bits >> 3);
    bits &= 7;
    if (at + 8 < start) return false;
    const entry = <u32>load<u16>(HUFFMAN + (<usize>((load<u64>(at) << bits) >> shift) << 1));
    store<u8>(out, <u8>entry);
    bits += entry >> 8;
  }
  return <i32>(at + 8 - start) * 8 == <i32>bits;
}

export function decodeOne(start: usize, end: usize, to: usize, length: u32): bool {
  if (!open(start, end)) return false;
  const shift: u64 = 64 - huffmanBits;
  let at = atByte;
  let bits: u64 = atBits;
  let out = to;
  const stop = to + length;
  while (out + 5 <= stop) {
    at -= <usize>(bits >> 3);
    bits &= 7;
    if (at < start) break;
    const word = load<u64>(at);
    for (let k = 0; k < 5; k++) {
      const entry = <u32>load<u16>(HUFFMAN + (<usize>((word << bits) >> shift) << 1));
      store<u8>(out + k, <u8>entry);
      bits += entry >> 8;
    }
    out += 5;
  }
  return finish(start, at, <u32>bits, out, stop);
}

/** Four streams behind a jump table (RFC 8878, 3.1.1.3.1.6), decoded side by side. */
export function decodeFour(from: usize, end: usize, to: usize, length: u32): bool {
  if (end < from + 10 || length < 6) return false;
  const s1 = from + 6;
  const s2 = s1 + load<u16>(from);
  const s3 = s2 + load<u16>(from, 2);
  const s4 = s3 + load<u16>(from, 4);
  if (s4 >= end) return false;
  const part: u32 = (length + 3) >> 2;
  if (part * 3 > length) return false;
  if (!open(s1, s2)) return false;
  let a1 = atByte;
  let b1: u64 = atBits;
  if (!open(s2, s3)) return false;
  let a2 = atByte;
  let b2: u64 = atBits;
  if (!open(s3, s4)) return false;
  let a3 = atByte;
  let b3: u64 = atBits;
  if (!open(s4, end)) return false;
  let a4 = atByte;
  let b4: u64 = atBits;
  let o1 = to;
  let o2 = o1 + part;
  let o3 = o2 + part;
  let o4 = o3 + part;
  const e2 = o2;
  const e3 = o3;
  const e4 = o4;
  const stop = to + length;
  const shift: u64 = 64 - huffmanBits;
  while (o4 + 5 <= stop) {
    a1 -= <usize>(b1 >> 3);
    b1 &= 7;
    a2 -= <usize>(b2 >> 3);
    b2 &= 7;
    a3 -= <usize>(b3 >> 3);
    b3 &= 7;
    a4 -= <usize>(b4 >> 3);
    b4 &= 7;
    if ((<u32>(a1 < s1) | <u32>(a2 < s2) | <u32>(a3 < s3) | <u32>(a4 < s4)) != 0) break;
    let w1 = load<u64>(a1) << b1;
    let w2 = load<u64>(a2) << b2;
    let w3 = load<u64>(a3) << b3;
    let w4 = load<u64>(a4) << b4;
    for (let k: usize = 0; k < 5; k++) {
      const x1 = <u64>load<u16>(HUFFMAN + (<usize>(w1 >> shift) << 1));
      const x2 = <u64>load<u16>(HUFFMAN + (<usize>(w2 >> shift) << 1));
      const x3 = <u64>load<u16>(HUFFMAN + (<usize>(w3 >> shift) << 1));
      const x4 = <u64>load<u16>(HUFFMAN + (<usize>(w4 >> shift) << 1));
      store<u8>(o1 + k, <u8>x1);
      store<u8>(o2 + k, <u8>x2);
      store<u8>(o3 + k, <u8>x3);
      store<u8>(o4 + k, <u8>x4);
      b1 += x1 >> 8;
      w1 <<= x1 >> 8;
      b2 += x2 >> 8;
      w2 <<= x2 >> 8;
      b3 += x3 >> 8;
      w3 <<= x3 >> 8;
      b4 += x4 >> 8;
      w4 <<= x4 >> 8;
    }
    o1 += 5;
    o2 += 5;
    o3 += 5;
    o4 += 5;
  }
  return (
    finish(s1, a1, <u32>b1, o1, e2) &&
    finish(s2, a2, <u32>b2, o2, e3) &&
    finish(s3, a3, <u32>b3, o3, e4) &&
    finish(s4, a4, <u32>b4, o4, stop)
  );
}
