import { Broken } from './broken.ts';
import type { Budget } from './budget.ts';
import { type Kernel, KernelLease } from './codec/index.ts';
import type { ByteReader, ChunkSource, Co } from './reader.ts';

/** The exports of the kernel `inflate`. */
type InflateKernel = {
  readonly INPUT_MAX: { readonly value: number };
  readonly MEMORY_END: { readonly value: number };
  readonly start: { readonly value: number };
  readonly at: { readonly value: number };
  begin(): void;
  place(): number;
  give(length: number): void;
  run(): number;
  unread(): number;
};

/** What `run` says; below 0 the stream is broken. */
const MORE = 0;
const ROOM = 1;

/**
 * One raw deflate stream (RFC 1951) as a source of pieces of about 256 KiB. The input reader is left standing at the
 * first byte that the stream did not use, or behind the place where it broke; all that was decoded before is given.
 */
export class InflateSource implements ChunkSource {
  private readonly input: ByteReader;
  private readonly budget: Budget;
  private readonly layer: object;
  private readonly lease = new KernelLease<InflateKernel>('inflate');
  private kernel: Kernel<InflateKernel> | undefined;
  /** Bytes of the input that the kernel was given and that the reader still holds. */
  private lent = 0;
  private pending: Uint8Array | undefined;
  private state: 'open' | 'ended' | 'truncated' | 'corrupt' = 'open';

  constructor(input: ByteReader, budget: Budget, layer: object) {
    this.input = input;
    this.budget = budget;
    this.layer = layer;
  }

  /** All of the content, if it is one piece. The source gives it nevertheless. */
  *whole(): Co<Uint8Array | undefined> {
    this.pending = yield* this.piece();
    return this.state === 'ended' ? this.pending : undefined;
  }

  *next(): Co<Uint8Array | undefined> {
    const bytes = this.pending ?? (yield* this.piece());
    this.pending = undefined;
    if (bytes) {
      this.budget.chargeDecoded(bytes.length);
      return bytes;
    }
    const { position } = this.input;
    if (this.state === 'truncated') throw new Broken(this.layer, 'truncated', 'compressed data ends early', position);
    if (this.state === 'corrupt')
      throw new Broken(this.layer, 'corrupt', 'compressed data cannot be decoded', position);
    return undefined;
  }

  close(): void {
    this.state = 'ended';
    this.lease.release();
  }

  /** Decodes the next piece; none once the stream is over, whatever ended it. */
  private *piece(): Co<Uint8Array | undefined> {
    if (this.state !== 'open') return undefined;
    this.kernel ??= this.begin();
    const { call } = this.kernel;
    let said = call.run();
    while (said === MORE && (yield* this.feed(this.kernel))) said = call.run();
    if (said === MORE) this.state = 'truncated';
    else if (said !== ROOM) this.state = said < 0 ? 'corrupt' : 'ended';
    if (said !== ROOM && said !== MORE) this.input.advance(this.lent - call.unread());
    const [from, to] = [call.start.value, call.at.value];
    return from === to ? undefined : this.kernel.view(from, to);
  }

  private begin(): Kernel<InflateKernel> {
    const { kernel } = this.lease;
    if (!kernel.reserve(kernel.call.MEMORY_END.value)) {
      throw new Broken(this.layer, 'over-memory', 'there is no memory to decode it', this.input.position);
    }
    kernel.call.begin();
    return kernel;
  }

  /** Hands on more input. What is left of earlier input is needed for what comes next, so it counts as used. */
  private *feed(kernel: Kernel<InflateKernel>): Co<boolean> {
    const { input } = this;
    input.advance(this.lent);
    this.lent = 0;
    if ((yield* input.peek(1)).length === 0) return false;
    const bytes = yield* input.peek(Math.min(input.buffered, kernel.call.INPUT_MAX.value));
    kernel.put(bytes, kernel.call.place());
    kernel.call.give(bytes.length);
    this.lent = bytes.length;
    return true;
  }
}
