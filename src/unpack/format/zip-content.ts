import { crc32, inflateRawSync } from 'node:zlib';
import type { Gap } from '../../model/index.ts';
import type { Box, Member } from '../box.ts';
import { InflateSource } from '../inflate.ts';
import { ByteReader, type ChunkSource, type Co, chunkOf } from '../reader.ts';
import { limited, section } from '../sources.ts';
import { DEFLATED, FLAG, methodName, STORED, type ZipHeader } from './zip-records.ts';

/** Members up to this size are inflated in one go: a stream of zlib's costs more than the work. */
const SMALL = 256 * 1024;

/** How to read a member's data, and what to do once it was read. */
export interface ZipContent {
  readonly about: Pick<Member, 'source' | 'size' | 'random' | 'owner' | 'sealed' | 'verify'>;
  /** The whole content, where it is small. */
  readonly bytes?: Uint8Array;
  /** Gives what is left of the compressed bytes: data behind the end of the stream, or behind the place it broke. */
  readonly rest: ByteReader;
}

/**
 * Opens the data of a member: the next `header.compressed` bytes of `reader`. What the bytes should be is checked
 * against the header when they were read.
 */
export function* openContent(
  box: Box,
  header: ZipHeader,
  reader: ByteReader,
  gaps: Gap[],
  inPlace: boolean,
): Co<ZipContent> {
  const { method, compressed } = header;
  const position = reader.position;
  const owner = {};
  const rest = new ByteReader(limited(reader, compressed, box));
  const encrypted = (header.flags & FLAG.encrypted) !== 0 || method === 99;
  if (encrypted || (method !== STORED && method !== DEFLATED)) {
    gaps.push(
      encrypted
        ? { code: 'encrypted', detail: 'a password-protected zip member', offset: position }
        : { code: 'unsupported', detail: methodName(method), offset: position },
    );
    return { about: { source: { next: () => rest.next(2 ** 20) }, owner, sealed: true }, rest };
  }
  const check = new Check(header);
  if (method === STORED) {
    const random = inPlace && box.random ? section(box.random, position, compressed) : undefined;
    const source = check.over({ next: () => rest.next(2 ** 20) });
    return { about: { source, size: compressed, owner, verify: check.verify, ...(random && { random }) }, rest };
  }
  const whole = yield* inflatedWhole(box, header, rest);
  if (whole) {
    const about = { source: check.over(chunkOf(whole)), size: whole.length, owner, verify: check.verify };
    return { about, bytes: whole, rest };
  }
  const inflate = new InflateSource(rest, box.budget, owner, header.size);
  return { about: { source: check.over(inflate), size: header.size, owner, verify: check.verify }, rest };
}

/** Inflates a small member at once; `undefined` where that fails, so that streaming tells why. */
function* inflatedWhole(box: Box, { compressed, size }: ZipHeader, rest: ByteReader): Co<Uint8Array | undefined> {
  if (compressed > SMALL || size > SMALL * 4) return undefined;
  const bytes = yield* rest.peek(compressed);
  if (bytes.length < compressed) return undefined;
  try {
    const options = { info: true, maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size) };
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    if (buffer.length !== size) return undefined;
    box.budget.chargeDecoded(buffer.length);
    rest.advance(engine.bytesWritten);
    return buffer;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return undefined;
    throw error;
  }
}

/** CRC-32 and size of a member against its header. */
class Check {
  private readonly header: ZipHeader;
  private crc = 0;

  constructor(header: ZipHeader) {
    this.header = header;
  }

  over(source: ChunkSource): ChunkSource {
    const { next, close } = { next: source.next.bind(source), close: source.close?.bind(source) };
    const update = (bytes: Uint8Array): void => {
      this.crc = crc32(bytes, this.crc);
    };
    return {
      *next() {
        const bytes = yield* next();
        if (bytes) update(bytes);
        return bytes;
      },
      ...(close && { close }),
    };
  }

  readonly verify = (size: number): Gap[] => {
    const gaps: Gap[] = [];
    if (size !== this.header.size) {
      gaps.push({ code: 'size-mismatch', detail: `${size} bytes, the header says ${this.header.size}` });
    }
    if (this.crc !== this.header.crc) gaps.push({ code: 'checksum-mismatch', detail: 'CRC-32 of the zip member' });
    return gaps;
  };
}
