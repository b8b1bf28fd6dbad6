/** Signatures of zip records (APPNOTE 6.3.10, section 4.3). */
export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const DESCRIPTOR = 0x08074b50;
export const END64 = 0x06064b50;
export const LOCATOR64 = 0x07064b50;

export const LOCAL_SIZE = 30;
export const CENTRAL_SIZE = 46;

/** What a local or a central header says of a member. */
export interface ZipHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly name: Uint8Array;
  readonly extra: Uint8Array;
  readonly zip64: boolean;
  /** Made under Unix, with the mode in the upper half; 0 for a local header. */
  readonly mode: number;
  readonly comment: Uint8Array;
  /** Of the local header, as stated. */
  readonly offset: number;
}

/** General purpose bits (4.4.4). */
export const FLAG = { encrypted: 1, descriptor: 8, strong: 64, utf8: 2048, masked: 8192 } as const;

const MAX32 = 0xffffffff;

/** `record` starts at the signature and holds name and extra field; undefined if it is cut off. */
export function parseLocal(record: Buffer): ZipHeader | undefined {
  if (record.length < LOCAL_SIZE) return undefined;
  const nameEnd = LOCAL_SIZE + record.readUInt16LE(26);
  const end = nameEnd + record.readUInt16LE(28);
  if (record.length < end) return undefined;
  return withZip64({
    flags: record.readUInt16LE(6),
    method: record.readUInt16LE(8),
    crc: record.readUInt32LE(14),
    compressed: record.readUInt32LE(18),
    size: record.readUInt32LE(22),
    name: record.subarray(LOCAL_SIZE, nameEnd),
    extra: record.subarray(nameEnd, end),
    zip64: false,
    mode: 0,
    comment: record.subarray(0, 0),
    offset: 0,
  });
}

/** Bytes of a central record, from its fixed part. */
export function centralLength(fixed: Buffer): number {
  return CENTRAL_SIZE + fixed.readUInt16LE(28) + fixed.readUInt16LE(30) + fixed.readUInt16LE(32);
}

export function parseCentral(record: Buffer): ZipHeader {
  const nameEnd = CENTRAL_SIZE + record.readUInt16LE(28);
  const extraEnd = nameEnd + record.readUInt16LE(30);
  return withZip64({
    flags: record.readUInt16LE(8),
    method: record.readUInt16LE(10),
    crc: record.readUInt32LE(16),
    compressed: record.readUInt32LE(20),
    size: record.readUInt32LE(24),
    name: record.subarray(CENTRAL_SIZE, nameEnd),
    extra: record.subarray(nameEnd, extraEnd),
    zip64: false,
    mode: record[5] === 3 || record[5] === 19 ? record.readUInt32LE(38) >>> 16 : 0,
    comment: record.subarray(extraEnd, extraEnd + record.readUInt16LE(32)),
    offset: record.readUInt32LE(42),
  });
}

/** Extra field 0x0001 holds, in this order, those of size, compressed size and offset that are all ones (4.5.3). */
function withZip64(header: ZipHeader): ZipHeader {
  const field = extraFields(header.extra).find(({ id }) => id === 1);
  if (!field) return header;
  const bytes = Buffer.from(field.bytes);
  let at = 0;
  const wide = (value: number): number => {
    if (value !== MAX32 || at + 8 > bytes.length) return value;
    at += 8;
    return Number(bytes.readBigUInt64LE(at - 8));
  };
  const size = wide(header.size);
  const compressed = wide(header.compressed);
  const offset = wide(header.offset);
  return { ...header, size, compressed, offset, zip64: true };
}

export interface ExtraField {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Fields of an extra area; what is behind the last whole one has the id -1. */
export function extraFields(extra: Uint8Array): ExtraField[] {
  const fields: ExtraField[] = [];
  let at = 0;
  while (at + 4 <= extra.length) {
    const id = extra[at]! | (extra[at + 1]! << 8);
    const length = extra[at + 2]! | (extra[at + 3]! << 8);
    if (at + 4 + length > extra.length) break;
    fields.push({ id, bytes: extra.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  if (at < extra.length) fields.push({ id: -1, bytes: extra.subarray(at) });
  return fields;
}

/** Extra fields that hold sizes, times and ids only, with the longest that they can be (4.5, and Info-ZIP's list). */
const PLAIN_EXTRA = new Map([
  [0x0001, 28],
  [0x000a, 32],
  [0x5455, 13],
  [0x5855, 12],
  [0x7855, 4],
  [0x7875, 15],
  [0x9901, 7],
  [0xcafe, 0],
]);

/** Says if a field can hold text, so that it has to be scanned. */
export function isTelling({ id, bytes }: ExtraField): boolean {
  const longest = PLAIN_EXTRA.get(id);
  return longest === undefined ? bytes.some((byte) => byte !== 0) : bytes.length > longest;
}

const METHODS: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  10: 'PKWARE Implode',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  96: 'JPEG variant',
  97: 'WavPack',
  98: 'PPMd',
  99: 'AES',
};

export const STORED = 0;
export const DEFLATED = 8;

export function methodName(method: number): string {
  return `zip method ${method}${METHODS[method] ? ` (${METHODS[method]})` : ''}`;
}
