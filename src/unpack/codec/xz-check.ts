import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Input } from './input.ts';
import type { Kernel } from './kernel.ts';
import type { LzmaKernel } from './lzma-window.ts';

/** The check of a block's content. */
export interface Check {
  /** Bytes of the check field. */
  readonly size: number;
  /** Takes content; `inKernel` says that the bytes lie in the kernel's memory. */
  update(bytes: Uint8Array, inKernel: boolean): void;
  digest(): Uint8Array;
}

const SCRATCH_SIZE = 32_768;

export function le32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** The check with the given id (xz file format 1.1.0, section 2.1.1.2). */
export function openCheck(id: number, input: Input, kernel: Kernel<LzmaKernel>): Check {
  if (id === 0) return { size: 0, update: () => {}, digest: () => new Uint8Array(0) };
  if (id === 1) {
    let sum = 0;
    return {
      size: 4,
      update: (bytes) => {
        sum = crc32(bytes, sum);
      },
      digest: () => le32(sum),
    };
  }
  if (id === 4) {
    const { call } = kernel;
    call.crc64Reset();
    return {
      size: 8,
      update(bytes, inKernel) {
        if (inKernel) return call.crc64Update(bytes.byteOffset, bytes.length);
        for (let at = 0; at < bytes.length; at += SCRATCH_SIZE) {
          const part = bytes.subarray(at, at + SCRATCH_SIZE);
          kernel.put(part, call.SCRATCH.value);
          call.crc64Update(call.SCRATCH.value, part.length);
        }
      },
      digest: () => new Uint8Array(BigUint64Array.of(BigInt.asUintN(64, call.crc64Digest())).buffer),
    };
  }
  if (id === 10) {
    const hash = createHash('sha256');
    return { size: 32, update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  }
  throw input.error('unsupported', 'the stream has a check of an unknown type');
}
