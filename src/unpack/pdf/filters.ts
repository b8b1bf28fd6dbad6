import { inflateSync, constants as zlib } from 'node:zlib';
import type { Gap } from '../../model/index.ts';
import { type PdfDict, PdfName, type PdfValue } from './lexer.ts';

export interface Unfiltered {
  readonly bytes: Uint8Array;
  /** Bytes of the stream behind the end of its compressed data. */
  readonly slack: Uint8Array;
  readonly gap?: Gap;
}

/** Pictures in a coding of their own: what they show is not read. */
const PICTURES = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'CCITTFaxDecode', 'CCF', 'JBIG2Decode']);
const NOTHING = new Uint8Array(0);

/** Runs a stream's filters (ISO 32000-2, section 7.4); `most` bytes at most come out of each. */
export function unfilter(
  data: Uint8Array,
  dict: PdfDict,
  resolve: (value?: PdfValue) => PdfValue | undefined,
  most: number,
): Unfiltered {
  const listed = resolve(dict.get('Filter') ?? dict.get('F'));
  const filters = listed === undefined || listed === null ? [] : Array.isArray(listed) ? listed : [listed];
  const about = resolve(dict.get('DecodeParms') ?? dict.get('DP'));
  let bytes = data;
  let slack: Uint8Array = NOTHING;
  for (const [index, item] of filters.entries()) {
    const filter = resolve(item);
    const name = filter instanceof PdfName ? filter.name : '';
    const parameters = resolve(Array.isArray(about) ? about[index] : about);
    const number = (key: string, otherwise: number): number => {
      const value = parameters instanceof Map ? resolve(parameters.get(key)) : undefined;
      return typeof value === 'number' ? value : otherwise;
    };
    if (PICTURES.has(name)) {
      return { bytes: NOTHING, slack, gap: { code: 'image-not-read', detail: 'a picture in a PDF' } };
    }
    if (name === 'Crypt') {
      return { bytes: NOTHING, slack, gap: { code: 'encrypted', detail: 'a stream with a Crypt filter' } };
    }
    let step: Unfiltered;
    if (name === 'FlateDecode' || name === 'Fl') step = inflated(bytes, most);
    else if (name === 'LZWDecode' || name === 'LZW') step = lzw(bytes, number('EarlyChange', 1), most);
    else if (name === 'ASCIIHexDecode' || name === 'AHx') step = asciiHex(bytes);
    else if (name === 'ASCII85Decode' || name === 'A85') step = ascii85(bytes);
    else if (name === 'RunLengthDecode' || name === 'RL') step = runLength(bytes, most);
    else return { bytes: NOTHING, slack, gap: { code: 'unsupported', detail: 'a stream with an unknown filter' } };
    if (index === 0) slack = step.slack;
    else if (step.slack.length > 0) slack = Buffer.concat([slack, step.slack]);
    if (step.gap) return { ...step, slack };
    const predictor = number('Predictor', 1);
    bytes = step.bytes;
    if (predictor > 1 && /^(Fl|FlateDecode|LZW|LZWDecode)$/.test(name)) {
      const bits = number('BitsPerComponent', 8);
      const colors = number('Colors', 1);
      const row = Math.ceil((number('Columns', 1) * colors * bits) / 8);
      const pixel = Math.max(1, Math.ceil((colors * bits) / 8));
      if (!(row >= 1 && row < 2 ** 26 && pixel <= row && (predictor > 9 || bits === 8))) {
        return { bytes, slack, gap: { code: 'unsupported', detail: 'a predictor that is not decoded' } };
      }
      bytes = predictor === 2 ? tiffRows(bytes, row, pixel) : pngRows(bytes, row, pixel);
    }
  }
  return { bytes, slack };
}

function inflated(data: Uint8Array, most: number): Unfiltered {
  try {
    const result = inflateSync(data, { info: true, maxOutputLength: most });
    const { buffer, engine } = result as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    return { bytes: buffer, slack: withoutEnd(data.subarray(engine.bytesWritten)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return { bytes: NOTHING, slack: NOTHING, gap: { code: 'over-memory', detail: `a stream of over ${most} bytes` } };
    }
    const gap: Gap = { code: 'corrupt', detail: 'a Flate stream that does not decode' };
    try {
      const bytes = inflateSync(data, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: most });
      return { bytes, slack: NOTHING, gap };
    } catch {
      return { bytes: NOTHING, slack: NOTHING, gap };
    }
  }
}

/** An end of line before `endstream` belongs to no data (section 7.3.8.1). */
function withoutEnd(rest: Uint8Array): Uint8Array {
  return rest.length <= 2 && rest.every((byte) => byte === 10 || byte === 13) ? NOTHING : rest;
}

