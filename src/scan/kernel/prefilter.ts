// The prefilter's inner loop. All tables are laid out by src/scan/wasm-prefilter.ts.

// @ts-ignore: decorator
@inline
function six(bytes: u32): u32 {
  return (bytes & 0x1f1f1f1f) | ((bytes & 0x40404040) >> 1);
}

// @ts-ignore: decorator
@inline
function bit(bitmap: usize, index: u32): u32 {
  return (load<u32>(bitmap + ((index >> 5) << 2)) >> (index & 31)) & 1;
}

const HEADS: usize = 1 << 15;
const SETS: usize = HEADS + (1 << 19);
const BUCKETS: usize = SETS + (1 << 17);
const BUCKET_SIZE: usize = 16;
const ENTRY_SIZE: usize = 32;

// @ts-ignore: decorator
@inline
function inSet(tables: usize, id: u32, byte: u8): u32 {
  return (<u32>load<u8>(tables + SETS + (<usize>id << 5) + (<usize>byte >> 3)) >> (byte & 7)) & 1;
}

/** Room for what one call writes; the caller asks again from where it stopped. */
let limit: usize = 0;

/** Writes every anchor of the triple's bucket that stands around `at`, as its number and the place of its first byte. */
function verify(text: usize, length: u32, tables: usize, triple: u32, at: u32, write: usize): usize {
  const bucket: usize =
    tables + BUCKETS + <usize>load<u16>(tables + HEADS + (<usize>triple << 1)) * BUCKET_SIZE;
  const here: usize = text + at;
  if (!inSet(tables, load<u16>(bucket), load<u8>(here + 3))) return write;
  if (!inSet(tables, load<u16>(bucket, 2), load<u8>(here - 1))) return write;
  if (
    !(
      inSet(tables, load<u16>(bucket, 4), load<u8>(here + 4)) &
      inSet(tables, load<u16>(bucket, 6), load<u8>(here + 5)) &
      inSet(tables, load<u16>(bucket, 8), load<u8>(here - 2))
    )
  ) {
    return write;
  }
  let entry: usize = tables + <usize>load<u32>(bucket, 12);
  for (let rest: u32 = load<u16>(bucket, 10); rest > 0; rest--, entry += ENTRY_SIZE) {
    const back: u32 = load<u8>(entry, 2);
    const size: u32 = load<u8>(entry, 3);
    if (back > at || at - back + size > length) continue;
    const begin: usize = here - back;
    let index: u32 = 0;
    while (index < size && inSet(tables, load<u16>(entry + (<usize>index << 1), 4), load<u8>(begin + index))) index++;
    if (index < size) continue;
    store<u32>(write, load<u16>(entry));
    store<u32>(write, at - back, 4);
    write += 8;
  }
  return write;
}

/**
 * Looks up every three bytes of text[from..to), six bits of each, in `tables`: 2^18 bits, then a u16 for each triple that
 * names its bucket, 4096 sets of 256 bits, and the buckets. A bucket is five u16 that name sets for bytes nearby, the
 * number of its entries (u16) and where they begin (u32, counted from `tables`); an entry is the number of an anchor (u16),
 * where the triple stands in it (u8), how long it is (u8) and the set of each of its bytes (u16).
 * Writes number and first byte of every anchor that stands within text[0..length), and returns how many there were;
 * stops early once `room` bytes are written, though it may write up to 64 KiB more: `stopped()` says where. Reads two bytes before `text` and up to
 * eight beyond `to`.
 */
export function triples(text: usize, from: u32, to: u32, length: u32, tables: usize, out: usize, room: u32): u32 {
  let write: usize = out;
  limit = out + room;
  let at: u32 = from;
  const start: u32 = six(<u32>load<u16>(text + at));
  let window: u32 = ((start & 0x3f) << 6) | (start >> 8);
  while (at < to && write < limit) {
    const next: u32 = six(load<u32>(text + at + 2));
    const t0: u32 = ((window & 0xfff) << 6) | (next & 0x3f);
    const t1: u32 = ((t0 & 0xfff) << 6) | ((next >> 8) & 0x3f);
    const t2: u32 = ((t1 & 0xfff) << 6) | ((next >> 16) & 0x3f);
    const t3: u32 = ((t2 & 0xfff) << 6) | (next >> 24);
    window = t3;
    const b0: u32 = bit(tables, t0);
    const b1: u32 = bit(tables, t1);
    const b2: u32 = bit(tables, t2);
    const b3: u32 = bit(tables, t3);
    if (b0 | b1 | b2 | b3) {
      if (b0) write = verify(text, length, tables, t0, at, write);
      if (b1 && at + 1 < to) write = verify(text, length, tables, t1, at + 1, write);
      if (b2 && at + 2 < to) write = verify(text, length, tables, t2, at + 2, write);
      if (b3 && at + 3 < to) write = verify(text, length, tables, t3, at + 3, write);
    }
    at += 4;
  }
  reached = at;
  return <u32>((write - out) >> 3);
}

