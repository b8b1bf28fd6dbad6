import { createHash, hash } from 'node:crypto';
import type { EntryHead, EntryTail, Gap, UnpackEvent } from '../model/index.ts';
import { Box, type Format, type Member } from './box.ts';
import { Broken, Stopped } from './broken.ts';
import type { Budget } from './budget.ts';
import { Classifier } from './classify.ts';
import { EncodedParts } from './encoded/encoded-parts.ts';
import { contentInField, SHORTEST_FIELD } from './field-content.ts';
import { isEmptyTar, tar } from './format/tar.ts';
import { isUnread } from './gap-codes.ts';
import type { Span } from './ledger.ts';
import { MAGIC_REACH } from './magic.ts';
import { NameRegister } from './name-register.ts';
import { displayName, linkHazard, pathHazard, withoutTrailingSlash } from './names.ts';
import { ByteReader, type ChunkSource, type Co, chunkOf, wait } from './reader.ts';
import type { SecondReading } from './second-reader/second-readers.ts';
import { inMemory, MAX_CHUNK, ranged, WHOLE } from './sources.ts';
import { type Spooled, spool } from './spool.ts';
import { mayHoldParts, TextParts } from './text-parts.ts';
import { ZIP_END_REACH } from './zip-end.ts';

/** The account of one layer of a container, for whoever wants to see it. */
export interface LayerLedger {
  readonly entry: EntryHead;
  readonly format: string;
  /** Bytes of the layer: of the container itself, or of what its codec gave. */
  readonly size: number;
  readonly spans: readonly Span[];
}

/** Where a member's container stands: what new entries are numbered and named by. */
export interface Place {
  readonly entry: EntryHead;
  readonly depth: number;
  readonly names: NameRegister;
  /** Of the container itself, where it has bytes of its own. */
  readonly reader?: { readonly position: number };
}

/** Begins a second reading of a layer, for formats that have one. */
export type SecondReader = (format: string, box: Box) => SecondReading | undefined;

export interface WalkListeners {
  readonly secondReader?: SecondReader | undefined;
  readonly onLedger?: ((ledger: LayerLedger) => void) | undefined;
  /** Is given the events instead of whoever runs the walk: a call is much cheaper than a yield through all layers. */
  readonly onEvent?: ((event: UnpackEvent) => void) | undefined;
}

/** One payload's walk: opens what can be opened, hands on the bytes of all else, and says of each entry how it was read. */
export class Walk {
  readonly budget: Budget;
  readonly keepsLedgers: boolean;
  private readonly formats: readonly Format[];
  private readonly nextOrdinal: () => number;
  private readonly secondReader: SecondReader | undefined;
  /** Second readings under way, by the ordinal of their container. */
  private readonly seconds = new Map<number, SecondReading>();
  private readonly onLedger: ((ledger: LayerLedger) => void) | undefined;
  private readonly onEvent: ((event: UnpackEvent) => void) | undefined;

  constructor(
    formats: readonly Format[],
    budget: Budget,
    nextOrdinal: () => number,
    { secondReader, onLedger, onEvent }: WalkListeners = {},
  ) {
    this.formats = formats;
    this.budget = budget;
    this.nextOrdinal = nextOrdinal;
    this.secondReader = secondReader;
    this.onLedger = onLedger;
    this.onEvent = onEvent;
    this.keepsLedgers = onLedger !== undefined;
  }

  /** The payload itself; it has no container whose names it could collide with. */
  *payload(
    name: Uint8Array,
    kind: Exclude<EntryHead['kind'], 'pseudo'>,
    about: Omit<Member, 'name' | 'kind'>,
  ): Co<void> {
    this.budget.chargeEntry();
    const path: [string] = [displayName(name)];
    const entry: EntryHead = { ordinal: this.nextOrdinal(), parent: undefined, path, name, kind, where: 'content' };
    yield* this.guarded(entry, { ...about, name, kind }, 0, []);
  }

  *member(place: Place, member: Member): Co<void> {
    this.budget.chargeEntry();
    const { name, kind, linkTarget } = member;
    const gaps = member.gaps ?? [];
    if (kind !== 'pseudo') {
      const position = place.reader?.position ?? 0;
      if (name.length >= SHORTEST_FIELD) yield* this.field(place, 'name', position, name, true);
      if (linkTarget) yield* this.field(place, 'link', position, linkTarget, true);
    }
    const shown = kind === 'directory' ? withoutTrailingSlash(name) : name;
    const entry: EntryHead = {
      ordinal: this.nextOrdinal(),
      parent: place.entry.ordinal,
      path: [...place.entry.path, displayName(shown)],
      name,
      kind,
      ...(linkTarget && { linkTarget }),
      where: member.where ?? 'content',
    };
    if (kind !== 'pseudo') judgeName(place.names, member, gaps);
    const tail = yield* this.guarded(entry, member, place.depth, gaps);
    if (kind === 'file') this.seconds.get(place.entry.ordinal)?.own(name, tail, member.defect);
  }

