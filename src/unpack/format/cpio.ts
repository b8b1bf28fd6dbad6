import type { EntryKind, Gap } from '../../model/index.ts';
import type { Box, Format } from '../box.ts';
import type { ChunkSource, Co } from '../reader.ts';
import { limited } from '../sources.ts';

/** A cpio header, whatever its variant. */
interface CpioHeader {
  readonly mode: number;
  readonly size: number;
  /** Bytes of the name with its closing NUL. */
  readonly nameSize: number;
  readonly headerSize: number;
  /** Names and data are padded to a multiple of this. */
  readonly align: 1 | 2 | 4;
  /** Sum of all bytes, in the variant that has it. */
  readonly sum: number | undefined;
  /** Says if a number field is none. */
  readonly broken: boolean;
}

const TRAILER = 'TRAILER!!!';

/** cpio: new ASCII with and without checksum, old ASCII (odc), old binary in both byte orders (cpio(5)). */
export const cpio: Format = {
  id: 'cpio',
  media: 'application/x-cpio',
  sniff: (head) => {
    const header = parse(head);
    return header !== undefined && !header.broken && header.nameSize > 1 && header.nameSize <= 4096;
  },
  *walk(box: Box) {
    for (;;) {
      const offset = box.reader.position;
      const block = yield* box.reader.peek(110);
      if (block.length === 0) box.fail('truncated', 'the trailer is missing', offset);
      const header = parse(block);
      if (!header) box.fail(block.length < 110 ? 'truncated' : 'corrupt', 'no cpio header', offset);
      if (header.broken) box.fail('corrupt', 'a number field of a cpio header', offset);
      if (yield* member(box, header, offset)) break;
    }
    yield* box.tail('tail', 'tail');
  },
};

/** Walks one member; true after the trailer. */
function* member(box: Box, header: CpioHeader, offset: number): Co<boolean> {
  const { reader } = box;
  box.chargeMetadata(header.nameSize, offset);
  const start = header.headerSize + header.nameSize;
  const whole = new Uint8Array(yield* reader.read(start));
  if (whole.length < start) box.fail('truncated', 'a cpio header is cut off', offset);
  box.ledger.take('header', reader.position);
  yield* padding(box, start, header.align);
  const field = whole.subarray(header.headerSize);
  const end = field.indexOf(0);
  const name = end < 0 ? field : field.subarray(0, end);
  if (end >= 0 && end + 1 < field.length && field.subarray(end).some((byte) => byte !== 0)) {
    yield* box.aside('slack', offset, 'slack', field.subarray(end + 1));
  }
  if (Buffer.from(name).toString('latin1') === TRAILER && header.mode === 0) {
    if (header.size > 0)
      yield* box.stored(
        { name: Buffer.from(`#slack@${reader.position}`), kind: 'pseudo', where: 'slack' },
        header.size,
      );
    return true;
  }
  const kind = KIND_BY_TYPE.get(header.mode >> 12) ?? 'file';
  const gaps: Gap[] = [];
  const at = reader.position;
  let linkTarget: Uint8Array | undefined;
  if (kind === 'symlink') {
    box.chargeMetadata(header.size, offset);
    linkTarget = new Uint8Array(yield* reader.peek(header.size));
  } else if (kind !== 'file' && header.size > 0) {
    gaps.push({ code: 'data-in-link', detail: `${header.size} bytes of data`, offset: at });
  }
  const about = { name, kind, gaps, ...(linkTarget && { linkTarget }) };
  if (header.size === 0) {
    yield* box.member(about);
  } else if (header.sum !== undefined && kind === 'file') {
    const check = summed(limited(reader, header.size, box), header.sum);
    yield* box.member({ ...about, ...check, size: header.size });
    box.ledger.take('entry', reader.position);
  } else {
    yield* box.stored(about, header.size);
  }
  yield* padding(box, header.size, header.align);
  return false;
}

function* padding(box: Box, size: number, align: number): Co<void> {
  const length = (align - (size % align)) % align;
  const offset = box.reader.position;
  const bytes = yield* box.reader.read(length);
  if (bytes.some((byte) => byte !== 0)) {
    yield* box.aside('slack', offset, 'slack', bytes);
    box.ledger.take('pseudo-entry', box.reader.position);
  } else {
    box.ledger.take('padding', box.reader.position);
  }
}

/** The checksum of the `070702` variant: all bytes added up, 32 bits. */
function summed(source: ChunkSource, stated: number): { source: ChunkSource; verify: () => Gap[] } {
  let sum = 0;
  return {
    source: {
      *next() {
        const bytes = yield* source.next();
        if (bytes) for (const byte of bytes) sum = (sum + byte) >>> 0;
        return bytes;
      },
    },
    verify: () => (sum === stated ? [] : [{ code: 'checksum-mismatch', detail: 'sum of the cpio member' }]),
  };
}

const KIND_BY_TYPE = new Map<number, EntryKind>([
  [0o04, 'directory'],
  [0o12, 'symlink'],
  [0o02, 'special'],
  [0o06, 'special'],
  [0o01, 'special'],
  [0o14, 'special'],
]);

function parse(head: Uint8Array): CpioHeader | undefined {
  const magic = head.length < 26 ? '' : Buffer.from(head.subarray(0, 6)).toString('latin1');
  if ((magic === '070701' || magic === '070702') && head.length >= 110) return newAscii(head, magic === '070702');
  if (magic === '070707' && head.length >= 76) return oldAscii(head);
  if (head.length < 26) return undefined;
  const little = head[0]! | (head[1]! << 8);
  const big = (head[0]! << 8) | head[1]!;
  if (little === 0o070707) return binary((at) => head[at]! | (head[at + 1]! << 8));
  if (big === 0o070707) return binary((at) => (head[at]! << 8) | head[at + 1]!);
  return undefined;
}

/** 13 fields of 8 hexadecimal digits after the magic. */
function newAscii(head: Uint8Array, checked: boolean): CpioHeader {
  const text = Buffer.from(head.subarray(6, 110)).toString('latin1');
  const field = (index: number): number => Number.parseInt(text.slice(index * 8, index * 8 + 8), 16);
  return {
    mode: field(1),
    size: field(6),
    nameSize: field(11),
    headerSize: 110,
    align: 4,
    sum: checked ? field(12) : undefined,
    broken: !/^[0-9a-fA-F]{104}$/.test(text),
  };
}

/** Octal fields: mode at 18, name size at 59, size at 65. */
function oldAscii(head: Uint8Array): CpioHeader {
  const text = Buffer.from(head.subarray(0, 76)).toString('latin1');
  const field = (from: number, length: number): number => Number.parseInt(text.slice(from, from + length), 8);
  return {
    mode: field(18, 6),
    size: field(65, 11),
    nameSize: field(59, 6),
    headerSize: 76,
    align: 1,
    sum: undefined,
    broken: !/^[0-7]{76}$/.test(text),
  };
}

/** 13 words of 16 bits; longer numbers have their upper half first, whatever the byte order. */
function binary(word: (at: number) => number): CpioHeader {
  return {
    mode: word(6),
    nameSize: word(20),
    size: word(22) * 65536 + word(24),
    headerSize: 26,
    align: 2,
    sum: undefined,
    broken: word(20) === 0,
  };
}
