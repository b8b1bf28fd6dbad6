/** Decodes the body of one part of a mail, line by line. */
export interface PartDecoder {
  /** Bytes of a line with its end; `undefined` if the line breaks the encoding. */
  line(line: Uint8Array): Uint8Array | undefined;
  /** What was held back; `undefined` if the body ends too early. */
  end(): Uint8Array | undefined;
}

const NOTHING = new Uint8Array(0);

/** The encodings of RFC 2045, section 6; `undefined` for any other. */
export function partDecoder(encoding: string): PartDecoder | undefined {
  if (encoding === 'base64') return new Base64Decoder();
  if (encoding === 'quoted-printable') return new LineDecoder(unquoted);
  if (/^(7bit|8bit|binary)$/.test(encoding)) return new LineDecoder((line) => line);
  return undefined;
}

/** Section 6.8. Characters outside of the alphabet are damage: readers differ in what they make of them. */
class Base64Decoder implements PartDecoder {
  private held = '';
  private padded = false;

  line(line: Uint8Array): Uint8Array | undefined {
    const text = Buffer.from(line)
      .toString('latin1')
      .replace(/[ \t\r\n]+/g, '');
    if (text === '') return NOTHING;
    if (this.padded || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
    const all = this.held + text;
    this.padded = all.endsWith('=');
    const whole = all.length - (all.length % 4);
    this.held = all.slice(whole);
    if (this.padded && this.held !== '') return undefined;
    return Buffer.from(all.slice(0, whole), 'base64');
  }

  end(): Uint8Array | undefined {
    return this.held === '' ? NOTHING : undefined;
  }
}

/** The last line end belongs to the boundary below it (RFC 2046, section 5.1.1), so it is held back. */
class LineDecoder implements PartDecoder {
  private readonly decode: (line: Uint8Array) => Uint8Array;
  private held: Uint8Array = NOTHING;

  constructor(decode: (line: Uint8Array) => Uint8Array) {
    this.decode = decode;
  }

  line(line: Uint8Array): Uint8Array {
    const bytes = Buffer.concat([this.held, this.decode(line)]);
    const end = bytes.at(-1) !== 0x0a ? bytes.length : bytes.length - (bytes.at(-2) === 0x0d ? 2 : 1);
    this.held = new Uint8Array(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

/** Section 6.7: `=XX`, and `=` at the end of a line that goes on. Anything else stands for itself. */
function unquoted(line: Uint8Array): Uint8Array {
  const text = Buffer.from(line)
    .toString('latin1')
    .replace(/[ \t]+(\r?\n)$/, '$1')
    .replace(/=\r?\n$/, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
