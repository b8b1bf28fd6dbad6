// Blocks of Zstandard (RFC 8878, section 3.1.1.2) in WebAssembly. The frame is walked outside: it hands in one whole
// block at a time and takes what the block became out of the ring. Layout of the memory:
//   0 .. INPUT        tables and the literals of a block
//   INPUT .. RING     the compressed block, at most 128 KiB, with slack on both sides
//   RING ..           the window, a ring of `window + 128 KiB + slack` bytes
import { copyFar, copyMatch } from './part/copy';
import { buildSingle, buildTable, countsLog, readCounts, setCounts } from './part/fse';
import { decodeFour, decodeOne, forgetHuffman, huffmanBits, readTree } from './part/huffman';
import { xxh64Digest, xxh64Reset, xxh64Update } from './part/xxh64';

export { xxh64Digest, xxh64Reset, xxh64Update };

const BLOCK_MAX: u32 = 1 << 17;
const SLACK: u32 = 64;
const LITERALS: usize = 0x8000;
export const INPUT: usize = LITERALS + BLOCK_MAX + 0x1000;
export const RING: usize = INPUT + BLOCK_MAX + 0x1000;

const LL_DEFAULT: usize = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const ML_DEFAULT: usize = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
const OF_DEFAULT: usize = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
/** Extra bits of the length codes from 16 (literals) and 32 (matches) on (RFC 8878, tables 16 and 17). */
const LL_BITS: usize = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const ML_BITS: usize = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const LL_MAX: u32 = 35;
const ML_MAX: u32 = 52;
const OF_MAX: u32 = 31;
const LL_VALUES: usize = memory.data(36 * 8, 8);
const ML_VALUES: usize = memory.data(53 * 8, 8);
const OF_VALUES: usize = memory.data(32 * 8, 8);

const LL_TABLE: usize = memory.data(512 * 8, 8);
const ML_TABLE: usize = memory.data(512 * 8, 8);
const OF_TABLE: usize = memory.data(256 * 8, 8);
/** Accuracy of the tables in force, -1 while there are none. */
let llLog: i32 = -1;
let mlLog: i32 = -1;
let ofLog: i32 = -1;

let rep1: u32 = 1;
let rep2: u32 = 4;
let rep3: u32 = 8;

let window: u32 = 0;
let ringEnd: usize = 0;
let blockMax: u32 = 0;
/** Where the next byte goes. */
export let at: usize = RING;
/** End of the bytes that were written before the ring began anew; 0 while it did not. */
let before: usize = 0;
/** Bytes of the frame that may be referred to, never more than the window. */
let history: u32 = 0;

function values(table: usize, plain: u32, bits: usize, last: u32, first: u32): void {
  let base = first;
  for (let code: u32 = 0; code <= last; code++) {
    const extra: u32 = code < plain ? 0 : load<u8>(bits + code - plain);
    store<u32>(table + (code << 3), base);
    store<u32>(table + (code << 3), extra, 4);
    base += 1 << extra;
  }
}

/** Begins a frame; the memory must reach `RING + ringBytes(size)`. */
export function begin(size: u32): void {
  values(LL_VALUES, 16, LL_BITS, LL_MAX, 0);
  values(ML_VALUES, 32, ML_BITS, ML_MAX, 3);
  for (let code: u32 = 0; code <= OF_MAX; code++) {
    store<u32>(OF_VALUES + (code << 3), 1 << code);
    store<u32>(OF_VALUES + (code << 3), code, 4);
  }
  forgetHuffman();
  llLog = mlLog = ofLog = -1;
  rep1 = 1;
  rep2 = 4;
  rep3 = 8;
  window = size;
  blockMax = min<u32>(size, BLOCK_MAX);
  ringEnd = RING + ringBytes(size);
  at = RING;
  before = 0;
  history = 0;
  xxh64Reset();
}

export function ringBytes(size: u32): u32 {
  return size + BLOCK_MAX + 4 * SLACK;
}

/** Makes room for a block: the ring begins anew where the end is near. */
function room(): void {
  if (at + blockMax + SLACK > ringEnd) {
    before = at;
    at = RING;
  }
}

@inline
function keep(length: u32): i32 {
  at += length;
  history = min<u32>(history + length, window);
  return length;
}

/** A raw block of `length` bytes at INPUT. Gives its size, -1 if it is too large. */
export function rawBlock(length: u32): i32 {
  if (length > blockMax) return -1;
  room();
  memory.copy(at, INPUT, length);
  return keep(length);
}

