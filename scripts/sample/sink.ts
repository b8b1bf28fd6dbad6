import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** Where bytes go; everything here is synchronous, so that a bundle of any size needs one block of memory. */
export interface Sink {
  write(bytes: Uint8Array): void;
}

/** A file that counts and hashes what it takes. */
export class FileSink implements Sink {
  readonly path: string;
  size = 0;
  private readonly fd: number;
  private readonly hash = createHash('sha256');

  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, 'w', 0o600);
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.fd, bytes, done);
    this.hash.update(bytes);
    this.size += bytes.length;
  }

  /** @returns SHA-256 of everything written, lower-case hex */
  close(): string {
    closeSync(this.fd);
    return this.hash.digest('hex');
  }
}

/** Only counts. */
export class CountingSink implements Sink {
  size = 0;

  write(bytes: Uint8Array): void {
    this.size += bytes.length;
  }
}

/** Keeps what it takes, for small things. */
export class BufferSink implements Sink {
  private readonly parts: Buffer[] = [];

  write(bytes: Uint8Array): void {
    this.parts.push(Buffer.from(bytes));
  }

  take(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Bytes whose number is known before they are made. */
export interface Content {
  readonly size: number;
  chunks(): Iterable<Uint8Array>;
}

export const contentOf = (bytes: Uint8Array): Content => ({ size: bytes.length, chunks: () => [bytes] });

/** Writes through a file beside the target, because a tar header must know the size of what follows. */
export function spool(path: string, fill: (sink: FileSink) => void): Content & { drop(): void } {
  const sink = new FileSink(path);
  fill(sink);
  sink.close();
  return { size: sink.size, chunks: () => readChunks(path), drop: () => rmSync(path, { force: true }) };
}

function* readChunks(path: string): Iterable<Uint8Array> {
  const fd = openSync(path, 'r');
  const block = Buffer.allocUnsafe(1 << 18);
  try {
    for (let n = readSync(fd, block); n > 0; n = readSync(fd, block)) yield block.subarray(0, n);
  } finally {
    closeSync(fd);
  }
}
