import type { Box, Format } from '../box.ts';
import { baseName } from '../names.ts';
import { ByteReader, type ChunkSource, type Co } from '../reader.ts';
import { unwrap } from '../unwrap.ts';
import { decodeBase64Line, decodeUuLine, UU_BEGIN, withoutLineEnd } from '../uu-line.ts';

/** Longer lines are none of an encoded file. */
const LINE = 1024;

/** uuencoded files, and their base64 variant (POSIX.1-2017, uuencode). */
export const uuencode: Format = {
  id: 'uuencode',
  media: 'text/x-uuencode',
  sniff: (head) => head[0] === 0x62 && UU_BEGIN.test(Buffer.from(head.subarray(0, LINE)).toString('latin1')),
  *walk(box: Box) {
    const line = new Uint8Array(yield* readLine(box));
    const [, base64, name] = UU_BEGIN.exec(Buffer.from(line).toString('latin1')) ?? [];
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
    const text = withoutLineEnd(line);
    const out = decodeUuLine(text);
    if (!out) this.fail(line, 'a line of a wrong length');
    if (out.length === 0) {
      const end = Buffer.from(withoutLineEnd(yield* readLine(this.box))).toString('latin1');
      if (end !== 'end') this.box.fail('corrupt', 'an encoded file without its end', offset);
      this.ended = true;
    }
    return out;
  }

  private *base64Line(): Co<Uint8Array> {
    const line = yield* readLine(this.box);
    const text = Buffer.from(withoutLineEnd(line)).toString('latin1');
    if (text === '====') {
      this.ended = true;
      return new Uint8Array(0);
    }
    return decodeBase64Line(text) ?? this.fail(line, 'a line that is no base64');
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