/** Section 7.4.4: codes of 9 to 12 bits, highest bit first. */
function lzw(data: Uint8Array, early: number, most: number): Unfiltered {
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const lengths = new Uint16Array(4096).fill(1, 0, 256);
  for (let code = 0; code < 256; code += 1) suffix[code] = code;
  let out = new Uint8Array(Math.max(4096, 4 * data.length));
  let size = 0;
  let free = 258;
  let bits = 9;
  let old = -1;
  let word = 0;
  let count = 0;
  const fail = (detail: string): Unfiltered => ({
    bytes: out.subarray(0, size),
    slack: NOTHING,
    gap: { code: 'corrupt', detail },
  });
  for (let at = 0; at < data.length; at += 1) {
    word = ((word << 8) | data[at]!) & 0xffffff;
    count += 8;
    if (count < bits) continue;
    count -= bits;
    const code = (word >> count) & ((1 << bits) - 1);
    if (code === 257) return { bytes: out.subarray(0, size), slack: withoutEnd(data.subarray(at + 1)) };
    if (code === 256) {
      free = 258;
      bits = 9;
      old = -1;
      continue;
    }
    if (code > free || (old < 0 && code > 255)) return fail('an LZW stream with a code that is none');
    const from = code < free ? code : old;
    const length = lengths[from]! + (code < free ? 0 : 1);
    if (size + length > most) {
      return { ...fail(''), gap: { code: 'over-memory', detail: `a stream of over ${most} bytes` } };
    }
    if (size + length > out.length) {
      const larger = new Uint8Array(2 * (size + length));
      larger.set(out);
      out = larger;
    }
    let to = size + lengths[from]!;
    let step = from;
    for (; step > 255; step = prefix[step]!) out[--to] = suffix[step]!;
    out[size] = step;
    if (code >= free) out[size + length - 1] = step;
    size += length;
    if (old >= 0 && free < 4096) {
      prefix[free] = old;
      suffix[free] = step;
      lengths[free] = lengths[old]! + 1;
      free += 1;
    }
    old = code;
    if (free + early >= 1 << bits && bits < 12) bits += 1;
  }
  return fail('an LZW stream without its end');
}

function asciiHex(data: Uint8Array): Unfiltered {
  const text = Buffer.from(data).toString('latin1');
  const end = text.indexOf('>');
  const digits = (end < 0 ? text : text.slice(0, end)).replace(/\s+/g, '').replaceAll('\0', '');
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  const slack = end < 0 ? NOTHING : withoutEnd(data.subarray(end + 1));
  if (/[^0-9A-Fa-f]/.test(digits)) {
    return { bytes, slack, gap: { code: 'corrupt', detail: 'a hexadecimal stream with other characters' } };
  }
  return { bytes, slack };
}

function ascii85(data: Uint8Array): Unfiltered {
  const out: number[] = [];
  let word = 0;
  let count = 0;
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at]!;
    if (byte === 0x7e) {
      if (count > 1) {
        for (let left = count; left < 5; left += 1) word = word * 85 + 84;
        for (let index = 0; index < count - 1; index += 1) out.push(Math.floor(word / 256 ** (3 - index)) & 0xff);
      }
      return { bytes: Uint8Array.from(out), slack: withoutEnd(data.subarray(data[at + 1] === 0x3e ? at + 2 : at + 1)) };
    }
    if (byte <= 0x20) continue;
    if (byte === 0x7a && count === 0) {
      out.push(0, 0, 0, 0);
      continue;
    }
    if (byte < 0x21 || byte > 0x75) break;
    word = word * 85 + (byte - 0x21);
    count += 1;
    if (count < 5) continue;
    out.push(Math.floor(word / 2 ** 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
    word = count = 0;
  }
  const gap: Gap = { code: 'corrupt', detail: 'an ASCII85 stream that is broken or without its end' };
  return { bytes: Uint8Array.from(out), slack: NOTHING, gap };
}

function runLength(data: Uint8Array, most: number): Unfiltered {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let at = 0; at < data.length; ) {
    const length = data[at]!;
    if (length === 128) return { bytes: Buffer.concat(pieces), slack: withoutEnd(data.subarray(at + 1)) };
    const piece =
      length < 128 ? data.subarray(at + 1, at + 2 + length) : new Uint8Array(257 - length).fill(data[at + 1] ?? 0);
    at += length < 128 ? length + 2 : 2;
    size += piece.length;
    if (size > most) break;
    pieces.push(piece);
  }
  return {
    bytes: Buffer.concat(pieces),
    slack: NOTHING,
    gap: { code: 'corrupt', detail: 'a run-length stream without its end' },
  };
}

/** PNG's row filters (ISO/IEC 15948, section 9). A row that is cut off is decoded as far as it goes. */
function pngRows(data: Uint8Array, row: number, pixel: number): Uint8Array {
  const rows = Math.ceil(data.length / (row + 1));
  const out = new Uint8Array(Math.max(0, data.length - rows));
  for (let index = 0; index < rows; index += 1) {
    const from = index * (row + 1);
    const to = index * row;
    const kind = data[from]!;
    const length = Math.min(row, data.length - from - 1);
    for (let x = 0; x < length; x += 1) {
      const left = x >= pixel ? out[to + x - pixel]! : 0;
      const up = index > 0 ? out[to + x - row]! : 0;
      const corner = x >= pixel && index > 0 ? out[to + x - row - pixel]! : 0;
      const add =
        kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : kind === 4 ? paeth(left, up, corner) : 0;
      out[to + x] = data[from + 1 + x]! + add;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function tiffRows(data: Uint8Array, row: number, pixel: number): Uint8Array {
  const out = new Uint8Array(data);
  for (let at = 0; at < out.length; at += 1) if (at % row >= pixel) out[at] = out[at]! + out[at - pixel]!;
  return out;
}
