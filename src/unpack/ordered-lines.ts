import { readSync, writeSync } from 'node:fs';
import { closePrivateFile, openPrivateFile } from '../model/index.ts';

/** Text up to this many bytes stays in memory. */
const IN_MEMORY = 16 * 2 ** 20;
const BATCH = 256 * 1024;

/**
 * Lines that come in the order entries end and are wanted in the order they begin. What does not fit a fixed amount of
 * memory lies in a file without a name.
 */
export class OrderedLines {
  private first: number | undefined;
  private texts: (string | undefined)[] = [];
  private inMemory = 0;
  private file: number | undefined;
  /** Bytes that were put into the file, with those that wait for the others of a batch. */
  private written = 0;
  private pending: Buffer[] = [];
  private waiting = 0;
  /** What was read of the file last: lines end nearly in the order they begin. */
  private window: { readonly bytes: Buffer; readonly from: number } | undefined;
  /** Place and length in the file, by ordinal. */
  private places: number[] = [];

  put(ordinal: number, text: string): void {
    this.first = this.first === undefined ? ordinal : Math.min(this.first, ordinal);
    if (this.inMemory + text.length <= IN_MEMORY) {
      this.texts[ordinal] = text;
      this.inMemory += text.length;
      return;
    }
    const bytes = Buffer.from(text);
    this.pending.push(bytes);
    this.waiting += bytes.length;
    this.places[2 * ordinal] = this.written;
    this.places[2 * ordinal + 1] = bytes.length;
    this.written += bytes.length;
    if (this.waiting >= BATCH) this.flush();
  }

  private flush(): void {
    if (this.waiting === 0) return;
    this.file ??= openPrivateFile();
    writeAll(this.file, Buffer.concat(this.pending), this.written - this.waiting);
    this.pending = [];
    this.waiting = 0;
  }

  /** All lines so far, in order, some at a time; afterwards none is kept. */
  *take(): Generator<string> {
    this.flush();
    let batch = '';
    const end = Math.max(this.texts.length, this.places.length / 2);
    for (let ordinal = this.first ?? end; ordinal < end; ordinal += 1) {
      batch += this.texts[ordinal] ?? this.fromFile(ordinal);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = '';
    }
    if (batch !== '') yield batch;
    this.close();
  }

  close(): void {
    if (this.file !== undefined) closePrivateFile(this.file);
    this.file = undefined;
    this.first = undefined;
    this.texts = [];
    this.places = [];
    this.inMemory = 0;
    this.written = 0;
    this.pending = [];
    this.waiting = 0;
    this.window = undefined;
  }

  private fromFile(ordinal: number): string {
    const length = this.places[2 * ordinal + 1];
    if (this.file === undefined || length === undefined) return '';
    const from = this.places[2 * ordinal]!;
    const to = from + length;
    if (!this.window || from < this.window.from || to > this.window.from + this.window.bytes.length) {
      // With what stands around it: a container's line stands behind those of its members.
      const start = from - (from % BATCH);
      const end = Math.min(this.written, Math.max(to, start + 2 * BATCH));
      this.window = { bytes: readAll(this.file, start, end - start), from: start };
    }
    const at = from - this.window.from;
    return this.window.bytes.toString('utf8', at, at + length);
  }
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function readAll(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, position + done);
    if (count === 0) throw new Error('the file of lines was cut while in use');
    done += count;
  }
  return bytes;
}
