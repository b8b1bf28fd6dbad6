import type { Box } from '../box.ts';
import type { Co } from '../reader.ts';
import { DESCRIPTOR, type ExtraField, extraFields, FLAG, isTelling, type ZipHeader } from './zip-records.ts';

/** What a local header says otherwise than the directory; readers that trust the one or the other see other content. */
export function mismatches(central: ZipHeader, local: ZipHeader): string[] {
  const found: string[] = [];
  if (Buffer.compare(central.name, local.name) !== 0) found.push('names differ between local and central header');
  if (central.method !== local.method) found.push('methods differ between local and central header');
  const same = FLAG.encrypted | FLAG.strong | FLAG.utf8;
  if ((central.flags & same) !== (local.flags & same)) found.push('flags differ between local and central header');
  // With a data descriptor the local header may leave these zero (4.4.4, bit 3).
  const later = (local.flags & FLAG.descriptor) !== 0;
  for (const key of ['crc', 'compressed', 'size'] as const) {
    if (local[key] !== central[key] && !(later && (local[key] === 0 || local[key] === 0xffffffff))) {
      found.push(`${key === 'crc' ? 'checksums' : `${key} sizes`} differ between local and central header`);
    }
  }
  for (const header of [central, local]) {
    const unicode = extraFields(header.extra).find(({ id }) => id === 0x7075);
    if (unicode && Buffer.compare(unicode.bytes.subarray(5), header.name) !== 0) {
      found.push('a Unicode path field holds another name');
      break;
    }
  }
  return found;
}

/** Text in extra fields and comments of a member; a field that both headers hold is handed on once. */
export function* extraAsides(
  box: Box,
  header: ZipHeader,
  other: ZipHeader | undefined,
  offset: number,
  comment: Uint8Array | undefined,
): Co<void> {
  const fields = extraFields(header.extra);
  const further = other ? extraFields(other.extra).filter((field) => !fields.some((known) => equal(known, field))) : [];
  for (const field of [...fields, ...further]) {
    if (isTelling(field)) yield* box.aside(`extra-${hex(field.id)}`, offset, 'header-field', field.bytes);
  }
  if (comment) yield* box.aside('comment', offset, 'archive-comment', comment);
}

function equal(a: ExtraField, b: ExtraField): boolean {
  return a.id === b.id && Buffer.compare(a.bytes, b.bytes) === 0;
}

function hex(id: number): string {
  return id < 0 ? 'rest' : id.toString(16).padStart(4, '0');
}

/**
 * Takes the data descriptor behind a member's data (4.3.9): with or without signature, sizes of four or eight bytes;
 * whichever says what the directory says. Bytes that are none are left for the account of what lies between members.
 */
export function* readDescriptor(box: Box, header: ZipHeader, local = header, flagged = false): Co<void> {
  if (((header.flags | local.flags) & FLAG.descriptor) === 0) return;
  const seen = Buffer.from(yield* box.reader.peek(24));
  for (const start of [4, 0]) {
    if (start === 4 && (seen.length < 4 || seen.readUInt32LE() !== DESCRIPTOR)) continue;
    for (const width of [4, 8]) {
      const length = start + 4 + 2 * width;
      if (seen.length < length || seen.readUInt32LE(start) !== header.crc) continue;
      const size = (at: number): number => (width === 4 ? seen.readUInt32LE(at) : Number(seen.readBigUInt64LE(at)));
      if (size(start + 4) !== header.compressed || size(start + 4 + width) !== header.size) continue;
      box.reader.advance(length);
      box.ledger.take('header', box.reader.position);
      return;
    }
  }
  if (!flagged)
    box.gap('header-mismatch', 'a data descriptor does not say what the directory says', box.reader.position);
}
