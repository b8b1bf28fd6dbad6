import type { EntryKind, Gap } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import type { Co } from '../reader.ts';
import { OwnerNames } from './owner-names.ts';
import { type PaxRecords, parsePax } from './pax.ts';
import { BLOCK, checksumFits, claimsHeader, isZeroBlock, parseHeader, type TarHeader } from './tar-header.ts';
import { expanded, mapFault, pairs, readDataMap, readGnuMap, type SparseMap } from './tar-sparse.ts';

/** tar: v7, ustar, pax, GNU with long names, and every form of sparse member. */
export const tar: Format = {
  id: 'tar',
  media: 'application/x-tar',
  sniff: (head) =>
    head.length >= BLOCK && !isZeroBlock(head.subarray(0, BLOCK)) && (checksumFits(head) || claimsHeader(head)),
  walk: (box) => new TarWalk(box).run(),
};

/** What tar writes when there is nothing to write: blocks of zeros, at least the two that end an archive. */
export function isEmptyTar(whole: Uint8Array): boolean {
  return whole.length >= 2 * BLOCK && whole.length % BLOCK === 0 && isZeroBlock(whole);
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'special',
  '4': 'special',
  '5': 'directory',
  '6': 'special',
  D: 'directory',
};

/** Long names and links of GNU, and pax headers: of one member, in Sun's way, and of all. */
const EXTENSIONS: ReadonlySet<string> = new Set(['L', 'K', 'x', 'X', 'g']);

/** What extension headers said of the next member. */
interface Pending {
  name?: Uint8Array;
  link?: Uint8Array;
  pax: PaxRecords;
  /** Bytes of them, with their contents. */
  size: number;
  /** Places of the extension headers, whose own names must fit the member's. */
  headers: { offset: number; block: Uint8Array; name: Uint8Array }[];
}

class TarWalk {
  private readonly box: Box;
  private readonly owners = new OwnerNames();
  private global: PaxRecords = {};
  private pending: Pending = { pax: {}, size: 0, headers: [] };

  constructor(box: Box) {
    this.box = box;
  }

  *run(): Co<void> {
    const box: Box = this.box;
    const { reader } = box;
    let zeros = 0;
    for (;;) {
      const offset = reader.position;
      const block = reader.atHand(BLOCK) ?? (yield* reader.peek(BLOCK));
      if (block.length === 0) break;
      if (block.length === BLOCK && isZeroBlock(block)) {
        reader.advance(BLOCK);
        box.ledger.take('padding', reader.position);
        zeros += 1;
        continue;
      }
      // Two zero blocks end an archive; one alone is a gap that some readers stop at and others read on.
      if (zeros >= 2) break;
      if (block.length < BLOCK) box.fail('truncated', 'a tar header is cut off', offset);
      // The header outlives the chunk that it lies in, and its fields are parts of it: those of a plain array cost less.
      const copy = Buffer.from(block);
      const kept = new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
      const header = parseHeader(kept);
      if (typeof header === 'string') box.fail('corrupt', `${header} of a tar header`, offset);
      reader.advance(BLOCK);
      box.ledger.take('header', reader.position);
      if (EXTENSIONS.has(header.type)) yield* this.extend(header, kept, offset);
      else yield* this.member(header, kept, offset);
      zeros = 0;
    }
    yield* this.owners.flush(box);
    if (this.pending.headers.length > 0) box.fail('truncated', 'extension headers without a member');
    if (zeros === 0) box.gap('truncated', 'the zero blocks at the end are missing', reader.position);
    yield* box.tail('tail', 'tail');
  }

  /** Notes what an extension header says of the next member, or of all. */
  private *extend(header: TarHeader, block: Uint8Array, offset: number): Co<void> {
    const { box } = this;
    switch (header.type) {
      case 'L':
      case 'K': {
        const text = yield* this.extension(header, block, offset);
        const end = text.indexOf(0);
        const value = end < 0 ? text : text.subarray(0, end);
        if (header.type === 'L') this.pending.name = value;
        else this.pending.link = value;
        // With what stands before it, which may begin something that the NUL is part of.
        if (!isZeroBlock(text.subarray(value.length))) yield* box.aside('slack', offset, 'slack', text);
        return;
      }
      default: {
        const text = yield* this.extension(header, block, offset);
        const { records, extra, broken } = parsePax(text);
        if (broken) box.gap('corrupt', 'a pax header is no list of records', offset);
        if (extra) yield* box.aside('pax', offset, 'pax-header', text);
        if (header.type === 'g') {
          this.global = { ...this.global, ...records };
          this.pending.headers.pop();
          yield* box.aside('header', offset, 'header-field', block);
        } else {
          this.pending.pax = { ...this.pending.pax, ...records };
        }
      }
    }
  }

