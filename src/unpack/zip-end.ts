/** `PK\5\6`, the end of central directory record (APPNOTE 6.3.10, 4.3.16): 22 bytes and a comment. */
const SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
export const ZIP_END_SIZE = 22;
/** So far from the end of a file can the record begin. */
export const ZIP_END_REACH = ZIP_END_SIZE + 0xffff;

/**
 * Finds the last end record in the end of a file that fits it: its comment ends within the file and its directory lies
 * before it. Gives the place in `tail`, or -1. `before` is the number of bytes that lie before `tail`.
 */
export function findZipEnd(tail: Uint8Array, before: number): number {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  for (let at = bytes.lastIndexOf(SIGNATURE); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(SIGNATURE, at - 1)) {
    if (at + ZIP_END_SIZE <= bytes.length && fitsZipEnd(bytes.subarray(at), before + at, before + bytes.length))
      return at;
  }
  return -1;
}

function fitsZipEnd(record: Buffer, position: number, size: number): boolean {
  const directory = record.readUInt32LE(12);
  const offset = record.readUInt32LE(16);
  const zip64 = offset === 0xffffffff || directory === 0xffffffff || record.readUInt16LE(10) === 0xffff;
  if (record.readUInt16LE(8) !== record.readUInt16LE(10) || record.readUInt16LE(4) !== record.readUInt16LE(6))
    return false;
  return position + ZIP_END_SIZE + record.readUInt16LE(20) <= size && (zip64 || directory <= position);
}

/** Notices a zip archive that lies at the end of a stream of something else. */
export class ZipEndWatch {
  private size = 0;
  /** The last bytes, enough for one record to be found again across two chunks. */
  private tail: Uint8Array = new Uint8Array(0);
  private candidate: { record: Buffer; position: number } | undefined;

  update(bytes: Uint8Array): void {
    const seam = Buffer.concat([this.tail, bytes.subarray(0, ZIP_END_SIZE - 1)]);
    this.look(seam, this.size - this.tail.length);
    this.look(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), this.size);
    this.size += bytes.length;
    const last = bytes.length >= ZIP_END_SIZE ? bytes.subarray(1 - ZIP_END_SIZE) : seam.subarray(1 - ZIP_END_SIZE);
    this.tail = new Uint8Array(last);
  }

  /** Offset of the archive's end record, if the stream ends with an archive that has members. */
  finish(): number | undefined {
    if (!this.candidate) return undefined;
    const { record, position } = this.candidate;
    const near = this.size - position <= ZIP_END_REACH;
    const empty = record.readUInt16LE(10) === 0 && record.readUInt32LE(12) === 0;
    return near && !empty && fitsZipEnd(record, position, this.size) ? position : undefined;
  }

  private look(bytes: Buffer, start: number): void {
    const at = bytes.lastIndexOf(SIGNATURE);
    if (at >= 0 && at + ZIP_END_SIZE <= bytes.length) {
      this.candidate = { record: Buffer.from(bytes.subarray(at, at + ZIP_END_SIZE)), position: start + at };
    }
  }
}