/** A block of `length` times the byte at INPUT. */
export function runBlock(length: u32): i32 {
  if (length > blockMax) return -1;
  room();
  memory.fill(at, load<u8>(INPUT), length);
  return keep(length);
}

let literals: usize = 0;
let literalsLength: u32 = 0;

/** Literals_Section (RFC 8878, 3.1.1.3.1); gives its size, 0 if it is corrupt. */
function readLiterals(end: usize): u32 {
  const head = load<u32>(INPUT);
  const type = head & 3;
  const format = (head >> 2) & 3;
  const available = <u32>(end - INPUT);
  if (type < 2) {
    const size: u32 = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
    const length = size == 1 ? (head >> 3) & 31 : size == 2 ? (head >> 4) & 0xfff : (head >> 4) & 0xfffff;
    const stored = type == 0 ? length : 1;
    if (length > blockMax || size + stored > available) return 0;
    literalsLength = length;
    if (type == 0) {
      literals = INPUT + size;
    } else {
      literals = LITERALS;
      memory.fill(LITERALS, load<u8>(INPUT + size), length);
    }
    return size + stored;
  }
  const wide = load<u64>(INPUT);
  const width: u64 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const size: u32 = format < 2 ? 3 : format == 2 ? 4 : 5;
  const length = <u32>((wide >> 4) & ((1 << width) - 1));
  const stored = <u32>((wide >> (4 + width)) & ((1 << width) - 1));
  if (length > blockMax || size + stored > available) return 0;
  let from = INPUT + size;
  const stop = from + stored;
  if (type == 2) {
    const used = readTree(from, stop);
    if (used == 0) return 0;
    from += used;
  } else if (huffmanBits == 0) {
    return 0;
  }
  literals = LITERALS;
  literalsLength = length;
  if (!(format == 0 ? decodeOne(from, stop, LITERALS, length) : decodeFour(from, stop, LITERALS, length))) return 0;
  return size + stored;
}

/** The accuracy of the table read last by `readMode`. */
let modeLog: i32 = 0;

/** One of the three tables of a sequences section (3.1.1.3.2.1); gives the bytes it took, -1 if corrupt. */
function readMode(
  mode: u32,
  from: usize,
  end: usize,
  table: usize,
  values: usize,
  max: u32,
  maxLog: u32,
  defaults: usize,
  defaultSymbols: u32,
  defaultLog: u32,
  log: i32,
): i32 {
  if (mode == 0) {
    setCounts(defaults, defaultSymbols, defaultLog);
    modeLog = defaultLog;
    return buildTable(table, values) ? 0 : -1;
  }
  if (mode == 1) {
    if (from >= end || <u32>load<u8>(from) > max) return -1;
    buildSingle(table, values, load<u8>(from));
    modeLog = 0;
    return 1;
  }
  if (mode == 3) {
    modeLog = log;
    return log < 0 ? -1 : 0;
  }
  const used = readCounts(from, end, max, maxLog);
  if (used == 0 || !buildTable(table, values)) return -1;
  modeLog = countsLog;
  return used;
}

/** A compressed block of `length` bytes at INPUT. Gives the size of its content, -1 if it is corrupt. */
export function compressedBlock(length: u32): i32 {
  if (length > blockMax || length < 2) return -1;
  const end = INPUT + length;
  // What stands behind the block must not look like part of it.
  memory.fill(end, 0, 16);
  room();
  const section = readLiterals(end);
  if (section == 0) return -1;
  let from = INPUT + section;
  if (from >= end) return -1;
  let sequences = <u32>load<u8>(from);
  from++;
  if (sequences == 0) {
    if (from != end) return -1;
    memory.copy(at, literals, literalsLength);
    return keep(literalsLength);
  }
  if (sequences >= 128) {
    if (sequences == 255) {
      sequences = <u32>load<u16>(from) + 0x7f00;
      from += 2;
    } else {
      sequences = ((sequences - 128) << 8) + load<u8>(from);
      from++;
    }
  }
  const modes = <u32>load<u8>(from);
  from++;
  if (from > end || (modes & 3) != 0) return -1;
  let used = readMode(modes >> 6, from, end, LL_TABLE, LL_VALUES, LL_MAX, 9, LL_DEFAULT, 36, 6, llLog);
  if (used < 0) return -1;
  llLog = modeLog;
  from += used;
  used = readMode((modes >> 4) & 3, from, end, OF_TABLE, OF_VALUES, OF_MAX, 8, OF_DEFAULT, 29, 5, ofLog);
  if (used < 0) return -1;
  ofLog = modeLog;
  from += used;
  used = readMode((modes >> 2) & 3, from, end, ML_TABLE, ML_VALUES, ML_MAX, 9, ML_DEFAULT, 53, 6, mlLog);
  if (used < 0) return -1;
  mlLog = modeLog;
  from += used;
  const size = execute(from, end, sequences);
  return size < 0 ? -1 : keep(size);
}

