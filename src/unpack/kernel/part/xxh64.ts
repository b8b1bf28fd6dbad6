// XXH64 over memory, streamed (xxHash specification 0.1.1, section "XXH64 algorithm"). One state an instance.

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

/** Where the up to 31 bytes wait that do not fill a stripe yet. */
const PENDING: usize = memory.data(32, 8);

let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;
let v4: u64 = 0;
let total: u64 = 0;

export function xxh64Reset(): void {
  v1 = P1 + P2;
  v2 = P2;
  v3 = 0;
  v4 = 0 - P1;
  total = 0;
}

@inline
function round(acc: u64, lane: u64): u64 {
  return rotl<u64>(acc + lane * P2, 31) * P1;
}

function stripes(from: usize, end: usize): void {
  let a = v1;
  let b = v2;
  let c = v3;
  let d = v4;
  for (let at = from; at < end; at += 32) {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
  }
  v1 = a;
  v2 = b;
  v3 = c;
  v4 = d;
}

export function xxh64Update(from: usize, length: u32): void {
  let at = from;
  let left = length;
  const pending = <u32>total & 31;
  total += length;
  if (pending > 0) {
    const take = min<u32>(32 - pending, left);
    memory.copy(PENDING + pending, at, take);
    if (pending + take < 32) return;
    stripes(PENDING, PENDING + 32);
    at += take;
    left -= take;
  }
  const whole = left & ~31;
  stripes(at, at + whole);
  memory.copy(PENDING, at + whole, left & 31);
}

@inline
function merge(acc: u64, lane: u64): u64 {
  return (acc ^ round(0, lane)) * P1 + P4;
}

export function xxh64Digest(): u64 {
  let h: u64;
  if (total >= 32) {
    h = rotl<u64>(v1, 1) + rotl<u64>(v2, 7) + rotl<u64>(v3, 12) + rotl<u64>(v4, 18);
    h = merge(h, v1);
    h = merge(h, v2);
    h = merge(h, v3);
    h = merge(h, v4);
  } else {
    h = P5;
  }
  h += total;
  let at: usize = PENDING;
  const end: usize = PENDING + (<u32>total & 31);
  for (; at + 8 <= end; at += 8) h = rotl<u64>(h ^ round(0, load<u64>(at)), 27) * P1 + P4;
  if (at + 4 <= end) {
    h = rotl<u64>(h ^ (<u64>load<u32>(at) * P1), 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) h = rotl<u64>(h ^ (<u64>load<u8>(at) * P5), 11) * P1;
  h ^= h >> 33;
  h *= P2;
  h ^= h >> 29;
  h *= P3;
  h ^= h >> 32;
  return h;
}
