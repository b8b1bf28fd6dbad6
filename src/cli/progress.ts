const INTERVAL_MS = 100;

/** One line on stderr that says how far a long run is; nothing at all unless stderr is a terminal. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  #last = 0;
  #drawn = false;

  /** Redraws at most ten times a second. */
  tell(bytes: number, entries: number): void {
    if (!this.#shown) return;
    const now = Date.now();
    if (now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.#drawn = true;
    process.stderr.write(`\r\u001b[Kexamined ${formatBytes(bytes)} in ${entries} entries`);
  }

  /** Takes the line away. */
  done(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }
}

/** `1536` -> `1.5 KiB`; whole bytes below one KiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
