/** One escape as read: bytes it takes, bytes it stands for (-1: none, a soft line break; else a code point or byte). */
export interface Escape {
  length: number;
  value: number;
  /** The value is a Unicode code point, written to the view as UTF-8; else a byte. */
  unicode: boolean;
}

/** A way to write single characters of a text in another form, while the rest stands as it is. */
export interface EscapeCoding {
  readonly name: string;
  /** Every escape begins with this byte. */
  readonly mark: number;
  /** Reads the escape at `at` into `found`; false if there is none. */
  readonly read: (bytes: Uint8Array, at: number, end: number, found: Escape) => boolean;
  /** True if the escape at `at` is no accident: opens a region. */
  readonly opens: (bytes: Uint8Array, at: number, end: number) => boolean;
  /** Bytes at which a region ends, before and after. */
  readonly borders: Uint8Array;
}

const bordersOf = (text: string): Uint8Array => {
  const flags = new Uint8Array(256);
  for (const char of text) flags[char.charCodeAt(0)] = 1;
  return flags;
};

function hexAt(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let index = 0; index < digits; index++) {
    const byte = bytes[at + index] ?? 0;
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
    if (digit < 0 || digit > 15 || (digit > 9 && (byte | 0x20) < 0x61)) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** RFC 3986 section 2.1. A region is one token: it ends at white space, double quotes and angle brackets; `'` is a sub-delim. */
export const PERCENT: EscapeCoding = {
  name: 'percent',
  mark: 0x25,
  read: (bytes, at, end, found) => {
    const value = at + 2 < end ? hexAt(bytes, at + 1, 2) : -1;
    found.length = 3;
    found.value = value;
    found.unicode = false;
    return value >= 0;
  },
  opens: (bytes, at, end) => at + 2 < end && hexAt(bytes, at + 1, 2) >= 0x09,
  borders: bordersOf(' \t\r\n"<>`\0'),
};

/** RFC 2045 section 6.7. A region is a paragraph of lines that soft line breaks hold together. */
export const QUOTED_PRINTABLE: EscapeCoding = {
  name: 'quoted-printable',
  mark: 0x3d,
  read: (bytes, at, end, found) => {
    found.unicode = false;
    if (bytes[at + 1] === 10 || (bytes[at + 1] === 13 && bytes[at + 2] === 10)) {
      found.length = bytes[at + 1] === 10 ? 2 : 3;
      found.value = -1;
      return true;
    }
    found.length = 3;
    found.value = at + 2 < end ? hexAt(bytes, at + 1, 2) : -1;
    return found.value >= 0;
  },
  // `=10` is an assignment in most texts: an encoded `=`, a soft break or a UTF-8 sequence is not.
  opens: (bytes, at, end) => {
    if (at + 2 >= end) return false;
    const next = bytes[at + 1]!;
    if (next === 10 || (next === 13 && bytes[at + 2] === 10)) return at > 0 && bytes[at - 1] !== 0x3d;
    const value = hexAt(bytes, at + 1, 2);
    return (
      value === 0x3d || value === 0x40 || (value >= 0xc2 && bytes[at + 3] === 0x3d && hexAt(bytes, at + 4, 2) >= 0x80)
    );
  },
  borders: bordersOf('\n\0'),
};

const NAMED: Readonly<Record<string, number>> = { amp: 38, lt: 60, gt: 62, quot: 34, apos: 39, nbsp: 32, commat: 64 };

/** XML 1.0 (5th edition) sections 4.1 and 4.6: character references and the predefined entities. */
export const ENTITY: EscapeCoding = {
  name: 'entity',
  mark: 0x26,
  read: (bytes, at, end, found) => {
    let stop = at + 1;
    while (stop < end && stop - at < 12 && bytes[stop] !== 0x3b) stop++;
    if (bytes[stop] !== 0x3b || stop >= end) return false;
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, stop - at - 1).toString('latin1');
    const number = /^#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const value = number ? Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10) : (NAMED[name] ?? -1);
    if (value < 0 || value > 0x10ffff) return false;
    found.length = stop + 1 - at;
    found.value = value;
    found.unicode = true;
    return true;
  },
  opens: (bytes, at, end) => at + 3 < end && /[#algqnc]/.test(String.fromCharCode(bytes[at + 1]!)),
  borders: bordersOf('\r\n<>\0'),
};

/** RFC 8259 section 7 and the strings of C and Java: `\u0040`, `\x40`, `\/`, `\"`. */
export const BACKSLASH: EscapeCoding = {
  name: 'backslash',
  mark: 0x5c,
  read: (bytes, at, end, found) => {
    const next = bytes[at + 1];
    found.length = 2;
    found.unicode = true;
    if (next === 0x75 || next === 0x78) {
      const digits = next === 0x75 ? 4 : 2;
      found.length = 2 + digits;
      found.value = at + 1 + digits < end ? hexAt(bytes, at + 2, digits) : -1;
      return found.value >= 0;
    }
    if (next !== 0x2f && next !== 0x22 && next !== 0x5c && next !== 0x6e && next !== 0x74) return false;
    found.value = next === 0x6e ? 10 : next === 0x74 ? 9 : next;
    return true;
  },
  opens: (bytes, at, end) => {
    const next = bytes[at + 1];
    if (next === 0x2f || next === 0x6e || next === 0x22) return true;
    return (
      (next === 0x75 && at + 5 < end && hexAt(bytes, at + 2, 4) >= 0) || (next === 0x78 && hexAt(bytes, at + 2, 2) >= 0)
    );
  },
  borders: bordersOf('\r\n\0'),
};
