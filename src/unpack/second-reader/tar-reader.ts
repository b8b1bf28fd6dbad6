import { createHash } from 'node:crypto';
import { Parser, type ReadEntry } from 'tar';
import type { Tally } from './tally.ts';

const FILES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);
/** A character of UTF-8 has at most so many bytes behind its first. */
const CONTINUATIONS = 3;

/** `tar` (npm) on the bytes of an archive, as they go by; nothing of a member is kept. */
export class TarReader {
  private readonly parser: Parser;
  private readonly tally: Tally;
  private rest = Buffer.alloc(0);
  private begun = false;
  private ended = false;
  private failed = false;

  /** `metadata`: bytes of header data of one entry that it takes. */
  constructor(tally: Tally, metadata: number) {
    this.tally = tally;
    this.parser = new Parser({ brotli: false, zstd: false, maxMetaEntrySize: metadata });
    this.parser.on('entry', (entry: ReadEntry) => this.entry(entry));
    this.parser.on('end', () => {
      this.ended = true;
    });
    this.parser.on('error', () => {
      this.failed = true;
    });
  }

  /** The bytes may be written over afterwards. It decodes header text piece by piece, so no character is cut in two. */
  write(bytes: Uint8Array): void {
    const all = Buffer.concat([this.rest, bytes]);
    let end = all.length;
    while (end > 0 && all.length - end < CONTINUATIONS && (all[end - 1]! & 0xc0) === 0x80) end -= 1;
    if (end > 0 && all[end - 1]! >= 0xc0) end -= 1;
    if (end < 2) {
      this.rest = all;
      return;
    }
    this.rest = all.subarray(end);
    this.give(all.subarray(0, end));
  }

  /** False where it could not read the archive. */
  finish(): boolean {
    if (this.rest.length > 0) this.give(this.rest);
    this.guarded(() => this.parser.end());
    return this.ended && !this.failed;
  }

  private give(bytes: Buffer): void {
    // It would take a member's name that begins like a gzip file for one, and decode it without a limit of ours.
    if (!this.begun && bytes[0] === 0x1f && bytes[1] === 0x8b) this.failed = true;
    this.begun = true;
    this.guarded(() => this.parser.write(bytes));
  }

  private guarded(run: () => unknown): void {
    if (this.failed) return;
    try {
      run();
    } catch {
      this.failed = true;
    }
  }

  private entry(entry: ReadEntry): void {
    if (!FILES.has(entry.type)) {
      entry.resume();
      return;
    }
    const digest = createHash('sha256');
    let size = 0;
    entry.on('data', (bytes: Buffer) => {
      digest.update(bytes);
      size += bytes.length;
    });
    entry.on('end', () => this.tally.other(Buffer.from(entry.path), size, digest.digest('hex')));
  }
}
