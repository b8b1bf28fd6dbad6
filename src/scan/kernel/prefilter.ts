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

const ANCHOR_SIZE: usize = 8;
const MARK_SIZE: usize = 16;
const RULE_SIZE: usize = 32;
const WINDOW_SIZE: usize = 12;

/** The text at hand, how long it is, and between which places windows are wanted. */
let text: usize = 0;
let length: u32 = 0;
let first: i32 = 0;
let last: i32 = 0;

let layout: usize = 0;
let anchors: usize = 0;
let rules: usize = 0;
let touched: usize = 0;
let touches: u32 = 0;
/** Which text this is: what was followed in another says nothing. */
let texts: u32 = 0;

/** Windows in the order in which they were begun: first place, last place, rule. */
let windows: usize = 0;
let write: usize = 0;
let limit: usize = 0;

/**
 * Where the tables lie (see `triples` and `mark`). `ruleStates` has 32 bytes of zeros for each rule, `touchedRules` room for
 * the number of each.
 */
export function layOut(triplesAt: usize, anchorsAt: usize, ruleStates: usize, touchedRules: usize): void {
  layout = triplesAt;
  anchors = anchorsAt;
  rules = ruleStates;
  touched = touchedRules;
}

/** A new text; windows of the last are forgotten. Windows are written from `windowsAt` on. */
export function begin(at: usize, size: u32, firstStart: i32, lastStart: i32, windowsAt: usize): void {
  for (let index: u32 = 0; index < touches; index++) {
    memory.fill(rules + <usize>load<u32>(touched + (<usize>index << 2)) * RULE_SIZE, 0, RULE_SIZE);
  }
  touches = 0;
  texts++;
  text = at;
  length = size;
  first = firstStart;
  last = lastStart;
  windows = windowsAt;
  write = windowsAt;
}

/** Windows may be written until `end` is passed, and a bucket's more. */
export function allow(end: usize): void {
  limit = end;
}

/** Bytes of windows so far. */
export function written(): u32 {
  return <u32>(write - windows);
}

/**
 * The anchor stands at `at`: its rules may begin around there. At `anchors` each has the place of its marks, counted from
 * there (u32), and their number (u32); a mark is a rule (u16), the set in which all bytes between a match's begin and the
 * anchor lie (u16, 0: any), how far before the anchor a match begins at least and at most (i32 each).
 */
function mark(anchor: u32, at: i32): void {
  const head: usize = anchors + <usize>anchor * ANCHOR_SIZE;
  let entry: usize = anchors + <usize>load<u32>(head);
  for (let rest: u32 = load<u32>(head, 4); rest > 0; rest--, entry += MARK_SIZE) {
    let low: i32 = max(first, at - load<i32>(entry, 8));
    const high: i32 = min(last, at - load<i32>(entry, 4));
    if (low > high) continue;
    const rule: u32 = load<u16>(entry);
    const state: usize = rules + <usize>rule * RULE_SIZE;
    const through: u32 = load<u16>(entry, 2);
    if (through && low < high) {
      low = max(low, borderOf(state, through, at, low));
      if (low > high) continue;
    }
    const count: u32 = load<u32>(state);
    if (count) {
      const window: usize = <usize>load<u32>(state, 4);
      const begun: i32 = load<i32>(window);
      const ended: i32 = load<i32>(window, 4);
      if (low >= begun && low <= ended + 1) {
        if (high > ended) store<i32>(window, high, 4);
        continue;
      }
      if (low < begun) store<u32>(state, 1, 8);
    } else {
      store<u32>(touched + (<usize>touches << 2), rule);
      touches++;
    }
    store<u32>(state, count + 1);
    store<u32>(state, <u32>write, 4);
    store<i32>(write, low);
    store<i32>(write, high, 4);
    store<u32>(write, rule, 8);
    write += WINDOW_SIZE;
  }
}

