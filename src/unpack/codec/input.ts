import { CodecError, type CodecErrorCode } from './codec.ts';

/** What a machine yields when it can do nothing without more input. */
export const MORE: unique symbol = Symbol('more input');
export type More = typeof MORE;

/** What a prefix says about the stream that might begin with it. */
export type Match = 'yes' | 'no' | 'more';

const NOTHING = new Uint8Array(0);

/**
 * The compressed bytes as a machine sees them: one run without chunk borders. Its generators yield `MORE` at the end of a
 * chunk and go on with the next one.
 */
export class Input {
  #chunk: Uint8Array = NOTHING;
  #position = 0;
  /** Offset of the chunk's first byte. */
  #base = 0;
  #ended = false;
  /** Where the machine may still turn back to, or -1. */
  #mark = -1;
  #leftover: Uint8Array = NOTHING;

  /** Bytes taken since the beginning. */
  get offset(): number {
    return this.#base + this.#position;
  }

  get consumed(): number {
    return this.#position;
  }

  get leftover(): Uint8Array {
    return this.#leftover;
  }

  /** True between two streams while no byte of a next one was taken. */
  get atBorder(): boolean {
    return this.#mark === this.offset;
  }

  push(chunk: Uint8Array): void {
    this.#base += this.#position;
    this.#chunk = chunk;
    this.#position = 0;
  }

  end(): void {
    this.push(NOTHING);
    this.#ended = true;
  }

  /** The unread rest of the chunk. */
  get rest(): Uint8Array {
    return this.#chunk.subarray(this.#position);
  }

  skip(count: number): void {
    this.#position += count;
  }

  error(code: CodecErrorCode, message: string): CodecError {
    return new CodecError(code, message, this.offset);
  }

  /** Waits until the chunk has an unread byte. */
  *ready(): Generator<More, void> {
    while (this.#position === this.#chunk.length) {
      if (this.#ended) throw this.error('truncated', 'the input ends within the stream');
      yield MORE;
    }
  }

  /** Waits likewise where the stream may also end; false if it did. */
  *readyOrEnd(): Generator<More, boolean> {
    while (this.#position === this.#chunk.length) {
      if (this.#ended) return false;
      this.#mark = this.offset;
      yield MORE;
    }
    this.#mark = -1;
    return true;
  }

  *byte(): Generator<More, number> {
    if (this.#position === this.#chunk.length) yield* this.ready();
    return this.#chunk[this.#position++]!;
  }

  /** Takes `count` bytes; for headers, not for content. */
  *take(count: number): Generator<More, Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      yield* this.ready();
      const part = this.rest.subarray(0, count - at);
      bytes.set(part, at);
      at += part.length;
      this.#position += part.length;
    }
    return bytes;
  }

  /** Takes `count` bytes and hands them to `put` piece by piece. */
  *each(count: number, put: (part: Uint8Array, at: number) => void): Generator<More, void> {
    for (let at = 0; at < count; ) {
      yield* this.ready();
      const part = this.rest.subarray(0, count - at);
      put(part, at);
      at += part.length;
      this.#position += part.length;
    }
  }

  /** Takes the beginning that the first stream must have. */
  *begin(test: (prefix: Uint8Array) => Match): Generator<More, Uint8Array> {
    const taken: number[] = [];
    for (;;) {
      taken.push(yield* this.byte());
      const prefix = Uint8Array.from(taken);
      const answer = test(prefix);
      if (answer === 'yes') return prefix;
      if (answer === 'no') throw this.error('corrupt', 'the input does not begin as the format does');
    }
  }

  /**
   * Asks at a border whether something follows: takes bytes while `test` wants more, gives them if it says yes. Otherwise,
   * and where the input ends first, gives nothing and puts all of them back.
   */
  *next(test: (prefix: Uint8Array) => Match): Generator<More, Uint8Array | undefined> {
    const start = this.offset;
    this.#mark = start;
    const taken: number[] = [];
    for (;;) {
      while (this.#position === this.#chunk.length && !this.#ended) yield MORE;
      if (this.#position === this.#chunk.length) break;
      taken.push(this.#chunk[this.#position++]!);
      const prefix = Uint8Array.from(taken);
      const answer = test(prefix);
      if (answer === 'no') break;
      if (answer === 'yes') {
        this.#mark = -1;
        return prefix;
      }
    }
    const before = Math.max(0, this.#base - start);
    this.#leftover = Uint8Array.from(taken.slice(0, before));
    this.#position = Math.max(0, start - this.#base);
    this.#mark = this.offset;
    return undefined;
  }
}

/** Whether a prefix is, may become or cannot be one of the given beginnings. */
export function beginsWith(prefix: Uint8Array, magic: readonly number[]): Match {
  for (let i = 0; i < magic.length; i++) {
    if (i === prefix.length) return 'more';
    if (prefix[i] !== magic[i]) return 'no';
  }
  return 'yes';
}
