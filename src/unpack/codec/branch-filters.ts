/** Turns absolute branch targets in `code` back into relative ones, in place; gives the bytes that are done. */
export type BranchCode = (code: Uint8Array, position: number) => number;

const little32 = (b: Uint8Array, i: number): number => b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);

function putLittle32(b: Uint8Array, i: number, value: number): void {
  b[i] = value;
  b[i + 1] = value >>> 8;
  b[i + 2] = value >>> 16;
  b[i + 3] = value >>> 24;
}

const big32 = (b: Uint8Array, i: number): number => (b[i]! << 24) | (b[i + 1]! << 16) | (b[i + 2]! << 8) | b[i + 3]!;

function putBig32(b: Uint8Array, i: number, value: number): void {
  b[i] = value >>> 24;
  b[i + 1] = value >>> 16;
  b[i + 2] = value >>> 8;
  b[i + 3] = value;
}

/** Instruction sets of 4-byte words, each treated by itself. */
function words(one: (code: Uint8Array, i: number, address: number) => void): () => BranchCode {
  return () => (code, position) => {
    const end = code.length & ~3;
    for (let i = 0; i < end; i += 4) one(code, i, (position + i) >>> 0);
    return end;
  };
}

const powerpc = words((code, i, address) => {
  const word = big32(code, i);
  // Branch and link with a relative target.
  if ((word & 0xfc000003) !== 0x48000001) return;
  putBig32(code, i, 0x48000001 | (((word & 0x03fffffc) - address) & 0x03fffffc));
});

const sparc = words((code, i, address) => {
  const word = big32(code, i);
  const top = word >>> 22;
  if (top !== 0x100 && top !== 0x1ff) return;
  const target = ((word << 2) - address) >>> 2;
  putBig32(code, i, (0x40000000 - (target & 0x400000)) | 0x40000000 | (target & 0x3fffff));
});

const arm = words((code, i, address) => {
  if (code[i + 3] !== 0xeb) return;
  const target = ((little32(code, i) << 2) - (address + 8)) >>> 2;
  putLittle32(code, i, 0xeb000000 | (target & 0xffffff));
});

const arm64 = words((code, i, address) => {
  const word = little32(code, i);
  if (word >>> 26 === 0x25) {
    putLittle32(code, i, 0x94000000 | ((word - (address >>> 2)) & 0x03ffffff));
    return;
  }
  // ADRP, within 512 MiB either way.
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return;
  let page = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
  if (((page + 0x020000) & 0x1c0000) !== 0) return;
  page -= address >>> 12;
  const sign = -(page & 0x020000) & 0xe00000;
  putLittle32(code, i, (word & 0x9000001f) | ((page & 3) << 29) | ((page & 0x03fffc) << 3) | sign);
});

const armThumb = (): BranchCode => (code, position) => {
  let i = 0;
  for (; i + 4 <= code.length; i += 2) {
    if ((code[i + 1]! & 0xf8) !== 0xf0 || (code[i + 3]! & 0xf8) !== 0xf8) continue;
    const target = ((code[i + 1]! & 7) << 19) | (code[i]! << 11) | ((code[i + 3]! & 7) << 8) | code[i + 2]!;
    const relative = ((target << 1) - (position + i + 4)) >>> 1;
    code[i + 1] = 0xf0 | ((relative >>> 19) & 7);
    code[i] = relative >>> 11;
    code[i + 3] = 0xf8 | ((relative >>> 8) & 7);
    code[i + 2] = relative;
    i += 2;
  }
  return i;
};

/** Which of the three slots of an IA-64 bundle can hold a branch, by template. */
const IA64_SLOTS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0];

const ia64 = (): BranchCode => (code, position) => {
  const end = code.length & ~15;
  for (let i = 0; i < end; i += 16) {
    const slots = IA64_SLOTS[code[i]! & 31]!;
    for (let slot = 0; slot < 3; slot++) {
      if (((slots >> slot) & 1) === 0) continue;
      const bit = 5 + 41 * slot;
      const at = i + (bit >> 3);
      const shift = BigInt(bit & 7);
      let word = 0n;
      for (let k = 5; k >= 0; k--) word = (word << 8n) | BigInt(code[at + k]!);
      let instruction = word >> shift;
      if (((instruction >> 37n) & 15n) !== 5n || ((instruction >> 9n) & 7n) !== 0n) continue;
      const absolute = Number(((instruction >> 13n) & 0xfffffn) | (((instruction >> 36n) & 1n) << 20n));
      const relative = BigInt((((absolute << 4) - (position + i)) >>> 4) & 0x1fffff);
      instruction &= ~(0x8fffffn << 13n);
      instruction |= ((relative & 0xfffffn) << 13n) | ((relative & 0x100000n) << 16n);
      word = (word & ((1n << shift) - 1n)) | (instruction << shift);
      for (let k = 0; k < 6; k++) code[at + k] = Number((word >> BigInt(8 * k)) & 255n);
    }
  }
  return end;
};

/** Byte of the target that an earlier opcode among the last three bytes makes doubtful, by their bit mask. */
const X86_BYTE = [0, 1, 2, 2, 3, 3, 3, 3];
const isSign = (byte: number): boolean => byte === 0 || byte === 255;

/** CALL and JMP of x86. `mask` has a bit for each of the last three bytes that looked like an opcode. */
const x86 = (): BranchCode => {
  let mask = 0;
  return (code, position) => {
    if (code.length <= 4) return 0;
    const end = code.length - 4;
    let last = -1;
    let i = 0;
    for (; i < end; i++) {
      if ((code[i]! & 0xfe) !== 0xe8) continue;
      const gap = i - last;
      last = i;
      if (gap > 3) {
        mask = 0;
      } else {
        mask = (mask << (gap - 1)) & 7;
        const allowed = mask < 3 || mask === 4;
        if (mask !== 0 && (!allowed || isSign(code[i + 4 - X86_BYTE[mask]!]!))) {
          mask = (mask << 1) | 1;
          continue;
        }
      }
      if (!isSign(code[i + 4]!)) {
        mask = (mask << 1) | 1;
        continue;
      }
      let source = little32(code, i + 1);
      let target = (source - (position + i + 5)) | 0;
      if (mask !== 0) {
        const bits = X86_BYTE[mask]! * 8;
        while (isSign((target >>> (24 - bits)) & 255)) {
          source = target ^ ((2 ** (32 - bits) - 1) | 0);
          target = (source - (position + i + 5)) | 0;
        }
      }
      target &= 0x01ffffff;
      putLittle32(code, i + 1, target | -(target & 0x01000000));
      i += 4;
    }
    const gap = i - last;
    mask = gap > 3 ? 0 : mask << (gap - 1);
    return i;
  };
};

/** By filter id (xz file format 1.1.0, section 5.3.2): the code and the alignment of its start offset. */
export const BRANCH_FILTERS: Readonly<Record<number, { readonly make: () => BranchCode; readonly align: number }>> = {
  4: { make: x86, align: 1 },
  5: { make: powerpc, align: 4 },
  6: { make: ia64, align: 16 },
  7: { make: arm, align: 4 },
  8: { make: armThumb, align: 2 },
  9: { make: sparc, align: 4 },
  10: { make: arm64, align: 4 },
};
