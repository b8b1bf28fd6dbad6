/** Shortest stretch of characters of one kind that makes a place of a text worth a look. */
export const SHORTEST = 32;

/**
 * Where the first stretch begins that is long enough, of bytes that `kind` has a 1 for; -1 if there is none. Looks at few
 * of the bytes.
 */
export function findStretch(bytes: Uint8Array, from: number, kind: Uint8Array): number {
  let at = from;
  for (;;) {
    let probe = at + SHORTEST - 1;
    if (probe >= bytes.length) return -1;
    while (probe >= at && kind[bytes[probe]!] === 1) probe -= 1;
    if (probe < at) return at;
    at = probe + 1;
  }
}
