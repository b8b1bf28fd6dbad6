import type { UnpackEvent } from '../model/index.ts';

/**
 * The walk is written as synchronous generators: they give events, or a promise where they must wait for bytes. One
 * driver awaits the promises, so nothing is awaited while the bytes are already here.
 */
type Step = UnpackEvent | Promise<void>;
export type Co<T> = Generator<Step, T, void>;

/** Waits for a promise inside a walk; its failure is thrown here, not in the driver. */
export function* wait<T>(promise: Promise<T>): Co<T> {
  let outcome: { value: T } | { error: unknown } | undefined;
  yield promise.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  if (!outcome) throw new Error('the driver went on before the promise was settled');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Bytes in order; a chunk is valid until the next one is asked for. `undefined` is the end. */
export interface ChunkSource {
  next(): Co<Uint8Array | undefined>;
  /** Gives back what the source holds; called once, also when the walk ends early. */
  close?(): void;
}

/** Bytes at any place, for formats that are read from their end. */
export interface RandomAccess {
  readonly size: number;
  readAt(position: number, length: number): Promise<Uint8Array>;
}

const EMPTY = new Uint8Array(0);

/** Pull-based reader over a source; `position` is the absolute offset of the next byte. */
export class ByteReader {
  position = 0;
  private readonly source: ChunkSource;
  private onChunk: ((chunk: Uint8Array) => void) | undefined;
  private chunk: Uint8Array = EMPTY;
  private at = 0;
  /** Further bytes of the source's last chunk, behind `chunk`. */
  private behind: Uint8Array = EMPTY;
  /** Memory of our own that `chunk` lies in, if it does, and memory that nothing given out lately lies in. */
  private own: Uint8Array | undefined;
  private spare: Uint8Array | undefined;
  private ended = false;
  /** Why the source gives no more, if it broke. */
  private failure: unknown;

  /** `onChunk` sees every byte once, when it comes from the source. */
  constructor(source: ChunkSource, onChunk?: (chunk: Uint8Array) => void) {
    this.source = source;
    this.onChunk = onChunk;
  }

  /** From here on `listener` sees every byte once too, those first that are buffered already. */
  tap(listener: (chunk: Uint8Array) => void): void {
    const before = this.onChunk;
    for (const chunk of [this.chunk.subarray(this.at), this.behind]) if (chunk.length > 0) listener(chunk);
    this.onChunk = (chunk) => {
      before?.(chunk);
      listener(chunk);
    };
  }

  /** Bytes that can be had without waiting. */
  get buffered(): number {
    return this.chunk.length - this.at;
  }

  /** `length` bytes that are at hand already, without taking them; `undefined` where they must be waited for. */
  atHand(length: number): Uint8Array | undefined {
    const end = this.at + length;
    return end <= this.chunk.length ? this.chunk.subarray(this.at, end) : undefined;
  }

  /** Up to `length` bytes without taking them; fewer only at the end. */
  *peek(length: number): Co<Uint8Array> {
    if (this.buffered < length) yield* this.gather(length);
    return this.chunk.subarray(this.at, this.at + length);
  }

  /** Up to `length` bytes; fewer only at the end. */
  *read(length: number): Co<Uint8Array> {
    const bytes = yield* this.peek(length);
    this.advance(bytes.length);
    return bytes;
  }

  /** Whatever is at hand, at most `max` bytes; `undefined` at the end. Never copies. */
  *next(max: number): Co<Uint8Array | undefined> {
    if (this.buffered === 0) yield* this.gather(1);
    if (this.buffered === 0) return undefined;
    const bytes = this.chunk.subarray(this.at, Math.min(this.chunk.length, this.at + max));
    this.advance(bytes.length);
    return bytes;
  }

  /** Takes bytes that were peeked at. */
  advance(length: number): void {
    this.at += length;
    this.position += length;
  }

  /** Puts bytes back in front of what comes next. */
  unread(bytes: Uint8Array): void {
    this.position -= bytes.length;
    const joined = new Uint8Array(bytes.length + this.buffered);
    joined.set(bytes);
    joined.set(this.chunk.subarray(this.at), bytes.length);
    this.chunk = joined;
    this.at = 0;
    this.own = undefined;
  }

  close(): void {
    this.ended = true;
    this.source.close?.();
  }

  /** Gets chunks until `length` bytes are at hand, or the end is reached. Copies only what has to be joined. */
  private *gather(length: number): Co<void> {
    let filled = this.buffered;
    let joined: Uint8Array | undefined;
    while (filled < length) {
      if (this.behind.length === 0) {
        // A chunk is valid only until the next one: what is left of it has to be copied before asking.
        if (filled > 0) joined = this.keep(joined, filled, Math.min(length, 2 * filled));
        const next = yield* this.pull();
        if (!next) {
          // What came before the source broke is handed out first.
          if (this.failure !== undefined && filled === 0) throw this.failure;
          break;
        }
        this.behind = next;
      }
      if (filled === 0) {
        this.chunk = this.behind;
        this.behind = EMPTY;
        this.at = 0;
        this.spare = this.own ?? this.spare;
        this.own = undefined;
        filled = this.chunk.length;
        continue;
      }
      const part = this.behind.subarray(0, length - filled);
      joined = this.keep(joined, filled, filled + part.length);
      joined.set(part, filled);
      filled += part.length;
      this.chunk = joined.subarray(0, filled);
      this.behind = this.behind.subarray(part.length);
    }
  }

  /**
   * What is buffered, in memory of our own with room for `capacity` bytes. Two pieces of memory take turns: joining must
   * cost no allocation, and what was given out last stands until more is asked for.
   */
  private keep(joined: Uint8Array | undefined, filled: number, capacity: number): Uint8Array {
    if (joined && joined.length >= capacity) return joined;
    const spare = !joined && this.spare && this.spare.length >= capacity ? this.spare : undefined;
    const larger = spare ?? new Uint8Array(joined ? Math.max(capacity, 2 * joined.length) : capacity);
    larger.set(this.chunk.subarray(this.at));
    this.chunk = larger.subarray(0, filled);
    this.at = 0;
    if (this.own !== larger) this.spare = this.own ?? (spare ? undefined : this.spare);
    this.own = larger;
    return larger;
  }

  /** The next chunk that is not empty; none once the source ended or failed. */
  private *pull(): Co<Uint8Array | undefined> {
    if (this.ended) return undefined;
    let next: Uint8Array | undefined;
    try {
      do next = yield* this.source.next();
      while (next?.length === 0);
    } catch (error) {
      this.failure = error;
    }
    if (next) this.onChunk?.(next);
    else this.ended = true;
    return next;
  }
}

/** A source of one chunk. */
export function chunkOf(bytes: Uint8Array): ChunkSource {
  let given = false;
  return {
    // biome-ignore lint/correctness/useYield: there is nothing to wait for
    *next() {
      if (given) return undefined;
      given = true;
      return bytes;
    },
  };
}
