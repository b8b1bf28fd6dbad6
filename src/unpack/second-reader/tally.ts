import { hash } from 'node:crypto';
import { READER_DEFECTS, type ReaderDefectId } from './defects.ts';

/**
 * Files as two readers give them, with path, size and digest. What both gave is forgotten at once; 16 bytes of each
 * other file are kept.
 */
export class Tally {
  /** Files and bytes of our own walk; `undefined` bytes where one was not read to its end. */
  files = 0;
  bytes: number | undefined = 0;
  private readonly differences = new Map<string, number>();
  /** Files that the other reader may give instead of ours. */
  private excused = 0;

  own(name: Uint8Array, size: number | null, sha256: string | null, defect: ReaderDefectId | undefined): void {
    this.files += 1;
    if (size === null) this.bytes = undefined;
    else if (this.bytes !== undefined) this.bytes += size;
    if (defect) this.excused += READER_DEFECTS[defect].gives;
    // A file that we could not read is `unread`: there is nothing to compare with.
    else if (size === null || sha256 === null) this.excused += 1;
    else this.count(name, size, sha256, 1);
  }

  other(name: Uint8Array, size: number, sha256: string): void {
    this.count(name, size, sha256, -1);
  }

  /** How many files only we give, and how many only the other reader does. */
  finish(): { ours: number; theirs: number } {
    let ours = 0;
    let theirs = -this.excused;
    for (const count of this.differences.values()) {
      if (count > 0) ours += count;
      else theirs -= count;
    }
    return { ours, theirs: Math.max(0, theirs) };
  }

  /** Names are compared as UTF-8 text, which is all that `tar` gives. */
  private count(name: Uint8Array, size: number, sha256: string, by: 1 | -1): void {
    const text = Buffer.from(name.buffer, name.byteOffset, name.length).toString();
    const key = hash('sha256', `${size} ${sha256} ${text}`, 'binary').slice(0, 16);
    const count = (this.differences.get(key) ?? 0) + by;
    if (count === 0) this.differences.delete(key);
    else this.differences.set(key, count);
  }
}
