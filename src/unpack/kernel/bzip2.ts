// bzip2 blocks in WebAssembly: bits, Huffman codes, move-to-front, the inverse Burrows-Wheeler transform, run lengths and
// the block's CRC. Every function that reads bits gives 1 where it wants more input and goes on from there when called
// again. There is no official specification; the layout is as bzip2 1.0.8 reads it. Layout of the memory:
//   INPUT     up to 64 KiB of compressed bytes
//   OUTPUT    up to 256 KiB of content
//   VECTOR    4 bytes for each byte of the largest block
const FAST_BITS: u32 = 10;
const MAX_BITS: u32 = 20;
const GROUP: u32 = 50;

/** For each table of codes: 1024 entries of symbol << 5 | length (u16), 0 where the code is longer. */
const FAST: usize = 0x4000;
const FAST_BYTES: u32 = 2 << FAST_BITS;
/** For each table: by length, first code and first index (u32 each), then where the codes of the length end. */
const RANGES: usize = 0x8000;
const RANGES_BYTES: u32 = 32 * 12;
/** For each table: its symbols by code (u16). */
const SORTED: usize = 0x9000;
const SORTED_BYTES: u32 = 258 * 2;
/** For each table: the lengths of its codes (u8). */
const LENGTHS: usize = 0xa000;
const LENGTHS_BYTES: u32 = 264;
const SELECTORS: usize = 0xb000;
const SELECTORS_MAX: u32 = 0x8000;
export const INPUT: usize = 0x14000;
export const INPUT_MAX: u32 = 0x10000;
export const OUTPUT: usize = 0x28000;
export const OUTPUT_MAX: u32 = 0x40000;
export const VECTOR: usize = OUTPUT + OUTPUT_MAX;

const MTF: usize = memory.data(256 + 16, 16);
const USED: usize = memory.data(256, 8);
const COUNTS: usize = memory.data(257 * 4, 8);
const ORDER: usize = memory.data(8, 8);
const CRC_TABLE: usize = memory.data(256 * 4, 8);
/** Distances of the bytes that a randomised block had flipped (bzip2 before 0.9.5 wrote such blocks). */
const RANDOM: usize = memory.data<u16>([
  619, 720, 127, 481, 931, 816, 813, 233, 566, 247, 985, 724, 205, 454, 863, 491, 741, 242, 949, 214, 733, 859, 335,
  708, 621, 574, 73, 654, 730, 472, 419, 436, 278, 496, 867, 210, 399, 680, 480, 51, 878, 465, 811, 169, 869, 675,
  611, 697, 867, 561, 862, 687, 507, 283, 482, 129, 807, 591, 733, 623, 150, 238, 59, 379, 684, 877, 625, 169, 643,
  105, 170, 607, 520, 932, 727, 476, 693, 425, 174, 647, 73, 122, 335, 530, 442, 853, 695, 249, 445, 515, 909, 545,
  703, 919, 874, 474, 882, 500, 594, 612, 641, 801, 220, 162, 819, 984, 589, 513, 495, 799, 161, 604, 958, 533, 221,
  400, 386, 867, 600, 782, 382, 596, 414, 171, 516, 375, 682, 485, 911, 276, 98, 553, 163, 354, 666, 933, 424, 341,
  533, 870, 227, 730, 475, 186, 263, 647, 537, 686, 600, 224, 469, 68, 770, 919, 190, 373, 294, 822, 808, 206, 184,
  943, 795, 384, 383, 461, 404, 758, 839, 887, 715, 67, 618, 276, 204, 918, 873, 777, 604, 560, 951, 160, 578, 722,
  79, 804, 96, 409, 713, 940, 652, 934, 970, 447, 318, 353, 859, 672, 112, 785, 645, 863, 803, 350, 139, 93, 354, 99,
  820, 908, 609, 772, 154, 274, 580, 184, 79, 626, 630, 742, 653, 282, 762, 623, 680, 81, 927, 626, 789, 125, 411,
  521, 938, 300, 821, 78, 343, 175, 128, 250, 170, 774, 972, 275, 999, 639, 495, 78, 352, 126, 857, 956, 358, 619,
  580, 124, 737, 594, 701, 612, 669, 112, 134, 694, 363, 992, 809, 743, 168, 974, 944, 375, 748, 52, 600, 747, 642,
  182, 862, 81, 344, 805, 988, 739, 511, 655, 814, 334, 249, 515, 897, 955, 664, 981, 649, 113, 974, 459, 893, 228,
  433, 837, 553, 268, 926, 240, 102, 654, 459, 51, 686, 754, 806, 760, 493, 403, 415, 394, 687, 700, 946, 670, 656,
  610, 738, 392, 760, 799, 887, 653, 978, 321, 576, 617, 626, 502, 894, 679, 243, 440, 680, 879, 194, 572, 640, 724,
  926, 56, 204, 700, 707, 151, 457, 449, 797, 195, 791, 558, 945, 679, 297, 59, 87, 824, 713, 663, 412, 693, 342, 606,
  134, 108, 571, 364, 631, 212, 174, 643, 304, 329, 343, 97, 430, 751, 497, 314, 983, 374, 822, 928, 140, 206, 73,
  263, 980, 736, 876, 478, 430, 305, 170, 514, 364, 692, 829, 82, 855, 953, 676, 246, 369, 970, 294, 750, 807, 827,
  150, 790, 288, 923, 804, 378, 215, 828, 592, 281, 565, 555, 710, 82, 896, 831, 547, 261, 524, 462, 293, 465, 502,
  56, 661, 821, 976, 991, 658, 869, 905, 758, 745, 193, 768, 550, 608, 933, 378, 286, 215, 979, 792, 961, 61, 688,
  793, 644, 986, 403, 106, 366, 905, 644, 372, 567, 466, 434, 645, 210, 389, 550, 919, 135, 780, 773, 635, 389, 707,
  100, 626, 958, 165, 504, 920, 176, 193, 713, 857, 265, 203, 50, 668, 108, 645, 990, 626, 197, 510, 357, 358, 850,
  858, 364, 936, 638,
]);

