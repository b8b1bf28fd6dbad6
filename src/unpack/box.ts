import type { EntryHead, EntryKind, FindingWhere, Gap } from '../model/index.ts';
import { Broken } from './broken.ts';
import type { Budget } from './budget.ts';
import type { GapCode } from './gap-codes.ts';
import { Ledger } from './ledger.ts';
import type { NameRegister } from './name-register.ts';
import { type ByteReader, type ChunkSource, type Co, chunkOf, type RandomAccess } from './reader.ts';
import type { ReaderDefectId } from './second-reader/defects.ts';
import type { SecondReading } from './second-reader/second-readers.ts';
import { limited, MAX_CHUNK, remaining, section } from './sources.ts';
import type { Place, Walk } from './walk.ts';

/** A member as its container describes it. */
export interface Member {
  readonly name: Uint8Array;
  readonly kind: EntryKind;
  readonly linkTarget?: Uint8Array;
  readonly where?: FindingWhere;
  /** What is wrong with the member already; content adds to it. */
  readonly gaps?: Gap[];
  /** Gives what lies in a directory that is a payload. */
  readonly members?: (place: Place) => Co<void>;
  /** Absent where there is no content at all. */
  readonly source?: ChunkSource;
  /** Bytes the source will give, if they are known. */
  readonly size?: number;
  readonly random?: RandomAccess;
  /** The layer whose failure is this member's own affair, such as the decoder of a zip member. */
  readonly owner?: object;
  /** Bytes are handed on as they are, as the gap says that they cannot be understood. */
  readonly sealed?: boolean;
  /** Bytes are what they are, whatever they look like: a header of the container itself. */
  readonly plain?: boolean;
  /** Looks random for a reason: its content is handed on decoded as well. */
  readonly compressed?: boolean;
  /** A second reader of the container is known to read it otherwise. */
  readonly defect?: ReaderDefectId;
  /** Called after the last byte: what the container knows of the content that does not fit. */
  readonly verify?: (size: number) => Iterable<Gap>;
}

/** How a format is recognised and walked. */
export interface Format {
  readonly id: string;
  readonly media: string;
  /** `head` is the start of the content, up to `WHOLE` bytes of it; `tail` its end where the content is seekable. */
  sniff(head: Uint8Array, tail: Uint8Array | undefined, size: number | undefined): boolean;
  /** Needs `box.random`: content that is not seekable is spooled first. */
  readonly seeks?: boolean;
  /** A document: its bytes are handed on as its own (`box.ownBytes`), what was read out of it are members. */
  readonly coverage?: 'decoded';
  /** Gives all members; must account for every byte of the box. */
  walk(box: Box): Co<void>;
}

/** One layer of a container: what a format's walk works on. A codec around a tar makes two layers of one entry. */
export class Box {
  readonly walk: Walk;
  readonly entry: EntryHead;
  /** Level of this layer; the payload's own container is 1. */
  readonly depth: number;
  readonly reader: ByteReader;
  readonly size: number | undefined;
  readonly random: RandomAccess | undefined;
  /** Of the entry: all its layers share them. */
  readonly gaps: Gap[];
  readonly names: NameRegister;
  readonly ledger: Ledger;
  /** Of another reader on the same bytes, where one was asked for. */
  second: SecondReading | undefined;
  private metadata = 0;

  constructor(
    walk: Walk,
    entry: EntryHead,
    depth: number,
    reader: ByteReader,
    shared: { gaps: Gap[]; names: NameRegister },
    seek?: { size: number | undefined; random: RandomAccess | undefined },
  ) {
    this.walk = walk;
    this.entry = entry;
    this.depth = depth;
    this.reader = reader;
    this.gaps = shared.gaps;
    this.names = shared.names;
    this.size = seek?.size;
    this.random = seek?.random;
    this.ledger = new Ledger(walk.keepsLedgers);
  }

  get budget(): Budget {
    return this.walk.budget;
  }

  /** Ends the walk of this layer. */
  fail(code: GapCode, detail: string, offset = this.reader.position): never {
    throw new Broken(this, code, detail, offset);
  }

  gap(code: GapCode, detail: string, offset?: number): void {
    this.gaps.push(offset === undefined ? { code, detail } : { code, detail, offset });
  }

  /** Charges header data of one entry before it is read. */
  chargeMetadata(bytes: number, offset = this.reader.position): void {
    const { entryMetadata, metadata } = this.budget.limits;
    if (bytes > entryMetadata) this.fail('over-metadata', `${bytes} bytes of header data in one entry`, offset);
    this.metadata += bytes;
    if (this.metadata > metadata) this.fail('over-metadata', `more than ${metadata} bytes of header data`, offset);
  }

  *member(member: Member): Co<void> {
    yield* this.walk.member(this, member);
  }

  /** A member whose content is the next `size` bytes of the reader; accounts for them. */
  *stored(member: Omit<Member, 'source' | 'size' | 'random'>, size: number): Co<void> {
    const start = this.reader.position;
    const random = this.random && section(this.random, start, size);
    const source = limited(this.reader, size, this);
    yield* this.walk.member(this, { ...member, source, size, ...(random && { random }) });
    this.ledger.take(member.kind === 'pseudo' ? 'pseudo-entry' : 'entry', this.reader.position);
  }

  /** Bytes of the container outside its members that were read already; the ledger is the caller's. */
  *aside(label: string, offset: number, where: FindingWhere, bytes: Uint8Array): Co<void> {
    if (bytes.length === 0) return;
    const name = Buffer.from(`#${label}@${offset}`);
    const plain = label === 'header';
    yield* this.walk.member(this, { name, kind: 'pseudo', where, plain, source: chunkOf(bytes), size: bytes.length });
    // A record or a value inside of it may be content of its own; what it begins with was seen.
    const from = plain ? 0 : 1;
    yield* this.walk.field(this, `${label}-content`, offset + from, bytes.subarray(from), false);
  }

  /** Hands on all bytes as content of the entry itself, before any members. */
  *ownBytes(): Co<void> {
    for (let bytes = yield* this.reader.next(MAX_CHUNK); bytes; bytes = yield* this.reader.next(MAX_CHUNK)) {
      yield* this.walk.bytes(this.entry, bytes);
    }
    this.ledger.take('entry', this.reader.position);
  }

  /** Everything that is left as one pseudo-entry; zeros before it are padding. `plain` bytes are not opened. */
  *tail(label: string, where: FindingWhere, plain = false): Co<void> {
    yield* this.zeros();
    if ((yield* this.reader.peek(1)).length === 0) return;
    const from = this.reader.position;
    const name = Buffer.from(`#${label}@${from}`);
    const random = this.random && section(this.random, from, this.random.size - from);
    const source = remaining(this.reader);
    yield* this.walk.member(this, {
      name,
      kind: 'pseudo',
      where,
      plain,
      source,
      ...(random && { random, size: random.size }),
    });
    this.ledger.take('pseudo-entry', this.reader.position);
  }

  /** Takes zero bytes as padding, up to the first other byte. */
  *zeros(): Co<void> {
    for (;;) {
      const bytes = yield* this.reader.peek(1);
      if (bytes.length === 0) break;
      const seen = yield* this.reader.peek(this.reader.buffered);
      const end = seen.findIndex((byte) => byte !== 0);
      this.reader.advance(end < 0 ? seen.length : end);
      if (end >= 0) break;
    }
    this.ledger.take('padding', this.reader.position);
  }

  /** A layer of the same entry over decoded bytes. */
  inner(reader: ByteReader): Box {
    return new Box(this.walk, this.entry, this.depth + 1, reader, { gaps: this.gaps, names: this.names });
  }
}
