import type { Box, Format } from '../box.ts';
import { baseName } from '../names.ts';
import { ByteReader, type ChunkSource, type Co } from '../reader.ts';
import { unwrap } from '../unwrap.ts';

/** Longer lines are none of an encoded file. */
const LINE = 1024;
const BEGIN = /^begin(-base64)? [0-7]{3,4} ([^\n\r]+)\r?\n/;

/** uuencoded files, and their base64 variant (POSIX.1-2017, uuencode). */
export const uuencode: Format = {
  id: 'uuencode',
  media: 'text/x-uuencode',
  sniff: (head) => head[0] === 0x62 && BEGIN.test(Buffer.from(head.subarray(0, LINE)).toString('latin1')),
  *walk(box: Box) {
    const line = new Uint8Array(yield* readLine(box));
    const [, base64, name] = BEGIN.exec(Buffer.from(line).toString('latin1')) ?? [];
    box.ledger.take('header', box.reader.position);
    yield* box.aside('header', 0, 'header-field', line);
    const source = new UuSource(box, base64 !== undefined);
    yield* unwrap(box, new ByteReader(source), baseName(Buffer.from(name ?? '', 'latin1')), []);
    yield* box.tail('tail', 'tail');
  },
};

class UuSource implements ChunkSource {
  private readonly box: Box;
  private readonly base64: boolean;
  private ended = false;

  constructor(box: Box, base64: boolean) {
    this.box = box;
    this.base64 = base64;
  }

  /** A line at a time until some kilobytes are there. */
  *next(): Co<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let size = 0;
    while (!this.ended && size < 32768) {
      const part = this.base64 ? yield* this.base64Line() : yield* this.line();
      this.box.ledger.take('entry', this.box.reader.position);
      parts.push(part);
      size += part.length;
    }
    if (size === 0) return undefined;
    this.box.budget.chargeDecoded(size);
    return Buffer.concat(parts);
  }

  private *line(): Co<Uint8Array> {
    const offset = this.box.reader.position;
    const line = yield* readLine(this.box);
    const text = trimmed(line);
    const length = ((text[0] ?? 0x20) - 0x20) & 63;
    if (length === 0) {
      const end = Buffer.from(trimmed(yield* readLine(this.box))).toString('latin1');
      if (end !== 'end') this.box.fail('corrupt', 'an encoded file without its end', offset);
      this.ended = true;
      return line.subarray(0, 0);
    }
    const groups = Math.ceil(length / 3);
    // Blanks at the end of a line may have been lost; anything else that is missing or too much is damage.
    const surplus = text.length - 1 - groups * 4;
    if (surplus > 1 || surplus < -3) this.fail(line, 'a line of a wrong length');
    const out = new Uint8Array(groups * 3);
    const value = (at: number): number => ((text[at] ?? 0x20) - 0x20) & 63;
    for (let group = 0; group < groups; group += 1) {
      const at = 1 + group * 4;
      const bits = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
      out.set([bits >> 16, (bits >> 8) & 255, bits & 255], group * 3);
    }
    return out.subarray(0, length);
  }

  private *base64Line(): Co<Uint8Array> {
    const line = yield* readLine(this.box);
    const text = Buffer.from(trimmed(line)).toString('latin1');
    if (text === '====') {
      this.ended = true;
      return new Uint8Array(0);
    }
    if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
      this.fail(line, 'a line that is no base64');
    }
    return Buffer.from(text, 'base64');
  }

  /** The line is put back, so that it is handed on with what follows it. */
  private fail(line: Uint8Array, detail: string): never {
    this.box.reader.unread(line);
    this.box.fail('corrupt', detail);
  }
}

/** A line with its end; a file that stops before it is truncated. */
function* readLine(box: Box): Co<Uint8Array> {
  const offset = box.reader.position;
  const seen = yield* box.reader.peek(LINE);
  const end = seen.indexOf(0x0a);
  if (end < 0) {
    box.fail(seen.length < LINE ? 'truncated' : 'corrupt', 'an encoded line without an end', offset);
  }
  box.reader.advance(end + 1);
  return seen.subarray(0, end + 1);
}

function trimmed(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && (line[end - 1] === 0x0a || line[end - 1] === 0x0d)) end -= 1;
  return line.subarray(0, end);
}