/** Bits read but not used, from the top down, and their number. */
let word: u64 = 0;
let count: u32 = 0;
let from: usize = 0;
let end: usize = 0;

export function begin(): void {
  word = 0;
  count = 0;
  from = end = INPUT;
  if (load<u32>(CRC_TABLE, 4) == 0) {
    for (let i: u32 = 0; i < 256; i++) {
      let value = i << 24;
      for (let k = 0; k < 8; k++) value = (value & 0x80000000) != 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
      store<u32>(CRC_TABLE + (i << 2), value);
    }
  }
}

/** Says that `length` new bytes stand at INPUT; those before are used up. */
export function give(length: u32): void {
  from = INPUT;
  end = INPUT + length;
}

/** Whole bytes that were given but not used. */
export function unread(): u32 {
  return (count >> 3) + <u32>(end - from);
}

/** Drops the bits before the next byte border and gives them. */
export function align(): u32 {
  const bits = count & 7;
  const value = bits == 0 ? 0 : <u32>(word >> (64 - bits));
  word <<= bits;
  count -= bits;
  return value;
}

@inline
function fill(): void {
  while (count <= 56 && from < end) {
    word |= <u64>load<u8>(from++) << (56 - count);
    count += 8;
  }
}

/** The next `n` bits (1 to 24), or -1 while they are not there. */
export function bits(n: u32): i32 {
  if (count < n) fill();
  if (count < n) return -1;
  const value = <i32>(word >> (64 - n));
  word <<= n;
  count -= n;
  return value;
}

let tables: u32 = 0;
let symbols: u32 = 0;
let selectors: u32 = 0;
let index: u32 = 0;
let table: u32 = 0;
let length: i32 = 0;
/** 0: a table's first length is next, 1: a bit of a step, 2: the direction of a step. */
let stage: u32 = 0;

let limit: u32 = 0;
let size: u32 = 0;
let origin: u32 = 0;
let randomised: bool = false;
let run: u32 = 0;
let runBit: u32 = 0;
let left: u32 = 0;

/** Begins a block of at most `most` bytes; the origin is the index at which the transform is entered. */
export function beginBlock(most: u32, start: u32, random: bool): void {
  limit = most;
  origin = start;
  randomised = random;
  size = 0;
  symbols = 0;
}

/** Says that sixteen byte values from `first` on occur as the bits of `map` say. */
export function useBytes(first: u32, map: u32): void {
  for (let i: u32 = 0; i < 16; i++) {
    if ((map & (0x8000 >> i)) != 0) store<u8>(USED + symbols++, <u8>(first + i));
  }
}

/** Sets the numbers of code tables and selectors; false if the block cannot be. */
export function beginTables(tableCount: u32, selectorCount: u32): bool {
  if (symbols == 0 || tableCount < 2 || tableCount > 6 || selectorCount < 1) return false;
  symbols += 2;
  tables = tableCount;
  selectors = selectorCount;
  index = 0;
  length = 0;
  for (let t: u32 = 0; t < 6; t++) store<u8>(ORDER + t, <u8>t);
  return true;
}

