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
const NEARBY: usize = SETS + (1 << 13);

// @ts-ignore: decorator
@inline
function inSet(tables: usize, id: u8, byte: u8): u32 {
  return (<u32>load<u8>(tables + SETS + (<usize>id << 5) + (<usize>byte >> 3)) >> (byte & 7)) & 1;
}

/** True if any anchor of the triple can stand at `at`, by the bytes at 3, -1, 4, 5 and -2 from there. */
// @ts-ignore: decorator
@inline
function near(tables: usize, triple: u32, at: usize): u32 {
  const checks: usize = tables + NEARBY + (<usize>load<u16>(tables + HEADS + (<usize>triple << 1)) << 3);
  if (!inSet(tables, load<u8>(checks), load<u8>(at + 3))) return 0;
  if (!inSet(tables, load<u8>(checks, 1), load<u8>(at - 1))) return 0;
  return (
    inSet(tables, load<u8>(checks, 2), load<u8>(at + 4)) &
    inSet(tables, load<u8>(checks, 3), load<u8>(at + 5)) &
    inSet(tables, load<u8>(checks, 4), load<u8>(at - 2))
  );
}

/**
 * Looks up every three bytes of text[from..to), six bits of each, in `tables`: 2^18 bits, then a u16 for each triple that
 * names its bucket, 256 sets of 256 bits, and eight bytes for each bucket, of which five name a set for a byte nearby.
 * Writes the place of the first byte of every hit and returns how many there were. Reads two bytes before `text` and up
 * to eight beyond `to`.
 */
export function triples(text: usize, from: u32, to: u32, tables: usize, out: usize): u32 {
  let write: usize = out;
  let at: u32 = from;
  const start: u32 = six(<u32>load<u16>(text + at));
  let window: u32 = ((start & 0x3f) << 6) | (start >> 8);
  while (at < to) {
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
      if (b0) {
        store<u32>(write, at);
        write += near(tables, t0, text + at) << 2;
      }
      if (b1) {
        store<u32>(write, at + 1);
        write += near(tables, t1, text + at + 1) << 2;
      }
      if (b2) {
        store<u32>(write, at + 2);
        write += near(tables, t2, text + at + 2) << 2;
      }
      if (b3) {
        store<u32>(write, at + 3);
        write += near(tables, t3, text + at + 3) << 2;
      }
    }
    at += 4;
  }
  // The last four may have gone beyond the end.
  while (write > out && load<u32>(write - 4) >= to) write -= 4;
  return <u32>((write - out) >> 2);
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
