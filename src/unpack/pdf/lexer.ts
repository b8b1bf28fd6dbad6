/** Values of PDF (ISO 32000-2, section 7.3). An operator of a content stream is an `Operator`. */
export type PdfValue = number | boolean | null | PdfName | PdfString | PdfRef | Operator | PdfValue[] | PdfDict;
export type PdfDict = Map<string, PdfValue>;

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class PdfString {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export class PdfRef {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}

export class Operator {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const NESTING = 200;
const SPACE = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) SPACE[byte] = 1;
const REGULAR = new Uint8Array(256).fill(1);
for (const byte of [0, 9, 10, 12, 13, 32, ...Buffer.from('()<>[]{}/%')]) REGULAR[byte] = 0;

/** Reads values from bytes; never throws. `undefined` is the end, or a closing bracket where none was open. */
export class PdfLexer {
  at: number;
  /** Values read so far, which the caller may bound. */
  count = 0;
  private readonly bytes: Buffer;
  private readonly end: number;
  private readonly refs: boolean;

  /** `refs`: `1 0 R` is a reference; in content streams there are none. */
  constructor(bytes: Uint8Array, at = 0, refs = true, end = bytes.length) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
    this.refs = refs;
    this.end = end;
  }

  skipSpace(): void {
    const { bytes, end } = this;
    while (this.at < end) {
      const byte = bytes[this.at]!;
      if (byte === 0x25) {
        while (this.at < end && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
      } else if (SPACE[byte] === 0) {
        return;
      } else {
        this.at += 1;
      }
    }
  }

  value(depth = 0): PdfValue | undefined {
    this.skipSpace();
    if (this.at >= this.end) return undefined;
    this.count += 1;
    const byte = this.bytes[this.at]!;
    if (byte === 0x2f) return this.name();
    if (byte === 0x28) return this.literal();
    if (byte === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.dict(depth) : this.hex();
    if (byte === 0x5b) return this.array(depth);
    if (byte === 0x7b || byte === 0x7d || byte === 0x29) {
      this.at += 1;
      return new Operator(String.fromCharCode(byte));
    }
    if (byte === 0x5d || byte === 0x3e) return undefined;
    return this.word();
  }

  private name(): PdfName {
    const from = ++this.at;
    while (this.at < this.end && REGULAR[this.bytes[this.at]!] === 1) this.at += 1;
    const text = this.bytes.toString('latin1', from, this.at);
    return new PdfName(
      text.includes('#')
        ? text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : text,
    );
  }

  private word(): PdfValue {
    const from = this.at;
    while (this.at < this.end && REGULAR[this.bytes[this.at]!] === 1) this.at += 1;
    const text = this.bytes.toString('latin1', from, this.at);
    const first = text.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) {
      const number = Number(text);
      if (Number.isFinite(number)) return (this.refs && Number.isInteger(number) && this.reference(number)) || number;
      const most = /^[+-]*\d*\.?\d*/.exec(text)?.[0].replace(/^[+-]+(?=[+-])/, '');
      return Number(most) || 0;
    }
    if (text === 'true') return true;
    if (text === 'false') return false;
    return text === 'null' ? null : new Operator(text);
  }

  private reference(number: number): PdfRef | undefined {
    const [, length] =
      /^(\s+\d{1,5}\s+R)(?![A-Za-z0-9])/.exec(this.bytes.toString('latin1', this.at, this.at + 24)) ?? [];
    if (length === undefined || this.at + length.length > this.end) return undefined;
    this.at += length.length;
    return new PdfRef(number);
  }

  private array(depth: number): PdfValue[] {
    const items: PdfValue[] = [];
    this.at += 1;
    while (depth < NESTING) {
      const item = this.value(depth + 1);
      if (item === undefined) break;
      items.push(item);
    }
    if (this.bytes[this.at] === 0x5d) this.at += 1;
    else if (this.bytes[this.at] === 0x3e) this.at += 1;
    return items;
  }

  private dict(depth: number): PdfDict {
    const found: PdfDict = new Map();
    this.at += 2;
    while (depth < NESTING) {
      const key = this.value(depth + 1);
      if (key === undefined) break;
      if (!(key instanceof PdfName)) {
        // `endobj` or `stream` inside: the dictionary was never closed.
        if (key instanceof Operator && /^(endobj|stream|endstream)$/.test(key.text)) return found;
        continue;
      }
      const value = this.value(depth + 1);
      if (value === undefined) break;
      found.set(key.name, value);
    }
    if (this.bytes[this.at] === 0x3e) this.at += this.bytes[this.at + 1] === 0x3e ? 2 : 1;
    else if (this.bytes[this.at] === 0x5d) this.at += 1;
    return found;
  }

  /** Section 7.3.4.2. */
  private literal(): PdfString {
    const { bytes, end } = this;
    const from = ++this.at;
    let open = 1;
    let plain = true;
    for (; this.at < end && open > 0; this.at += 1) {
      const byte = bytes[this.at]!;
      if (byte === 0x28) open += 1;
      else if (byte === 0x29) open -= 1;
      else if (byte === 0x5c) {
        this.at += 1;
        plain = false;
      }
    }
    const raw = bytes.subarray(from, Math.min(end, open === 0 ? this.at - 1 : this.at));
    return new PdfString(plain ? new Uint8Array(raw) : unescaped(raw));
  }

  private hex(): PdfString {
    const close = this.bytes.indexOf(0x3e, this.at);
    const stop = close < 0 || close > this.end ? this.end : close;
    const digits = this.bytes.toString('latin1', this.at + 1, stop).replace(/[^0-9A-Fa-f]+/g, '');
    this.at = Math.min(this.end, stop + 1);
    return new PdfString(new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')));
  }
}

const ESCAPES = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
]);

function unescaped(raw: Buffer): Uint8Array {
  const out = new Uint8Array(raw.length);
  let size = 0;
  for (let at = 0; at < raw.length; at += 1) {
    let byte = raw[at]!;
    if (byte === 0x5c) {
      at += 1;
      byte = raw[at] ?? 0;
      if (byte === 10 || byte === 13) {
        if (byte === 13 && raw[at + 1] === 10) at += 1;
        continue;
      }
      const digits = /^[0-7]{1,3}/.exec(raw.toString('latin1', at, at + 3))?.[0];
      if (digits !== undefined) {
        byte = Number.parseInt(digits, 8) & 0xff;
        at += digits.length - 1;
      } else {
        byte = ESCAPES.get(byte) ?? byte;
      }
    }
    out[size] = byte;
    size += 1;
  }
  return out.subarray(0, size);
}
