import zlib from 'node:zlib';
import { looksUseful } from './looks-useful.ts';

/** What may follow the last member without being looked at: a word of the next line that a wrapped run swallowed. */
const TAIL = 48;

/** Output of a first look; what gives more is compressed beyond doubt. */
const PREVIEW = 2 ** 20;

/** How a run of bytes is compressed: RFC 1952, 1950, or 1951 alone (as in the redirects of SAML). */
export type Packing = 'gzip' | 'zlib' | 'deflate';

/** Bytes of zlib that have to inflate where the end of the stream is not seen; of bare deflate, which has no mark. */
const ZLIB_BYTES = 24;
const DEFLATE_BYTES = 200;

/**
 * Tells compressed data by its first bytes. Bare deflate counts only where many bytes of it inflate, to text: the caller
 * asks for it where that is worth a try.
 */
export function packingOf(bytes: Uint8Array, deflateToo: boolean): Packing | undefined {
  if (bytes.length > 18 && isMember(bytes, 0)) return 'gzip';
  if (bytes.length < 12) return undefined;
  if ((bytes[0]! & 0x8f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0 && !(bytes[1]! & 0x20)) {
    const plain = inflated(bytes, zlib.inflateSync, ZLIB_BYTES);
    if (plain && plain.length > 0) return 'zlib';
  }
  if (!deflateToo || bytes.length < DEFLATE_BYTES) return undefined;
  const type = (bytes[0]! >> 1) & 3;
  if (type !== 1 && !(type === 2 && bytes[0]! >> 3 <= 29 && (bytes[1]! & 31) <= 29)) return undefined;
  const plain = inflated(bytes, zlib.inflateRawSync, DEFLATE_BYTES);
  return plain && plain.length >= bytes.length && looksUseful(plain.subarray(0, 512)) ? 'deflate' : undefined;
}

/** What a stream gives whose end may be cut off; `undefined` if it breaks, or is cut before `least` bytes. */
function inflated(bytes: Uint8Array, inflate: typeof zlib.inflateSync, least: number): Uint8Array | undefined {
  try {
    return inflate(bytes, { maxOutputLength: PREVIEW });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'Z_BUF_ERROR' || bytes.length < least) return undefined;
    return inflate(bytes, { maxOutputLength: PREVIEW, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  }
}

/**
 * Unpacks compressed data at the start of `bytes`, as far as it goes; what is cut gives what it holds.
 * @throws Error where it or what follows it cannot be read, RangeError beyond `most` bytes of output
 */
export function unpackRun(bytes: Uint8Array, packing: Packing, most: number): Uint8Array {
  if (packing === 'gzip') return gunzipRun(bytes, most);
  const { buffer, used } = inflateRun(bytes, packing === 'zlib' ? zlib.inflateSync : zlib.inflateRawSync, most);
  if (used + TAIL < bytes.length) throw new Error('not compressed data to its end');
  return buffer;
}

/** Node's own gunzip takes whatever follows a member for another one and fails. */
function gunzipRun(bytes: Uint8Array, most: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  while (at < bytes.length && isMember(bytes, at)) {
    const body = at + headerLength(bytes, at);
    const { buffer, used } = inflateRun(bytes.subarray(body), zlib.inflateRawSync, most - size);
    parts.push(buffer);
    size += buffer.length;
    at = body + used + 8;
  }
  if (parts.length === 0 || at + TAIL < bytes.length) throw new Error('not gzip data to its end');
  return Buffer.concat(parts);
}

function inflateRun(bytes: Uint8Array, inflate: typeof zlib.inflateSync, most: number) {
  const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: most, info: true };
  const { buffer, engine } = inflate(bytes, options) as unknown as {
    buffer: Uint8Array;
    engine: { bytesWritten: number };
  };
  return { buffer, used: engine.bytesWritten };
}

function isMember(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

/** RFC 1952 section 2.3: fixed part, extra field, name, comment, CRC. */
function headerLength(bytes: Uint8Array, at: number): number {
  const flags = bytes[at + 3] ?? 0;
  let length = 10;
  if (flags & 4) length += 2 + (bytes[at + length] ?? 0) + 256 * (bytes[at + length + 1] ?? 0);
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at + length);
    if (end < 0) throw new Error('a gzip header without end');
    length = end + 1 - at;
  }
  return flags & 2 ? length + 2 : length;
}
