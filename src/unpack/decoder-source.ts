import type { FindingWhere } from '../model/index.ts';
import { Broken } from './broken.ts';
import type { Budget } from './budget.ts';
import { CodecError, type CodecErrorCode, type Decoded, type StreamDecoder } from './codec/index.ts';
import type { GapCode } from './gap-codes.ts';
import type { ByteReader, ChunkSource, Co } from './reader.ts';

const INPUT = 128 * 1024;

/** Bytes outside the content that one stream may hold before they are handed on. */
const ASIDES = 16 * 2 ** 20;

const CODES: Readonly<Record<CodecErrorCode, GapCode>> = {
  corrupt: 'corrupt',
  checksum: 'checksum-mismatch',
  truncated: 'truncated',
  unsupported: 'unsupported',
  memory: 'over-memory',
};

/** Bytes of a compressed file that are not its content. */
export interface StreamAside {
  readonly label: string;
  readonly offset: number;
  readonly where: FindingWhere;
  readonly bytes: Uint8Array;
}

/**
 * What a decoder gives, as a source; charged piece by piece. The input reader is left standing at the first byte that
 * the stream did not use.
 */
export class DecoderSource implements ChunkSource {
  /** Met so far; whoever reads the source hands them on when no other entry is open. */
  readonly asides: StreamAside[] = [];
  private asideBytes = 0;
  private readonly decoder: StreamDecoder;
  private readonly input: ByteReader;
  private readonly budget: Budget;
  private readonly layer: object;
  private readonly start: number;
  private feeding: { pieces: Generator<Decoded, void>; length: number } | undefined;
  private ended = false;

  constructor(decoder: StreamDecoder, input: ByteReader, budget: Budget, layer: object) {
    this.decoder = decoder;
    this.input = input;
    this.budget = budget;
    this.layer = layer;
    this.start = input.position;
  }

  *next(): Co<Uint8Array | undefined> {
    while (!this.ended) {
      const bytes = this.feeding ? this.pull(this.feeding) : yield* this.feed();
      if (bytes) return bytes;
    }
    return undefined;
  }

  close(): void {
    this.decoder.close();
  }

  /** The next piece of content from the input at hand; `undefined` once it is used up. */
  private pull({ pieces, length }: { pieces: Generator<Decoded, void>; length: number }): Uint8Array | undefined {
    for (;;) {
      const step = this.guarded(() => pieces.next(), length);
      if (step.done) break;
      if (step.value.type === 'data') {
        this.budget.chargeDecoded(step.value.bytes.length);
        return step.value.bytes;
      }
      this.note(step.value);
    }
    this.feeding = undefined;
    this.input.advance(this.decoder.consumed);
    if (this.decoder.consumed < length) this.finish();
    return undefined;
  }

  private *feed(): Co<undefined> {
    if ((yield* this.input.peek(1)).length === 0) {
      this.guarded(() => this.decoder.end(), 0);
      this.finish();
      return;
    }
    const chunk = yield* this.input.peek(Math.min(this.input.buffered, INPUT));
    this.feeding = { pieces: this.decoder.feed(chunk), length: chunk.length };
  }

  private finish(): void {
    this.ended = true;
    if (this.decoder.leftover.length > 0) this.input.unread(this.decoder.leftover);
  }

  private note(aside: Extract<Decoded, { type: 'aside' }>): void {
    this.asideBytes += aside.bytes.length;
    if (this.asideBytes > ASIDES) {
      throw new Broken(this.layer, 'over-metadata', `more than ${ASIDES} bytes outside the content`, this.start);
    }
    const offset = this.start + aside.offset;
    const where = aside.where === 'header-field' ? 'header-field' : 'slack';
    const last = this.asides.at(-1);
    if (last?.label === aside.where && last.offset + last.bytes.length === offset) {
      this.asides[this.asides.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, aside.bytes]) };
    } else {
      this.asides.push({ label: aside.where, offset, where, bytes: new Uint8Array(aside.bytes) });
    }
  }

  /** Runs the decoder; its errors become ours. The input it was given counts as used. */
  private guarded<T>(run: () => T, length: number): T {
    try {
      return run();
    } catch (error) {
      this.ended = true;
      this.input.advance(length);
      if (!(error instanceof CodecError)) throw error;
      throw new Broken(this.layer, CODES[error.code], error.message, this.start + error.offset);
    }
  }
}