/** 0: done, 1: more input is wanted, -1: corrupt. */
export function readSelectors(): i32 {
  while (index < selectors) {
    const bit = bits(1);
    if (bit < 0) return 1;
    if (bit == 1) {
      length++;
      if (<u32>length >= tables) return -1;
      continue;
    }
    const chosen = load<u8>(ORDER + length);
    for (let k = length; k > 0; k--) store<u8>(ORDER + k, load<u8>(ORDER + k - 1));
    store<u8>(ORDER, chosen);
    store<u8>(SELECTORS + index, chosen);
    index++;
    length = 0;
  }
  index = table = stage = 0;
  return 0;
}

/** Reads the code lengths of all tables and lays the tables out. Results as above. */
export function readTables(): i32 {
  while (table < tables) {
    if (stage == 0) {
      const first = bits(5);
      if (first < 0) return 1;
      length = first;
      stage = 1;
    }
    const bit = bits(1);
    if (bit < 0) return 1;
    if (stage == 2) {
      length += bit == 0 ? 1 : -1;
      stage = 1;
      continue;
    }
    if (length < 1 || length > <i32>MAX_BITS) return -1;
    if (bit == 1) {
      stage = 2;
      continue;
    }
    store<u8>(LENGTHS + table * LENGTHS_BYTES + index, <u8>length);
    if (++index < symbols) continue;
    if (!layOut()) return -1;
    table++;
    index = stage = 0;
  }
  for (let i: u32 = 0; i < symbols - 2; i++) store<u8>(MTF + i, load<u8>(USED + i));
  memory.fill(COUNTS, 0, 257 * 4);
  index = left = 0;
  run = runBit = 0;
  return 0;
}

/** Canonical codes from the lengths of the table at hand; false if there are more codes than bits for them. */
function layOut(): bool {
  const lengths = LENGTHS + table * LENGTHS_BYTES;
  const fast = FAST + table * FAST_BYTES;
  const sorted = SORTED + table * SORTED_BYTES;
  const ranges = RANGES + table * RANGES_BYTES;
  memory.fill(fast, 0, FAST_BYTES);
  let code: u32 = 0;
  let at: u32 = 0;
  for (let bits: u32 = 1; bits <= MAX_BITS; bits++) {
    code <<= 1;
    const range = ranges + bits * 12;
    store<u32>(range, code);
    store<u32>(range, at, 4);
    for (let s: u32 = 0; s < symbols; s++) {
      if (load<u8>(lengths + s) != bits) continue;
      if (code >= 1 << bits) return false;
      if (bits <= FAST_BITS) {
        const span: u32 = 1 << (FAST_BITS - bits);
        for (let k: u32 = 0; k < span; k++) store<u16>(fast + ((code * span + k) << 1), <u16>((s << 5) | bits));
      }
      store<u16>(sorted + (at++ << 1), <u16>s);
      code++;
    }
    store<u32>(range, code, 8);
  }
  return true;
}

