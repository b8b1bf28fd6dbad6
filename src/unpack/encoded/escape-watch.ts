import { Survey } from './survey.ts';

/** The first bytes of gzip and zip as escapes or numbers write them. */
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

/** The marks by which they are told stand so far into them, at most. */
const INTO = 4;

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

  update(bytes: Uint8Array, survey: Survey): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.found.size < MOST) {
      if (this.tail.length > 0) {
        const seam = Buffer.concat([this.tail, buffer.subarray(0, SEAM)]);
        this.search(seam, Survey.of(seam), this.size - this.tail.length);
      }
      this.search(buffer, survey, this.size);
    }
    this.size += bytes.length;
    const few = bytes.length < SEAM ? Buffer.concat([this.tail, buffer]) : buffer;
    this.tail = Buffer.from(few.subarray(Math.max(0, few.length - SEAM)));
  }

  private search(buffer: Buffer, survey: Survey, offset: number): void {
    for (const place of placesIn(buffer, survey)) if (this.found.size < MOST) this.found.add(offset + place);
  }
}

/** Says of content that is here as a whole if it holds any. */
export function holdsEscapes(bytes: Uint8Array, survey: Survey): boolean {
  return placesIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), survey).next().done !== true;
}

function* placesIn(buffer: Buffer, { escapes }: Survey): Generator<number> {
  for (const mark of escapes) {
    for (let at = Math.max(0, mark - INTO); at <= mark; at += 1) {
      const needle = NEEDLES.find((one) => one[0] === buffer[at] && one.equals(buffer.subarray(at, at + one.length)));
      if (!needle) continue;
      const behind = buffer.toString('latin1', at + needle.length, at + needle.length + 80);
      if (FOLLOWING.test(behind)) yield at;
    }
  }
}
