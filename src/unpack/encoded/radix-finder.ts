import { inflateSync } from 'node:zlib';
import { WHOLE } from '../sources.ts';
import { type Finds, isText } from './candidate.ts';
import { VISIBLE } from './characters.ts';
import { mayStart } from './judge.ts';
import { RADIXES, type Radix, RFC1924 } from './radix.ts';
import { SHORTEST, type Survey } from './survey.ts';

/** Characters that say if it is worth decoding: they give fifteen bytes or more. */
const PREVIEW = 24;
/** A stretch of so many characters that goes on needs no second look: runs begin within its first 128. */
const LOOKED_AT = 160;
/** Characters that are decoded at once; a longer run that begins like an archive is told. */
const MOST = WHOLE + WHOLE / 2;
/** Characters that tell of a longer run if the rest is worth decoding: whole groups of all codings. */
const HEAD = 1000;
/** Bytes that they give at least; they tell of a text. */
const TELLING = 512;
/** Line ends and blanks between two lines of a run, at most. */
const INDENTED = 64;
/** What a patch of git may hold, inflated. */
const MOST_INFLATED = 16 * 2 ** 20;

const PATCH = Buffer.from('GIT binary patch');
const HUNK = /^(?:literal|delta) \d+$/;

/** Finds runs of base85 and base32, on one line or on lines of one length, and keeps those that are archives or texts. */
export class RadixFinder {
  private readonly finds: Finds;
  /** In a binary patch of git: lines with their length in front. */
  private hunk: { readonly offset: number; readonly pieces: Uint8Array[]; size: number } | undefined;
  private patch = false;
  /** In a stretch whose beginning was looked at. */
  private inside = false;

  constructor(finds: Finds) {
    this.finds = finds;
  }

  feed(bytes: Uint8Array, offset: number, last: boolean, survey: Survey): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = this.inside ? endOfStretch(buffer, 0) : 0;
    if (at === buffer.length && !last) return at;
    this.inside = false;
    let mark = 0;
    while (at < buffer.length) {
      if (this.patch) {
        const end = buffer.indexOf(0x0a, at);
        if (end < 0 && !last && buffer.length - at < 256) return at;
        const stop = end < 0 ? Math.min(buffer.length, at + 256) : end;
        if (this.patchLine(buffer.subarray(at, stop), offset + at)) at = stop + 1;
        continue;
      }
      if (mark >= 0 && mark <= at) mark = buffer.indexOf(PATCH, at);
      const place = survey.place(at);
      if (mark >= 0 && (place < 0 || mark < place)) {
        this.patch = true;
        const end = buffer.indexOf(0x0a, mark);
        at = end < 0 ? buffer.length : end + 1;
        continue;
      }
      if (place < 0) return last ? buffer.length : this.rest(buffer, at);
      const start = startOfStretch(buffer, place);
      const end = endOfStretch(buffer, place);
      if (end === buffer.length && !last && end - start < LOOKED_AT) return start;
      const done = this.look(buffer, place, offset, last);
      if (done < 0) return start;
      at = done === 0 ? place + 1 : Math.max(end, done);
    }
    this.inside = VISIBLE[buffer.at(-1) ?? 0] === 1;
    return Math.min(at, buffer.length);
  }

  finish(): void {
    this.endHunk();
  }

  /** What has to be seen again with what follows: a stretch that may go on, or the beginning of a mark. */
  private rest(buffer: Buffer, at: number): number {
    const open = buffer.length - startOfStretch(buffer, buffer.length);
    this.inside = open >= LOOKED_AT;
    return this.inside ? buffer.length : Math.max(at, buffer.length - Math.max(open, PATCH.length));
  }

  /** Looks at one place; gives where a run that was kept ends, 0 if none was, or -1 if more of the text is needed. */
  private look(buffer: Buffer, at: number, offset: number, last: boolean): number {
    for (const radix of RADIXES) {
      if (!promises(radix, buffer, at) || !this.isWorth(radix, buffer, at)) continue;
      const run = gather(radix, buffer, at, MOST);
      const open = run.end === buffer.length && !last;
      if (open && !run.long) return -1;
      if (this.keep(radix, run, offset + at, !open)) return run.end;
    }
    return 0;
  }

  /** Judges a long run by its beginning first: a text may be made to look promising at every line. */
  private isWorth(radix: Radix, buffer: Buffer, at: number): boolean {
    const { judge, budget } = this.finds.search;
    const { pieces, length, long } = gather(radix, buffer, at, HEAD);
    budget.chargeDecoded(length);
    if (!long) return true;
    const { bytes } = radix.decode(Buffer.concat(pieces).subarray(0, HEAD));
    return judge(bytes, false, true) || isText(bytes);
  }

  private keep(radix: Radix, { pieces, length, end }: Run, offset: number, complete: boolean): boolean {
    const { search } = this.finds;
    search.budget.chargeDecoded(length);
    // The last line may be one of the text around it; a run that breaks in the middle is kept up to there.
    const counts = pieces.length > 1 ? [pieces.length, pieces.length - 1] : [1];
    const decoded = counts.map((count) => radix.decode(Buffer.concat(pieces.slice(0, count))));
    for (const { bytes, whole } of decoded.sort((one, other) => Number(other.whole) - Number(one.whole))) {
      const text = (whole || bytes.length > TELLING) && isText(bytes.subarray(0, TELLING));
      if (!text && !search.judge(bytes, complete, true)) continue;
      if (complete) {
        this.put(radix.coding, offset, end, bytes);
      } else {
        const detail = `an archive that is written out in ${radix.coding}`;
        this.finds.missed.push({ code: 'embedded-archive', detail, offset });
      }
      return true;
    }
    return false;
  }

  private put(coding: string, offset: number, until: number, bytes: Uint8Array): void {
    this.finds.begin(coding, offset);
    this.finds.put(bytes);
    this.finds.end(until);
  }

  /** A line of a binary patch: its length as a letter, then base85. False where the patch is over. */
  private patchLine(line: Buffer, offset: number): boolean {
    const text = line.toString('latin1').trimEnd();
    if (HUNK.test(text)) {
      this.endHunk();
      this.hunk = { offset, pieces: [], size: 0 };
      return true;
    }
    if (text === '') {
      this.endHunk();
      return true;
    }
    const length = lineLength(line[0]!);
    const characters = line.subarray(1, text.length);
    const fits = characters.length === 5 * Math.ceil(length / 4) && isOf(RFC1924, characters);
    const { bytes, whole } = RFC1924.decode(fits ? characters : NOTHING);
    if (!this.hunk || length === 0 || !fits || !whole) {
      // Behind the last line of a hunk stands an empty one.
      if (this.hunk?.size === 0) this.broken('corrupt', this.hunk.offset);
      this.endHunk();
      this.patch = false;
      return false;
    }
    if (this.hunk.size < MOST) this.hunk.pieces.push(bytes.slice(0, length));
    this.hunk.size += length;
    return true;
  }

  /** Its bytes are a zlib stream; one that is broken or too large is kept as it stands, and a gap. */
  private endHunk(): void {
    const { hunk } = this;
    this.hunk = undefined;
    if (!hunk || hunk.size === 0) return;
    const { offset } = hunk;
    const packed = Buffer.concat(hunk.pieces);
    if (hunk.size > packed.length) {
      this.broken('embedded-archive', offset);
      return;
    }
    const inflated = inflate(packed);
    if (typeof inflated === 'string') this.broken(inflated, offset);
    const bytes = typeof inflated === 'string' ? packed : inflated;
    this.finds.search.budget.chargeDecoded(bytes.length);
    this.put('patch', offset, offset, bytes);
  }

  private broken(code: 'corrupt' | 'embedded-archive', offset: number): void {
    const what = code === 'corrupt' ? 'is broken' : 'is too large to be opened';
    this.finds.missed.push({ code, detail: `a binary patch of git that ${what}`, offset });
  }
}

