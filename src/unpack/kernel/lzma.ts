// The LZMA decoder (LZMA specification 9.20 by I. Pavlov) in WebAssembly: range decoder, symbols, window. Containers are
// walked outside. The range decoder's four lines are written out wherever a bit is read: in a function, range and code
// would have to live in memory. Layout of the memory:
//   SCRATCH   32 KiB for the caller
//   INPUT     compressed bytes, at most 64 KiB, with slack behind them
//   PROBS     probabilities, u16: 1860 of the symbols, then 768 for each literal context
//   window    a ring of `dictionary + SLACK` bytes; copies may run over into the slack
import { copyFar, copyMatch } from './part/copy';
import { crc64Digest, crc64Reset, crc64Update } from './part/crc64';

export { crc64Digest, crc64Reset, crc64Update };

/** Room for bytes from outside whose CRC-64 is wanted. */
export const SCRATCH: usize = 0x8000;
export const INPUT: usize = 0x10000;
export const INPUT_MAX: u32 = 0x10000;
const PROBS: usize = INPUT + INPUT_MAX + 0x1000;
const SLACK: u32 = 4096;
/** No symbol takes more input than this. */
const SYMBOL_MAX: u32 = 24;

const IS_MATCH: usize = PROBS;
const IS_REP: usize = PROBS + 192 * 2;
const IS_REP_G0: usize = PROBS + 204 * 2;
const IS_REP_G1: usize = PROBS + 216 * 2;
const IS_REP_G2: usize = PROBS + 228 * 2;
const IS_REP0_LONG: usize = PROBS + 240 * 2;
const SLOT: usize = PROBS + 432 * 2;
const SPECIAL: usize = PROBS + 688 * 2;
const ALIGN: usize = PROBS + 816 * 2;
const LENGTH: usize = PROBS + 832 * 2;
const REP_LENGTH: usize = PROBS + 1346 * 2;
const LITERAL: usize = PROBS + 1860 * 2;
const LOW: usize = 2 * 2;
const MID: usize = 130 * 2;
const HIGH: usize = 258 * 2;
const LITERAL_BYTES: u32 = 768 * 2;

const TOP: u32 = 1 << 24;

/** What a symbol may change, put aside while there may be too little input for it. */
const SAVED: usize = memory.data(1860 * 2 + 768 * 2, 16);

let lc: u32 = 0;
let lpMask: u32 = 0;
let pbMask: u32 = 0;

let range: u32 = 0;
let code: u32 = 0;
let state: u32 = 0;
let rep0: u32 = 0;
let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;
/** What is left of a match that met the end of its room. */
let pending: u32 = 0;
let previous: u32 = 0;

/** Next byte of input. */
export let from: usize = 0;
/** Where the next byte of output goes. */
export let at: usize = 0;
let base: usize = 0;
let ringEnd: usize = 0;
let dictionary: u32 = 0;
/** Bytes since the dictionary was reset, modulo 2^32, and how many of them can be referred to. */
let processed: u32 = 0;
let full: u32 = 0;

/** Where a window of `size` bytes ends if up to `contexts` (lc + lp) bits choose the literal probabilities. */
export function memoryEnd(size: u32, contexts: u32): f64 {
  return <f64>windowBase(contexts) + <f64>size + <f64>SLACK + 64;
}

function windowBase(contexts: u32): usize {
  return (LITERAL + (LITERAL_BYTES << contexts) + 15) & ~15;
}

/** Sets a window up; the memory reaches `memoryEnd(size, contexts)`. */
export function setWindow(size: u32, contexts: u32): void {
  base = windowBase(contexts);
  dictionary = size;
  ringEnd = base + size + SLACK;
  resetDictionary();
}

export function resetDictionary(): void {
  at = base;
  processed = 0;
  full = 0;
  previous = 0;
  pending = 0;
}

export function setProperties(literalContext: u32, literalPosition: u32, position: u32): void {
  lc = literalContext;
  lpMask = (1 << literalPosition) - 1;
  pbMask = (1 << position) - 1;
}

