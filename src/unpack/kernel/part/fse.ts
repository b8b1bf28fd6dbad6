// FSE tables of Zstandard (RFC 8878, sections 4.1 and 4.1.1). An entry is 8 bytes:
// next state base (u16), extra bits of the value (u8), bits of the state (u8), base of the value (u32).

/** Normalised counts, i16 a symbol. */
const COUNTS: usize = memory.data(256 * 2, 8);
/** Next occurrence of a symbol, u16 a symbol. */
const NEXT: usize = memory.data(256 * 2, 8);
/** Symbol of each state while a table is laid out. */
const SYMBOLS: usize = memory.data(512, 8);

/** Accuracy log of the counts read last. */
export let countsLog: u32 = 0;
/** Number of symbols in the counts read last. */
export let countsSymbols: u32 = 0;

/**
 * Reads normalised counts (RFC 8878, 4.1.1) from [from, end). Gives the number of bytes used, 0 if they are corrupt.
 * May look up to 7 bytes past `end`; what was seen there is refused afterwards.
 */
export function readCounts(from: usize, end: usize, maxSymbol: u32, maxLog: u32): u32 {
  if (from >= end) return 0;
  const log = (<u32>load<u8>(from) & 15) + 5;
  if (log > maxLog) return 0;
  const limit = (<u32>(end - from)) << 3;
  let bit: u32 = 4;
  let remaining: i32 = (1 << log) + 1;
  let threshold: i32 = 1 << log;
  let width = log + 1;
  let symbol: u32 = 0;
  let zero = false;
  memory.fill(COUNTS, 0, 512);
  while (remaining > 1) {
    if (bit > limit) return 0;
    if (zero) {
      let repeat: u32;
      do {
        if (bit > limit) return 0;
        repeat = (<u32>load<u8>(from + (bit >> 3)) | (<u32>load<u8>(from + (bit >> 3), 1) << 8)) >> (bit & 7) & 3;
        bit += 2;
        symbol += repeat;
      } while (repeat == 3);
    }
    if (symbol > maxSymbol) return 0;
    const bits = load<u32>(from + (bit >> 3)) >> (bit & 7);
    const short = 2 * threshold - 1 - remaining;
    let count = <i32>(bits & (threshold - 1));
    if (count < short) {
      bit += width - 1;
    } else {
      count = <i32>(bits & (2 * threshold - 1));
      if (count >= threshold) count -= short;
      bit += width;
    }
    count--;
    remaining -= count < 0 ? -count : count;
    if (remaining < 1) return 0;
    store<i16>(COUNTS + (symbol << 1), <i16>count);
    symbol++;
    zero = count == 0;
    while (remaining < threshold) {
      width--;
      threshold >>= 1;
    }
  }
  const used = (bit + 7) >> 3;
  if (used > <u32>(end - from)) return 0;
  countsLog = log;
  countsSymbols = symbol;
  return used;
}

/** Takes counts from a list of i8 (the predefined distributions). */
export function setCounts(from: usize, symbols: u32, log: u32): void {
  memory.fill(COUNTS, 0, 512);
  for (let s: u32 = 0; s < symbols; s++) store<i16>(COUNTS + (s << 1), load<i8>(from + s));
  countsLog = log;
  countsSymbols = symbols;
}

/** Lays out the table of the counts; `values` has 8 bytes a symbol: base (u32), extra bits (u32). False if corrupt. */
export function buildTable(table: usize, values: usize): bool {
  const size: u32 = 1 << countsLog;
  const mask = size - 1;
  let high = mask;
  for (let s: u32 = 0; s < countsSymbols; s++) {
    const count = load<i16>(COUNTS + (s << 1));
    if (count == -1) {
      store<u8>(SYMBOLS + high, <u8>s);
      high--;
      store<u16>(NEXT + (s << 1), 1);
    } else {
      store<u16>(NEXT + (s << 1), count);
    }
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at: u32 = 0;
  for (let s: u32 = 0; s < countsSymbols; s++) {
    const count = <i32>load<i16>(COUNTS + (s << 1));
    for (let i = 0; i < count; i++) {
      store<u8>(SYMBOLS + at, <u8>s);
      do {
        at = (at + step) & mask;
      } while (at > high);
    }
  }
  if (at != 0) return false;
  for (let u: u32 = 0; u < size; u++) {
    const s = <u32>load<u8>(SYMBOLS + u);
    const next = <u32>load<u16>(NEXT + (s << 1));
    store<u16>(NEXT + (s << 1), <u16>(next + 1));
    const bits = countsLog - (31 - clz<u32>(next));
    const entry = table + (u << 3);
    store<u16>(entry, <u16>((next << bits) - size));
    store<u8>(entry, <u8>load<u32>(values + (s << 3), 4), 2);
    store<u8>(entry, <u8>bits, 3);
    store<u32>(entry, load<u32>(values + (s << 3)), 4);
  }
  return true;
}

/** A table of one symbol that takes no bits (RLE mode). */
export function buildSingle(table: usize, values: usize, symbol: u32): void {
  store<u16>(table, 0);
  store<u8>(table, <u8>load<u32>(values + (symbol << 3), 4), 2);
  store<u8>(table, 0, 3);
  store<u32>(table, load<u32>(values + (symbol << 3)), 4);
}