/** What a hunk says, or the gap it is. */
function inflate(packed: Uint8Array): Uint8Array | 'corrupt' | 'embedded-archive' {
  try {
    return inflateSync(packed, { maxOutputLength: MOST_INFLATED });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'embedded-archive' : 'corrupt';
  }
}

/** Letters count the bytes of a line: A to Z are 1 to 26, a to z 27 to 52. */
function lineLength(letter: number): number {
  if (letter >= 0x41 && letter <= 0x5a) return letter - 0x40;
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x60 + 26 : 0;
}

interface Run {
  readonly pieces: readonly Uint8Array[];
  /** Of all pieces. */
  readonly length: number;
  /** Where it ends in the buffer; the buffer's end if it may go on. */
  readonly end: number;
  /** There was more of it than asked for. */
  readonly long: boolean;
}

const NOTHING = new Uint8Array(0);

/** The first bytes are those of an archive, or text. */
function promises(radix: Radix, buffer: Buffer, at: number): boolean {
  const head = buffer.subarray(at, at + PREVIEW);
  if (!isOf(radix, head)) return false;
  const { bytes, whole } = radix.decode(head.subarray(0, radix.coding === 'base32' ? 24 : 20));
  if (!whole || bytes.length < 12) return false;
  return mayStart((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!) || isText(bytes);
}

function isOf({ values }: Radix, characters: Uint8Array): boolean {
  for (let at = 0; at < characters.length; at += 1) if (values[characters[at]!] === 255) return false;
  return true;
}

/** Lines as long as the first one, and a shorter one at the end; `most` characters and a few more. */
function gather({ values }: Radix, buffer: Buffer, from: number, most: number): Run {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let at = from; ; ) {
    const start = at;
    const stop = Math.min(buffer.length, start + most - length + 1);
    while (at < stop && values[buffer[at]!] !== 255) at += 1;
    const piece = buffer.subarray(start, at);
    if (piece.length > 0) pieces.push(piece);
    length += piece.length;
    const first = pieces[0]!.length;
    let next = at;
    while (next < buffer.length && (buffer[next] === 0x0d || buffer[next] === 0x0a || buffer[next] === 0x20)) next += 1;
    const together = next - at <= INDENTED && buffer.subarray(at, next).includes(0x0a);
    const goesOn = together && piece.length === first && first >= SHORTEST;
    const long = length > most;
    if (at === buffer.length || long) return { pieces, length, end: buffer.length, long };
    if (!goesOn) return { pieces, length, end: at, long };
    if (next === buffer.length) return { pieces, length, end: buffer.length, long };
    if (values[buffer[next]!] === 255) return { pieces, length, end: at, long };
    at = next;
  }
}

/** Says cheaply if content that is here as a whole may hold anything. */
export function mayHoldRadix(bytes: Uint8Array, { places }: Survey): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return places.some((place) => RADIXES.some((radix) => promises(radix, buffer, place))) || buffer.includes(PATCH);
}

function startOfStretch(buffer: Buffer, at: number): number {
  let start = at;
  while (start > 0 && at - start < LOOKED_AT && VISIBLE[buffer[start - 1]!] === 1) start -= 1;
  return start;
}

function endOfStretch(buffer: Buffer, at: number): number {
  let end = at;
  while (end < buffer.length && VISIBLE[buffer[end]!] === 1) end += 1;
  return end;
}
