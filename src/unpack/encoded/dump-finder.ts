import { Candidate, type Finds, isMostlyText, type Reading } from './candidate.ts';
import { type DumpLine, parseDumpLine } from './dump-line.ts';
import { mayStart } from './judge.ts';
import { SHORTEST, type Survey } from './survey.ts';

/** No line of a dump is longer. */
const LONGEST = 4096;
/** From so many bytes on, a dump may hold what shows only behind its first bytes. */
const LONG = 512;
/** Equal lines that `*` stands for are written out up to so many bytes. */
const MOST_REPEATED = 2 ** 24;

/** Digits that begin a token of even length, or may end one. */
const DIGIT = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') DIGIT[character.charCodeAt(0)] = 1;

interface Dump {
  readonly candidate: Candidate;
  readonly first: DumpLine;
  written: number;
  line: Uint8Array;
  /** Base of the numbers in front of the lines, once it is known. */
  base: number | undefined;
  star: boolean;
}

/** Finds hexadecimal dumps in a text and keeps those of archives. */
export class DumpFinder {
  private readonly finds: Finds;
  private dump: Dump | undefined;

  constructor(finds: Finds) {
    this.finds = finds;
  }

  /** Works off what it can; gives the number of bytes it is done with. */
  feed(bytes: Uint8Array, offset: number, last: boolean, survey: Survey): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (at < buffer.length) {
      if (!this.dump) {
        const found = survey.stretch('dumps', at);
        const from = Math.max(at, found < 0 ? buffer.length - SHORTEST : found);
        // The line it stands on, with the number in front.
        at = Math.max(at, from - LONGEST, from > 0 ? buffer.lastIndexOf(0x0a, from - 1) + 1 : 0);
        if (found < 0) return last ? buffer.length : at;
      }
      const end = buffer.indexOf(0x0a, at);
      if (end < 0 && !last && buffer.length - at < LONGEST) return at;
      const stop = end < 0 ? buffer.length : end + 1;
      this.take(buffer, at, Math.min(stop, at + LONGEST), offset);
      at = stop;
    }
    return at;
  }

  finish(): void {
    if (this.dump) this.end(this.dump, Number.POSITIVE_INFINITY);
  }

  private take(buffer: Buffer, from: number, to: number, offset: number): void {
    const { dump } = this;
    if (!dump) {
      if (looksUniform(buffer, from, to)) this.begin(buffer.toString('latin1', from, to), offset + from);
      return;
    }
    const text = buffer.toString('latin1', from, to);
    if (text.trim() === '*') {
      dump.star = true;
      return;
    }
    const line = parseDumpLine(text, dump.first);
    if (!line) {
      // The last line of some holds nothing but the size.
      if (dump.star) this.repeat(dump, /^[0-9a-f]+/i.exec(text)?.[0]);
      this.end(dump, offset + from);
      if (looksUniform(buffer, from, to)) this.begin(text, offset + from);
      return;
    }
    if (dump.star) this.repeat(dump, line.offset);
    dump.star = false;
    if (dump.base === undefined && line.offset !== undefined && dump.written > 0) {
      dump.base = [16, 8, 10].find((base) => Number.parseInt(line.offset!, base) === dump.written);
    }
    this.put(dump, line.bytes);
  }

  private begin(text: string, offset: number): void {
    const line = parseDumpLine(text);
    if (!line) return;
    const candidate = new Candidate(this.finds, 1, READINGS, () => offset);
    this.dump = { candidate, first: line, written: 0, line: line.bytes, base: undefined, star: false };
    this.put(this.dump, line.bytes);
  }

  private put(dump: Dump, bytes: Uint8Array): void {
    dump.candidate.add(bytes);
    dump.written += bytes.length;
    dump.line = bytes;
  }

  private repeat(dump: Dump, offset: string | undefined): void {
    const next = offset === undefined || dump.base === undefined ? Number.NaN : Number.parseInt(offset, dump.base);
    const missing = next - dump.written;
    if (!(missing > 0 && missing <= MOST_REPEATED)) return;
    const line = Buffer.from(dump.line);
    this.put(dump, Buffer.alloc(missing, line));
    dump.line = line;
  }

  private end(dump: Dump, until: number): void {
    this.dump = undefined;
    const [a, b, c, d] = dump.first.bytes;
    const starts = mayStart((a! << 16) | (b! << 8) | c!) || mayStart((b! << 16) | (a! << 8) | d!);
    if (dump.written >= LONG || starts || isMostlyText(dump.first.bytes)) dump.candidate.end(until);
  }
}

const reading = (decode: Reading['decode']): Reading => ({
  coding: 'hexdump',
  skip: 0,
  inside: false,
  dumped: true,
  group: 2,
  decode,
});

/** As written, and with the bytes of each 16-bit word swapped, as `od -x` shows them on small-endian machines. */
const READINGS = (): Iterable<Reading> => [
  reading((bytes) => bytes),
  reading((bytes) => {
    const swapped = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
    return swapped.swap16();
  }),
];

/** Says cheaply if content that is here as a whole may hold a dump. */
export function mayHoldDump(bytes: Uint8Array, survey: Survey): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = 0;
  for (let at = survey.stretch('dumps', 0); at >= 0; at = survey.stretch('dumps', end)) {
    const from = Math.max(end, at - LONGEST, buffer.lastIndexOf(0x0a, at) + 1);
    const stop = buffer.indexOf(0x0a, at);
    end = stop < 0 ? buffer.length : stop + 1;
    if (looksUniform(buffer, from, Math.min(end, from + LONGEST))) return true;
  }
  return false;
}

/** A cheap look: four groups of digits of one even length follow each other. Columns of numbers hardly ever have them. */
function looksUniform(bytes: Uint8Array, from: number, to: number): boolean {
  let same = 0;
  let before = 0;
  for (let at = from; at < to; ) {
    if (DIGIT[bytes[at]!] === 0) {
      at += 1;
      continue;
    }
    const start = at;
    while (at < to && DIGIT[bytes[at]!] === 1) at += 1;
    let length = at - start;
    // The `0` of `0x`.
    if (length === 1 && (bytes[at] === 0x78 || bytes[at] === 0x58)) continue;
    if (length !== 2 && length !== 4 && length !== 8 && length !== 16) length = 0;
    same = length > 0 && length === before ? same + 1 : 1;
    before = length;
    if (length > 0 && same * length >= 16) return true;
  }
  return false;
}
