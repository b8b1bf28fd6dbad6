import { inflateSync } from 'node:zlib';

/** Objects of a file that `render('pdf')` wrote, for adding to it. Reads that one layout, not PDF at large. */
export interface OwnFile {
  /** Offset of the newest cross-reference stream. */
  readonly startXref: number;
  /** Objects are numbered below this. */
  readonly size: number;
  readonly root: number;
  readonly info: number;
  /** The permanent file identifier, hexadecimal. */
  readonly id: string;
  /** Text of an object that is no stream. */
  object(id: number): string;
}

/** @throws RangeError if the bytes are not an unsigned report of ours */
export function readOwnFile(bytes: Uint8Array): OwnFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const tail = /startxref\n(\d+)\n%%EOF\n$/.exec(file.subarray(-64).toString('latin1'));
  if (tail === null) throw foreign();
  const startXref = Number(tail[1]);
  const { dictionary, body } = streamAt(file, startXref);
  const field = (pattern: RegExp): string => {
    const found = pattern.exec(dictionary)?.[1];
    if (found === undefined) throw foreign();
    return found;
  };
  if (field(/\/W \[([\d ]+)\]/) !== '1 6 2' || dictionary.includes('/Prev')) throw foreign();
  const row = (id: number) => {
    const at = id * 9;
    return { type: body.readUInt8(at), second: body.readUIntBE(at + 1, 6), third: body.readUInt16BE(at + 7) };
  };
  return {
    startXref,
    size: Number(field(/\/Size (\d+)/)),
    root: Number(field(/\/Root (\d+) 0 R/)),
    info: Number(field(/\/Info (\d+) 0 R/)),
    id: field(/\/ID \[<([0-9a-f]+)>/),
    object(id) {
      const place = row(id);
      if (place.type !== 2) throw foreign();
      const packed = streamAt(file, row(place.second).second);
      const first = Number(/\/First (\d+)/.exec(packed.dictionary)?.[1]);
      const index = packed.body.subarray(0, first).toString('latin1').trim().split(' ').map(Number);
      const from = first + (index[place.third * 2 + 1] as number);
      const next = index[place.third * 2 + 3];
      return packed.body
        .subarray(from, next === undefined ? undefined : first + next)
        .toString('latin1')
        .trim();
    },
  };
}

function streamAt(file: Buffer, offset: number): { dictionary: string; body: Buffer } {
  const start = file.indexOf('stream\n', offset, 'latin1');
  const dictionary = file.subarray(offset, start).toString('latin1');
  const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1]);
  if (start < 0 || !Number.isInteger(length)) throw foreign();
  const from = start + 'stream\n'.length;
  return { dictionary, body: inflateSync(file.subarray(from, from + length)) };
}

function foreign(): RangeError {
  return new RangeError('not an unsigned report of this program');
}
