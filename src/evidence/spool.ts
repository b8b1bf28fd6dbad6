import { readSync, writeSync } from 'node:fs';
import { closePrivateFile, openPrivateFile } from '../model/index.ts';

const BUFFER = 1 << 20;

/**
 * Records by number, in any order of arrival, for more of them than memory holds. They lie in a private file (0600) that
 * has lost its name before the first byte is written, so nothing of a payload's names outlives the process.
 */
export class Spool<T> {
  #file: number | undefined;
  readonly #pending: Buffer = Buffer.allocUnsafe(BUFFER);
  #pendingLength = 0;
  #flushed = 0;
  #offsets = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #count = 0;

  /** How many records there are, counting from 0 to the highest number put. */
  get length(): number {
    return this.#count;
  }

  /** Stores `record` (anything JSON carries) under `index`. */
  put(index: number, record: T): void {
    const bytes = Buffer.from(JSON.stringify(record));
    this.#reserve(index);
    this.#offsets[index] = this.#flushed + this.#pendingLength;
    this.#lengths[index] = bytes.length;
    this.#count = Math.max(this.#count, index + 1);
    if (this.#pendingLength + bytes.length > BUFFER) this.#flush();
    if (bytes.length > BUFFER) {
      this.#write(bytes);
      return;
    }
    bytes.copy(this.#pending, this.#pendingLength);
    this.#pendingLength += bytes.length;
  }

  /** The record stored under `index`; `undefined` if there is none. */
  get(index: number): T | undefined {
    const length = this.#lengths[index] ?? 0;
    if (index >= this.#count || length === 0) return undefined;
    const offset = this.#offsets[index] ?? 0;
    if (offset >= this.#flushed) {
      const start = offset - this.#flushed;
      return JSON.parse(this.#pending.toString('utf8', start, start + length)) as T;
    }
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const got = readSync(this.#file as number, bytes, done, length - done, offset + done);
      if (got === 0) throw new Error('the spool file was cut while in use');
      done += got;
    }
    return JSON.parse(bytes.toString('utf8')) as T;
  }

  /** All records in the order of their numbers. */
  *records(): Generator<T> {
    for (let index = 0; index < this.#count; index += 1) {
      const record = this.get(index);
      if (record !== undefined) yield record;
    }
  }

  /** Gives the file back. */
  close(): void {
    if (this.#file !== undefined) closePrivateFile(this.#file);
    this.#file = undefined;
  }

  #reserve(index: number): void {
    if (index < this.#offsets.length) return;
    const size = Math.max(index + 1, this.#offsets.length * 2);
    const offsets = new Float64Array(size);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const lengths = new Uint32Array(size);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }

  #flush(): void {
    this.#write(this.#pending.subarray(0, this.#pendingLength));
    this.#pendingLength = 0;
  }

  #write(bytes: Uint8Array): void {
    this.#file ??= openPrivateFile();
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#flushed + done);
    }
    this.#flushed += bytes.length;
  }
}
