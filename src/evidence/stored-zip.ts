import { crc32 } from 'node:zlib';

/** MS-DOS date of 1980-01-01, the earliest: a pack has no clock in it (APPNOTE 6.3.10, 4.4.6). */
const EPOCH = 0x21;
/** Bit 11: names are UTF-8 (APPNOTE 6.3.10, 4.4.4). */
const UTF8 = 0x800;
/** A regular file of mode 0600, as Unix writes it (made by: 3). */
const PRIVATE = (0o100600 << 16) >>> 0;
const LARGEST = 0xffff_ffff;

/**
 * A zip archive whose members are stored as they are, in the order given: the same files give the same bytes.
 * @throws RangeError from 4 GiB or 65,535 files on, which would need zip64
 */
export function storedZip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(EPOCH, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, bytes);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(PRIVATE, 6);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, place, name);
    offset += 30 + name.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  if (offset + central.length > LARGEST || files.size >= 0xffff) throw new RangeError('too large for a zip archive');
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