  /** Hands on what a field of a container's header holds, where that is compressed or an archive. */
  *field(place: Place, label: string, position: number, bytes: Uint8Array, encoded: boolean): Co<void> {
    const at = contentInField(this.formats, this.budget, bytes, encoded);
    if (at < 0) return;
    const content = bytes.slice(at);
    const name = Buffer.from(`#${label}@${position}`);
    yield* this.member(place, {
      name,
      kind: 'pseudo',
      where: 'header-field',
      source: chunkOf(content),
      size: content.length,
    });
  }

  /** Begins and ends an entry, whatever happens to its content. */
  private *guarded(entry: EntryHead, member: Member, depth: number, gaps: Gap[]): Co<EntryTail> {
    if (this.onEvent) this.onEvent({ type: 'begin', entry });
    else yield { type: 'begin', entry };
    let tail: EntryTail;
    let thrown: Broken | Stopped | undefined;
    try {
      if (member.members) yield* member.members({ entry, depth, names: new NameRegister() });
      tail = member.source
        ? yield* this.content(entry, member, member.source, depth, gaps)
        : withoutContent(member, gaps);
    } catch (error) {
      if (!(error instanceof Broken || error instanceof Stopped)) throw error;
      tail = { ...CUT_SHORT, gaps };
      if (error instanceof Broken && error.layer === member.owner) {
        gaps.push(error.gap);
      } else {
        // Only bytes of this entry are missing: where its container broke is told by the container's own gap.
        const broke = { code: 'truncated', detail: `its container broke: ${error.gap.code}` } as const;
        const { code, detail } = error instanceof Stopped ? error.gap : broke;
        gaps.push({ code, detail });
        thrown = error;
      }
    }
    if (this.onEvent) this.onEvent({ type: 'end', entry, tail });
    else yield { type: 'end', entry, tail };
    if (thrown) throw thrown;
    return tail;
  }

  /** Hands on bytes of an entry that is open. */
  *bytes(entry: EntryHead, bytes: Uint8Array): Co<void> {
    if (this.onEvent) this.onEvent({ type: 'bytes', entry, bytes });
    else yield { type: 'bytes', entry, bytes };
  }

  private *content(entry: EntryHead, member: Member, source: ChunkSource, depth: number, gaps: Gap[]): Co<EntryTail> {
    const first = yield* source.next();
    if (first && first.length === member.size && first.length <= WHOLE) {
      return yield* this.wholeContent(entry, member, first, depth, gaps);
    }
    const digest = createHash('sha256');
    let size = 0;
    const reader = new ByteReader(resumed(first, source), (chunk) => {
      digest.update(chunk);
      size += chunk.length;
    });
    let media: string;
    let highEntropy = false;
    let coverage: EntryTail['coverage'];
    const format = member.sealed || member.plain ? undefined : yield* this.sniff(reader, member, depth, gaps);
    if (format) {
      yield* this.open(format, entry, depth + 1, reader, member, gaps);
      ({ media, coverage = 'opened' } = format);
    } else {
      const classifier = new Classifier(member.random !== undefined, member.compressed);
      const parts = member.sealed || member.plain ? undefined : new TextParts(this.budget);
      const encoded = member.sealed ? undefined : new EncodedParts(this.budget, this.formats);
      try {
        for (let bytes = yield* reader.next(MAX_CHUNK); bytes; bytes = yield* reader.next(MAX_CHUNK)) {
          classifier.update(bytes);
          parts?.update(bytes);
          encoded?.update(bytes);
          if (this.onEvent) this.onEvent({ type: 'bytes', entry, bytes });
          else yield { type: 'bytes', entry, bytes };
        }
        yield* this.parts(parts, encoded, entry, depth, gaps);
      } finally {
        parts?.close();
        encoded?.close();
      }
      ({ media, coverage, highEntropy } = classifier.finish(gaps));
    }
    if (member.verify) gaps.push(...member.verify(size));
    const sha256 = digest.digest('hex');
    if (member.sealed) return { ...CUT_SHORT, media, gaps };
    return { size, sha256, media, coverage: covered(coverage, gaps), highEntropy, gaps };
  }

