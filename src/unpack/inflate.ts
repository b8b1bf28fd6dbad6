import type { TransformOptions } from 'node:stream';
import { createInflateRaw, type InflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { Broken, Stopped } from './broken.ts';
import type { Budget } from './budget.ts';
import { type ByteReader, type ChunkSource, type Co, wait } from './reader.ts';

/** Larger output chunks save trips between threads: 512 KiB is about 1.7 times as fast as zlib's default of 16 KiB. */
const OUTPUT = 512 * 1024;
const INPUT = 128 * 1024;

/** Compressed bytes up to this many are inflated in one go: a stream of zlib's costs more than the work. */
const SMALL = 256 * 1024;
const SMALL_OUTPUT = 2 ** 20;

/**
 * Inflates a small stream at once. `compressed` is how many bytes it has at most, `size` how many will come out where
 * that is known. `undefined` where it is not small or does not decode: then a stream shows how far it does.
 */
export function* inflateSmall(
  input: ByteReader,
  budget: Budget,
  compressed: number,
  size?: number,
): Co<Uint8Array | undefined> {
  if (compressed > SMALL || (size ?? 0) > SMALL_OUTPUT) return undefined;
  const bytes = yield* input.peek(compressed);
  const most = Math.max(1, size ?? SMALL_OUTPUT);
  // One byte more than will come out: a buffer that is filled to its end makes zlib begin another.
  const chunkSize = Math.max(64, Math.min(most + 1, 16 * compressed));
  try {
    const result = inflateRawSync(bytes, { info: true, maxOutputLength: most, chunkSize });
    const { buffer, engine } = result as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    budget.chargeDecoded(buffer.length);
    input.advance(engine.bytesWritten);
    return buffer;
  } catch (error) {
    if (error instanceof Stopped || typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return undefined;
  }
}

/**
 * One raw deflate stream (RFC 1951) as a source. zlib works on a thread of its own, up to two chunks ahead; the input
 * reader is left standing at the first byte that the stream did not use.
 */
export class InflateSource implements ChunkSource {
  private readonly input: ByteReader;
  private readonly budget: Budget;
  private readonly layer: object;
  private readonly start: number;
  private readonly engine: InflateRaw;
  private failure: NodeJS.ErrnoException | undefined;
  private writing = false;
  private lent = 0;
  private ended = false;
  private finishing = false;
  private wake: (() => void) | undefined;

  /** `expected` is about how many bytes will come out, so that a small stream costs no large buffer. */
  constructor(input: ByteReader, budget: Budget, layer: object, expected = OUTPUT) {
    this.input = input;
    this.budget = budget;
    this.layer = layer;
    this.start = input.position;
    const chunkSize = Math.max(4096, Math.min(OUTPUT, expected));
    // As objects, chunks are read one by one; as bytes, `read()` would copy them together. Options of every stream.
    const options: ZlibOptions & TransformOptions = { chunkSize, readableObjectMode: true, readableHighWaterMark: 2 };
    this.engine = createInflateRaw(options);
    const wake = (): void => this.wake?.();
    this.engine.on('readable', wake);
    this.engine.on('end', () => {
      this.ended = true;
      wake();
    });
    this.engine.on('error', (error) => {
      this.failure = error;
      wake();
    });
  }

  *next(): Co<Uint8Array | undefined> {
    for (;;) {
      const out = this.engine.read() as Uint8Array | null;
      if (out) {
        this.budget.chargeDecoded(out.length);
        return out;
      }
      if (this.failure) this.fail(this.failure);
      if (this.ended) {
        this.giveBack();
        return undefined;
      }
      if (!this.writing && !this.finishing) yield* this.feed();
      else yield* wait(this.event());
    }
  }

  close(): void {
    this.engine.destroy();
  }

  private *feed(): Co<void> {
    this.giveBack();
    if ((yield* this.input.peek(1)).length === 0) {
      this.finishing = true;
      this.engine.end();
      return;
    }
    const bytes = yield* this.input.peek(Math.min(this.input.buffered, INPUT));
    this.lent = bytes.length;
    this.writing = true;
    const before = this.engine.bytesWritten;
    this.engine.write(bytes, () => {
      this.writing = false;
      // Input that was not wanted tells that the stream is over; its `end` event follows.
      if (this.engine.bytesWritten - before < bytes.length) this.finishing = true;
      this.wake?.();
    });
  }

  /** Takes from the input what zlib has used; the rest belongs to what follows the stream. */
  private giveBack(): void {
    const used = this.engine.bytesWritten - (this.input.position - this.start);
    this.input.advance(Math.min(used, this.lent));
    this.lent = 0;
  }

  private event(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  private fail(error: NodeJS.ErrnoException): never {
    const { position } = this.input;
    this.input.advance(this.lent);
    this.lent = 0;
    if (error.code === 'Z_BUF_ERROR') throw new Broken(this.layer, 'truncated', 'compressed data ends early', position);
    throw new Broken(this.layer, 'corrupt', 'compressed data cannot be decoded', position);
  }
}