export function resetState(): void {
  state = 0;
  rep0 = rep1 = rep2 = rep3 = 0;
  pending = 0;
  const end = LITERAL + (LITERAL_BYTES << (lc + popcnt<u32>(lpMask)));
  for (let p = PROBS; p < end; p += 16) v128.store(p, i16x8.splat(1024));
}

/** Starts the range decoder with the five bytes at INPUT; false if they are not such a start. */
export function resetRange(): bool {
  range = 0xffffffff;
  code = bswap<u32>(load<u32>(INPUT + 1));
  from = INPUT + 5;
  return load<u8>(INPUT) == 0 && code != 0xffffffff;
}

/** True where an encoder would have stopped: nothing is left in the range decoder. */
export function rangeIsDone(): bool {
  return code == 0 && pending == 0;
}

/** Goes round the ring where it ends; gives the bytes that can be written from `at` on. */
export function room(): u32 {
  if (at == ringEnd) at = base;
  return <u32>(ringEnd - at);
}

/** Puts `length` bytes that stand at INPUT into the window (an uncompressed chunk); `length` is at most `room()`. */
export function putPlain(offset: u32, length: u32): void {
  memory.copy(at, INPUT + offset, length);
  previous = load<u8>(at + length - 1);
  advance(length);
}

function advance(length: u32): void {
  at += length;
  processed += length;
  full = dictionary - full < length ? dictionary : full + length;
}

/** Copies the match at `rep0` as far as `length` and the room go; gives the number of bytes. */
function copyWithin(to: usize, length: u32): void {
  const distance = rep0 + 1;
  if (distance <= <u32>(to - base)) {
    copyMatch(to, distance, length);
    return;
  }
  // The match begins before the place where the ring began anew, so it lies ahead of `to` in memory.
  const source = to + (ringEnd - base) - distance;
  const ahead = min<u32>(<u32>(ringEnd - source), length);
  memory.copy(to, source, ahead);
  if (ahead < length) copyMatch(to + ahead, <u32>(to + ahead - base), length - ahead);
}

function finishMatch(end: usize): void {
  const length = min<u32>(pending, <u32>(end - at));
  copyWithin(at, length);
  pending -= length;
  previous = load<u8>(at + length - 1);
  advance(length);
}

/**
 * Decodes until `end` of the window (at most `room()` away) is reached or the input from INPUT to `inputEnd` is used up.
 * 0: the end is reached; 1: more input is wanted (what is left was not touched); 2: an end marker was met; -1: corrupt.
 */
export function decode(inputEnd: usize, end: usize): i32 {
  if (pending > 0) finishMatch(end);
  if (at >= end) return 0;
  if (from + SYMBOL_MAX <= inputEnd) {
    const result = symbols(inputEnd - SYMBOL_MAX, end);
    if (result != 0 || at >= end) return result;
  }
  while (at < end) {
    const result = trySymbol(inputEnd, end);
    if (result != 0) return result;
  }
  return 0;
}

/**
 * As `decode` where the whole of the input is there: reads on into the slack behind it rather than ask for more, which is
 * found out afterwards (3).
 */
export function decodeWhole(inputEnd: usize, end: usize): i32 {
  if (pending > 0) finishMatch(end);
  const result = at < end ? symbols(inputEnd, end) : 0;
  return from > inputEnd ? 3 : result;
}

/** Whether an end marker follows content of a known size; results as of `decode`, anything else is corrupt. */
export function endMarker(inputEnd: usize): i32 {
  const result = trySymbol(inputEnd, at);
  return result == 0 ? -1 : result;
}