  /** Content that is here in one piece: the same as `content`, without a reader where nothing is to be opened. */
  private *wholeContent(
    entry: EntryHead,
    member: Member,
    bytes: Uint8Array,
    depth: number,
    gaps: Gap[],
  ): Co<EntryTail> {
    const size = bytes.length;
    const sha256 = hash('sha256', bytes);
    const format = member.sealed || member.plain ? undefined : this.recognised(bytes, bytes, size, depth, gaps);
    let classified: Pick<EntryTail, 'media' | 'coverage' | 'highEntropy'>;
    if (format) {
      const whole = { ...member, random: inMemory(bytes) };
      yield* this.open(format, entry, depth + 1, new ByteReader(chunkOf(bytes)), whole, gaps);
      classified = { media: format.media, coverage: format.coverage ?? 'opened', highEntropy: false };
    } else {
      const classifier = new Classifier(true, member.compressed);
      classifier.update(bytes, true);
      classified = classifier.finish(gaps);
      if (size > 0 && this.onEvent) this.onEvent({ type: 'bytes', entry, bytes });
      else if (size > 0) yield { type: 'bytes', entry, bytes };
      const parts = !member.sealed && !member.plain && mayHoldParts(bytes) ? new TextParts(this.budget) : undefined;
      const encoded = member.sealed ? undefined : EncodedParts.forWhole(this.budget, this.formats, bytes);
      try {
        parts?.update(bytes);
        encoded?.update(bytes);
        yield* this.parts(parts, encoded, entry, depth, gaps);
      } finally {
        parts?.close();
        encoded?.close();
      }
    }
    if (member.verify) gaps.push(...member.verify(size));
    if (member.sealed) return { ...CUT_SHORT, gaps };
    return { size, sha256, ...classified, coverage: covered(classified.coverage, gaps), gaps };
  }

  /** Files that lie encoded in a text are its members, after its own bytes; then archives that stand there otherwise. */
  private *parts(
    parts: TextParts | undefined,
    encoded: EncodedParts | undefined,
    entry: EntryHead,
    depth: number,
    gaps: Gap[],
  ): Co<void> {
    const files =
      parts?.finish(gaps).map(({ name, random, header }) => {
        return header
          ? ({ name, random, kind: 'pseudo', where: 'header-field' } as const)
          : ({ name, random, kind: 'file' } as const);
      }) ?? [];
    const others = encoded?.finish(gaps).filter(({ offset }) => !parts?.covers(offset)) ?? [];
    const found = [...files, ...others.map(({ name, random }) => ({ name, random, kind: 'pseudo' }) as const)];
    if (found.length === 0) return;
    if (depth >= this.budget.limits.depth) {
      gaps.push({ code: 'over-depth', detail: `more than ${this.budget.limits.depth} levels of nesting` });
      return;
    }
    for (const { name, random, ...about } of found) {
      // Attachments of one name are nothing unusual, and nobody unpacks a mail into a folder: each has a register.
      const place: Place = { entry, depth: depth + 1, names: new NameRegister() };
      const source = ranged(random, 0, random.size);
      yield* this.member(place, { name, ...about, source, random, size: random.size });
    }
  }

  private *sniff(reader: ByteReader, member: Member, depth: number, gaps: Gap[]): Co<Format | undefined> {
    const head = yield* reader.peek(member.random ? MAGIC_REACH : WHOLE);
    const { random } = member;
    if (!random) return this.recognised(head, head.length < WHOLE ? head : undefined, undefined, depth, gaps);
    const from = Math.max(0, random.size - ZIP_END_REACH);
    const whole = random.size <= head.length;
    const tail = whole ? head : yield* wait(random.readAt(from, random.size - from));
    return this.recognised(head, tail, random.size, depth, gaps);
  }

  private recognised(
    head: Uint8Array,
    tail: Uint8Array | undefined,
    size: number | undefined,
    depth: number,
    gaps: Gap[],
  ): Format | undefined {
    const format =
      this.formats.find((candidate) => candidate.sniff(head, tail, size)) ??
      (depth === 0 && tail === head && isEmptyTar(head) ? tar : undefined);
    if (!format || depth < this.budget.limits.depth) return format;
    gaps.push({ code: 'over-depth', detail: `more than ${this.budget.limits.depth} levels of nesting` });
    return undefined;
  }

