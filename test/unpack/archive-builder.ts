import { crc32, deflateRawSync } from 'node:zlib';

/** Fields of a tar header; everything has a plain default. */
export interface TarMember {
  readonly name?: string | Buffer;
  readonly type?: string;
  readonly data?: string | Buffer;
  readonly link?: string;
  /** Written instead of the data's length. */
  readonly size?: number | string | Buffer;
  readonly uname?: string;
  /** Bytes written over the header before its checksum is made. */
  readonly patch?: readonly (readonly [offset: number, bytes: string | Buffer])[];
  /** Bytes for the rest of the last block instead of zeros. */
  readonly slack?: string;
  readonly badChecksum?: boolean;
}

export function tarHeader(member: TarMember): Buffer {
  const block = Buffer.alloc(512);
  const data = Buffer.from(member.data ?? '');
  const put = (at: number, text: string | Buffer) => Buffer.from(text as string).copy(block, at);
  const size = member.size ?? data.length;
  put(0, member.name ?? 'file');
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, typeof size === 'number' ? `${size.toString(8).padStart(11, '0')}\0` : size);
  put(136, '00000000000\0');
  put(156, member.type ?? '0');
  put(157, member.link ?? '');
  put(257, 'ustar\x0000');
  put(265, member.uname ?? '');
  for (const [at, bytes] of member.patch ?? []) put(at, bytes);
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  put(148, `${(sum + (member.badChecksum ? 1 : 0)).toString(8).padStart(6, '0')}\0 `);
  return block;
}

export function tarMember(member: TarMember): Buffer {
  const data = Buffer.from((member.data ?? '') as string);
  const rest = Buffer.alloc((512 - (data.length % 512)) % 512);
  rest.write(member.slack ?? '');
  return Buffer.concat([tarHeader(member), data, rest]);
}

export const END = Buffer.alloc(1024);

export function tarOf(...members: TarMember[]): Buffer {
  return Buffer.concat([...members.map(tarMember), END]);
}

export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) length += 1;
  return `${length}${rest}`;
}

export interface ZipMember {
  readonly name?: string | Buffer;
  readonly data?: string | Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly extra?: Buffer;
  readonly comment?: string;
  readonly mode?: number;
  /** What one of the headers says instead. */
  readonly local?: Partial<{ name: string; crc: number; size: number; compressed: number; method: number }>;
  readonly central?: Partial<{
    name: string;
    crc: number;
    size: number;
    compressed: number;
    method: number;
    offset: number;
  }>;
  /** Compressed bytes, instead of the data's own. */
  readonly raw?: Buffer;
  /** Bytes in front of the local header. */
  readonly before?: string | Buffer;
  readonly unlisted?: boolean;
  readonly descriptor?: boolean;
}

export function zipOf(
  members: readonly ZipMember[],
  options: {
    comment?: string;
    count?: number;
    prefix?: Buffer | string;
    beforeDirectory?: string;
    countPrefix?: boolean;
  } = {},
): Buffer {
  const prefix = Buffer.from((options.prefix ?? '') as string);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = options.countPrefix ? prefix.length : 0;
  const push = (...buffers: Buffer[]) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      position += buffer.length;
    }
  };
  for (const member of members) {
    const data = Buffer.from((member.data ?? '') as string);
    const method = member.method ?? 8;
    const raw = member.raw ?? (method === 8 ? deflateRawSync(data) : data);
    const facts = { name: member.name ?? 'file', crc: crc32(data), size: data.length, compressed: raw.length, method };
    const extra = member.extra ?? Buffer.alloc(0);
    push(Buffer.from((member.before ?? '') as string));
    const offset = position;
    const flags = (member.flags ?? 0) | (member.descriptor ? 8 : 0);
    const fields = (what: typeof facts, at: number, record: Buffer) => {
      record.writeUInt16LE(flags, at);
      record.writeUInt16LE(what.method, at + 2);
      record.writeUInt32LE(what.crc >>> 0, at + 8);
      record.writeUInt32LE(what.compressed, at + 12);
      record.writeUInt32LE(what.size, at + 16);
      record.writeUInt16LE(Buffer.from(what.name as string).length, at + 20);
      record.writeUInt16LE(extra.length, at + 22);
    };
    const said = { ...facts, ...(member.descriptor && { crc: 0, size: 0, compressed: 0 }), ...member.local };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(20, 4);
    fields(said, 6, local);
    push(local, Buffer.from(said.name as string), extra, raw);
    if (member.descriptor) {
      const descriptor = Buffer.alloc(16);
      descriptor.writeUInt32LE(0x08074b50);
      descriptor.writeUInt32LE(facts.crc >>> 0, 4);
      descriptor.writeUInt32LE(facts.compressed, 8);
      descriptor.writeUInt32LE(facts.size, 12);
      push(descriptor);
    }
    if (member.unlisted) continue;
    const listed = { ...facts, ...member.central };
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(0x0314, 4);
    fields(listed, 8, central);
    central.writeUInt16LE(Buffer.byteLength(member.comment ?? ''), 32);
    central.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(member.central?.offset ?? offset, 42);
    directory.push(central, Buffer.from(listed.name as string), extra, Buffer.from(member.comment ?? ''));
  }
  push(Buffer.from(options.beforeDirectory ?? ''));
  const start = position;
  for (const record of directory) push(record);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  const count = options.count ?? members.filter((member) => !member.unlisted).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(position - start, 12);
  end.writeUInt32LE(start, 16);
  end.writeUInt16LE(Buffer.byteLength(options.comment ?? ''), 20);
  push(end, Buffer.from(options.comment ?? ''));
  return Buffer.concat([prefix, ...parts]);
}