/** Decodes one symbol while there may be too little input for it: if it took more than there is, it is undone. */
function trySymbol(inputEnd: usize, end: usize): i32 {
  const literal = literalAt(previous, processed);
  memory.copy(SAVED, PROBS, 1860 * 2);
  memory.copy(SAVED + 1860 * 2, literal, LITERAL_BYTES);
  const r = range;
  const c = code;
  const s = state;
  const d0 = rep0;
  const d1 = rep1;
  const d2 = rep2;
  const d3 = rep3;
  const f = from;
  const a = at;
  const b = previous;
  const n = processed;
  const h = full;
  const result = symbols(0, end);
  if (from <= inputEnd) return result;
  memory.copy(PROBS, SAVED, 1860 * 2);
  memory.copy(literal, SAVED + 1860 * 2, LITERAL_BYTES);
  range = r;
  code = c;
  state = s;
  rep0 = d0;
  rep1 = d1;
  rep2 = d2;
  rep3 = d3;
  from = f;
  at = a;
  previous = b;
  processed = n;
  full = h;
  pending = 0;
  return 1;
}

@inline
function literalAt(before: u32, position: u32): usize {
  return LITERAL + (((position & lpMask) << lc) + (before >> (8 - lc))) * LITERAL_BYTES;
}

/** Decodes one symbol, and more while `from` has not passed `safe`. Results as of `decode`, without 1. */
function symbols(safe: usize, end: usize): i32 {
  let rng = range;
  let cod = code;
  let inp = from;
  let out = at;
  let st = state;
  let prev = previous;
  let r0 = rep0;
  const start = out;
  const turn = processed - <u32>out;
  const past = full;
  const reach = dictionary;
  const ring = ringEnd - base;
  const pb = pbMask;
  let result = 0;

  do {
    const position = turn + <u32>out;
    const posState = position & pb;
    let prob: usize = IS_MATCH + (((st << 4) + posState) << 1);
    let p = <u32>load<u16>(prob);
    let bound = (rng >> 11) * p;
    if (cod < bound) {
      store<u16>(prob, p + ((2048 - p) >> 5));
      rng = bound;
      if (rng < TOP) {
        rng <<= 8;
        cod = (cod << 8) | load<u8>(inp++);
      }
      // A literal.
      const tree = literalAt(prev, position);
      let symbol: u32 = 1;
      if (st >= 7) {
        let source = out - r0 - 1;
        if (r0 >= <u32>(out - base)) source += ring;
        let match = <u32>load<u8>(source) << 1;
        let offset: u32 = 0x100;
        do {
          const bit = match & offset;
          prob = tree + ((offset + bit + symbol) << 1);
          p = <u32>load<u16>(prob);
          bound = (rng >> 11) * p;
          if (cod < bound) {
            store<u16>(prob, p + ((2048 - p) >> 5));
            rng = bound;
            symbol <<= 1;
            offset ^= bit;
          } else {
            store<u16>(prob, p - (p >> 5));
            rng -= bound;
            cod -= bound;
            symbol = (symbol << 1) | 1;
            offset = bit;
          }
          match <<= 1;
          if (rng < TOP) {
            rng <<= 8;
            cod = (cod << 8) | load<u8>(inp++);
          }
        } while (symbol < 0x100);
      } else {
        do {
          prob = tree + (symbol << 1);
          p = <u32>load<u16>(prob);
          bound = (rng >> 11) * p;
          if (cod < bound) {
            store<u16>(prob, p + ((2048 - p) >> 5));
            rng = bound;
            symbol <<= 1;
          } else {
            store<u16>(prob, p - (p >> 5));
            rng -= bound;
            cod -= bound;
            symbol = (symbol << 1) | 1;
          }
          if (rng < TOP) {
            rng <<= 8;
            cod = (cod << 8) | load<u8>(inp++);
          }
        } while (symbol < 0x100);
      }
      prev = symbol & 255;
      store<u8>(out++, <u8>symbol);
      st = st < 4 ? 0 : st < 10 ? st - 3 : st - 6;
      continue;
    }
    store<u16>(prob, p - (p >> 5));
    rng -= bound;
    cod -= bound;
    if (rng < TOP) {
      rng <<= 8;
      cod = (cod << 8) | load<u8>(inp++);
    }

    let lengths: usize = LENGTH;
    const known = min<u32>(past + <u32>(out - start), reach);
    prob = IS_REP + (st << 1);
    p = <u32>load<u16>(prob);
    bound = (rng >> 11) * p;
    const repeated = cod >= bound;
    if (repeated) {
      store<u16>(prob, p - (p >> 5));
      rng -= bound;
      cod -= bound;
      if (rng < TOP) {
        rng <<= 8;
        cod = (cod << 8) | load<u8>(inp++);
      }
      lengths = REP_LENGTH;
      prob = IS_REP_G0 + (st << 1);
      p = <u32>load<u16>(prob);
      bound = (rng >> 11) * p;
      if (cod < bound) {
        store<u16>(prob, p + ((2048 - p) >> 5));
        rng = bound;
        if (rng < TOP) {
          rng <<= 8;
          cod = (cod << 8) | load<u8>(inp++);
        }
        prob = IS_REP0_LONG + (((st << 4) + posState) << 1);
        p = <u32>load<u16>(prob);
        bound = (rng >> 11) * p;
        if (cod < bound) {
          store<u16>(prob, p + ((2048 - p) >> 5));
          rng = bound;
          if (rng < TOP) {
            rng <<= 8;
            cod = (cod << 8) | load<u8>(inp++);
          }
          // A short repeat: one byte.
          if (r0 >= known) {
            result = -1;
            break;
          }
          let source = out - r0 - 1;
          if (r0 >= <u32>(out - base)) source += ring;
          prev = load<u8>(source);
          store<u8>(out++, <u8>prev);
          st = st < 7 ? 9 : 11;
          continue;
        }
        store<u16>(prob, p - (p >> 5));
        rng -= bound;
        cod -= bound;
      } else {
        store<u16>(prob, p - (p >> 5));
        rng -= bound;
        cod -= bound;
        if (rng < TOP) {
          rng <<= 8;
          cod = (cod << 8) | load<u8>(inp++);
        }
        let distance = rep1;
        prob = IS_REP_G1 + (st << 1);
        p = <u32>load<u16>(prob);
        bound = (rng >> 11) * p;
        if (cod < bound) {
          store<u16>(prob, p + ((2048 - p) >> 5));
          rng = bound;
        } else {
          store<u16>(prob, p - (p >> 5));
          rng -= bound;
          cod -= bound;
          if (rng < TOP) {
            rng <<= 8;
            cod = (cod << 8) | load<u8>(inp++);
          }
          prob = IS_REP_G2 + (st << 1);
          p = <u32>load<u16>(prob);
          bound = (rng >> 11) * p;
          if (cod < bound) {
            store<u16>(prob, p + ((2048 - p) >> 5));
            rng = bound;
            distance = rep2;
          } else {
            store<u16>(prob, p - (p >> 5));
            rng -= bound;
            cod -= bound;
            distance = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = r0;
        r0 = distance;
      }
    } else {
      store<u16>(prob, p + ((2048 - p) >> 5));
      rng = bound;
      rep3 = rep2;
      rep2 = rep1;
      rep1 = r0;
    }
    if (rng < TOP) {
      rng <<= 8;
      cod = (cod << 8) | load<u8>(inp++);
    }

    // The length: 2 to 9, 10 to 17 or 18 to 273.
    let tree: usize = lengths + LOW + (posState << 4);
    let limit: u32 = 8;
    let length: u32 = 2 - 8;
    p = <u32>load<u16>(lengths);
    bound = (rng >> 11) * p;
    if (cod < bound) {
      store<u16>(lengths, p + ((2048 - p) >> 5));
      rng = bound;
    } else {
      store<u16>(lengths, p - (p >> 5));
      rng -= bound;
      cod -= bound;
      if (rng < TOP) {
        rng <<= 8;
        cod = (cod << 8) | load<u8>(inp++);
      }
      p = <u32>load<u16>(lengths, 2);
      bound = (rng >> 11) * p;
      if (cod < bound) {
        store<u16>(lengths, p + ((2048 - p) >> 5), 2);
        rng = bound;
        tree = lengths + MID + (posState << 4);
        length = 10 - 8;
      } else {
        store<u16>(lengths, p - (p >> 5), 2);
        rng -= bound;
        cod -= bound;
        tree = lengths + HIGH;
        limit = 256;
        length = 18 - 256;
      }
    }
    if (rng < TOP) {
      rng <<= 8;
      cod = (cod << 8) | load<u8>(inp++);
    }
    let symbol: u32 = 1;
    do {
      prob = tree + (symbol << 1);
      p = <u32>load<u16>(prob);
      bound = (rng >> 11) * p;
      if (cod < bound) {
        store<u16>(prob, p + ((2048 - p) >> 5));
        rng = bound;
        symbol <<= 1;
      } else {
        store<u16>(prob, p - (p >> 5));
        rng -= bound;
        cod -= bound;
        symbol = (symbol << 1) | 1;
      }
      if (rng < TOP) {
        rng <<= 8;
        cod = (cod << 8) | load<u8>(inp++);
      }
    } while (symbol < limit);
    length += symbol;

    if (repeated) {
      st = st < 7 ? 8 : 11;
    } else {
      st = st < 7 ? 7 : 10;
      // The distance: a slot, then the bits below it.
      tree = SLOT + (min<u32>(length - 2, 3) << 7);
      symbol = 1;
      do {
        prob = tree + (symbol << 1);
        p = <u32>load<u16>(prob);
        bound = (rng >> 11) * p;
        if (cod < bound) {
          store<u16>(prob, p + ((2048 - p) >> 5));
          rng = bound;
          symbol <<= 1;
        } else {
          store<u16>(prob, p - (p >> 5));
          rng -= bound;
          cod -= bound;
          symbol = (symbol << 1) | 1;
        }
        if (rng < TOP) {
          rng <<= 8;
          cod = (cod << 8) | load<u8>(inp++);
        }
      } while (symbol < 64);
      const slot = symbol - 64;
      r0 = slot;
      if (slot >= 4) {
        let bits = (slot >> 1) - 1;
        r0 = 2 | (slot & 1);
        if (slot < 14) {
          r0 <<= bits;
          tree = SPECIAL + ((r0 - slot) << 1) - 2;
        } else {
          for (bits -= 4; bits > 0; bits--) {
            rng >>= 1;
            cod -= rng;
            const borrow = 0 - (cod >> 31);
            cod += rng & borrow;
            r0 = (r0 << 1) + borrow + 1;
            if (rng < TOP) {
              rng <<= 8;
              cod = (cod << 8) | load<u8>(inp++);
            }
          }
          r0 <<= 4;
          tree = ALIGN;
          bits = 4;
        }
        symbol = 1;
        for (let bit: u32 = 0; bit < bits; bit++) {
          prob = tree + (symbol << 1);
          p = <u32>load<u16>(prob);
          bound = (rng >> 11) * p;
          if (cod < bound) {
            store<u16>(prob, p + ((2048 - p) >> 5));
            rng = bound;
            symbol <<= 1;
          } else {
            store<u16>(prob, p - (p >> 5));
            rng -= bound;
            cod -= bound;
            symbol = (symbol << 1) | 1;
            r0 += 1 << bit;
          }
          if (rng < TOP) {
            rng <<= 8;
            cod = (cod << 8) | load<u8>(inp++);
          }
        }
        if (r0 == 0xffffffff) {
          result = 2;
          break;
        }
      }
    }
    if (r0 >= known) {
      result = -1;
      break;
    }
    const space = <u32>(end - out);
    if (length > space) {
      pending = length - space;
      length = space;
    }
    const distance = r0 + 1;
    if (distance <= <u32>(out - base)) {
      copyMatch(out, distance, length);
    } else {
      rep0 = r0;
      copyWithin(out, length);
    }
    out += length;
    prev = load<u8>(out - 1);
  } while (inp <= safe && out < end);

  range = rng;
  code = cod;
  from = inp;
  state = st;
  previous = prev;
  rep0 = r0;
  const length = <u32>(out - start);
  at = start;
  advance(length);
  return result;
}