let reached: u32 = 0;

/** Where `triples` stopped: at `to` or beyond, or before it for want of room. */
export function stopped(): u32 {
  return reached;
}

/**
 * Runs 64 bits of shift-and tables over text[from..to): `accept` holds a u64 for each byte. Writes for every hit its place
 * and the last bits in two halves, and returns how many there were. `state` is kept between calls.
 */
export function shapes(text: usize, from: u32, to: u32, accept: usize, first: u64, last: u64, state: usize, out: usize): u32 {
  let now: u64 = load<u64>(state);
  let write: usize = out;
  let count: u32 = 0;
  for (let at: u32 = from; at < to; at++) {
    now = ((now << 1) | first) & load<u64>(accept + (<usize>load<u8>(text + at) << 3));
    const hits: u64 = now & last;
    if (hits) {
      store<u32>(write, at);
      store<u32>(write, <u32>hits, 4);
      store<u32>(write, <u32>(hits >> 32), 8);
      write += 12;
      count++;
    }
  }
  store<u64>(state, now);
  return count;
}

/**
 * Of the places in the `count` ranges at `pairs` (first and last, i32), writes those to `out`, as ranges again, at which
 * the byte before and the four from there on lie in the sets of one of eight buckets: `tables` holds for each of the five
 * a bit mask of buckets by low nibble and one by high nibble. Returns the number of ranges. Reads a byte before a range
 * and up to 20 beyond it.
 */
export function narrow(text: usize, pairs: usize, count: u32, tables: usize, out: usize): u32 {
  const nibble = i8x16.splat(15);
  const zero = i8x16.splat(0);
  const l0 = v128.load(tables);
  const h0 = v128.load(tables, 16);
  const l1 = v128.load(tables, 32);
  const h1 = v128.load(tables, 48);
  const l2 = v128.load(tables, 64);
  const h2 = v128.load(tables, 80);
  const l3 = v128.load(tables, 96);
  const h3 = v128.load(tables, 112);
  const l4 = v128.load(tables, 128);
  const h4 = v128.load(tables, 144);
  let write: usize = out;
  let next: i32 = -1;
  for (let range: u32 = 0; range < count; range++) {
    const high: i32 = load<i32>(pairs + (<usize>range << 3), 4);
    for (let at: i32 = load<i32>(pairs + (<usize>range << 3)); at <= high; at += 16) {
      const here: usize = text + at;
      const b0 = v128.load(here - 1);
      const b1 = v128.load(here);
      const b2 = v128.load(here, 1);
      let m = v128.and(
        v128.and(i8x16.swizzle(l0, v128.and(b0, nibble)), i8x16.swizzle(h0, i8x16.shr_u(b0, 4))),
        v128.and(i8x16.swizzle(l1, v128.and(b1, nibble)), i8x16.swizzle(h1, i8x16.shr_u(b1, 4))),
      );
      m = v128.and(m, v128.and(i8x16.swizzle(l2, v128.and(b2, nibble)), i8x16.swizzle(h2, i8x16.shr_u(b2, 4))));
      if (!v128.any_true(m)) continue;
      const b3 = v128.load(here, 2);
      const b4 = v128.load(here, 3);
      m = v128.and(m, v128.and(i8x16.swizzle(l3, v128.and(b3, nibble)), i8x16.swizzle(h3, i8x16.shr_u(b3, 4))));
      m = v128.and(m, v128.and(i8x16.swizzle(l4, v128.and(b4, nibble)), i8x16.swizzle(h4, i8x16.shr_u(b4, 4))));
      let bits: u32 = <u32>i8x16.bitmask(i8x16.ne(m, zero));
      const left: i32 = high - at;
      if (left < 15) bits &= (<u32>2 << left) - 1;
      for (; bits != 0; bits &= bits - 1) {
        const place: i32 = at + <i32>ctz(bits);
        if (place == next) {
          store<i32>(write - 4, place);
        } else {
          store<i32>(write, place);
          store<i32>(write, place, 4);
          write += 8;
        }
        next = place + 1;
      }
    }
  }
  return <u32>((write - out) >> 3);
}
