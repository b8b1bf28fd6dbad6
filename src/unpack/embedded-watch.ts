import { crc32, inflateSync, constants as zlib } from 'node:zlib';
import { CODECS } from './codec/index.ts';
import { decodes, inflates } from './format/dump.ts';

/** Bytes that a confirmation wants to see. */
const REACH = 4096;
/** Of the last piece so many bytes are looked at again, with those that follow. */
const SEAM = 128;
const ZIP_METHODS: ReadonlySet<number> = new Set([0, 8, 9, 12, 14, 93, 95, 96, 97, 98, 99]);

const ZIP_MEMBER = Buffer.from('PK\x03\x04', 'latin1');

const codecDecodes = (id: string) => {
  const codec = CODECS.find((candidate) => candidate.id === id)!;
  return (bytes: Buffer): boolean => codec.sniff(bytes) && decodes(codec, bytes);
};

/** The first byte of nearly every zlib stream (RFC 1950, 2.2: deflate with a window of 32 KiB). */
const ZLIB = 0x78;
/** So many bytes that inflate are no accident: others break within a few. A piece shows at least these (`SEAM`). */
const ZLIB_BYTES = 96;
/** What a whole stream has to hold to count: an empty one says nothing. */
const ZLIB_CONTENT = 8;

/** First bytes of compressed data, and what else must be right there: by chance alone it never is. */
const MARKS: readonly { readonly mark: Buffer; readonly confirm: (bytes: Buffer) => boolean }[] = [
  { mark: Buffer.from([0x1f, 0x8b, 8]), confirm: inflates },
  { mark: Buffer.from('\xfd7zXZ\0', 'latin1'), confirm: (bytes) => crcAt(bytes, 6, 8, 8) },
  { mark: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), confirm: codecDecodes('zstd') },
  { mark: Buffer.from([4, 0x22, 0x4d, 0x18]), confirm: codecDecodes('lz4') },
  {
    mark: Buffer.from('BZh'),
    confirm: (bytes) => /^BZh[1-9](1AY&SY|\x17rE8P\x90)/.test(bytes.toString('latin1', 0, 10)),
  },
  { mark: Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'), confirm: (bytes) => crcAt(bytes, 12, 32, 8) },
  { mark: Buffer.from('Rar!\x1a\x07', 'latin1'), confirm: isRar },
  { mark: ZIP_MEMBER, confirm: isLocalHeader },
];

/**
 * Notices compressed data that lies somewhere inside of binary content. Too little of it to look random is still content
 * that nobody read. What lies at the very beginning is told by the table of formats.
 */
export class EmbeddedWatch {
  found = false;
  /**
   * Where a compressed stream begins that is one beyond doubt. Members of zip archives do not count here: the core of a
   * Java program maps whole archives of its classes, and what lies in documented dumps is accepted undecoded.
   */
  stream: number | undefined;
  private size = 0;
  private tail: Buffer = Buffer.alloc(0);

  /** `text`: the content is UTF-8 so far, so it holds nothing of the kind. */
  update(bytes: Uint8Array, text: boolean): void {
    if (this.stream !== undefined) return;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (!text) {
      const seam = Buffer.concat([this.tail, buffer.subarray(0, REACH)]);
      this.search(seam, this.size - this.tail.length, this.tail.length);
      this.search(buffer, this.size, buffer.length);
    }
    this.size += bytes.length;
    const few = bytes.length < SEAM ? Buffer.concat([this.tail, buffer]) : buffer;
    this.tail = Buffer.from(few.subarray(Math.max(0, few.length - SEAM)));
  }

  /** Looks for marks that begin before `end`. */
  private search(buffer: Buffer, offset: number, end: number): void {
    for (const { mark, confirm } of MARKS) {
      for (let at = buffer.indexOf(mark); at >= 0 && at < end; at = buffer.indexOf(mark, at + 1)) {
        if (offset + at > 0 && confirm(buffer.subarray(at, at + REACH))) {
          this.found = true;
          if (mark !== ZIP_MEMBER) this.stream ??= offset + at;
          if (this.stream !== undefined) return;
          break;
        }
      }
    }
    for (let at = buffer.indexOf(ZLIB); at >= 0 && at < end && !this.found; at = buffer.indexOf(ZLIB, at + 1)) {
      this.found = offset + at > 0 && isZlibStream(buffer.subarray(at, at + REACH));
    }
  }
}

/** A zlib stream (RFC 1950): it has a checksum of two bytes only, so its first kilobytes must inflate. */
export function isZlib(head: Uint8Array): boolean {
  if (head.length < 8 || (head[0]! & 15) !== 8 || head[0]! > 0x78 || ((head[0]! << 8) | head[1]!) % 31 !== 0)
    return false;
  try {
    return inflateSync(head, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 2 ** 22 }).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}

/**
 * A zlib stream inside of other bytes: its header is two bytes, so it has to inflate to its checksum, or as far as is
 * seen. Most look-alikes are turned away by the header of the first block (RFC 1951, 3.2.3 to 3.2.7).
 */
function isZlibStream(bytes: Buffer): boolean {
  if (bytes.length < 12 || ((ZLIB << 8) | bytes[1]!) % 31 !== 0 || (bytes[1]! & 0x20) !== 0) return false;
  const type = (bytes[2]! >> 1) & 3;
  if (type === 3 || (type === 0 && (bytes.readUInt16LE(3) ^ bytes.readUInt16LE(5)) !== 0xffff)) return false;
  if (type === 2 && (bytes[2]! >> 3 > 29 || (bytes[3]! & 31) > 29)) return false;
  try {
    return inflateSync(bytes, { maxOutputLength: 2 ** 22 }).length >= ZLIB_CONTENT;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' || (code === 'Z_BUF_ERROR' && bytes.length >= ZLIB_BYTES);
  }
}

function crcAt(bytes: Buffer, from: number, to: number, at: number): boolean {
  return bytes.length >= Math.max(to, at + 4) && crc32(bytes.subarray(from, to)) === bytes.readUInt32LE(at);
}

/** The main header follows the mark: type 0x73 in RAR 4; type 1, or 4 where all headers are encrypted, in RAR 5. */
function isRar(bytes: Buffer): boolean {
  return bytes[6] === 0 ? bytes[9] === 0x73 : bytes[6] === 1 && bytes[7] === 0 && (bytes[13] === 1 || bytes[13] === 4);
}

/** APPNOTE 6.3.10, 4.3.7: a version and a method that exist, and a name without control characters. */
function isLocalHeader(bytes: Buffer): boolean {
  if (bytes.length < 31 || bytes[4]! > 63 || !ZIP_METHODS.has(bytes.readUInt16LE(8))) return false;
  const size = bytes.readUInt16LE(26);
  return size > 0 && size <= 4096 && bytes.subarray(30, 30 + Math.min(size, 64)).every((byte) => byte >= 0x20);
}
