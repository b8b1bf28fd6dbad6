import type { Gap } from '../model/index.ts';
import { Stopped } from './broken.ts';
import type { Budget } from './budget.ts';
import { LineFeed } from './line-feed.ts';
import { decodedFields, type PartHeader, parsePartHeader, sniffMail } from './mail-header.ts';
import { type PartDecoder, partDecoder } from './part-decoder.ts';
import type { RandomAccess } from './reader.ts';
import { section } from './sources.ts';
import { SpoolWriter } from './spool.ts';
import { decodeBase64Line, decodeUuLine, UU_BEGIN, withoutLineEnd } from './uu-line.ts';

/** A file that lies encoded in a text. */
export interface TextPart {
  readonly name: Uint8Array;
  readonly random: RandomAccess;
  /** No file: what the text itself says, decoded. */
  readonly header: boolean;
}

interface OpenPart {
  readonly name: string;
  readonly from: number;
  readonly offset: number;
}

/** Multiparts inside one another. */
const NESTING = 64;
/** Bytes of one header. */
const HEADER = 256 * 1024;

/** Says cheaply if a text that is here as a whole may hold anything encoded. */
export function mayHoldParts(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return text.includes('begin') || sniffMail(bytes) !== undefined;
}

/**
 * Takes files out of a text while its bytes go by: uuencoded blocks anywhere, and attachments where it is a mail or a
 * mailbox. What is decoded is charged and spooled, as the text's own bytes come first. The text stays a text: a part that
 * cannot be decoded is a gap of it.
 */
export class TextParts {
  private readonly budget: Budget;
  private readonly gaps: Gap[] = [];
  private readonly parts: { name: string; from: number; to: number; header: boolean }[] = [];
  /** Bytes of the text that a part was decoded from, whatever became of it. */
  private readonly spans: { from: number; to: number }[] = [];
  private readonly lines = new LineFeed();
  private spool: SpoolWriter | undefined;
  private kind: 'text' | 'mail' | 'mbox' | undefined;
  private open: OpenPart | undefined;

  /** A `begin` line whose next line decides if it is one. */
  private begun: { name: string; base64: boolean; offset: number } | undefined;
  private uu: { base64: boolean; ending: boolean } | undefined;

  private header: string[] | undefined;
  private headerSize = 0;
  private headerAt = 0;
  private boundaries: string[] = [];
  private decoder: PartDecoder | undefined;
  private number = 0;
  private afterBlank = true;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** The first call must show the first 16 KiB, or all there is. */
  update(bytes: Uint8Array): void {
    if (this.kind === undefined) {
      this.kind = sniffMail(bytes) ?? 'text';
      if (this.kind !== 'text') this.startHeader();
    }
    this.lines.feed(bytes, this.wanted, this.take);
  }

  /** All parts, in the order of the text; adds what could not be decoded to `gaps`. */
  finish(gaps: Gap[]): TextPart[] {
    this.lines.finish(this.take);
    if (this.uu) this.breakPart('truncated', 'an encoded block without its end');
    if (this.header && this.header.length > 0) this.endHeader();
    if (this.boundaries.length > 0) this.endMail();
    this.endPart();
    gaps.push(...this.gaps);
    const random = this.spool?.random();
    return this.parts.map(({ name, from, to, header }) => ({
      name: Buffer.from(name),
      header,
      random: random ? section(random, from, to - from) : { size: 0, readAt: async () => new Uint8Array(0) },
    }));
  }

  /** Says if a part was decoded from what stands at this offset of the text. */
  covers(offset: number): boolean {
    return this.spans.some(({ from, to }) => from <= offset && offset < to);
  }

  close(): void {
    this.spool?.close();
  }

  /** In a plain text, only lines that may begin a block matter. */
  private readonly wanted = (): string | undefined =>
    this.kind === 'text' && !this.uu && !this.begun ? 'begin' : undefined;

  private readonly take = (line: Uint8Array, start: boolean): void => {
    if (this.uu) {
      if (this.uuLine(line)) return;
    } else if (this.begun) {
      if (this.firstLine(line)) return;
    }
    if (this.kind !== 'text') this.mailLine(line, start);
    // An open part is looked through on its own.
    if (start && !this.uu && !this.header && !this.open && line[0] === 0x62) this.beginLine(line);
  };

  private beginLine(line: Uint8Array): void {
    const [, base64, name] = UU_BEGIN.exec(Buffer.from(line.subarray(0, 1024)).toString('latin1')) ?? [];
    if (name === undefined) return;
    const utf8 = Buffer.from(name, 'latin1').toString();
    this.begun = {
      name: utf8.slice(utf8.lastIndexOf('/') + 1),
      base64: base64 !== undefined,
      offset: this.lines.offset,
    };
  }

  /** A sentence may start with "begin 100 times": the block is one if its first line can be decoded. */
  private firstLine(line: Uint8Array): boolean {
    const { name, base64, offset } = this.begun!;
    this.begun = undefined;
    const text = withoutLineEnd(line);
    const data = base64 ? decodeBase64Line(Buffer.from(text).toString('latin1')) : decodeUuLine(text);
    if (!data || data.length === 0) return false;
    this.startPart(name, offset);
    this.uu = { base64, ending: false };
    this.put(data);
    return true;
  }

  private uuLine(line: Uint8Array): boolean {
    const uu = this.uu!;
    const bytes = withoutLineEnd(line);
    const text = Buffer.from(bytes).toString('latin1');
    if (uu.base64 ? text === '====' : uu.ending && text === 'end') {
      this.uu = undefined;
      this.endPart();
      return true;
    }
    const data = uu.ending ? undefined : uu.base64 ? decodeBase64Line(text) : decodeUuLine(bytes);
    if (!data) {
      this.breakPart('corrupt', 'an encoded block with a broken line');
      return false;
    }
    uu.ending = data.length === 0;
    this.put(data);
    return true;
  }

