import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Sink } from './sink.ts';

const BLOCK = 1 << 18;

export interface GzipOptions {
  /** FNAME, the original file name (RFC 1952, 2.3.1). */
  readonly name?: string | undefined;
  /** FCOMMENT. */
  readonly comment?: string | undefined;
  readonly level?: number;
}

/**
 * gzip in blocks that end on a byte border (as pigz does): the size so far is exact at any time, memory is one block, and
 * mtime 0 with OS "unknown" keeps the bytes the same on every machine.
 */
export class GzipWriter implements Sink {
  size = 0;
  private readonly sink: Sink;
  private readonly level: number;
  private readonly block = Buffer.allocUnsafe(BLOCK);
  private fill = 0;
  private total = 0;
  private crc = 0;

  constructor(sink: Sink, options: GzipOptions = {}) {
    this.sink = sink;
    this.level = options.level ?? 6;
    const flags = (options.name === undefined ? 0 : 8) | (options.comment === undefined ? 0 : 16);
    this.emit(Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]));
    for (const field of [options.name, options.comment]) {
      if (field !== undefined) this.emit(Buffer.from(`${field}\0`, 'latin1'));
    }
  }

  write(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc);
    this.total += bytes.length;
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + BLOCK - this.fill);
      this.block.set(part, this.fill);
      this.fill += part.length;
      done += part.length;
      if (this.fill === BLOCK) this.flush();
    }
  }

  /** Puts out what is pending, so that `size` is exact. */
  flush(): void {
    if (this.fill > 0) this.deflate(constants.Z_SYNC_FLUSH);
  }

  end(): void {
    this.deflate(constants.Z_FINISH);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.crc, 0);
    trailer.writeUInt32LE(this.total % 0x1_0000_0000, 4);
    this.emit(trailer);
  }

  private deflate(finishFlush: number): void {
    this.emit(deflateRawSync(this.block.subarray(0, this.fill), { level: this.level, finishFlush }));
    this.fill = 0;
  }

  private emit(bytes: Uint8Array): void {
    this.size += bytes.length;
    this.sink.write(bytes);
  }
}

export function gzip(bytes: Uint8Array, options: GzipOptions = {}): Buffer {
  const parts: Uint8Array[] = [];
  const writer = new GzipWriter({ write: (part) => parts.push(Buffer.from(part)) }, options);
  writer.write(bytes);
  writer.end();
  return Buffer.concat(parts);
}
