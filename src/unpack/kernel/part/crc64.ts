// CRC-64 as .xz has it (ECMA-182, reflected; xz file format 1.1.0, section 6), eight bytes a step.

const TABLES: usize = memory.data(8 * 256 * 8, 8);
const POLYNOMIAL: u64 = 0xc96c5795d7870f42;
let ready = false;
let crc: u64 = 0;

function prepare(): void {
  for (let i: usize = 0; i < 256; i++) {
    let value: u64 = i;
    for (let k = 0; k < 8; k++) value = (value & 1) != 0 ? (value >> 1) ^ POLYNOMIAL : value >> 1;
    store<u64>(TABLES + (i << 3), value);
  }
  for (let i: usize = 256; i < 2048; i++) {
    const value = load<u64>(TABLES + ((i - 256) << 3));
    store<u64>(TABLES + (i << 3), load<u64>(TABLES + (<usize>(value & 255) << 3)) ^ (value >> 8));
  }
  ready = true;
}

export function crc64Reset(): void {
  if (!ready) prepare();
  crc = ~0;
}

@inline
function look(slice: u32, byte: u64): u64 {
  return load<u64>(TABLES + (slice << 11) + (<usize>(byte & 255) << 3));
}

export function crc64Update(from: usize, length: u32): void {
  let value = crc;
  let at = from;
  const end = from + length;
  for (; at + 8 <= end; at += 8) {
    const x = value ^ load<u64>(at);
    value =
      look(7, x) ^
      look(6, x >> 8) ^
      look(5, x >> 16) ^
      look(4, x >> 24) ^
      look(3, x >> 32) ^
      look(2, x >> 40) ^
      look(1, x >> 48) ^
      look(0, x >> 56);
  }
  for (; at < end; at++) value = look(0, value ^ load<u8>(at)) ^ (value >> 8);
  crc = value;
}

export function crc64Digest(): u64 {
  return ~crc;
}