  private mailLine(line: Uint8Array, start: boolean): void {
    const blank = line.length <= 2 && withoutLineEnd(line).length === 0;
    if (start && this.kind === 'mbox' && this.afterBlank && Buffer.from(line.subarray(0, 5)).toString() === 'From ') {
      this.endMail();
      this.startHeader();
      return;
    }
    this.afterBlank = blank;
    if (start && line[0] === 0x2d && line[1] === 0x2d && this.boundaryLine(line)) return;
    if (!this.header) {
      this.bodyLine(line);
      return;
    }
    if (blank) {
      this.endHeader();
      return;
    }
    this.headerSize += line.length;
    if (this.headerSize <= HEADER) this.header.push(Buffer.from(withoutLineEnd(line)).toString('latin1'));
    else if (this.headerSize - line.length <= HEADER) this.gap('over-metadata', `a mail header over ${HEADER} bytes`);
  }

  private bodyLine(line: Uint8Array): void {
    if (!this.decoder) return;
    const data = this.decoder.line(line);
    if (data) this.put(data);
    else this.breakPart('corrupt', 'a body that breaks its transfer encoding');
  }

  /** RFC 2046, section 5.1.1. The boundary of an outer multipart ends the inner ones. */
  private boundaryLine(line: Uint8Array): boolean {
    if (this.boundaries.length === 0) return false;
    const text = Buffer.from(withoutLineEnd(line)).toString('latin1').trimEnd().slice(2);
    const at = this.boundaries.findLastIndex((boundary) => text === boundary || text === `${boundary}--`);
    if (at < 0) return false;
    if (this.header && this.header.length > 0) this.endHeader();
    this.endPart();
    if (this.boundaries.length > at + 1) this.gap('truncated', 'a multipart without its end');
    const closes = text !== this.boundaries[at];
    this.boundaries.length = closes ? at : at + 1;
    if (closes) this.header = undefined;
    else this.startHeader();
    return true;
  }

  private startHeader(): void {
    this.headerAt = this.lines.offset;
    this.header = [];
    this.headerSize = 0;
  }

  private endHeader(): void {
    const about = parsePartHeader(this.header ?? []);
    const fields = decodedFields(this.header ?? []);
    this.header = undefined;
    if (fields !== '') {
      this.startPart(`#header@${this.headerAt}`, this.headerAt);
      this.put(Buffer.from(fields));
      this.endPart(true);
    }
    if (about.type.startsWith('multipart/') && about.boundary) {
      if (about.type === 'multipart/encrypted') this.gap('encrypted', 'a mail is encrypted');
      if (this.boundaries.length >= NESTING) this.gap('over-depth', `more than ${NESTING} levels of multiparts`);
      else this.boundaries.push(about.boundary);
      return;
    }
    if (about.enveloped) this.gap('encrypted', 'a mail is encrypted');
    if (about.type === 'message/partial' || about.type === 'message/external-body') {
      this.gap('unsupported', 'a mail whose content lies elsewhere');
    }
    if (/^message\/(rfc822|global)$/.test(about.type) && /^(7bit|8bit|binary)$/.test(about.encoding)) {
      this.startHeader();
      return;
    }
    this.startBody(about);
  }

  private startBody({ type, encoding, name, attached }: PartHeader): void {
    this.number += 1;
    const decoder = partDecoder(encoding);
    // Its block is found as such.
    if (/^(x-)?(uuencode|uue?)$/.test(encoding)) return;
    if (!decoder) {
      this.gap('unsupported', 'a body in an unknown transfer encoding');
      return;
    }
    // What stands there as plain text is read with the mail; everything else is a file of its own.
    const encoded = encoding === 'base64' || encoding === 'quoted-printable';
    if (!encoded && !attached && name === undefined && /^(text|multipart|message)\//.test(type)) return;
    this.startPart(name ?? `part-${this.number}`, this.lines.offset);
    this.decoder = decoder;
  }

  private endMail(): void {
    this.endPart();
    if (this.boundaries.length > 0) this.gap('truncated', 'a multipart without its end');
    this.boundaries = [];
  }

  private startPart(name: string, offset: number): void {
    if (this.parts.length >= this.budget.limits.entries) {
      throw new Stopped('over-entries', `more than ${this.budget.limits.entries} entries`);
    }
    this.spool ??= new SpoolWriter(this.budget);
    this.open = { name, offset, from: this.spool.size };
  }

  private put(data: Uint8Array): void {
    if (data.length === 0) return;
    this.budget.chargeDecoded(data.length);
    this.spool?.add(data);
  }

  private endPart(header = false): void {
    const { open, decoder } = this;
    this.open = undefined;
    this.decoder = undefined;
    if (!open) return;
    const rest = decoder?.end();
    if (rest) this.put(rest);
    else if (decoder) this.gaps.push({ code: 'truncated', detail: 'a body that ends too early', offset: open.offset });
    this.parts.push({ name: open.name, from: open.from, to: this.spool?.size ?? open.from, header });
    this.spans.push({ from: open.offset, to: this.lines.offset });
  }

  /** What was decoded is kept. */
  private breakPart(code: 'corrupt' | 'truncated', detail: string): void {
    this.gap(code, detail);
    this.uu = undefined;
    this.decoder = undefined;
    this.endPart();
  }

  private gap(code: Gap['code'], detail: string): void {
    if (this.gaps.length < 1000) this.gaps.push({ code, detail, offset: this.lines.offset });
  }
}
