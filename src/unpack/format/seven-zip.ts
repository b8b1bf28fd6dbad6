import { crc32 } from 'node:zlib';
import type { Gap } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import type { GapCode } from '../gap-codes.ts';
import { type ChunkSource, type Co, wait } from '../reader.ts';
import { cabinetIsClaimed, rar4IsClaimed, rar5IsClaimed } from '../seven-zip/claims.ts';
import { type Listed, type Listing, parseListing } from '../seven-zip/listing.ts';
import type { SevenZipMessage } from '../seven-zip/protocol.ts';
import { SevenZipSession } from '../seven-zip/session.ts';
import { inMemory, MAX_CHUNK, ranged } from '../sources.ts';

/** What the program itself needs, next to the dictionary. */
const PROGRAM_MEMORY = 48 * 2 ** 20;
const SECTOR = 2048;
/** Bytes that no member claims, in an ISO image: descriptors, path tables, directories in up to three naming schemes. */
const SYSTEM = 32 * 1024;
const PER_DIRECTORY = 3 * SECTOR;
const PER_MEMBER = 1024;

const SEVEN_ZIP = Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1');
const ISO = Buffer.from('CD001');
const CABINET = Buffer.from('MSCF\0\0\0\0', 'latin1');
const RAR4 = Buffer.from('Rar!\x1a\x07\0', 'latin1');
const RAR5 = Buffer.from('Rar!\x1a\x07\x01\0', 'latin1');

const has = (head: Uint8Array, offset: number, magic: Buffer): boolean =>
  magic.equals(head.subarray(offset, offset + magic.length));

/** Formats that the optional package `7z-wasm` reads, in a thread that can be ended. */
export const SEVEN_ZIP_FORMATS: readonly Format[] = [
  {
    id: '7z',
    media: 'application/x-7z-compressed',
    seeks: true,
    sniff: (head) => has(head, 0, SEVEN_ZIP),
    walk: (box) => walkWith('7z', box, unclaimed7z),
  },
  {
    id: 'iso',
    media: 'application/x-iso9660-image',
    seeks: true,
    sniff: (head) => has(head, 32769, ISO),
    walk: (box) => walkWith('iso', box, unclaimedIso),
  },
  {
    id: 'cab',
    media: 'application/vnd.ms-cab-compressed',
    seeks: true,
    sniff: (head) => has(head, 0, CABINET),
    walk: (box) => walkWith('cab', box, cabinetIsClaimed),
  },
  {
    id: 'rar',
    media: 'application/vnd.rar',
    seeks: true,
    sniff: (head) => has(head, 0, RAR4),
    walk: (box) => walkWith('rar', box, rar4IsClaimed),
  },
  {
    id: 'rar5',
    media: 'application/vnd.rar',
    seeks: true,
    sniff: (head) => has(head, 0, RAR5),
    walk: (box) => walkWith('rar5', box, rar5IsClaimed),
  },
];

function* walkWith(type: string, box: Box, explained: (archive: Uint8Array, listing: Listing) => boolean): Co<void> {
  const shared = yield* whole(box);
  const archive = new Uint8Array(shared);
  const session = new SevenZipSession(
    { archive: shared, type, memory: box.budget.limits.memory + PROGRAM_MEMORY },
    box.budget,
  );
  try {
    const listed = yield* message(box, session);
    const listing = listed?.type === 'listed' && listed.code === 0 ? parseListing(listed.text) : undefined;
    // What no member claims lies in here: all of it is scanned, and looks random for a reason only if members account for it.
    const source = ranged(inMemory(archive), 0, archive.length);
    const compressed = listing !== undefined && explained(archive, listing);
    const name = Buffer.from('#raw@0');
    yield* box.member({ name, kind: 'pseudo', where: 'slack', plain: true, compressed, source, size: archive.length });
    box.ledger.take('pseudo-entry', box.reader.position);
    if (listed?.type === 'absent') box.fail('unsupported', 'the optional package 7z-wasm is not installed', 0);
    if (listed?.type !== 'listed') box.fail('corrupt', 'the decoder ended on it', 0);
    if (listed.code !== 0) box.fail(reason(listed), 'the archive cannot be listed', 0);
    if (!listing) box.fail('unsupported', 'its list of members is ambiguous', 0);
    yield* members(box, session, listing.members);
  } finally {
    session.close();
  }
}

/** The archive in memory: the decoder seeks in it. */
function* whole(box: Box): Co<SharedArrayBuffer> {
  const size = box.size ?? 0;
  if (size > box.budget.limits.memory) box.fail('over-memory', `an archive of ${size} bytes is read in memory`, 0);
  box.budget.chargeDecoded(size);
  const shared = new SharedArrayBuffer(size);
  const archive = new Uint8Array(shared);
  let at = 0;
  for (let bytes = yield* box.reader.next(MAX_CHUNK); bytes; bytes = yield* box.reader.next(MAX_CHUNK)) {
    archive.set(bytes, at);
    at += bytes.length;
  }
  if (at !== size) box.fail('truncated', `${size - at} bytes are missing`, at);
  return shared;
}

