/** Longer lines are cut here; nothing that is encoded has them. */
const LONGEST = 64 * 1024;
const EMPTY = new Uint8Array(0);

/**
 * Cuts a text into lines, whatever chunks it comes in. `skips` names the start of the only lines that matter for now, so
 * that all others cost no more than a search.
 */
export class LineFeed {
  /** Offset of the line at hand. */
  offset = 0;
  private position = 0;
  private partial: Uint8Array = EMPTY;
  private continued = false;

  /** Gives each line with its end to `take`; a line without one is the last. `wanted` is asked before each line. */
  feed(bytes: Uint8Array, wanted: () => string | undefined, take: (line: Uint8Array, start: boolean) => void): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (at < buffer.length) {
      const only = wanted();
      if (only !== undefined && this.partial.length === 0 && !this.continued) {
        at = nextLine(buffer, at, only);
        if (at === buffer.length) break;
      }
      const end = buffer.indexOf(0x0a, at);
      const piece = buffer.subarray(at, end < 0 ? buffer.length : end + 1);
      if (this.partial.length === 0) this.offset = this.position + at;
      at += piece.length;
      if (end < 0 && this.partial.length + piece.length < LONGEST) {
        this.partial = Buffer.concat([this.partial, piece]);
        break;
      }
      const line = this.partial.length > 0 ? Buffer.concat([this.partial, piece]) : piece;
      this.partial = EMPTY;
      const start = !this.continued;
      this.continued = end < 0;
      take(line, start);
    }
    this.position += buffer.length;
  }

  finish(take: (line: Uint8Array, start: boolean) => void): void {
    if (this.partial.length > 0) take(this.partial, !this.continued);
    this.partial = EMPTY;
  }
}

/** Where the next line begins, from the line start `at` on, that starts with `only` as far as it is there. */
function nextLine(buffer: Buffer, at: number, only: string): number {
  if (buffer.toString('latin1', at, at + only.length) === only) return at;
  const found = buffer.indexOf(`\n${only}`, at);
  if (found >= 0) return found + 1;
  // The last line may be cut before it shows what it starts with.
  return buffer.lastIndexOf(0x0a) + 1 > at ? buffer.lastIndexOf(0x0a) + 1 : at;
}
