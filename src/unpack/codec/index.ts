/** Decoders of compressed streams, in JavaScript and WebAssembly: streaming, within a memory limit, checked to the end. */

import { bzip2 } from './bzip2.ts';
import type { Codec } from './codec.ts';
import { lzip, lzmaAlone } from './lzma.ts';
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

/** Every stream format that can be told by its content, in the order in which they are tried. */
export const CODECS: readonly Codec[] = [zstd, xz, bzip2, lzip, lzmaAlone];

export { openZipLzma } from './lzma.ts';