/** Members follow each other without a mark between them: sizes and checksums of the list tell them apart. */
function* members(box: Box, session: SevenZipSession, listed: readonly Listed[]): Co<void> {
  const output = new Output(box, session);
  for (const { name: text, directory, size, crc, encrypted, link } of listed) {
    const name = Buffer.from(text);
    if (directory) {
      yield* box.member({ name, kind: 'directory' });
    } else if (encrypted) {
      yield* box.member({ name, kind: 'file', gaps: [{ code: 'encrypted', detail: 'the member is encrypted' }] });
    } else if (link !== undefined && !size) {
      yield* box.member({ name, kind: 'symlink', linkTarget: Buffer.from(link) });
    } else {
      if (size === undefined) box.fail('unsupported', 'a member without a size', 0);
      const source = output.member(size);
      yield* box.member({ name, kind: 'file', source, size, verify: () => checked(source.crc, crc) });
    }
  }
  const done = yield* output.rest();
  if (done.code !== 0 && !listed.some(({ encrypted }) => encrypted)) {
    box.fail(reason(done), 'the decoder met an error', 0);
  }
}

function* checked(seen: number, said: number | undefined): Iterable<Gap> {
  if (said !== undefined && seen !== said) yield { code: 'checksum-mismatch', detail: 'CRC-32 of a member differs' };
}

/** The decoder's one stream of output, cut into members. */
class Output {
  private readonly box: Box;
  private readonly session: SevenZipSession;
  private piece: Uint8Array = new Uint8Array(0);
  private done: { code: number; errors: string } | undefined;

  constructor(box: Box, session: SevenZipSession) {
    this.box = box;
    this.session = session;
  }

  member(size: number): ChunkSource & { readonly crc: number } {
    const output = this;
    let left = size;
    let crc = 0;
    return {
      get crc() {
        return crc;
      },
      *next() {
        if (left === 0) return undefined;
        if (output.piece.length === 0) yield* output.pull();
        if (output.piece.length === 0) output.box.fail(reason(output.done), `${left} bytes of a member are missing`, 0);
        const bytes = output.piece.subarray(0, left);
        output.piece = output.piece.subarray(bytes.length);
        left -= bytes.length;
        crc = crc32(bytes, crc);
        return bytes;
      },
    };
  }

  *rest(): Co<{ code: number; errors: string }> {
    if (this.piece.length === 0) yield* this.pull();
    if (this.piece.length > 0) this.box.fail('size-mismatch', 'members are longer than the archive says', 0);
    return this.done ?? { code: -1, errors: '' };
  }

  private *pull(): Co<void> {
    if (this.done) return;
    const next = yield* message(this.box, this.session);
    if (next?.type === 'piece') {
      if (!this.session.charged) this.box.budget.chargeDecoded(next.bytes.length);
      this.piece = next.bytes;
    } else {
      this.done = next?.type === 'done' ? next : { code: -1, errors: '' };
    }
  }
}

function* message(box: Box, session: SevenZipSession): Co<SevenZipMessage | undefined> {
  const { limits, timeLeft } = box.budget;
  const next = yield* wait(session.next(Math.min(timeLeft, limits.stall * 1000)));
  if (next === 'late') {
    box.budget.check();
    box.fail('over-time', `the decoder gave nothing for ${limits.stall} s`, 0);
  }
  return next === 'ended' ? undefined : next;
}

/** The program's own words, which are fixed in English. Names in them can only lead to another code that is unread. */
function reason(about: { code: number; errors: string } | undefined): GapCode {
  if (!about) return 'corrupt';
  if (/encrypted|password/i.test(about.errors)) return 'encrypted';
  if (about.code === 8 || /memory/i.test(about.errors)) return 'over-memory';
  if (/unsupported method/i.test(about.errors)) return 'unsupported';
  if (/unexpected end/i.test(about.errors)) return 'truncated';
  return 'corrupt';
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Headers and packed streams fill a 7z archive to the byte; anything else may hide something. */
function unclaimed7z(archive: Uint8Array, { physical, headers, members: listed }: Listing): boolean {
  const packed = sum(listed.map((member) => member.packed ?? 0));
  return physical === archive.length && packed + (headers ?? 0) === physical;
}

/** Sectors that are not zero are no more than members and the file system's own structures need. */
function unclaimedIso(archive: Uint8Array, { members: listed }: Listing): boolean {
  const image = Buffer.from(archive.buffer);
  const zero = Buffer.alloc(SECTOR);
  let used = 0;
  for (let at = 0; at < image.length; at += SECTOR) {
    const sector = image.subarray(at, at + SECTOR);
    if (!sector.equals(zero.subarray(0, sector.length))) used += sector.length;
  }
  const claimed = sum(
    listed.map(({ directory, size }) =>
      directory ? PER_DIRECTORY : PER_MEMBER + SECTOR * Math.ceil((size ?? 0) / SECTOR),
    ),
  );
  return used <= SYSTEM + PER_DIRECTORY + claimed;
}
