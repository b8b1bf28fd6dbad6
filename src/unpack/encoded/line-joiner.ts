import { Candidate, type Finds, type Reading } from './candidate.ts';
import { ALPHABET } from './characters.ts';
import { latin1 } from './run-finder.ts';
import { SHORTEST, type Survey } from './survey.ts';

/** No line with a prefix is longer. */
const LONGEST = 4096;
/** Lines of something else that may stand between two pieces. */
const BETWEEN = 16;
/** What stands in front of the last piece may be longer or shorter by so much. */
const ALIKE = 4;
/** An archive may begin at so many lines of a group, by the mark of its first header. */
const MOST_STARTS = 8;
/** Where the mark of a tar header stands (POSIX.1-2017 pax, ustar interchange format). */
const USTAR_AT = 257;
const USTAR = Buffer.from('ustar');

/** What may close a line behind such a run. */
const CLOSES = new Uint8Array(256);
for (const character of ' \t\r"\'`,;)]}=|\\') CLOSES[character.charCodeAt(0)] = 1;

interface Group {
  readonly candidate: Candidate;
  /** Where the runs begin that were joined. */
  readonly starts: number[];
  readonly length: number;
  readonly prefix: number;
  other: number;
}

/**
 * Joins runs of one length that end lines with something else in front, such as the date of a log: each alone is too
 * short to tell. Only archives and texts are kept: digests end lines too, so what looks random says nothing here.
 */
export class LineJoiner {
  /** Where runs begin that something was kept of. */
  readonly joined = new Set<number>();
  private readonly finds: Finds;
  private group: Group | undefined;

  constructor(finds: Finds) {
    this.finds = finds;
  }

  /** Works off whole lines; gives the number of bytes it is done with. */
  feed(bytes: Uint8Array, offset: number, last: boolean, survey: Survey): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (at < buffer.length) {
      if (!this.group) {
        // Only a line with a long run begins a group.
        const found = survey.stretch('runs', at);
        at = Math.max(at, buffer.lastIndexOf(0x0a, found < 0 ? buffer.length - 1 : found) + 1);
        if (at === buffer.length) break;
      }
      const end = buffer.indexOf(0x0a, at);
      if (end < 0 && !last && buffer.length - at < LONGEST) return at;
      const stop = end < 0 ? buffer.length : end;
      if (stop - at <= LONGEST) this.line(buffer, at, stop, offset);
      else this.finish();
      at = stop + 1;
    }
    return buffer.length;
  }

  finish(): void {
    const { group } = this;
    this.group = undefined;
    if (!group || group.starts.length < 2) return;
    const before = this.finds.found.length;
    group.candidate.end();
    if (this.finds.found.length > before) for (const start of group.starts) this.joined.add(start);
  }

  private line(buffer: Buffer, from: number, to: number, offset: number): void {
    const { group } = this;
    const end = endOfRun(buffer, from, to);
    const start = startOfRun(buffer, from, end);
    const length = end - start;
    // Without one, or behind indentation, quotes and marks of comments, lines are joined by the finder of runs.
    const prefix = hasWord(buffer, from, start) ? start - from : 0;
    if (prefix === 0 && length >= SHORTEST) {
      this.finish();
      return;
    }
    if (group && length === group.length) {
      this.add(group, buffer.subarray(start, end), offset + start);
      return;
    }
    if (group) {
      // The last piece is shorter, and stands where the others do.
      if (length > 0 && length < group.length && group.other === 0 && Math.abs(prefix - group.prefix) <= ALIKE) {
        this.add(group, buffer.subarray(start, end), offset + start);
        this.finish();
        return;
      }
      group.other += 1;
      if (group.other <= BETWEEN) return;
      this.finish();
    }
    if (length < SHORTEST || prefix === 0) return;
    const starts: number[] = [];
    const lineOf = (character: number): number => starts[Math.floor(character / length)] ?? offset + start;
    const candidate = new Candidate(this.finds, 2, (characters) => readings(characters, length), lineOf);
    this.group = { candidate, starts, length, prefix, other: 0 };
    this.add(this.group, buffer.subarray(start, end), offset + start);
  }

  private add(group: Group, characters: Uint8Array, offset: number): void {
    group.candidate.add(characters);
    group.starts.push(offset);
    group.other = 0;
  }
}

/** Says cheaply if content that is here as a whole may hold lines to be joined: two or more with a run at their end. */
export function mayHoldLines(bytes: Uint8Array, survey: Survey): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let lines = 0;
  let next = 0;
  for (let at = survey.stretch('runs', 0); at >= 0; at = survey.stretch('runs', next)) {
    const line = lineAt(buffer, Math.max(next, buffer.lastIndexOf(0x0a, at) + 1));
    next = line.next;
    if (line.length < SHORTEST || line.prefix === 0) continue;
    lines += 1;
    if (lines > 1) return true;
    // The last piece may be shorter.
    const { length, prefix } = lineAt(buffer, next);
    if (length > 0 && Math.abs(prefix - line.prefix) <= ALIKE) return true;
  }
  return false;
}

/** The run at the end of a line, and what stands in front of it; none where the line is too long. */
function lineAt(buffer: Buffer, from: number): { length: number; prefix: number; next: number } {
  const found = buffer.indexOf(0x0a, from);
  const stop = found < 0 ? buffer.length : found;
  const next = Math.min(buffer.length, stop + 1);
  if (stop - from > LONGEST) return { length: 0, prefix: 0, next };
  const end = endOfRun(buffer, from, stop);
  const start = startOfRun(buffer, from, end);
  return { length: end - start, prefix: hasWord(buffer, from, start) ? start - from : 0, next };
}

function endOfRun(buffer: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && CLOSES[buffer[end - 1]!] === 1) end -= 1;
  return end;
}

function startOfRun(buffer: Buffer, from: number, end: number): number {
  let start = end;
  while (start > from && ALPHABET[buffer[start - 1]!] === 1) start -= 1;
  return start;
}

function hasWord(buffer: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = buffer[at]!;
    if (ALPHABET[byte] === 1 && byte >= 0x30 && byte !== 0x5f) return true;
  }
  return false;
}

/** From the first line; from where a tar header must begin; both as base64 and as digits. */
function* readings(characters: Uint8Array, length: number): Iterable<Reading> {
  const text = latin1(characters);
  const digits = /^[0-9a-f]+$/i.test(text.slice(0, length));
  const codings = [
    ...(digits ? [{ coding: 'hex', group: 2, width: 2 } as const] : []),
    { coding: 'base64', group: 4, width: 4 / 3 } as const,
  ];
  for (const { coding, group, width } of codings) {
    const decode = (some: Uint8Array): Uint8Array => Buffer.from(latin1(some), coding);
    const about = { coding, group, decode, digests: true };
    yield { ...about, skip: 0, inside: false };
    const bytes = Buffer.from(text, coding);
    let at = bytes.indexOf(USTAR);
    for (let starts = 0; at >= 0 && starts < MOST_STARTS; starts += 1) {
      const skip = Math.round((at - USTAR_AT) * width);
      if (skip > 0 && skip % group === 0) yield { ...about, skip, inside: true };
      at = bytes.indexOf(USTAR, at + 1);
    }
  }
}
