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

  private last: { readonly uname: Uint8Array; readonly gname: Uint8Array } | undefined;

  add({ uname, gname }: { uname: Uint8Array; gname: Uint8Array }): void {
    if (this.last && isSame(uname, this.last.uname) && isSame(gname, this.last.gname)) return;
    this.last = { uname, gname };
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
    this.last = undefined;
    yield* box.aside('owners', box.reader.position, 'header-field', Buffer.from(text, 'latin1'));
  }
}

/** Mostly they are few bytes, and the same as before. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
