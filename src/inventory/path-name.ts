import { Buffer } from 'node:buffer';

/**
 * A path as matching sees it: its segments as byte strings (one character per byte), so that names which are not UTF-8
 * compare exactly. `undefined` where the path can match nothing: a `.` or `..` inside it is never resolved.
 */
export interface NormalPath {
  readonly segments: readonly string[];
  /** The path ended in `/`, or names the root itself. */
  readonly directory: boolean;
}

/** One character per byte. */
export function byteText(text: string | Uint8Array): string {
  if (typeof text === 'string') return Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
}

/** Strips leading `/` and `./`, folds `//`; nothing is trimmed, resolved or changed in case. */
export function normalise(path: string): NormalPath | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  let start = 0;
  while (segments[start] === '.') start++;
  const rest = start === 0 ? segments : segments.slice(start);
  if (rest.some((segment) => segment === '.' || segment === '..')) return undefined;
  return { segments: rest, directory: path.endsWith('/') || (rest.length === 0 && path !== '') };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The name as people and JSON see it: UTF-8, each byte that is none as `\xNN`. */
export function shownName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    let shown = '';
    for (let at = 0; at < bytes.length; ) {
      const length = sequenceLength(bytes, at);
      shown +=
        length > 0
          ? utf8.decode(bytes.subarray(at, at + length))
          : `\\x${(bytes[at] as number).toString(16).padStart(2, '0')}`;
      at += Math.max(length, 1);
    }
    return shown;
  }
}

/** Length of the well-formed UTF-8 sequence at `at`, 0 if there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  try {
    utf8.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
