import { isUtf8 } from 'node:buffer';
import type { Gap } from '../../model/index.ts';
import { BlockReader } from '../block-reader.ts';
import type { Box, Format } from '../box.ts';
import { CODECS, CodecError, decodeLz4Block } from '../codec/index.ts';
import { derivedText, type TextMaker } from '../derived.ts';
import { EntropyMeter } from '../entropy.ts';
import type { Co } from '../reader.ts';
import { chunkOf } from '../reader.ts';
import { inMemory } from '../sources.ts';

const MAGIC = Buffer.from('LPKSHHRH');
const HEADER = 208;
const OBJECT = 16;
const DATA = 1;
const LAST_TYPE = 7;
/** Flags of an object, and the codec of its payload; flags of a file that say how its objects are laid out. */
const XZ = 1;
const LZ4 = 2;
const ZSTD = 4;
const COMPACT = 16;
const KNOWN_FLAGS = 31;
/** Values that are no text and longer than this are entries of their own. */
const BINARY = 256;
const BINARIES = 200_000;
const PIECE = 64 * 1024;

interface Binary {
  readonly offset: number;
  readonly field: string;
}

/**
 * Journals of systemd (Journal File Format): the file's bytes are its own content; each value of a field, which stands in
 * the file once however many entries have it, follows as a line `FIELD=value`, decompressed.
 */
export const journal: Format = {
  id: 'journal',
  media: 'application/x-systemd-journal',
  coverage: 'decoded',
  seeks: true,
  sniff: (head) => MAGIC.equals(head.subarray(0, 8)),
  *walk(box) {
    yield* box.ownBytes();
    const reader = new BlockReader(box);
    const binaries: Binary[] = [];
    const gaps: Gap[] = [];
    const fields = new Journal(box, reader);
    yield* derivedText(box, 'fields', 0, fields.text(gaps, binaries), gaps);
    for (const { offset, field } of binaries) {
      const value = yield* fields.valueAt(offset);
      const bytes = value?.subarray(field.length + 1) ?? new Uint8Array(0);
      const name = Buffer.from(`#${field}@${offset}`);
      const content = { source: chunkOf(bytes), size: bytes.length, random: inMemory(bytes) };
      yield* box.member({ name, kind: 'pseudo', where: 'content', ...content });
    }
  },
};

class Journal {
  private readonly box: Box;
  private readonly reader: BlockReader;
  private readonly unread = new EntropyMeter();
  private dataHeader = 64;

  constructor(box: Box, reader: BlockReader) {
    this.box = box;
    this.reader = reader;
  }

  /** Objects follow each other from the header to the last one that the header names. */
  *text(gaps: Gap[], binaries: Binary[]): TextMaker {
    const { box, reader } = this;
    const head = yield* reader.read(0, HEADER);
    if (head.length < HEADER) box.fail('truncated', 'the header of a journal is cut off', 0);
    const flags = head.readUInt32LE(12);
    if ((flags & ~KNOWN_FLAGS) !== 0) box.fail('unsupported', 'a journal with features that are not known', 12);
    this.dataHeader = (flags & COMPACT) === 0 ? 64 : 72;
    const last = Number(head.readBigUInt64LE(136));
    const stated = Number(head.readBigUInt64LE(144));
    let at = Number(head.readBigUInt64LE(88));
    if (at < HEADER || at % 8 !== 0) box.fail('corrupt', 'the header of a journal', 88);
    let objects = 0;
    for (; at <= last; objects += 1) {
      const object = yield* reader.read(at, OBJECT);
      const size = object.length < OBJECT ? 0 : Number(object.readBigUInt64LE(8));
      const type = object[0] ?? 0;
      if (object.length < OBJECT || at + size > reader.size) box.fail('truncated', 'a journal that is cut off', at);
      if (size < OBJECT || type < 1 || type > LAST_TYPE) box.fail('corrupt', 'no object of a journal', at);
      if (type === DATA) {
        const value = yield* this.value(at, object[1]!, size, gaps);
        if (value) yield* this.line(value, at, binaries);
      } else {
        yield* this.look(at, at + size);
      }
      at += Math.ceil(size / 8) * 8;
    }
    yield* this.look(at, reader.size);
    if (this.unread.finish()) {
      gaps.push({ code: 'high-entropy', detail: 'bytes outside of all values look compressed or encrypted' });
    }
    if (objects !== stated) {
      gaps.push({ code: 'corrupt', detail: `${objects} objects in a journal of ${stated}`, offset: 144 });
    }
  }

