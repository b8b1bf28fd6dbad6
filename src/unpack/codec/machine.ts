import { CodecError, type Decoded, type StreamDecoder } from './codec.ts';
import { Input, MORE, type More } from './input.ts';

/** A format's walk, written as if the whole input were there; it returns where nothing more belongs to it. */
export type Walk = Generator<Decoded | More, void>;

/** Runs a walk on chunks: the one implementation of `StreamDecoder`. */
export class Machine implements StreamDecoder {
  readonly #input = new Input();
  #walk: Walk | undefined;
  readonly #memory: { release(): void } | undefined;
  #state: 'open' | 'over' | 'closed' | CodecError = 'open';

  /** `memory` is what `close` gives back. */
  constructor(walk: (input: Input) => Walk, memory?: { release(): void }) {
    this.#walk = walk(this.#input);
    this.#memory = memory;
  }

  get consumed(): number {
    return this.#input.consumed;
  }

  get leftover(): Uint8Array {
    return this.#input.leftover;
  }

  get finished(): boolean {
    return this.#state === 'over' || (this.#state === 'open' && this.#input.atBorder);
  }

  *feed(chunk: Uint8Array): Generator<Decoded, void> {
    if (this.#state === 'open' && this.#input.rest.length > 0) throw new Error('feed: the last chunk was not drained');
    this.#input.push(chunk);
    yield* this.#run();
  }

  *#run(): Generator<Decoded, void> {
    if (this.#state instanceof CodecError) throw this.#state;
    if (this.#state === 'closed') throw new Error('the decoder is closed');
    while (this.#state === 'open') {
      const step = this.#step();
      if (step === MORE) return;
      if (step !== undefined) yield step;
    }
  }

  #step(): Decoded | More | undefined {
    try {
      const step = this.#walk!.next();
      if (!step.done) return step.value;
      this.#state = 'over';
      return undefined;
    } catch (error) {
      if (error instanceof CodecError) this.#state = error;
      throw error;
    }
  }

  end(): void {
    if (this.#state === 'over') return;
    if (this.#state === 'open') this.#input.end();
    for (const _ of this.#run()) throw new Error('a decoder held content back');
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#walk = undefined;
    this.#memory?.release();
  }
}
