import { isUtf8 } from 'node:buffer';

/** Bytes at the start of an entry that its character set is guessed from, where it is not UTF-8. */
export const TEXT_SAMPLE = 32 * 1024;

/** 1 for each control character that text does not use: all but BEL to CR and ESC. */
export const CONTROLS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 && (byte < 7 || byte > 13) && byte !== 0x1b ? 1 : 0,
);

/** Buffer's search is a hundred times as fast as that of a plain Uint8Array, which goes byte by byte. */
export function hasNul(bytes: Uint8Array): boolean {
  return Buffer.prototype.indexOf.call(bytes, 0) >= 0;
}

/** Follows if bytes are UTF-8, whatever way they are cut into chunks. */
export class Utf8Check {
  valid = true;
  private readonly pending: number[] = [];

  /** Says if all bytes so far are valid, but for a character that is cut off. */
  update(bytes: Uint8Array): boolean {
    if (!this.valid) return false;
    let at = 0;
    // A character cut by the last chunk's end: at most three bytes of it are here yet.
    while (this.pending.length > 0 && at < bytes.length) {
      this.pending.push(bytes[at]!);
      at += 1;
      if (this.pending.length >= sequenceLength(this.pending[0]!)) {
        this.valid = isUtf8(Uint8Array.from(this.pending));
        this.pending.length = 0;
        if (!this.valid) return false;
      }
    }
    const cut = incompleteTail(bytes, at);
    for (let i = cut; i < bytes.length; i += 1) this.pending.push(bytes[i]!);
    this.valid = isUtf8(bytes.subarray(at, cut));
    return this.valid;
  }

  finish(): boolean {
    return this.valid && this.pending.length === 0;
  }
}

function sequenceLength(lead: number): number {
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Where a character begins that the end of `bytes` cuts off; the length of `bytes` if none is. */
function incompleteTail(bytes: Uint8Array, from: number): number {
  for (let at = bytes.length - 1; at >= Math.max(from, bytes.length - 3); at -= 1) {
    const byte = bytes[at]!;
    if (byte < 0x80) break;
    if (byte >= 0xc2 && byte < 0xf5) return at + sequenceLength(byte) > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

/** Wide and EBCDIC text shows in its first kilobytes; one byte of Latin-1 may come late. */
const FIRST = 4096;

/** How a sample that is not UTF-8 is most likely written; `undefined` for data that is no text. */
export function guessCharset(whole: Uint8Array): 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'ibm037' | undefined {
  const sample = whole.subarray(0, FIRST);
  if (sample.length === 0) return undefined;
  if (sample[0] === 0xff && sample[1] === 0xfe) return looksUtf16(sample, 1, true) ? 'utf-16le' : undefined;
  if (sample[0] === 0xfe && sample[1] === 0xff) return looksUtf16(sample, 0, true) ? 'utf-16be' : undefined;
  if (looksUtf16(sample, 1, false)) return 'utf-16le';
  if (looksUtf16(sample, 0, false)) return 'utf-16be';
  if (looksEbcdic(sample)) return 'ibm037';
  return looksLatin1(whole) ? 'iso-8859-1' : undefined;
}

/** `high` is the place of the high byte in a pair. Without a mark, most characters must be of the Latin page. */
function looksUtf16(sample: Uint8Array, high: 0 | 1, marked: boolean): boolean {
  const pairs = sample.length >> 1;
  if (pairs < 4) return false;
  let latin = 0;
  let broken = 0;
  for (let at = 0; at < pairs; at += 1) {
    const page = sample[2 * at + high]!;
    const low = sample[2 * at + 1 - high]!;
    if (page === 0) {
      if (low >= 0x20 || (low >= 9 && low <= 13)) latin += 1;
      else broken += 1;
    } else if (page === 0xff && low >= 0xfe) {
      broken += 1;
    }
    // Too few can follow any more.
    if (!marked && (at + 1 - latin) * 10 > pairs * 3) return false;
  }
  return broken * 100 <= pairs && (marked || latin * 10 >= pairs * 7);
}

/** Latin-1 and its relatives: hardly any control characters, and letters mostly of ASCII. */
function looksLatin1(sample: Uint8Array): boolean {
  let control = 0;
  let high = 0;
  if (hasNul(sample)) return false;
  for (let at = 0; at < sample.length; at += 1) {
    const byte = sample[at]!;
    high += byte >> 7;
    control += CONTROLS[byte]!;
  }
  return control * 100 <= sample.length && high * 10 <= sample.length * 3;
}

/**
 * EBCDIC 037: blanks, letters and digits lie apart from ASCII's (0x40, 0x81-0xA9, 0xC1-0xE9, 0xF0-0xF9); spool and log
 * text has few bytes elsewhere.
 */
function looksEbcdic(sample: Uint8Array): boolean {
  if (sample.length < 16) return false;
  let word = 0;
  let blank = 0;
  let other = 0;
  for (let at = 0; at < sample.length; at += 1) {
    const byte = sample[at]!;
    const nibble = byte & 0x0f;
    if (byte === 0x40 || byte === 0x15 || byte === 0x25) blank += 1;
    else if (byte >= 0xf0 && byte <= 0xf9) word += 1;
    else if (((byte >= 0x81 && byte <= 0xa9) || (byte >= 0xc1 && byte <= 0xe9)) && nibble > 0 && nibble < 10) word += 1;
    else if (byte < 0x40 && byte !== 0x0d && byte !== 0x05 && byte !== 0x0c && byte !== 0) {
      other += 1;
      if (other * 20 > sample.length) return false;
    }
  }
  return word * 100 >= sample.length * 55 && blank * 50 >= sample.length && other * 20 <= sample.length;
}