  private *look(from: number, to: number): Co<void> {
    for (let at = from; at < to; at += PIECE) {
      this.unread.update(yield* this.reader.read(at, Math.min(PIECE, to - at)), false);
    }
  }

  *valueAt(offset: number): Co<Uint8Array | undefined> {
    const object = yield* this.reader.read(offset, OBJECT);
    return yield* this.value(offset, object[1]!, Number(object.readBigUInt64LE(8)), []);
  }

  private *line(value: Uint8Array, offset: number, binaries: Binary[]): TextMaker {
    const equals = value.indexOf(0x3d);
    if (equals > 0 && value.length - equals > BINARY && (!isUtf8(value) || value.includes(0))) {
      const field = Buffer.from(value.subarray(0, Math.min(equals, 64))).toString('latin1');
      if (binaries.length >= BINARIES) this.box.fail('over-entries', `more than ${BINARIES} binary values`, offset);
      binaries.push({ offset, field: /^\w+$/.test(field) && equals <= 64 ? field : 'value' });
      yield `${field}=\n`;
      return;
    }
    yield value;
    yield '\n';
  }

  private *value(at: number, flags: number, size: number, gaps: Gap[]): Co<Uint8Array | undefined> {
    const { box, dataHeader } = this;
    const { memory } = box.budget.limits;
    if (size < dataHeader) box.fail('corrupt', 'a value of a journal that is shorter than its header', at);
    if (size > memory) box.fail('over-memory', `a value of ${size} bytes`, at);
    const payload = yield* this.reader.read(at + dataHeader, size - dataHeader);
    if ((flags & (XZ | LZ4 | ZSTD)) === 0) return payload;
    try {
      const value =
        (flags & LZ4) !== 0 ? lz4(payload, memory) : decoded(payload, (flags & XZ) !== 0 ? 'xz' : 'zstd', memory);
      box.budget.chargeDecoded(value.length);
      return value;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      const code =
        error.code === 'memory' ? 'over-memory' : error.code === 'checksum' ? 'checksum-mismatch' : error.code;
      if (gaps.length < 100) gaps.push({ code, detail: error.message, offset: at });
      return undefined;
    }
  }
}

/** The decoded size, then one block. */
function lz4(payload: Buffer, memory: number): Uint8Array {
  if (payload.length < 8) throw new CodecError('truncated', 'a compressed value is cut off', 0);
  const size = Number(payload.readBigUInt64LE(0));
  if (size > memory) throw new CodecError('memory', `a value of ${size} bytes`, 0);
  // A block grows to at most 255 times its size.
  if (size > 255 * payload.length) throw new CodecError('corrupt', 'a compressed value that cannot be so long', 0);
  return decodeLz4Block(payload.subarray(8), size);
}

function decoded(payload: Uint8Array, id: string, memory: number): Uint8Array {
  const codec = CODECS.find((one) => one.id === id)!;
  if (!codec.sniff(payload)) throw new CodecError('corrupt', 'a compressed value in another form', 0);
  const decoder = codec.open({ memory });
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (const piece of decoder.feed(payload)) {
      // Bytes that are no content stand in the file, and are scanned with it.
      if (piece.type !== 'data') continue;
      size += piece.bytes.length;
      if (size > memory) throw new CodecError('memory', `a value of over ${memory} bytes`, 0);
      parts.push(new Uint8Array(piece.bytes));
    }
    decoder.end();
  } finally {
    decoder.close();
  }
  return Buffer.concat(parts);
}
