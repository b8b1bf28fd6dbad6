import { inflateSync } from 'node:zlib';
import { WHOLE } from '../sources.ts';
import { type Finds, isText } from './candidate.ts';
import { mayStart, START_BYTES } from './judge.ts';
import { RADIXES, type Radix, RFC1924 } from './radix.ts';
import { findStretch, SHORTEST } from './stretch.ts';

/** Characters that say if it is worth decoding: they give fifteen bytes or more. */
const PREVIEW = 24;
/** A value may begin behind a key, a quote or a mark; so far into a stretch. */
const STARTS = 128;
/** Characters that are decoded at once; a longer run that begins like an archive is told. */
const MOST = WHOLE + WHOLE / 2;
/** Characters that tell of a longer run if the rest is worth decoding: whole groups of all codings. */
const HEAD = 4000;
/** Bytes that they give at least; they tell of a text. */
const TELLING = 2048;
/** What a patch of git may hold, inflated. */
const MOST_INFLATED = 16 * 2 ** 20;

const VISIBLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte > 0x20 && byte < 0x7f ? 1 : 0));
const OPENS = new Uint8Array(256);
for (const character of '=:"\'`>(,[<~|;') OPENS[character.charCodeAt(0)] = 1;
/** 1 for bytes that text is made of. */
const TEXT = Uint8Array.from({ length: 256 }, (_, byte) => (isText(Uint8Array.of(byte)) ? 1 : 0));

/** By two characters of seven bits: those of RADIXES, a bit each, whose first byte may then be of a text or an archive. */
const PAIRS = new Uint8Array(1 << 14);
for (const [index, { coding, values }] of RADIXES.entries()) {
  const [base, rest, shift] = coding === 'base32' ? [32, 1, 2] : [85, 85 ** 3, 24];
  for (let pair = 0; pair < PAIRS.length; pair += 1) {
    const [high, low] = [values[pair >> 7]!, values[pair & 127]!];
    if (high >= base || low >= base) continue;
    const least = (high * base + low) * rest;
    const most = Math.min(least + rest - 1, 2 ** 32 - 1);
    for (let byte = least / 2 ** shift; byte <= most / 2 ** shift; byte = Math.floor(byte) + 1) {
      const first = Math.floor(byte);
      if (TEXT[first] === 1 || START_BYTES[first] === 1) PAIRS[pair]! |= 1 << index;
    }
  }
}

const PATCH = Buffer.from('GIT binary patch');
const HUNK = /^(?:literal|delta) \d+$/;

/** Finds runs of base85 and base32, on one line or on lines of one length, and keeps those that are archives or texts. */
export class RadixFinder {
  private readonly finds: Finds;
  /** In a binary patch of git: lines with their length in front. */
  private hunk: { readonly offset: number; readonly pieces: Uint8Array[]; size: number } | undefined;
  private patch = false;

  constructor(finds: Finds) {
    this.finds = finds;
  }

  feed(bytes: Uint8Array, offset: number, last: boolean): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    let mark = 0;
    while (at < buffer.length) {
      if (this.patch) {
        const end = buffer.indexOf(0x0a, at);
        if (end < 0 && !last && buffer.length - at < 256) return at;
        const stop = end < 0 ? Math.min(buffer.length, at + 256) : end;
        if (this.patchLine(buffer.subarray(at, stop), offset + at)) at = stop + 1;
        continue;
      }
      const start = findStretch(buffer, at, VISIBLE);
      if (mark >= 0 && mark <= at) mark = buffer.indexOf(PATCH, at);
      if (mark >= 0 && (start < 0 || mark < start)) {
        this.patch = true;
        const end = buffer.indexOf(0x0a, mark);
        at = end < 0 ? buffer.length : end + 1;
        continue;
      }
      if (start < 0) return last ? buffer.length : Math.max(at, buffer.length - Math.max(SHORTEST, PATCH.length));
      let end = start;
      while (end < buffer.length && VISIBLE[buffer[end]!] === 1) end += 1;
      if (end === buffer.length && !last && end - start < STARTS + SHORTEST) return start;
      const done = this.stretch(buffer, start, end, offset, last);
      if (done < 0) return start;
      at = Math.max(end, done);
    }
    return Math.min(at, buffer.length);
  }

  finish(): void {
    this.endHunk();
  }

  /** Looks at one stretch; gives where a run that was kept ends, or -1 if more of the text is needed. */
  private stretch(buffer: Buffer, start: number, end: number, offset: number, last: boolean): number {
    const most = Math.min(end - SHORTEST, start + STARTS);
    for (let at = start; at <= most; at += 1) {
      for (const radix of promising(buffer, at, start)) {
        if (!this.isWorth(radix, buffer, at)) continue;
        const run = gather(radix, buffer, at, MOST);
        const open = run.end === buffer.length && !last;
        if (open && run.length <= MOST) return -1;
        if (this.keep(radix, run, offset + at, !open)) return run.end;
      }
    }
    return end;
  }

  /** Judges a long run by its beginning first: a text may be made to look promising at every line. */
  private isWorth(radix: Radix, buffer: Buffer, at: number): boolean {
    const { judge, budget } = this.finds.search;
    const { pieces, length } = gather(radix, buffer, at, HEAD);
    budget.chargeDecoded(length);
    if (length <= HEAD) return true;
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
}

