import { crc32 } from 'node:zlib';
import type { FindingWhere } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import type { StreamAside } from '../decoder-source.ts';
import { InflateSource } from '../inflate.ts';
import { baseName } from '../names.ts';
import { ByteReader, type ChunkSource, type Co } from '../reader.ts';
import { unwrap } from '../unwrap.ts';

const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

/** gzip (RFC 1952): any number of members, also behind zero padding; text of their headers is handed on. */
export const gzip: Format = {
  id: 'gzip',
  media: 'application/gzip',
  sniff: (head) => isGzip(head),
  *walk(box) {
    const source = new GzipSource(box);
    yield* source.header();
    yield* unwrap(box, new ByteReader(source), source.name, source.asides);
    yield* box.tail('tail', 'tail');
  },
};

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 10 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8 && (head[3]! & RESERVED) === 0;
}

/** All members of a gzip file as one run of decoded bytes. */
class GzipSource implements ChunkSource {
  /** Base name of the first member's FNAME. */
  name: Uint8Array | undefined;
  private readonly box: Box;
  private inflate: ChunkSource | undefined;
  private crc = 0;
  private size = 0;
  /** Header fields met while decoding; they wait until no other entry is open. */
  readonly asides: StreamAside[] = [];

  constructor(box: Box) {
    this.box = box;
  }

  *next(): Co<Uint8Array | undefined> {
    while (this.inflate) {
      const bytes = yield* this.inflate.next();
      if (bytes) {
        this.crc = crc32(bytes, this.crc);
        this.size += bytes.length;
        return bytes;
      }
      this.inflate.close?.();
      this.inflate = undefined;
      yield* this.trailer();
      yield* this.box.zeros();
      if (isGzip(yield* this.box.reader.peek(10))) yield* this.header();
    }
    return undefined;
  }

  close(): void {
    this.inflate?.close?.();
  }

  /** RFC 1952, section 2.3. */
  *header(): Co<void> {
    const { box } = this;
    const { reader } = box;
    let crc = 0;
    const take = function* (length: number): Co<Uint8Array> {
      box.chargeMetadata(length);
      const bytes = new Uint8Array(yield* reader.read(length));
      if (bytes.length < length) box.fail('truncated', 'the gzip header is cut off');
      crc = crc32(bytes, crc);
      return bytes;
    };
    const fixed = yield* take(10);
    const flags = fixed[3]!;
    if (flags & FEXTRA) {
      const length = Buffer.from(yield* take(2)).readUInt16LE();
      const offset = reader.position;
      this.asides.push({ label: 'extra', offset, where: 'header-field', bytes: yield* take(length) });
    }
    if (flags & FNAME) {
      const name = yield* this.text(take, 'name', 'gzip-name');
      this.name ??= baseName(name);
    }
    if (flags & FCOMMENT) yield* this.text(take, 'comment', 'archive-comment');
    if (flags & FHCRC) {
      const sum = crc & 0xffff;
      if (Buffer.from(yield* take(2)).readUInt16LE() !== sum)
        box.gap('checksum-mismatch', 'gzip header CRC', reader.position - 2);
    }
    box.ledger.take('header', reader.position);
    this.crc = 0;
    this.size = 0;
    this.inflate = new InflateSource(reader, box.budget, box);
  }

  /** A zero-ended field. */
  private *text(take: (length: number) => Co<Uint8Array>, label: string, where: FindingWhere): Co<Uint8Array> {
    const { reader, budget } = this.box;
    const offset = reader.position;
    let end = -1;
    for (let reach = 512; end < 0; reach *= 2) {
      if (reach > 2 * budget.limits.entryMetadata) this.box.chargeMetadata(reach);
      const seen = yield* reader.peek(reach);
      end = seen.indexOf(0);
      if (end < 0 && seen.length < reach) this.box.fail('truncated', 'the gzip header is cut off');
    }
    const bytes = (yield* take(end + 1)).subarray(0, end);
    this.asides.push({ label, offset, where, bytes });
    return bytes;
  }

  private *trailer(): Co<void> {
    const { box } = this;
    const { reader, ledger } = box;
    ledger.take('entry', reader.position);
    const offset = reader.position;
    const trailer = Buffer.from(yield* reader.read(8));
    if (trailer.length < 8) box.fail('truncated', 'the gzip trailer is cut off', offset);
    if (trailer.readUInt32LE(0) !== this.crc) box.gap('checksum-mismatch', 'CRC-32 of the gzip member', offset);
    if (trailer.readUInt32LE(4) !== this.size % 2 ** 32)
      box.gap('size-mismatch', 'size in the gzip trailer', offset + 4);
    ledger.take('header', reader.position);
  }
}
