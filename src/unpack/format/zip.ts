import type { EntryKind, Gap } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import { ByteReader, type Co } from '../reader.ts';
import { ranged, section } from '../sources.ts';
import { findZipEnd, ZIP_END_SIZE } from '../zip-end.ts';
import { OfficeDocument } from './office.ts';
import { openContent } from './zip-content.ts';
import { findEnd, ZipDirectory, type ZipEnd } from './zip-directory.ts';
import { extraAsides, mismatches, readDescriptor } from './zip-headers.ts';
import { CENTRAL, DEFLATED, FLAG, LOCAL, LOCAL_SIZE, parseLocal, STORED, type ZipHeader } from './zip-records.ts';

/**
 * zip: members in the order they lie in the file, each as the central directory describes it and compared with its local
 * header; every byte that no member claims is a pseudo-entry.
 */
export const zip: Format = {
  id: 'zip',
  media: 'application/zip',
  seeks: true,
  sniff: (head, tail, size) => {
    if (head.length < 4) return false;
    const first = Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE();
    // PK\3\4; PK\5\6 in an empty archive; PK\7\8 and PK00 mark archives that were or could be split.
    if (first === LOCAL || (first === 0x06054b50 && head.length >= ZIP_END_SIZE)) return true;
    const second = head.length < 8 ? 0 : Buffer.from(head.buffer, head.byteOffset + 4, 4).readUInt32LE();
    if (second === LOCAL && (first === 0x08074b50 || first === 0x30304b50)) return true;
    return tail !== undefined && hasDirectory(tail, size ?? tail.length);
  },
  *walk(box: Box) {
    if (!box.random) box.fail('unsupported', 'a zip archive that cannot be sought in');
    const end = yield* findEnd(box, box.random);
    if (end) yield* new ZipWalk(box).run(end);
    else yield* new ZipWalk(box).withoutDirectory();
  },
};

/** An archive of at least one member ends here, whatever the file begins with. */
function hasDirectory(tail: Uint8Array, size: number): boolean {
  const at = findZipEnd(tail, size - tail.length);
  if (at < 0) return false;
  const record = Buffer.from(tail.buffer, tail.byteOffset + at, ZIP_END_SIZE);
  const start = at - record.readUInt32LE(12);
  if (record.readUInt16LE(10) === 0) return false;
  return start < 0 || Buffer.from(tail.buffer, tail.byteOffset + start, 4).readUInt32LE() === CENTRAL;
}

class ZipWalk {
  private readonly box: Box;
  private readonly office = new OfficeDocument();

  constructor(box: Box) {
    this.box = box;
  }

  *run(end: ZipEnd): Co<void> {
    const { box } = this;
    box.second?.archive(section(box.random!, end.shift, end.position + ZIP_END_SIZE + end.comment.length - end.shift));
    const directory = new ZipDirectory(box, box.random!, end);
    yield* directory.scan();
    for (const { record, local } of directory.members()) {
      const header = yield* directory.header(record);
      const overlaps = local < box.reader.position && local < end.start;
      if (!overlaps && local < end.start) yield* this.between(local);
      yield* this.listed(header, record, local, overlaps, end);
    }
    yield* this.between(end.start);
    yield* this.finish(directory.parsed, end);
    yield* this.office.text(box);
  }

  /** An archive whose directory is missing: cut off, or members that were hidden in front of another archive. */
  *withoutDirectory(): Co<void> {
    const { box } = this;
    box.gap('truncated', 'no central directory: members are taken from their local headers');
    for (;;) {
      const position = box.reader.position;
      const header = yield* this.local(box.reader);
      if (!header) break;
      box.ledger.take('header', box.reader.position);
      if ((header.flags & FLAG.descriptor) !== 0 && header.compressed === 0) {
        box.fail('unsupported', 'a zip member whose size stands in no header', position);
      }
      yield* extraAsides(box, header, undefined, position, undefined);
      this.office.note(header, position, box.reader.position);
      yield* this.content(header, box.reader, header.name, [], true);
      yield* readDescriptor(box, header);
    }
    // What begins with a header that is cut off would be taken for a zip archive again.
    yield* box.tail('tail', 'tail', box.reader.position === 0);
    yield* this.office.text(box);
  }

  /** A member that the directory lists. */
  private *listed(header: ZipHeader, record: number, position: number, overlaps: boolean, end: ZipEnd): Co<void> {
    const { box } = this;
    const gaps: Gap[] = [];
    const reader = overlaps ? new ByteReader(ranged(box.random!, position, end.start, box.budget)) : box.reader;
    if (overlaps) gaps.push({ code: 'overlap', detail: 'its bytes are claimed by another member', offset: position });
    const local = position < end.start ? yield* this.local(reader) : undefined;
    if (!local) {
      gaps.push({ code: 'corrupt', detail: 'no local header where the directory says', offset: position });
      yield* box.member({ name: header.name, kind: kindOf(header), gaps });
      yield* extraAsides(box, header, undefined, record, header.comment);
      return;
    }
    if (!overlaps) box.ledger.take('header', reader.position);
    for (const detail of mismatches(header, local)) gaps.push({ code: 'header-mismatch', detail, offset: position });
    if (reader.position + header.compressed > end.start && !overlaps) {
      gaps.push({ code: 'overlap', detail: 'its bytes run into the central directory', offset: position });
    }
    this.office.note(header, position, reader.position);
    yield* this.content(header, reader, local.name, gaps, !overlaps);
    if (!overlaps) yield* readDescriptor(box, header, local, gaps.length > 0);
    yield* extraAsides(box, local, header, position, header.comment);
  }