const NONE: readonly Radix[] = [];
const NOTHING = new Uint8Array(0);

/** What a run at this place of the stretch that begins at `start` may be written in. */
function promising(buffer: Buffer, at: number, start: number): readonly Radix[] {
  if (at > start && OPENS[buffer[at - 1]!] === 0) return NONE;
  const may = PAIRS[((buffer[at]! & 127) << 7) | (buffer[at + 1]! & 127)]!;
  let found: Radix[] | undefined;
  for (let index = 0; may >> index !== 0; index += 1) {
    const radix = RADIXES[index]!;
    if ((may & (1 << index)) === 0 || !promises(radix, buffer, at)) continue;
    found ??= [];
    found.push(radix);
  }
  return found ?? NONE;
}

/** The first bytes are those of an archive, or text. */
function promises(radix: Radix, buffer: Buffer, at: number): boolean {
  if (!mayPromise(radix, buffer, at)) return false;
  const head = buffer.subarray(at, at + PREVIEW);
  if (!isOf(radix, head)) return false;
  const { bytes, whole } = radix.decode(head.subarray(0, radix.coding === 'base32' ? 24 : 20));
  if (!whole || bytes.length < 12) return false;
  return mayStart((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!) || isText(bytes);
}

/** The same for the first three bytes, without decoding: most places end here. */
function mayPromise({ coding, values }: Radix, buffer: Buffer, at: number): boolean {
  const base = coding === 'base32' ? 32 : 85;
  let group = 0;
  for (let next = at; next < at + 5; next += 1) {
    const value = values[buffer[next]!]!;
    // The sign for four zeros is beyond the base too: nothing begins with them.
    if (value >= base) return false;
    group = group * base + value;
  }
  if (group > 0xffffffff) return false;
  const three = base === 32 ? group >>> 1 : group >>> 8;
  if (TEXT[three >>> 16] === 1 && TEXT[(three >>> 8) & 255] === 1 && TEXT[three & 255] === 1) return true;
  return mayStart(three);
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
    const goesOn = buffer.subarray(at, next).includes(0x0a) && piece.length === first && first >= SHORTEST;
    if (at === buffer.length || length > most) return { pieces, length, end: buffer.length };
    if (!goesOn) return { pieces, length, end: at };
    if (next === buffer.length) return { pieces, length, end: buffer.length };
    if (values[buffer[next]!] === 255) return { pieces, length, end: at };
    at = next;
  }
}

/** Says cheaply if content that is here as a whole may hold anything. */
export function mayHoldRadix(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let start = findStretch(buffer, 0, VISIBLE);
  while (start >= 0) {
    let end = start;
    for (; end < buffer.length && VISIBLE[buffer[end]!] === 1; end += 1) {
      if (end <= start + STARTS && promising(buffer, end, start).length > 0) return true;
    }
    start = findStretch(buffer, end, VISIBLE);
  }
  return buffer.includes(PATCH);
}
