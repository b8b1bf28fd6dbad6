import { inflateSync } from 'node:zlib';
import { WHOLE } from '../sources.ts';
import { type Finds, isText } from './candidate.ts';
import { mayStart } from './judge.ts';
import { RADIXES, type Radix, RFC1924 } from './radix.ts';

/** Shortest stretch without a blank that is looked at. */
const SHORTEST = 32;
/** Characters that say if it is worth decoding: they give fifteen bytes or more. */
const PREVIEW = 24;
/** A value may begin behind a key, a quote or a mark; so far into a stretch. */
const STARTS = 128;
/** Characters that are decoded at once; a longer run that begins like an archive is told. */
const MOST = WHOLE + WHOLE / 2;
/** What a patch of git may hold, inflated. */
const MOST_INFLATED = 16 * 2 ** 20;

const VISIBLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte > 0x20 && byte < 0x7f ? 1 : 0));
const OPENS = new Uint8Array(256);
for (const character of '=:"\'`>(,[<~|;') OPENS[character.charCodeAt(0)] = 1;

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
    while (at < buffer.length) {
      if (this.patch) {
        const end = buffer.indexOf(0x0a, at);
        if (end < 0 && !last && buffer.length - at < 256) return at;
        const stop = end < 0 ? Math.min(buffer.length, at + 256) : end;
        if (this.patchLine(buffer.subarray(at, stop), offset + at)) at = stop + 1;
        continue;
      }
      const start = findVisible(buffer, at);
      const mark = buffer.subarray(at, start < 0 ? buffer.length : start).indexOf(PATCH);
      if (mark >= 0) {
        this.patch = true;
        const end = buffer.indexOf(0x0a, at + mark);
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
      if (at > start && OPENS[buffer[at - 1]!] === 0) continue;
      for (const radix of RADIXES) {
        if (!promises(radix, buffer, at)) continue;
        const run = gather(radix, buffer, at);
        const open = run.end === buffer.length && !last;
        if (open && run.length <= MOST) return -1;
        if (this.keep(radix, run, offset + at, !open)) return run.end;
      }
    }
    return end;
  }

  private keep(radix: Radix, { pieces, end }: Run, offset: number, complete: boolean): boolean {
    const { search } = this.finds;
    // The last line may be one of the text around it.
    for (const count of pieces.length > 1 ? [pieces.length, pieces.length - 1] : [1]) {
      const bytes = radix.decode(Buffer.concat(pieces.slice(0, count)));
      if (!bytes) continue;
      const kept = search.judge(bytes, complete, true) || (complete && isText(bytes));
      if (!kept) continue;
      if (!complete) {
        const detail = `an archive that is written out in ${radix.coding}`;
        this.finds.missed.push({ code: 'embedded-archive', detail, offset });
        return true;
      }
      this.put(radix.coding, offset, end, bytes);
      return true;
    }
    return false;
  }

  private put(coding: string, offset: number, until: number, bytes: Uint8Array): void {
    this.finds.search.budget.chargeDecoded(bytes.length);
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
    const whole = characters.length === 5 * Math.ceil(length / 4) && isOf(RFC1924, characters);
    const bytes = whole ? RFC1924.decode(characters) : undefined;
    if (!this.hunk || length === 0 || !bytes) {
      this.endHunk();
      this.patch = false;
      return false;
    }
    if (this.hunk.size < MOST) this.hunk.pieces.push(bytes.slice(0, length));
    this.hunk.size += length;
    return true;
  }

  /** Its bytes are a zlib stream; one that is broken or too large is kept as it stands, and looks like what it is. */
  private endHunk(): void {
    const { hunk } = this;
    this.hunk = undefined;
    if (!hunk || hunk.size === 0) return;
    const { offset } = hunk;
    const packed = Buffer.concat(hunk.pieces);
    if (hunk.size > packed.length) {
      this.finds.missed.push({ code: 'embedded-archive', detail: 'a large binary patch of git', offset });
      return;
    }
    this.put('patch', offset, offset, inflated(packed));
  }
}

function inflated(packed: Uint8Array): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: MOST_INFLATED });
  } catch {
    return packed;
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

/** The first bytes are those of an archive, or text. */
function promises(radix: Radix, buffer: Buffer, at: number): boolean {
  if (!mayPromise(radix, buffer, at)) return false;
  const head = buffer.subarray(at, at + PREVIEW);
  if (!isOf(radix, head)) return false;
  const bytes = radix.decode(head.subarray(0, radix.coding === 'base32' ? 24 : 20));
  if (!bytes || bytes.length < 12) return false;
  return mayStart((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!) || isText(bytes);
}

/** The same for the first three bytes, without decoding: most stretches end here. */
function mayPromise({ coding, values }: Radix, buffer: Buffer, at: number): boolean {
  const base = coding === 'base32' ? 32 : 85;
  let group = 0;
  for (let next = at; next < at + 5; next += 1) {
    const value = values[buffer[next]!]!;
    if (value === 255) return false;
    // The sign for four zeros is beyond the base.
    if (value >= base) return true;
    group = group * base + value;
  }
  if (group > 0xffffffff) return false;
  const three = base === 32 ? group >>> 1 : group >>> 8;
  return mayStart(three) || isText(Uint8Array.of(three >>> 16, (three >>> 8) & 255, three & 255));
}

function isOf({ values }: Radix, characters: Uint8Array): boolean {
  for (let at = 0; at < characters.length; at += 1) if (values[characters[at]!] === 255) return false;
  return true;
}

/** Lines as long as the first one, and a shorter one at the end. */
function gather({ values }: Radix, buffer: Buffer, from: number): Run {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let at = from; ; ) {
    const start = at;
    while (at < buffer.length && values[buffer[at]!] !== 255) at += 1;
    const piece = buffer.subarray(start, at);
    if (piece.length > 0) pieces.push(piece);
    length += piece.length;
    const first = pieces[0]!.length;
    let next = at;
    while (next < buffer.length && (buffer[next] === 0x0d || buffer[next] === 0x0a || buffer[next] === 0x20)) next += 1;
    const goesOn = buffer.subarray(at, next).includes(0x0a) && piece.length === first && first >= SHORTEST;
    if (at === buffer.length || length > MOST) return { pieces, length, end: buffer.length };
    if (!goesOn) return { pieces, length, end: at };
    if (next === buffer.length) return { pieces, length, end: buffer.length };
    if (values[buffer[next]!] === 255) return { pieces, length, end: at };
    at = next;
  }
}

/** Where the first stretch begins that is long enough; -1 if there is none. Looks at few of the bytes. */
export function findVisible(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    let probe = at + SHORTEST - 1;
    if (probe >= bytes.length) return -1;
    while (probe >= at && VISIBLE[bytes[probe]!] === 1) probe -= 1;
    if (probe < at) return at;
    at = probe + 1;
  }
}