/**
 * The last place before `at`, or one before `low`, whose byte is not in the set: a match cannot begin earlier. From an
 * anchor of the rule that was followed before, the way back is known as far as it was followed then.
 */
function borderOf(state: usize, set: u32, at: i32, low: i32): i32 {
  const anchored: i32 = load<i32>(state, 16);
  const valid: bool = load<u32>(state, 12) == set && load<u32>(state, 24) == texts;
  const known: i32 = valid && anchored <= at ? anchored : -1;
  const least: i32 = max(low, known);
  let border: i32 = at - 1;
  while (border >= least && inSet(layout, set, load<u8>(text + border))) border--;
  if (border < least && known >= low) {
    border = load<i32>(state, 20);
    while (border >= low && inSet(layout, set, load<u8>(text + border))) border--;
  }
  store<u32>(state, set, 12);
  store<i32>(state, at, 16);
  store<i32>(state, border, 20);
  store<u32>(state, texts, 24);
  return border;
}

/**
 * Puts the windows of each rule together: pairs of first and last place, plus `offset`, to `out`; for each rule its number,
 * the place of its pairs, how many there are and whether they have to be sorted (u32 each) to `list`. Returns how many
 * rules there are.
 */
export function collect(offset: i32, list: usize, out: usize): u32 {
  let place: usize = out;
  for (let index: u32 = 0; index < touches; index++) {
    const rule: u32 = load<u32>(touched + (<usize>index << 2));
    const state: usize = rules + <usize>rule * RULE_SIZE;
    const count: u32 = load<u32>(state);
    const item: usize = list + (<usize>index << 4);
    store<u32>(item, rule);
    store<u32>(item, <u32>place, 4);
    store<u32>(item, count, 8);
    store<u32>(item, load<u32>(state, 8), 12);
    store<u32>(state, <u32>place, 4);
    place += <usize>count << 3;
  }
  for (let window: usize = windows; window < write; window += WINDOW_SIZE) {
    const state: usize = rules + <usize>load<u32>(window, 8) * RULE_SIZE;
    const to: usize = <usize>load<u32>(state, 4);
    store<i32>(to, load<i32>(window) + offset);
    store<i32>(to, load<i32>(window, 4) + offset, 4);
    store<u32>(state, <u32>to + 8, 4);
  }
  return touches;
}

/** Marks every anchor of the triple's bucket that stands around `at`. */
function verify(triple: u32, at: u32): void {
  const tables: usize = layout;
  const bucket: usize = tables + BUCKETS + <usize>load<u16>(tables + HEADS + (<usize>triple << 1)) * BUCKET_SIZE;
  const here: usize = text + at;
  if (!inSet(tables, load<u16>(bucket), load<u8>(here + 3))) return;
  if (!inSet(tables, load<u16>(bucket, 2), load<u8>(here - 1))) return;
  if (
    !(
      inSet(tables, load<u16>(bucket, 4), load<u8>(here + 4)) &
      inSet(tables, load<u16>(bucket, 6), load<u8>(here + 5)) &
      inSet(tables, load<u16>(bucket, 8), load<u8>(here - 2))
    )
  ) {
    return;
  }
  let entry: usize = tables + <usize>load<u32>(bucket, 12);
  for (let rest: u32 = load<u16>(bucket, 10); rest > 0; rest--, entry += ENTRY_SIZE) {
    const back: u32 = load<u8>(entry, 2);
    const size: u32 = load<u8>(entry, 3);
    if (back > at || at - back + size > length) continue;
    const begins: usize = here - back;
    let index: u32 = 0;
    while (index < size) {
      const place: u32 = load<u16>(entry + (<usize>index << 1), 4);
      if (!inSet(tables, place & 0xfff, load<u8>(begins + (place >> 12)))) break;
      index++;
    }
    if (index == size) mark(load<u16>(entry), <i32>(at - back));
  }
}

