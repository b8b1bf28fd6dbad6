import type { Box } from '../box.ts';
import type { Co } from '../reader.ts';

/** More distinct names than any system's archive has; beyond them the list is handed on and begun anew. */
const MOST = 4096;

/**
 * User and group names of a container's members: they are text that has to be scanned, but the same few in every
 * header, so each distinct one is handed on once.
 */
export class OwnerNames {
  private readonly names = new Set<string>();

  add({ uname, gname }: { uname: Uint8Array; gname: Uint8Array }): void {
    if (uname.length > 0) this.names.add(Buffer.from(uname).toString('latin1'));
    if (gname.length > 0) this.names.add(Buffer.from(gname).toString('latin1'));
  }

  get full(): boolean {
    return this.names.size >= MOST;
  }

  /** Hands the names on as one pseudo-entry, a line each. */
  *flush(box: Box): Co<void> {
    if (this.names.size === 0) return;
    const text = [...this.names].map((name) => `${name}\n`).join('');
    this.names.clear();
    yield* box.aside('owners', box.reader.position, 'header-field', Buffer.from(text, 'latin1'));
  }
}
