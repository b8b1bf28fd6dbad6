/** The first bytes of gzip and zip as escapes or numbers write them; each is long enough that looking for it costs little. */
const NEEDLES = [
  '\\037\\213\\010',
  '\\x1f\\x8b\\x08',
  '\\x1F\\x8B\\x08',
  '\\u001f\\u008b\\b',
  '\\u001f\\u008b\\u0008',
  '%1f%8b%08',
  '%1F%8B%08',
  '=1F=8B=08',
  '31,139,8,',
  '31, 139, 8, ',
  'PK\\003\\004',
  'PK\\x03\\x04',
  'PK\\u0003\\u0004',
  'PK%03%04',
  '80,75,3,4,',
  '80, 75, 3, 4, ',
  '\\xfd7zXZ',
  '\\3757zXZ',
  '%FD7zXZ',
  '%fd7zXZ',
].map((text) => Buffer.from(text));

const SHORTEST = Math.min(...NEEDLES.map(({ length }) => length));
const FIRST = new Uint8Array(65536);
for (const needle of NEEDLES) FIRST[needle.readUInt16BE(0)] = 1;
const SHIFT = new Uint8Array(65536).fill(SHORTEST - 1);
for (const needle of NEEDLES) {
  for (let at = 0; at < SHORTEST - 1; at += 1) {
    const pair = needle.readUInt16BE(at);
    SHIFT[pair] = Math.min(SHIFT[pair]!, SHORTEST - 2 - at);
  }
}

/** So much of what follows must be bytes in the same notation: source code that only names the mark has none. */
const FOLLOWING = /^[^\s"'`]{24,}|^(?:\d{1,3},\s*){12}/;
const SEAM = 96;
const MOST = 64;

/** Notices an archive that is written out in escapes, percent signs or decimal numbers. It is told, and not opened. */
export class EscapeWatch {
  /** Offsets of the first ones. */
  readonly found = new Set<number>();
  private size = 0;
  private tail: Buffer = Buffer.alloc(0);

  update(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.found.size < MOST) {
      if (this.tail.length > 0) {
        this.search(Buffer.concat([this.tail, buffer.subarray(0, SEAM)]), this.size - this.tail.length);
      }
      this.search(buffer, this.size);
    }
    this.size += bytes.length;
    const few = bytes.length < SEAM ? Buffer.concat([this.tail, buffer]) : buffer;
    this.tail = Buffer.from(few.subarray(Math.max(0, few.length - SEAM)));
  }

  private search(buffer: Buffer, offset: number): void {
    for (const place of placesIn(buffer, MOST - this.found.size)) this.found.add(offset + place);
  }
}

/** Says of content that is here as a whole if it holds any. */
export function holdsEscapes(bytes: Uint8Array): boolean {
  return placesIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 1).length > 0;
}

/** All needles at once: two bytes at the end of a window tell how far the next place is where one may begin. */
function placesIn(buffer: Buffer, most: number): number[] {
  const places: number[] = [];
  const last = buffer.length - SHORTEST;
  for (let at = 0; at <= last; ) {
    const shift = SHIFT[(buffer[at + SHORTEST - 2]! << 8) | buffer[at + SHORTEST - 1]!]!;
    if (shift > 0) {
      at += shift;
      continue;
    }
    const first = FIRST[(buffer[at]! << 8) | buffer[at + 1]!] === 1;
    const needle = first && NEEDLES.find((one) => one.equals(buffer.subarray(at, at + one.length)));
    if (needle && places.length < most) {
      const behind = buffer.toString('latin1', at + needle.length, at + needle.length + 80);
      if (FOLLOWING.test(behind)) places.push(at);
    }
    at += 1;
  }
  return places;
}
