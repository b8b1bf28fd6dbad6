import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly body: Buffer;
  /** Encrypts by the traditional PKWARE method (APPNOTE 6.3.10, section 6.1). */
  readonly password?: string;
}

const DATE = (37 << 9) | (12 << 5) | 4; // 2017-12-04, so that no clock enters the bytes

export function zip(members: readonly ZipMember[], comment = ''): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, body, password } of members) {
    const crc = crc32(body);
    const packed = deflateRawSync(body);
    const data = password === undefined ? packed : encrypt(packed, password, crc);
    const nameBytes = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(password === undefined ? 0 : 1, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc, 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(body.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), shared, rest, nameBytes]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(Buffer.byteLength(comment), 16);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06', 'latin1'), end, Buffer.from(comment)]);
}

function encrypt(data: Buffer, password: string, crc: number): Buffer {
  const keys = [0x12345678, 0x23456789, 0x34567890];
  const update = (byte: number): void => {
    keys[0] = step(keys[0] as number, byte);
    keys[1] = (Math.imul(((keys[1] as number) + ((keys[0] as number) & 0xff)) | 0, 134775813) + 1) | 0;
    keys[2] = step(keys[2] as number, (keys[1] as number) >>> 24);
  };
  for (const byte of Buffer.from(password)) update(byte);
  const head = Buffer.from([7, 61, 118, 4, 201, 90, 33, 250, 16, 77, 142, crc >>> 24]);
  return Buffer.from(
    Buffer.concat([head, data]).map((byte) => {
      const low = ((keys[2] as number) | 2) & 0xffff;
      const mask = (Math.imul(low, low ^ 1) >>> 8) & 0xff;
      update(byte);
      return byte ^ mask;
    }),
  );
}

/** One step of the CRC-32 register without the inversions that `crc32` adds. */
function step(register: number, byte: number): number {
  return ~crc32(Buffer.from([byte]), ~register >>> 0) >>> 0;
}
