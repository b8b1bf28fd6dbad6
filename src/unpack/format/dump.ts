import { inflateRawSync, constants as zlib } from 'node:zlib';
import type { Format } from '../box.ts';
import { CODECS, type Codec, CodecError } from '../codec/index.ts';
import { codecFormat } from './codecs.ts';
import { gzip, isGzip } from './gzip.ts';

/**
 * Where documented dumps keep their payload: BMCDUMP a Zstandard tar at 0x274, SYSDUMP a gzip tar at 0x4D0
 * (openbmc/op-dump-packager). Other headers are looked for up to `REACH`.
 */
const KNOWN_OFFSETS = [0x274, 0x4d0];
const REACH = 4096;
const SHORTEST_HEADER = 16;

/** A compressed payload behind a binary header: the header is a pseudo-entry, the payload is walked like a bare one. */
export const dump: Format = {
  id: 'dump',
  media: 'application/x-dump',
  sniff: (head) => payloadOf(head) !== undefined,
  *walk(box) {
    const payload = payloadOf(yield* box.reader.peek(REACH + 4096));
    if (!payload) return;
    yield* box.stored({ name: Buffer.from('#header@0'), kind: 'pseudo', where: 'header-field' }, payload.offset);
    yield* payload.format.walk(box);
  },
};

interface DumpPayload {
  readonly offset: number;
  readonly format: Format;
}

/** The first compressed payload behind a header; the places of the documented dumps go first. */
function payloadOf(head: Uint8Array): DumpPayload | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, REACH + 4096));
  // A header is binary: text that happens to hold a magic number is none.
  const zero = bytes.indexOf(0);
  const binary = zero >= 0 && zero < REACH;
  if (!binary && !KNOWN_OFFSETS.some((offset) => ALL_MAGICS.some((magic) => begins(bytes, offset, magic)))) {
    return undefined;
  }
  const found = [...candidates(bytes)];
  const known = found.find(({ offset }) => KNOWN_OFFSETS.includes(offset));
  if (known) return known;
  return binary ? found.sort((a, b) => a.offset - b.offset)[0] : undefined;
}

/** What is looked for behind a header; the codec itself has the last word. */
const MAGICS = [
  '\x28\xb5\x2f\xfd', // Zstandard
  '\xfd7zXZ\0', // xz
  'BZh', // bzip2
  '\x04\x22\x4d\x18', // lz4
].map((magic) => Buffer.from(magic, 'latin1'));

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 8]);
const ALL_MAGICS = [GZIP_MAGIC, ...MAGICS];

function begins(bytes: Buffer, offset: number, magic: Buffer): boolean {
  return bytes[offset] === magic[0] && bytes.subarray(offset, offset + magic.length).equals(magic);
}

function* candidates(bytes: Buffer): Generator<DumpPayload> {
  for (const offset of places(bytes, GZIP_MAGIC)) {
    if (isGzip(bytes.subarray(offset)) && inflates(bytes.subarray(offset))) yield { offset, format: gzip };
  }
  for (const magic of MAGICS) {
    for (const offset of places(bytes, magic)) {
      const head = bytes.subarray(offset);
      const codec = CODECS.find((candidate) => candidate.sniff(head));
      if (codec && (KNOWN_OFFSETS.includes(offset) || decodes(codec, head)))
        yield { offset, format: codecFormat(codec) };
    }
  }
}

/** A magic number may stand anywhere by chance; that the first kilobytes, or the `whole` head, also decode is no chance. */
export function decodes(codec: Codec, head: Uint8Array, whole = false): boolean {
  const decoder = codec.open({ memory: 2 ** 27 });
  try {
    for (const piece of decoder.feed(head)) if (piece.type === 'data' && !whole) return true;
    return true;
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  } finally {
    decoder.close();
  }
}

function* places(bytes: Buffer, magic: Buffer): Generator<number> {
  let at = bytes.indexOf(magic, SHORTEST_HEADER);
  while (at >= 0 && at < REACH && at + 18 <= bytes.length) {
    yield at;
    at = bytes.indexOf(magic, at + 1);
  }
}

/** Where the data of a gzip member begins (RFC 1952, section 2.3); -1 where its header is none. */
function headerEnd(member: Uint8Array): number {
  const flags = member[3] ?? 0xff;
  if ((flags & 0xe0) !== 0) return -1;
  let at = 10;
  if (flags & 4) at += 2 + (member[10] ?? 0) + ((member[11] ?? 0) << 8);
  for (const text of [8, 16]) {
    if ((flags & text) === 0) continue;
    const end = member.indexOf(0, at);
    if (end < 0) return -1;
    at = end + 1;
  }
  return flags & 2 ? at + 2 : at;
}

/** So many bytes that inflate are no chance; more would let many marks before one stream cost much. */
const TELLING = 2 ** 16;
/** The codes of a block may take so many bytes before the first byte of content (RFC 1951, section 3.2.7). */
const CODES = 320;
/** Of those so many must be there: fewer may be anything. */
const FEWEST = 8;

/** The same for gzip; data that is cut off within the codes of its first block gives nothing, and is some all the same. */
export function inflates(member: Uint8Array): boolean {
  const start = headerEnd(member);
  if (start < 0 || start >= member.length) return false;
  const data = member.subarray(start, start + 4096);
  try {
    const options = { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: TELLING };
    return inflateRawSync(data, options).length > 0 || (data.length >= FEWEST && data.length < CODES);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}
