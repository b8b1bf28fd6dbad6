import type { Format } from '../box.ts';
import { CODECS } from '../codec/index.ts';
import { decodes, inflates } from '../format/dump.ts';
import { MAGIC_STARTS, recognise } from '../magic.ts';

/** First three bytes of what is opened, or is a gap where it is not: enough for a first look at a run of characters. */
const OPENED_STARTS: readonly (readonly number[])[] = [
  [0x1f, 0x8b, 8],
  [0x50, 0x4b, 3],
  [0x50, 0x4b, 5],
  [0x50, 0x4b, 7],
  [0x50, 0x4b, 0x30],
  [0x42, 0x5a, 0x68],
  [0x30, 0x37, 0x30],
  [0x21, 0x3c, 0x61],
  [0xed, 0xab, 0xee],
  [0x5d, 0, 0],
  ...Array.from({ length: 8 }, (_, bits) => [0x1f, 0x9d, 0x89 + bits]),
  ...Array.from({ length: 8 }, (_, bits) => [0x1f, 0x9d, 9 + bits]),
  ...Array.from({ length: 16 }, (_, kind) => [0x50 + kind, 0x2a, 0x4d]),
];

const STARTS = new Set([...OPENED_STARTS, ...MAGIC_STARTS].map(([a, b, c]) => (a! << 16) | (b! << 8) | c!));
/** By twelve bits of what three bytes hash to. */
export const START_FILTER = new Uint8Array(4096);
for (const start of STARTS) START_FILTER[(start ^ (start >>> 12)) & 4095] = 1;

/** 1 for each first byte of those. */
export const START_BYTES = new Uint8Array(256);
for (const start of STARTS) START_BYTES[start >>> 16] = 1;

/** Says if three bytes, as one number, may be the start of an archive. */
export function mayStart(three: number): boolean {
  return START_FILTER[(three ^ (three >>> 12)) & 4095] === 1 && STARTS.has(three);
}

/** Formats whose mark alone is too short: the first bytes must also decode. */
const WEAK: ReadonlySet<string> = new Set(['compress', 'lzma']);
/** The same, where any of many places is looked at and not only where a run begins. */
const WEAK_INSIDE: ReadonlySet<string> = new Set([...WEAK, 'zstd', 'lz4', 'bzip2']);

/** Bytes of a SHA-512. A session id may begin like a JPEG; no image is as short, whose first table alone has 64 bytes (T.81, B.2.4.1). */
const LONGEST_DIGEST = 64;
/** Every second code of nine bits drawn at random may follow the one before: below 16 codes chance passes for a stream. */
const TELLING_COMPRESS = 3 + 18;

/** More than the header of a frame, and less than its first block. */
const HEADER = 24;

/** Reads of an archive that is looked for: enough for any decoder to fail on what is none. */
const TRIED = 4096;

/**
 * Says if decoded bytes are an archive, a compressed file, or of a format that is known and cannot be read. `complete`
 * tells that there are no more bytes. `inside`: they were found by their first bytes at any place of a run, so those
 * have to be less likely to stand there by chance.
 */
export function isArchive(formats: readonly Format[], bytes: Uint8Array, complete: boolean, inside: boolean): boolean {
  const format = formats.find(({ sniff }) =>
    sniff(bytes, complete ? bytes : undefined, complete ? bytes.length : undefined),
  );
  if (!format) {
    const magic = recognise(bytes);
    if (magic?.gap === undefined) return false;
    return magic.bytes.length >= 4 || (!inside && magic.bytes.length === 3 && bytes.length > LONGEST_DIGEST);
  }
  const { id } = format;
  const head = bytes.subarray(0, TRIED);
  if (id === 'cpio') return bytes[0] === 0x30 || hasCpioName(bytes);
  if (id === 'gzip') return !inside || isLikelyGzip(bytes) || inflates(head);
  if (id === 'zip') return !inside || isLocalHeader(bytes);
  if (!(inside ? WEAK_INSIDE : WEAK).has(id)) return true;
  if (id === 'compress' && complete && bytes.length < TELLING_COMPRESS) return false;
  const codec = CODECS.find((candidate) => candidate.id === id);
  // What has a mark of four bytes need not be whole: its header tells enough, and damage behind it is a gap.
  return codec !== undefined && decodes(codec, WEAK.has(id) ? head : bytes.subarray(0, HEADER), id === 'compress');
}

/** RFC 1952, section 2.3.1: extra flags and systems that exist. By chance one of 10^11 places looks like that. */
function isLikelyGzip(bytes: Uint8Array): boolean {
  const system = bytes[9]!;
  return (bytes[8] === 0 || bytes[8] === 2 || bytes[8] === 4) && (system <= 13 || system === 255);
}

/** The name of a member in the binary format ends with a NUL, and has none before. */
function hasCpioName(bytes: Uint8Array): boolean {
  const size = bytes[0] === 0x71 ? (bytes[20]! << 8) | bytes[21]! : (bytes[21]! << 8) | bytes[20]!;
  return bytes.indexOf(0, 26) === 26 + size - 1 && size > 1;
}

/** APPNOTE 6.3.10, 4.3.7: versions go up to 63, methods to 99, and a name is there. */
function isLocalHeader(bytes: Uint8Array): boolean {
  const name = bytes[26]! | (bytes[27]! << 8);
  return bytes.length > 30 && bytes[4]! <= 63 && bytes[9] === 0 && bytes[8]! <= 99 && name > 0 && name <= 4096;
}