  private *open(
    format: Format,
    entry: EntryHead,
    depth: number,
    reader: ByteReader,
    member: Member,
    gaps: Gap[],
  ): Co<void> {
    const shared = { gaps, names: new NameRegister() };
    if (!format.seeks || member.random) {
      const seek = { size: member.random?.size ?? member.size, random: member.random };
      yield* this.layer(format, new Box(this, entry, depth, reader, shared, seek));
      return;
    }
    const spooled = yield* this.spooled(reader);
    try {
      const again = new ByteReader(ranged(spooled.random, 0, spooled.random.size));
      const seek = { size: spooled.random.size, random: spooled.random };
      yield* this.layer(format, new Box(this, entry, depth, again, shared, seek));
    } finally {
      spooled.close();
    }
  }

  private *spooled(reader: ByteReader): Co<Spooled> {
    try {
      return yield* spool(reader, this.budget);
    } catch (error) {
      if (error instanceof Broken || error instanceof Stopped) throw error;
      throw new Stopped('no-space', 'a nested archive could not be spooled');
    }
  }

  /** Walks one layer and closes its account. What it breaks on becomes a gap; the bytes behind are still handed on. */
  *layer(format: Format, box: Box): Co<void> {
    const { reader, ledger } = box;
    box.second = this.secondReader?.(format.id, box);
    if (box.second) this.seconds.set(box.entry.ordinal, box.second);
    try {
      try {
        yield* format.walk(box);
        yield* box.second?.finish(box) ?? [];
      } catch (error) {
        const broken = asBroken(error, box);
        if (broken?.layer !== box) throw error;
        box.gaps.push(broken.gap);
        if (reader.position > ledger.cursor) ledger.take('skipped', reader.position, broken.gap.code);
        yield* box.tail('rest', 'tail', true);
      }
      if ((yield* reader.peek(1)).length > 0 || ledger.cursor !== reader.position) {
        box.gap('ledger-hole', `the account ends at ${ledger.cursor} of ${reader.position} bytes`, ledger.cursor);
        yield* box.tail('rest', 'tail', true);
      }
    } finally {
      if (box.second) this.seconds.delete(box.entry.ordinal);
      reader.close();
    }
    if (ledger.spans) {
      this.onLedger?.({ entry: box.entry, format: format.id, size: reader.position, spans: ledger.spans });
    }
  }
}

const CUT_SHORT = {
  size: null,
  sha256: null,
  media: 'application/octet-stream',
  coverage: 'unread',
  highEntropy: false,
} as const;

const EMPTY_SHA256 = hash('sha256', '');

const MEDIA_WITHOUT_CONTENT = {
  file: 'application/x-empty',
  pseudo: 'application/x-empty',
  directory: 'inode/directory',
  symlink: 'inode/symlink',
  hardlink: 'inode/hardlink',
  special: 'inode/special',
} as const;

function withoutContent(member: Member, gaps: Gap[]): EntryTail {
  const sha256 = member.kind === 'file' ? EMPTY_SHA256 : null;
  const media = MEDIA_WITHOUT_CONTENT[member.kind];
  return {
    size: 0,
    sha256,
    media,
    coverage: covered(member.members ? 'opened' : 'decoded', gaps),
    highEntropy: false,
    gaps,
  };
}

function covered(coverage: EntryTail['coverage'], gaps: readonly Gap[]): EntryTail['coverage'] {
  return gaps.some(isUnread) ? 'unread' : coverage;
}

/** What a name, a link or a kind says against clearing; the content is walked all the same. */
function judgeName(names: NameRegister, { name, kind, linkTarget }: Member, gaps: Gap[]): void {
  const hazard = pathHazard(name);
  if (hazard) gaps.push({ code: 'unsafe-path', detail: hazard });
  const collision = names.add(name, kind === 'directory');
  if (collision) gaps.push({ code: collision, detail: 'another member of the same archive has this name' });
  if (kind === 'special') gaps.push({ code: 'device', detail: 'a device, fifo or socket' });
  if ((kind === 'symlink' || kind === 'hardlink') && linkTarget) {
    const outside = linkHazard(kind, name, linkTarget);
    if (outside) gaps.push({ code: 'link-outside', detail: outside });
  }
}

/** A defect of a format's reader that hostile bytes bring out must not end the audit: it closes as a gap of its box. */
function asBroken(error: unknown, box: Box): Broken | undefined {
  if (error instanceof Broken) return error;
  if (error instanceof Stopped) return undefined;
  if (error instanceof RangeError || error instanceof TypeError) {
    return new Broken(box, 'corrupt', `the reader failed on it (${error.name})`, box.reader.position);
  }
  return undefined;
}

function resumed(first: Uint8Array | undefined, source: ChunkSource): ChunkSource {
  let pending = first;
  return {
    *next() {
      if (!pending) return yield* source.next();
      const chunk = pending;
      pending = undefined;
      return chunk;
    },
    ...(source.close && { close: () => source.close?.() }),
  };
}
