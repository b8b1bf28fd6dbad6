import { type Content, contentOf, type Sink } from './sink.ts';

export interface TarMember {
  readonly path: string;
  readonly body?: Content;
  readonly link?: string;
  readonly mode?: number;
  /** Records of a pax extended header before the member (POSIX.1-2001). */
  readonly pax?: Readonly<Record<string, string>>;
}

/** GNU tar as an HMC writes it: ustar magic with spaces, long names in an `L` member. */
export class TarWriter {
  private readonly sink: Sink;
  private readonly mtime: number;

  constructor(sink: Sink, mtime: number) {
    this.sink = sink;
    this.mtime = mtime;
  }

  add(member: TarMember): void {
    if (member.pax) this.member('./PaxHeaders/0', 'x', contentOf(paxRecords(member.pax)), 0o644);
    for (const [type, text] of [
      ['K', member.link],
      ['L', member.path],
    ] as const) {
      if (text !== undefined && Buffer.byteLength(text) > 99) {
        this.member('././@LongLink', type, contentOf(Buffer.from(`${text}\0`)), 0);
      }
    }
    const type = member.link !== undefined ? '2' : member.path.endsWith('/') ? '5' : '0';
    const mode = member.mode ?? (type === '5' ? 0o755 : type === '2' ? 0o777 : 0o640);
    this.member(member.path, type, member.body ?? contentOf(Buffer.alloc(0)), mode, member.link);
  }

  /** Two zero blocks; `tail` is what a careless writer leaves after them. */
  end(tail?: Uint8Array): void {
    this.sink.write(Buffer.alloc(1024));
    if (tail) this.padded(contentOf(tail));
  }

  private member(path: string, type: string, body: Content, mode: number, link = ''): void {
    const header = Buffer.alloc(512);
    Buffer.from(path).subarray(0, 99).copy(header, 0);
    octal(header, 100, 8, mode);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    number(header, 124, 12, body.size);
    octal(header, 136, 12, this.mtime);
    header.write(type, 156, 'latin1');
    Buffer.from(link).subarray(0, 99).copy(header, 157);
    header.write('ustar  \0', 257, 'latin1');
    header.write('root', 265, 'latin1');
    header.write('root', 297, 'latin1');
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    this.sink.write(header);
    this.padded(body);
  }

  private padded(body: Content): void {
    let seen = 0;
    for (const chunk of body.chunks()) {
      seen += chunk.length;
      this.sink.write(chunk);
    }
    if (seen !== body.size) throw new Error(`content of ${body.size} bytes gave ${seen}`);
    if (seen % 512 > 0) this.sink.write(Buffer.alloc(512 - (seen % 512)));
  }
}

function octal(header: Buffer, at: number, width: number, value: number): void {
  header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
}

/** Sizes of 8 GiB and over do not fit eleven octal digits: base-256, as GNU tar writes them. */
function number(header: Buffer, at: number, width: number, value: number): void {
  if (value < 0o100000000000) octal(header, at, width, value);
  else {
    header[at] = 0x80;
    header.writeBigUInt64BE(BigInt(value), at + width - 8);
  }
}

function paxRecords(pax: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(pax).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const bytes = Buffer.byteLength(rest);
    const length = bytes + String(bytes + String(bytes).length).length;
    return `${length}${rest}`;
  });
  return Buffer.from(lines.join(''));
}
