import { EntropyMeter } from '../entropy.ts';

/** Service data of a RAR archive, such as its list for quick opening, may be so long if it looks like no compressed data. */
const MOST_SERVICE = 64 * 1024;

/**
 * Says if a cabinet (MS-CAB 2.1 to 2.4) consists of headers and data blocks to the byte, and its files of all that the
 * blocks hold: then its compressed data is decoded as members, and nowhere else.
 */
export function cabinetIsClaimed(archive: Uint8Array): boolean {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  if (bytes.length < 36 || bytes.readUInt32LE(8) !== bytes.length) return false;
  // Reserved areas, and parts of sets, are no plain cabinet.
  if (bytes.readUInt16LE(30) !== 0) return false;
  const [folders, files] = [bytes.readUInt16LE(26), bytes.readUInt16LE(28)];
  let at = 36 + 8 * folders;
  if (bytes.readUInt32LE(16) !== at) return false;
  const claims: [from: number, size: number][][] = Array.from({ length: folders }, () => []);
  for (let file = 0; file < files; file += 1) {
    if (at + 16 >= bytes.length) return false;
    const end = bytes.indexOf(0, at + 16);
    const claim = claims[bytes.readUInt16LE(at + 8)];
    if (end < 0 || !claim) return false;
    claim.push([bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at)]);
    at = end + 1;
  }
  for (let folder = 0; folder < folders; folder += 1) {
    const header = 36 + 8 * folder;
    if (bytes.readUInt32LE(header) !== at) return false;
    let unpacked = 0;
    for (let block = bytes.readUInt16LE(header + 4); block > 0; block -= 1) {
      if (at + 8 > bytes.length) return false;
      unpacked += bytes.readUInt16LE(at + 6);
      at += 8 + bytes.readUInt16LE(at + 4);
    }
    let covered = 0;
    for (const [from, size] of claims[folder]!.sort(([a], [b]) => a - b)) {
      if (from > covered) return false;
      covered = Math.max(covered, from + size);
    }
    if (covered !== unpacked) return false;
  }
  return at === bytes.length;
}

/** The same for RAR 5.0: blocks of known types up to the end of the archive, with data only of files. */
export function rar5IsClaimed(archive: Uint8Array): boolean {
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = archive[at];
      if (byte === undefined) return Number.NaN;
      at += 1;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  while (at < archive.length) {
    at += 4;
    const size = number();
    const header = at;
    const type = number();
    const flags = number();
    if (flags & 1) number();
    const data = flags & 2 ? number() : 0;
    const from = header + size;
    if (!(from >= at && from + data <= archive.length)) return false;
    if (type === 5) return from === archive.length;
    if (type === 3 && data > 0 && (data > MOST_SERVICE || looksRandom(archive.subarray(from, from + data))))
      return false;
    if (type < 1 || type > 3 || (type === 1 && data > 0)) return false;
    at = from + data;
  }
  return false;
}

/** The same for RAR 1.5 to 4. A comment may be compressed there, so no data of services is accepted. */
export function rar4IsClaimed(archive: Uint8Array): boolean {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  let at = 7;
  while (at + 7 <= bytes.length) {
    const type = bytes[at + 2]!;
    const flags = bytes.readUInt16LE(at + 3);
    const size = bytes.readUInt16LE(at + 5);
    if (size < 7 || at + size > bytes.length) return false;
    if (type === 0x7b) return at + size === bytes.length;
    if (type === 0x73) {
      // The comment of an old archive lies inside of the header.
      if (size !== 13) return false;
    } else if (type !== 0x74 || size < 32) {
      return false;
    }
    const high = type === 0x74 && flags & 0x100 && size >= 40 ? bytes.readUInt32LE(at + 32) : 0;
    const data = type === 0x74 ? bytes.readUInt32LE(at + 7) + high * 2 ** 32 : 0;
    if (at + size + data > bytes.length) return false;
    at += size + data;
  }
  // The end block is not in all archives of old versions.
  return at === bytes.length;
}

function looksRandom(bytes: Uint8Array): boolean {
  const meter = new EntropyMeter();
  meter.update(bytes, false);
  return meter.finish();
}