  /** Content of an extension header. */
  private *extension(header: TarHeader, block: Uint8Array, offset: number): Co<Uint8Array> {
    const { box } = this;
    box.chargeMetadata(header.size, offset);
    this.pending.size += BLOCK + header.size;
    if (this.pending.size > 2 * box.budget.limits.entryMetadata) {
      box.fail('over-metadata', 'too many extension headers in front of one member', offset);
    }
    if (header.residue) yield* box.aside('header', offset, 'header-field', block);
    this.pending.headers.push({ offset, block, name: header.name });
    this.owners.add(header);
    const text = new Uint8Array(yield* box.reader.read(header.size));
    if (text.length < header.size) box.fail('truncated', 'an extension header is cut off', offset);
    box.ledger.take('header', box.reader.position);
    yield* this.padding(header.size);
    return text;
  }

  private *member(header: TarHeader, block: Uint8Array, offset: number): Co<void> {
    const { box, pending } = this;
    this.pending = { pax: {}, size: 0, headers: [] };
    const pax: PaxRecords = { ...this.global, ...pending.pax };
    const name = pax.sparse?.name ?? pax.path ?? pending.name ?? header.name;
    const link = pax.linkpath ?? pending.link ?? header.link;
    const plain = name === header.name && header.link.length === 0 && !header.residue;
    if (!plain || pending.headers.length > 0) {
      yield* this.hiddenNames(header, block, offset, pending, name, link, pax);
    }
    this.owners.add({ uname: pax.uname ?? header.uname, gname: pax.gname ?? header.gname });
    if (pax.uname || pax.gname) this.owners.add(header);
    if (this.owners.full) yield* this.owners.flush(box);

    const size = pax.size ?? header.size;
    if (!Number.isSafeInteger(size)) box.fail('corrupt', 'size in a pax header', offset);
    const trailing = name.at(-1) === 0x2f && (header.type === '0' || header.type === '7');
    const kind = trailing && size === 0 ? 'directory' : (KINDS[header.type] ?? 'file');
    const gaps: Gap[] = [];
    const about = { name, kind, gaps, ...((kind === 'symlink' || kind === 'hardlink') && { linkTarget: link }) };
    const start = box.reader.position;
    let stored = size;
    if (kind !== 'file') stored = yield* this.dataBehind(size);
    if (kind !== 'file' && stored > 0)
      gaps.push({ code: 'data-in-link', detail: `${stored} bytes of data`, offset: start });
    if (header.type === 'M') gaps.push({ code: 'truncated', detail: 'continued from another volume' });
    if (header.type === 'V') {
      yield* box.aside('label', offset, 'header-field', name);
      yield* box.stored({ name: Buffer.from(`#slack@${start}`), kind: 'pseudo', where: 'slack' }, stored);
    } else if (header.type === 'S' || (pax.sparse && kind === 'file')) {
      yield* this.sparse(header, block, pax, about, stored);
    } else if (stored === 0) {
      yield* box.walk.member(box, about);
    } else {
      yield* box.stored(about, stored);
    }
    if ((box.reader.position - start) % BLOCK !== 0) yield* this.padding(box.reader.position - start);
  }

