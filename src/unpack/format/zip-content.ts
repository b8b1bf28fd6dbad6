import { crc32 } from 'node:zlib';
import type { Gap } from '../../model/index.ts';
import type { Box, Member } from '../box.ts';
import { type StreamDecoder, ZIP_METHODS } from '../codec/index.ts';
import { DecoderSource, type StreamAside } from '../decoder-source.ts';
import { InflateSource } from '../inflate.ts';
import { ByteReader, type ChunkSource, type Co } from '../reader.ts';
import { limited, section } from '../sources.ts';
import { DEFLATED, FLAG, methodName, STORED, type ZipHeader } from './zip-records.ts';

/** How to read a member's data, and what to do once it was read. */
export interface ZipContent {
  readonly about: Pick<Member, 'source' | 'size' | 'random' | 'owner' | 'sealed' | 'verify'>;
  /** The whole content, where it is small. */
  readonly bytes?: Uint8Array;
  /** Bytes of the compressed stream that are not its content; fills while the source is read. */
  readonly asides?: StreamAside[];
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
  const decoder = encrypted ? undefined : decoderOf(header, box.budget.limits.memory);
  if (encrypted || (method !== STORED && method !== DEFLATED && !decoder)) {
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
  if (decoder) {
    const source = new DecoderSource(decoder, rest, box.budget, owner);
    return {
      about: { source: check.over(source), owner, verify: check.verify },
      asides: source.asides,
      rest,
    };
  }
  const inflate = new InflateSource(rest, box.budget, owner);
  const whole = yield* inflate.whole();
  const about = { source: check.over(inflate), owner, verify: check.verify };
  return whole ? { about: { ...about, size: whole.length }, bytes: whole, rest } : { about, rest };
}

/** Bit 1 of a member that is compressed with LZMA: an end marker closes the stream (4.4.4). */
const LZMA_END_MARKER = 2;

function decoderOf({ method, flags, size }: ZipHeader, memory: number): StreamDecoder | undefined {
  const marked = method === 14 && (flags & LZMA_END_MARKER) !== 0;
  return ZIP_METHODS[method]?.({ memory, ...(!marked && { contentSize: size }) });
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
