// XXH32 over memory, streamed and at once (xxHash specification 0.1.1, section "XXH32 algorithm"), seed 0.

const P1: u32 = 0x9e3779b1;
const P2: u32 = 0x85ebca77;
const P3: u32 = 0xc2b2ae3d;
const P4: u32 = 0x27d4eb2f;
const P5: u32 = 0x165667b1;

const PENDING: usize = memory.data(16, 8);

let v1: u32 = 0;
let v2: u32 = 0;
let v3: u32 = 0;
let v4: u32 = 0;
let total: u64 = 0;

export function xxh32Reset(): void {
  v1 = P1 + P2;
  v2 = P2;
  v3 = 0;
  v4 = 0 - P1;
  total = 0;
}

@inline
function round(acc: u32, lane: u32): u32 {
  return rotl<u32>(acc + lane * P2, 13) * P1;
}

function stripes(from: usize, end: usize): void {
  let a = v1;
  let b = v2;
  let c = v3;
  let d = v4;
  for (let at = from; at < end; at += 16) {
    a = round(a, load<u32>(at));
    b = round(b, load<u32>(at, 4));
    c = round(c, load<u32>(at, 8));
    d = round(d, load<u32>(at, 12));
  }
  v1 = a;
  v2 = b;
  v3 = c;
  v4 = d;
}

export function xxh32Update(from: usize, length: u32): void {
  let at = from;
  let left = length;
  const pending = <u32>total & 15;
  total += length;
  if (pending > 0) {
    const take = min<u32>(16 - pending, left);
    memory.copy(PENDING + pending, at, take);
    if (pending + take < 16) return;
    stripes(PENDING, PENDING + 16);
    at += take;
    left -= take;
  }
  const whole = left & ~15;
  stripes(at, at + whole);
  memory.copy(PENDING, at + whole, left & 15);
}

export function xxh32Digest(): u32 {
  let h = total >= 16 ? rotl<u32>(v1, 1) + rotl<u32>(v2, 7) + rotl<u32>(v3, 12) + rotl<u32>(v4, 18) : P5;
  h += <u32>total;
  let at: usize = PENDING;
  const end: usize = PENDING + (<u32>total & 15);
  for (; at + 4 <= end; at += 4) h = rotl<u32>(h + load<u32>(at) * P3, 17) * P4;
  for (; at < end; at++) h = rotl<u32>(h + <u32>load<u8>(at) * P5, 11) * P1;
  h ^= h >> 15;
  h *= P2;
  h ^= h >> 13;
  h *= P3;
  h ^= h >> 16;
  return h;
}

/** The digest of one range; a stream that is under way goes on undisturbed. */
export function xxh32(from: usize, length: u32): u32 {
  const a = v1;
  const b = v2;
  const c = v3;
  const d = v4;
  const n = total;
  const low = load<u64>(PENDING);
  const high = load<u64>(PENDING, 8);
  xxh32Reset();
  xxh32Update(from, length);
  const digest = xxh32Digest();
  v1 = a;
  v2 = b;
  v3 = c;
  v4 = d;
  total = n;
  store<u64>(PENDING, low);
  store<u64>(PENDING, high, 8);
  return digest;
}