  private *sparse(
    header: TarHeader,
    block: Uint8Array,
    pax: PaxRecords,
    about: { name: Uint8Array; kind: EntryKind; gaps: Gap[] },
    stored: number,
  ): Co<void> {
    const { box } = this;
    const defect = header.type === 'S' ? 'tar-gnu-sparse' : 'tar-pax-sparse';
    let map: SparseMap;
    let data = stored;
    if (header.type === 'S') {
      map = yield* readGnuMap(box, block);
    } else if (pax.sparse?.major === 1) {
      const read = yield* readDataMap(box, stored, pax.sparse.size ?? Number.NaN);
      map = read.map;
      data = stored - read.used;
    } else {
      map = { size: pax.sparse?.size ?? Number.NaN, pieces: pairs(pax.sparse?.numbers ?? []) };
    }
    box.ledger.take('header', box.reader.position);
    const fault = mapFault(map, data);
    if (fault) {
      about.gaps.push({ code: 'corrupt', detail: fault });
      yield* box.stored({ ...about, defect }, data);
      return;
    }
    yield* box.member({ ...about, defect, source: expanded(box, map), size: map.size });
    box.ledger.take('entry', box.reader.position);
  }

  /**
   * Bytes behind the header of a link, directory or device. Some writers state a size there without data, others store
   * data; what follows tells: a header (or the end) means that there is none.
   */
  private *dataBehind(size: number): Co<number> {
    if (size === 0) return 0;
    const next = yield* this.box.reader.peek(BLOCK);
    if (next.length < BLOCK || isZeroBlock(next) || checksumFits(next)) return 0;
    return size;
  }

  /** What stands in headers that the member's own name, link and numbers do not show. */
  private *hiddenNames(
    header: TarHeader,
    block: Uint8Array,
    offset: number,
    pending: Pending,
    name: Uint8Array,
    link: Uint8Array,
    pax: PaxRecords,
  ): Co<void> {
    const { box } = this;
    const linkUsed = header.type === '1' || header.type === '2';
    const hidden =
      header.residue ||
      (name !== header.name && !derivedFrom(header.name, name)) ||
      (header.link.length > 0 && (!linkUsed || (link !== header.link && !derivedFrom(header.link, link))));
    if (hidden) yield* box.aside('header', offset, 'header-field', block);
    for (const extension of pending.headers) {
      if (!derivedFrom(extension.name, name))
        yield* box.aside('header', extension.offset, 'header-field', extension.block);
    }
    const unused = [
      pending.name !== name ? pending.name : undefined,
      pending.link !== undefined && (pending.link !== link || !linkUsed) ? pending.link : undefined,
      pax.path !== name ? pending.pax.path : undefined,
      linkUsed ? undefined : pending.pax.linkpath,
    ];
    for (const text of unused) {
      if (text && !derivedFrom(text, name)) yield* box.aside('long-name', offset, 'header-field', text);
    }
  }

  /** Bytes up to the next block; anything but zeros is slack. */
  private *padding(size: number): Co<void> {
    const { box } = this;
    const length = (BLOCK - (size % BLOCK)) % BLOCK;
    if (length === 0) return;
    const offset = box.reader.position;
    const bytes = box.reader.atHand(length) ?? (yield* box.reader.peek(length));
    box.reader.advance(bytes.length);
    if (isZeroBlock(bytes)) {
      box.ledger.take('padding', box.reader.position);
    } else {
      yield* box.aside('slack', offset, 'slack', bytes);
      box.ledger.take('pseudo-entry', box.reader.position);
    }
    if (bytes.length < length) box.fail('truncated', 'the last block is cut off', offset);
  }
}

/** Segments that writers of pax and GNU long headers add to names. */
const ADDED = /^(|\.|\.{4,}|@LongLink|@PaxHeader|PaxHeaders?(\.X|\.?\d+)?|GNUSparseFile\.\d+|pax_global_header)$/;

const CUT = ['PaxHeaders', 'GNUSparseFile.'];

/** Says if a header's name shows nothing that the member's full name does not. */
function derivedFrom(short: Uint8Array, full: Uint8Array): boolean {
  const whole = Buffer.from(full).toString('latin1');
  const part = Buffer.from(short).toString('latin1');
  if (whole.includes(part)) return true;
  const segments = part.split('/');
  // A long name is cut off at the field's end, maybe within a segment that the writer added.
  const last = part.length >= 99 ? segments.at(-1) : undefined;
  return segments.every(
    (segment) =>
      ADDED.test(segment) ||
      whole.includes(segment) ||
      (segment === last && CUT.some((word) => word.startsWith(segment))),
  );
}