/**
 * Looks up every three bytes of the text from `from` to `to`, six bits of each, in `tables`: 2^18 bits, then a u16 for each
 * triple that names its bucket, 4096 sets of 256 bits, and the buckets. A bucket is five u16 that name sets for bytes
 * nearby, the number of its entries (u16) and where they begin (u32, counted from `tables`); an entry is the number of an
 * anchor (u16), where the triple stands in it (u8), how long it is (u8) and for each of its bytes, in the order in which they
 * are looked at, its set (twelve bits) and its place (four).
 * Marks every anchor that stands within the text; returns where it stopped, which is before `to` only for want of room.
 * Reads two bytes before the text and up to eight beyond `to`.
 */
export function triples(from: u32, to: u32): u32 {
  const bitmap: usize = layout;
  const here: usize = text + 2;
  let at: u32 = from;
  const start: u32 = six(<u32>load<u16>(text + at));
  let window: u32 = ((start & 0x3f) << 6) | (start >> 8);
  while (at < to) {
    const next: u32 = six(load<u32>(here + at));
    const t0: u32 = ((window & 0xfff) << 6) | (next & 0x3f);
    const t1: u32 = ((t0 & 0xfff) << 6) | ((next >> 8) & 0x3f);
    const t2: u32 = ((t1 & 0xfff) << 6) | ((next >> 16) & 0x3f);
    const t3: u32 = ((t2 & 0xfff) << 6) | (next >> 24);
    window = t3;
    const b0: u32 = bit(bitmap, t0);
    const b1: u32 = bit(bitmap, t1);
    const b2: u32 = bit(bitmap, t2);
    const b3: u32 = bit(bitmap, t3);
    if (b0 | b1 | b2 | b3) {
      if (b0) verify(t0, at);
      if (b1 && at + 1 < to) verify(t1, at + 1);
      if (b2 && at + 2 < to) verify(t2, at + 2);
      if (b3 && at + 3 < to) verify(t3, at + 3);
      if (write >= limit) return at + 4;
    }
    at += 4;
  }
  return at;
}

/**
 * Runs 128 bits of shift-and tables over the text: `tables` holds as many for each byte, those at which an anchor begins and
 * those at which one ends, and for each bit the anchor that ends there (u16) and its length (u16); `state` the bits so far.
 * They are shifted as two halves: what would be shifted over is a place at which an anchor begins. Returns where it
 * stopped, as `triples` does.
 */
export function shapes(from: u32, to: u32, tables: usize, state: usize): u32 {
  const starts = v128.load(tables, 4096);
  const ends = v128.load(tables, 4112);
  const base: usize = text;
  let now = v128.load(state);
  let at: u32 = from;
  while (at < to) {
    const accepted = v128.load(tables + (<usize>load<u8>(base + at++) << 4));
    now = v128.and(v128.or(i64x2.shl(now, 1), starts), accepted);
    const hits = v128.and(now, ends);
    if (!v128.any_true(hits)) continue;
    ended(i64x2.extract_lane(hits, 0), tables + 4128, at);
    ended(i64x2.extract_lane(hits, 1), tables + 4384, at);
    if (write >= limit) break;
  }
  v128.store(state, now);
  return at;
}

function ended(hits: u64, owners: usize, at: u32): void {
  for (; hits != 0; hits &= hits - 1) {
    const owner: usize = owners + (<usize>ctz(hits) << 2);
    mark(load<u16>(owner), <i32>(at - load<u16>(owner, 2)));
  }
}

/**
 * Of the places, counted from `base`, in the `count` ranges at `pairs` (first and last, i32), writes those to `out`, as ranges again, at which
 * the byte before and the four from there on lie in the sets of one of eight buckets: `tables` holds for each of the five
 * a bit mask of buckets by low nibble and one by high nibble. Returns the number of ranges. Reads a byte before a range
 * and up to 20 beyond it.
 */
export function narrow(base: usize, pairs: usize, count: u32, tables: usize, out: usize): u32 {
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
      const here: usize = base + at;
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