  /** The local header at the reader's place; takes it if it is one. */
  private *local(reader: ByteReader): Co<ZipHeader | undefined> {
    const fixed = Buffer.from(yield* reader.peek(LOCAL_SIZE));
    if (fixed.length < LOCAL_SIZE || fixed.readUInt32LE() !== LOCAL) return undefined;
    const length = LOCAL_SIZE + fixed.readUInt16LE(26) + fixed.readUInt16LE(28);
    this.box.chargeMetadata(length, reader.position);
    const header = parseLocal(Buffer.from(yield* reader.peek(length)));
    if (header) reader.advance(length);
    return header;
  }

  private *content(
    header: ZipHeader,
    reader: ByteReader,
    localName: Uint8Array,
    gaps: Gap[],
    inPlace: boolean,
  ): Co<void> {
    const { box } = this;
    const position = reader.position;
    const kind = kindOf(header);
    if (Buffer.compare(localName, header.name) !== 0) yield* box.aside('name', position, 'header-field', localName);
    const decoded = header.method === STORED || header.method === DEFLATED;
    const about = { name: header.name, kind, gaps, ...(!decoded && { defect: 'yauzl-method' as const }) };
    if (header.compressed === 0 && header.size === 0 && header.crc === 0) {
      yield* box.member(about);
      return;
    }
    if (kind !== 'file' && kind !== 'symlink') {
      gaps.push({ code: 'data-in-link', detail: `${header.size} bytes of data`, offset: position });
    }
    const { about: content, bytes, asides, rest } = yield* openContent(box, header, reader, gaps, inPlace);
    const stored = header.method === STORED && kind === 'symlink' ? yield* rest.peek(4096) : undefined;
    const target = kind === 'symlink' ? (bytes ?? stored) : undefined;
    try {
      yield* box.member({ ...about, ...content, ...(target && { linkTarget: new Uint8Array(target) }) });
    } finally {
      content.source?.close?.();
    }
    if (inPlace && reader.position - rest.buffered > box.ledger.cursor) {
      box.ledger.take('entry', reader.position - rest.buffered);
    }
    for (const { label, offset, where, bytes: text } of asides ?? []) {
      yield* box.aside(label, position + offset, where, text);
    }
    yield* this.unused(rest, position, inPlace);
  }

  /** Bytes of a member's data that its stream did not use. */
  private *unused(rest: ByteReader, position: number, inPlace: boolean): Co<void> {
    const { box } = this;
    const from = rest.position;
    if ((yield* rest.peek(1)).length === 0) return;
    const source = { next: () => rest.next(2 ** 20) };
    const name = Buffer.from(`#slack@${position + from}`);
    yield* box.member({ name, kind: 'pseudo', where: 'slack', source });
    if (inPlace) box.ledger.take('pseudo-entry', box.reader.position);
  }

  /** Bytes up to `to` that no member claims. */
  private *between(to: number): Co<void> {
    const { box } = this;
    const from = box.reader.position;
    if (from >= to) return;
    const head = yield* box.reader.peek(Math.min(to - from, 65536));
    if (head.length === to - from && head.every((byte) => byte === 0)) {
      box.reader.advance(head.length);
      box.ledger.take('padding', to);
      return;
    }
    const label = from === 0 ? 'prefix' : 'gap';
    yield* box.stored({ name: Buffer.from(`#${label}@${from}`), kind: 'pseudo', where: 'slack' }, to - from);
  }

  /** The directory itself, what of it was no record, the end records, the comment, and what follows. */
  private *finish(parsed: number, end: ZipEnd): Co<void> {
    const { box } = this;
    const { reader, ledger } = box;
    if (reader.position > end.start) box.gap('overlap', 'members run into the central directory', end.start);
    yield* this.skip(parsed);
    yield* this.between(end.stop);
    if (end.zip64) {
      const record = Buffer.from(yield* reader.peek(56));
      const length = Math.min(12 + Number(record.readBigUInt64LE(4)), end.position - 20 - reader.position);
      yield* this.skip(reader.position + Math.min(length, 56));
      yield* this.between(end.position - 20);
      yield* this.skip(end.position);
    }
    yield* this.skip(end.position + ZIP_END_SIZE);
    yield* box.aside('comment', reader.position, 'archive-comment', end.comment);
    yield* reader.read(end.comment.length);
    ledger.take('pseudo-entry', reader.position);
    yield* box.tail('tail', 'tail');
  }

  /** Takes bytes that were read already, by place. */
  private *skip(to: number): Co<void> {
    const { reader, ledger } = this.box;
    while (reader.position < to && (yield* reader.next(to - reader.position)));
    ledger.take('header', reader.position);
  }
}

/** File types of Unix modes (POSIX sys/stat.h values as zip writers use them). */
const KIND_BY_TYPE = new Map<number, EntryKind>([
  [0o04, 'directory'],
  [0o12, 'symlink'],
  [0o02, 'special'],
  [0o06, 'special'],
  [0o01, 'special'],
  [0o14, 'special'],
]);

function kindOf({ mode, name }: ZipHeader): EntryKind {
  return KIND_BY_TYPE.get(mode >> 12) ?? (name.at(-1) === 0x2f ? 'directory' : 'file');
}
