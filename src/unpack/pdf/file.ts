import type { Gap } from '../../model/index.ts';
import type { Budget } from '../budget.ts';
import { type Unfiltered, unfilter } from './filters.ts';
import { type PdfDict, PdfLexer, PdfName, PdfRef, type PdfValue } from './lexer.ts';

/** One definition of an object; a number may have several, of which readers show the last. */
export interface PdfObject {
  readonly number: number;
  readonly offset: number;
  readonly value: PdfValue;
  stream: PdfStream | undefined;
}

export interface PdfStream {
  readonly dict: PdfDict;
  readonly number: number;
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  readonly gap?: Gap;
}

const END = Buffer.from('endstream');
const WORD = Buffer.from('stream');
/** Values of all objects together, each of which costs memory. */
const VALUES = 4_000_000;

/**
 * All objects of a PDF file by a scan from its first byte to its last, so that what no cross-reference table leads to
 * (older versions, dropped pages) is there too.
 */
export class PdfFile {
  readonly objects: PdfObject[] = [];
  readonly trailers: PdfDict[] = [];
  readonly gaps: Gap[] = [];
  readonly streams: PdfStream[] = [];
  private readonly latest = new Map<number, PdfObject>();
  private readonly bytes: Buffer;
  private readonly budget: Budget;
  private readonly cache = new Map<PdfStream, Unfiltered>();
  private cached = 0;
  private values = 0;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.budget = budget;
    this.scan();
    this.readTrailers();
  }

  get encrypted(): boolean {
    const handler = (dict: PdfDict): boolean =>
      dict.get('Filter') instanceof PdfName && dict.has('V') && dict.has('R') && dict.has('P');
    return (
      this.trailers.some((dict) => dict.has('Encrypt')) ||
      this.objects.some(({ value }) => value instanceof Map && (value.has('Encrypt') || handler(value)))
    );
  }

  /** Follows references to the last definition. */
  resolve(value: PdfValue | undefined): PdfValue | undefined {
    let found = value;
    for (let step = 0; found instanceof PdfRef; step += 1) {
      if (step > 32) return undefined;
      found = this.latest.get(found.number)?.value;
    }
    return found;
  }

  streamOf(value: PdfValue | undefined): PdfStream | undefined {
    return value instanceof PdfRef ? this.latest.get(value.number)?.stream : undefined;
  }

  decode(stream: PdfStream): Unfiltered {
    const known = this.cache.get(stream);
    if (known) return known;
    const data = this.bytes.subarray(stream.from, stream.to);
    const { memory } = this.budget.limits;
    const result = stream.dict.has('FFilter')
      ? { bytes: data, slack: data.subarray(0, 0), gap: { code: 'unsupported', detail: 'a stream in another file' } }
      : unfilter(data, stream.dict, (value) => this.resolve(value), Math.min(memory, 2 ** 30));
    this.budget.chargeDecoded(result.bytes.length);
    // Small ones are asked for again: fonts' maps, content that pages share.
    if (this.cached + result.bytes.length <= memory / 8) {
      this.cached += result.bytes.length;
      this.cache.set(stream, result);
    }
    return result;
  }

  /** The objects in object streams (ISO 32000-2, section 7.5.7); those that the file defines itself later go first. */
  openObjectStreams(): void {
    for (const stream of this.streams) {
      if (nameOf(stream.dict.get('Type')) !== 'ObjStm') continue;
      const { bytes } = this.decode(stream);
      const count = this.resolve(stream.dict.get('N'));
      const first = this.resolve(stream.dict.get('First'));
      if (typeof count !== 'number' || typeof first !== 'number') {
        this.gaps.push({ code: 'corrupt', detail: 'an object stream without its table', offset: stream.offset });
        continue;
      }
      const table = new PdfLexer(bytes, 0, false, Math.min(bytes.length, first));
      for (let index = 0; index < count; index += 1) {
        const number = table.value();
        const at = table.value();
        if (typeof number !== 'number' || typeof at !== 'number') {
          this.gaps.push({ code: 'corrupt', detail: 'an object stream whose table is short', offset: stream.offset });
          break;
        }
        const lexer = new PdfLexer(bytes, Math.max(0, first + at));
        const value = lexer.value();
        if (value === undefined || !this.counts(lexer.count, stream.offset)) break;
        this.define({ number, offset: stream.offset, value, stream: undefined });
      }
    }
  }

  /** Bytes that are in no stream. */
  *outside(): Generator<Uint8Array> {
    let at = 0;
    for (const { from, to } of this.streams.toSorted((a, b) => a.from - b.from)) {
      if (from > at) yield this.bytes.subarray(at, from);
      at = Math.max(at, to);
    }
    if (at < this.bytes.length) yield this.bytes.subarray(at);
  }

  private define(object: PdfObject): void {
    this.objects.push(object);
    const known = this.latest.get(object.number);
    // In the order of the file; an object stream lies where it lies.
    if (!known || known.offset <= object.offset) this.latest.set(object.number, object);
  }

  private scan(): void {
    const { bytes } = this;
    let read = 0;
    const found: { object: PdfObject; dict: PdfDict; at: number }[] = [];
    for (let at = bytes.indexOf('obj'); at >= 0; at = bytes.indexOf('obj', at + 3)) {
      const head = /(?:^|[^0-9])(\d{1,10})[\s\0]+\d{1,5}[\s\0]*$/.exec(
        bytes.toString('latin1', Math.max(0, at - 32), at),
      );
      if (!head) continue;
      const lexer = new PdfLexer(bytes, at + 3);
      const value = lexer.value();
      read += lexer.at - at;
      if (read > 4 * bytes.length + 2 ** 20) {
        this.gaps.push({ code: 'corrupt', detail: 'objects that begin inside one another', offset: at });
        break;
      }
      if (value === undefined || !this.counts(lexer.count, at)) continue;
      const object: PdfObject = { number: Number(head[1]), offset: at, value, stream: undefined };
      this.define(object);
      lexer.skipSpace();
      if (value instanceof Map && WORD.equals(bytes.subarray(lexer.at, lexer.at + 6))) {
        found.push({ object, dict: value, at: lexer.at + 6 });
      }
    }
    let end = -1;
    for (const { object, dict, at } of found) {
      const from = at + (bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : bytes[at] === 10 || bytes[at] === 13 ? 1 : 0);
      const length = this.resolve(dict.get('Length'));
      const about = { dict, number: object.number, offset: object.offset, from };
      if (typeof length === 'number' && length >= 0 && endsAt(bytes, from + length)) {
        object.stream = { ...about, to: from + length };
      } else {
        if (end < from) end = bytes.indexOf(END, from);
        const to = end < 0 ? bytes.length : end;
        const gap: Gap =
          end < 0
            ? { code: 'truncated', detail: 'a stream without its end', offset: object.offset }
            : { code: 'size-mismatch', detail: 'a stream that is not as long as it says', offset: object.offset };
        object.stream = { ...about, to, gap };
        if (end < 0) end = bytes.length;
      }
      this.streams.push(object.stream);
    }
    this.lookForOthers(found.map(({ at }) => at));
  }

  /** A stream that no object announces is one that no reader of ours decodes. */
  private lookForOthers(known: readonly number[]): void {
    const { bytes } = this;
    const claimed = new Set(known);
    const spans = this.streams.toSorted((a, b) => a.from - b.from);
    let span = 0;
    for (let at = bytes.indexOf(WORD); at >= 0; at = bytes.indexOf(WORD, at + 6)) {
      if (claimed.has(at + 6) || (bytes[at + 6] !== 10 && bytes[at + 6] !== 13)) continue;
      if (bytes.toString('latin1', Math.max(0, at - 3), at) === 'end') continue;
      while (span < spans.length && spans[span]!.to <= at) span += 1;
      if (span < spans.length && spans[span]!.from <= at) continue;
      this.gaps.push({ code: 'corrupt', detail: 'a stream that belongs to no object', offset: at });
      return;
    }
  }

  private readTrailers(): void {
    const { bytes } = this;
    for (let at = bytes.indexOf('trailer'); at >= 0; at = bytes.indexOf('trailer', at + 7)) {
      const lexer = new PdfLexer(bytes, at + 7);
      const value = lexer.value();
      if (value instanceof Map && this.counts(lexer.count, at)) this.trailers.push(value);
    }
    const last = bytes.lastIndexOf('%%EOF');
    if (last < 0 || last < bytes.lastIndexOf(END) || last < bytes.lastIndexOf('endobj')) {
      this.gaps.push({ code: 'truncated', detail: 'a PDF file without its end' });
    }
    const stated = this.objects[0]?.value;
    const size = stated instanceof Map && stated.has('Linearized') ? stated.get('L') : undefined;
    if (typeof size === 'number' && size > bytes.length) {
      this.gaps.push({ code: 'truncated', detail: 'a PDF file that is shorter than it says' });
    }
  }

  private counts(values: number, offset: number): boolean {
    this.values += values;
    if (this.values <= VALUES) return true;
    if (!this.gaps.some(({ code }) => code === 'over-memory')) {
      this.gaps.push({ code: 'over-memory', detail: `more than ${VALUES} values in a PDF`, offset });
    }
    return false;
  }
}

function endsAt(bytes: Buffer, at: number): boolean {
  if (at > bytes.length) return false;
  const text = bytes.toString('latin1', at, at + 16);
  return /^[\r\n \t\0]{0,4}endstream/.test(text);
}

export function nameOf(value: PdfValue | undefined): string | undefined {
  return value instanceof PdfName ? value.name : undefined;
}
