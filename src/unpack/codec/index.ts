/** Decoders of compressed streams, in JavaScript and WebAssembly: streaming, within a memory limit, checked to the end. */

import { bzip2 } from './bzip2.ts';
import type { Codec, CodecLimits, StreamDecoder } from './codec.ts';
import { compress } from './compress.ts';
import { openDeflate64 } from './deflate64.ts';
import { lz4 } from './lz4.ts';
import { lzip, lzmaAlone, openZipLzma } from './lzma.ts';
import { xz } from './xz.ts';
import { zstd } from './zstd.ts';

export {
  type Codec,
  CodecError,
  type CodecErrorCode,
  type CodecLimits,
  type Decoded,
  type StreamDecoder,
} from './codec.ts';
export { type Kernel, KernelLease } from './kernel.ts';
export { decodeLz4Block } from './lz4-block.ts';

/** Every stream format that can be told by its content, in the order in which they are tried. */
export const CODECS: readonly Codec[] = [zstd, xz, bzip2, lz4, compress, lzip, lzmaAlone];

/** What a zip says of a member; a size that is not known yet is left out. */
export type ZipLimits = CodecLimits & { readonly contentSize?: number };

/**
 * Decoders of the raw bytes of a zip's member by compression method (APPNOTE 6.3.10, 4.4.5), without stored (0) and
 * Deflate (8). The member's CRC-32 and sizes are the caller's to verify, as is that all of its bytes were consumed.
 */
export const ZIP_METHODS: Readonly<Record<number, (limits: ZipLimits) => StreamDecoder>> = {
  9: openDeflate64,
  12: bzip2.open,
  14: openZipLzma,
  93: zstd.open,
  95: xz.open,
};