@inline
function entryOf(table: usize, state: u64): u64 {
  return load<u64>(table + (<usize>state << 3));
}

/** Takes `n` bits off a word whose first `used` bits are gone. */
@inline
function bitsOf(word: u64, used: u64, n: u64): u64 {
  return ((word << used) >> 1) >> (63 - n);
}

/** Decodes and carries out the sequences (3.1.1.3.2 and 3.1.1.4); gives the size of the content, -1 if corrupt. */
function execute(start: usize, end: usize, count: u32): i32 {
  if (end <= start || load<u8>(end - 1) == 0) return -1;
  let byte: usize = end - 8;
  let used: u64 = clz<u32>(load<u8>(end - 1)) - 23;
  let word = load<u64>(byte);
  let ls: u64 = bitsOf(word, used, llLog);
  used += llLog;
  let os: u64 = bitsOf(word, used, ofLog);
  used += ofLog;
  let ms: u64 = bitsOf(word, used, mlLog);
  used += mlLog;
  let r1 = rep1;
  let r2 = rep2;
  let r3 = rep3;
  let lit = literals;
  const litEnd = lit + literalsLength;
  const first = at;
  const limit = first + blockMax;
  let out = first;
  const past = history;
  const reach = window;

  for (let left = count; left > 0; left--) {
    byte -= <usize>(used >> 3);
    used &= 7;
    if (byte + 8 < start) return -1;
    word = load<u64>(byte);
    const le = entryOf(LL_TABLE, ls);
    const oe = entryOf(OF_TABLE, os);
    const me = entryOf(ML_TABLE, ms);
    const ofBits = (oe >> 16) & 255;
    const mlBits = (me >> 16) & 255;
    const llBits = (le >> 16) & 255;
    let offset = <u32>(oe >> 32) + <u32>bitsOf(word, used, ofBits);
    used += ofBits;
    const matchLength = <u32>(me >> 32) + <u32>bitsOf(word, used, mlBits);
    used += mlBits;
    if (ofBits + mlBits + llBits > 30) {
      byte -= <usize>(used >> 3);
      used &= 7;
      if (byte + 8 < start) return -1;
      word = load<u64>(byte);
    }
    const litLength = <u32>(le >> 32) + <u32>bitsOf(word, used, llBits);
    used += llBits;

    if (ofBits > 1) {
      offset -= 3;
      r3 = r2;
      r2 = r1;
      r1 = offset;
    } else {
      // Repeat codes 1 to 3; without literals each means the next one (3.1.1.5).
      const code = offset + <u32>(litLength == 0);
      if (code == 1) {
        offset = r1;
      } else {
        if (code == 2) {
          offset = r2;
        } else {
          offset = code == 3 ? r3 : r1 - 1;
          r3 = r2;
        }
        r2 = r1;
        r1 = offset;
      }
    }

    if (left > 1) {
      let n = (le >> 24) & 255;
      ls = (le & 0xffff) + bitsOf(word, used, n);
      used += n;
      n = (me >> 24) & 255;
      ms = (me & 0xffff) + bitsOf(word, used, n);
      used += n;
      n = (oe >> 24) & 255;
      os = (oe & 0xffff) + bitsOf(word, used, n);
      used += n;
    }

    const match = out + litLength;
    if (lit + litLength > litEnd || match + matchLength > limit) return -1;
    copyFar(out, lit, litLength);
    lit += litLength;
    out = match + matchLength;
    const own = <u32>(match - first);
    if (offset == 0 || offset > reach || offset > past + own) return -1;
    if (offset <= <u32>(match - RING)) {
      copyMatch(match, offset, matchLength);
    } else {
      copyAcross(match, offset, matchLength);
    }
  }
  if (<i32>(byte + 8 - start) * 8 != <i32>used) return -1;
  const rest = <u32>(litEnd - lit);
  if (out + rest > limit) return -1;
  memory.copy(out, lit, rest);
  rep1 = r1;
  rep2 = r2;
  rep3 = r3;
  return <i32>(out + rest - first);
}

/** A match that begins in what was written before the ring began anew. */
function copyAcross(to: usize, offset: u32, length: u32): void {
  const back = offset - <u32>(to - RING);
  const old = min<u32>(back, length);
  memory.copy(to, before - back, old);
  if (old < length) copyMatch(to + old, <u32>(to + old - RING), length - old);
}
