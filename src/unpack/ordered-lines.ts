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
  private written = 0;
  /** Place and length in the file, by ordinal. */
  private places: number[] = [];

  put(ordinal: number, text: string): void {
    this.first = this.first === undefined ? ordinal : Math.min(this.first, ordinal);
    if (this.inMemory + text.length <= IN_MEMORY) {
      this.texts[ordinal] = text;
      this.inMemory += text.length;
      return;
    }
    this.file ??= openPrivateFile();
    const bytes = Buffer.from(text);
    writeSync(this.file, bytes, 0, bytes.length, this.written);
    this.places[2 * ordinal] = this.written;
    this.places[2 * ordinal + 1] = bytes.length;
    this.written += bytes.length;
  }

  /** All lines so far, in order, some at a time; afterwards none is kept. */
  *take(): Generator<string> {
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
  }

  private fromFile(ordinal: number): string {
    const length = this.places[2 * ordinal + 1];
    if (this.file === undefined || length === undefined) return '';
    const bytes = Buffer.alloc(length);
    readSync(this.file, bytes, 0, length, this.places[2 * ordinal]!);
    return bytes.toString();
  }
}
