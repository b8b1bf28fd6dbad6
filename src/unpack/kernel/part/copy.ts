// Copies of LZ77 decoders. Both may write up to 31 bytes past the end: every window keeps that much slack.

/** Copies `length` bytes between places that do not overlap, or where `to` lies below `from`. */
@inline
export function copyFar(to: usize, from: usize, length: u32): void {
  const end = to + length;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

/** Repeats the bytes `offset` before `to`, byte order as if copied one by one. */
@inline
export function copyMatch(to: usize, offset: u32, length: u32): void {
  if (offset >= 16) {
    copyFar(to, to - offset, length);
  } else {
    copyNear(to, offset, length);
  }
}

function copyNear(to: usize, offset: u32, length: u32): void {
  const from = to - offset;
  if (offset == 1) {
    memory.fill(to, load<u8>(from), length);
    return;
  }
  // After 16 bytes or more the pattern repeats at a multiple of the offset that is at least 16.
  const first = min<u32>(length, 32);
  for (let i: u32 = 0; i < first; i++) store<u8>(to + i, load<u8>(from + i));
  if (length <= 32) return;
  const stride: u32 = ((16 + offset - 1) / offset) * offset;
  copyFar(to + 32, to + 32 - stride, length - 32);
}