/** Reads the symbols of the block into the vector. Results as above. */
export function readSymbols(): i32 {
  let w = word;
  let n = count;
  let at = from;
  let filled = size;
  const last = symbols - 1;
  let result = 1;
  let fast: usize = 0;
  let chosen: u32 = 0;
  if (left > 0) {
    chosen = load<u8>(SELECTORS + index - 1);
    fast = FAST + chosen * FAST_BYTES;
  }
  for (;;) {
    if (left == 0) {
      if (index >= selectors) {
        result = -1;
        break;
      }
      chosen = load<u8>(SELECTORS + index);
      fast = FAST + chosen * FAST_BYTES;
      index++;
      left = GROUP;
    }
    if (n < MAX_BITS) {
      if (at + 4 <= end) {
        w |= <u64>bswap<u32>(load<u32>(at)) << (32 - n);
        n += 32;
        at += 4;
      } else {
        while (n <= 56 && at < end) {
          w |= <u64>load<u8>(at++) << (56 - n);
          n += 8;
        }
      }
    }
    // Bits that are not there yet are read as zero; a code that would need them is left for the next call.
    const entry = <u32>load<u16>(fast + (<usize>(w >> (64 - FAST_BITS)) << 1));
    let bits = entry & 31;
    let symbol = entry >> 5;
    if (entry == 0) {
      const ranges = RANGES + chosen * RANGES_BYTES;
      bits = FAST_BITS + 1;
      for (; bits <= MAX_BITS; bits++) {
        const code = <u32>(w >> (64 - bits));
        const range = ranges + bits * 12;
        if (code < load<u32>(range, 8)) {
          symbol = load<u16>(SORTED + chosen * SORTED_BYTES + ((load<u32>(range, 4) + code - load<u32>(range)) << 1));
          break;
        }
      }
    }
    if (bits > n || bits > MAX_BITS) {
      if (n >= MAX_BITS) result = -1;
      break;
    }
    w <<= bits;
    n -= bits;
    left--;

    if (symbol < 2) {
      // RUNA and RUNB: the length of a run in the digits 1 and 2, lowest first.
      if (runBit > 20) {
        result = -1;
        break;
      }
      run += (symbol + 1) << runBit;
      runBit++;
      continue;
    }
    if (runBit > 0) {
      if (run > limit - filled) {
        result = -1;
        break;
      }
      const byte = <u32>load<u8>(MTF);
      store<u32>(COUNTS + (byte << 2), load<u32>(COUNTS + (byte << 2)) + run);
      for (const stop = filled + run; filled < stop; filled++) store<u32>(VECTOR + (filled << 2), byte);
      run = runBit = 0;
    }
    if (symbol == last) {
      result = 0;
      break;
    }
    if (filled >= limit) {
      result = -1;
      break;
    }
    let place: usize = MTF + symbol - 1;
    const byte = <u32>load<u8>(place);
    for (; place >= MTF + 8; place -= 8) store<u64>(place - 7, load<u64>(place - 8));
    for (; place > MTF; place--) store<u8>(place, load<u8>(place - 1));
    store<u8>(MTF, <u8>byte);
    store<u32>(COUNTS + (byte << 2), load<u32>(COUNTS + (byte << 2)) + 1);
    store<u32>(VECTOR + (filled << 2), byte);
    filled++;
  }
  word = w;
  count = n;
  from = at;
  size = filled;
  return result;
}

let place: u32 = 0;
let crc: u32 = 0;
/** The byte written last, how often in a row, and how often it is still to be written. */
let previous: u32 = 0;
let repeats: u32 = 0;
let owed: u32 = 0;
let used: u32 = 0;
let flipAt: u32 = 0;
let flipIndex: u32 = 0;

/** Turns the vector into the chain of the inverse transform; false if the origin lies outside it. */
export function invert(): bool {
  if (origin >= size) return false;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) {
    const many = load<u32>(COUNTS + (i << 2));
    store<u32>(COUNTS + (i << 2), sum);
    sum += many;
  }
  for (let i: u32 = 0; i < size; i++) {
    const slot = COUNTS + (<u32>load<u8>(VECTOR + (i << 2)) << 2);
    const to = load<u32>(slot);
    store<u32>(slot, to + 1);
    const entry = VECTOR + (to << 2);
    store<u32>(entry, load<u32>(entry) | (i << 8));
  }
  place = load<u32>(VECTOR + (origin << 2)) >> 8;
  crc = 0xffffffff;
  previous = 256;
  repeats = owed = used = 0;
  flipIndex = 0;
  flipAt = <u32>load<u16>(RANDOM) - 2;
  return true;
}

/** Writes up to OUTPUT_MAX bytes of content to OUTPUT; gives their number, 0 at the end of the block. */
export function output(): u32 {
  let out: usize = OUTPUT;
  const stop = out + OUTPUT_MAX;
  let next = place;
  let sum = crc;
  let byte = previous;
  let same = repeats;
  let more = owed;
  let done = used;
  const all = size;
  const flips = randomised;
  while (out < stop) {
    if (more > 0) {
      more--;
      // What stands behind the run begins to be counted anew, also where it is the same byte.
    } else {
      if (done >= all) break;
      const entry = load<u32>(VECTOR + (next << 2));
      next = entry >> 8;
      let value = entry & 255;
      if (flips && done == flipAt) {
        value ^= 1;
        flipIndex = (flipIndex + 1) & 511;
        flipAt += load<u16>(RANDOM + (flipIndex << 1));
      }
      done++;
      if (same == 4) {
        // Behind four equal bytes stands how many more of them there are.
        same = 0;
        more = value;
        continue;
      } else if (value == byte) {
        same++;
      } else {
        byte = value;
        same = 1;
      }
    }
    store<u8>(out++, <u8>byte);
    sum = (sum << 8) ^ load<u32>(CRC_TABLE + (((sum >> 24) ^ byte) << 2));
  }
  place = next;
  crc = sum;
  previous = byte;
  repeats = same;
  owed = more;
  used = done;
  return <u32>(out - OUTPUT);
}

export function blockCrc(): u32 {
  return ~crc;
}
