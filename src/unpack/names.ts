import { isUtf8 } from 'node:buffer';

const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** A name for people and results: UTF-8 as it is, any other byte as `\xNN`. */
export function displayName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = utf8Length(bytes[at]!);
    const piece = bytes.subarray(at, at + length);
    if (length > 0 && piece.length === length && isUtf8(piece)) {
      out += Buffer.from(piece).toString('utf8');
      at += length;
    } else {
      out += `\\x${bytes[at]!.toString(16).padStart(2, '0')}`;
      at += 1;
    }
  }
  return out;
}

function utf8Length(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/** Without the slashes at the end: how a directory is named in a path. */
export function withoutTrailingSlash(name: Uint8Array): Uint8Array {
  let end = name.length;
  while (end > 1 && name[end - 1] === SLASH) end -= 1;
  return name.subarray(0, end);
}

/** The part after the last `/` or `\`. */
export function baseName(name: Uint8Array): Uint8Array {
  const cut = Math.max(name.lastIndexOf(SLASH), name.lastIndexOf(BACKSLASH));
  return name.subarray(cut + 1);
}

/**
 * Why a member's name must not be extracted as it is, or `undefined`. Judged for every system, as nobody knows where the
 * receiver unpacks: `/` and `\` both separate, and a drive letter is absolute.
 */
export function pathHazard(name: Uint8Array): string | undefined {
  if (name.length === 0) return 'empty name';
  if (name.includes(0)) return 'NUL byte in the name';
  const first = name[0]!;
  if (first === SLASH || first === BACKSLASH) return 'absolute path';
  if (name[1] === 0x3a && ((first >= 0x41 && first <= 0x5a) || (first >= 0x61 && first <= 0x7a))) return 'drive letter';
  if (hasParent(name, true)) return 'path with a ".." segment';
  if (hasBackslash(name)) return 'backslash in the name';
  return undefined;
}

/** A backslash that may separate. `\x2d` and its like do not: systemd names units so (systemd.unit(5)), on every Linux. */
function hasBackslash(name: Uint8Array): boolean {
  for (let at = name.indexOf(BACKSLASH); at >= 0; at = name.indexOf(BACKSLASH, at + 1)) {
    if (!/^x[0-9a-f]{2}$/.test(Buffer.from(name.subarray(at + 1, at + 4)).toString('latin1'))) return true;
  }
  return false;
}

function hasParent(name: Uint8Array, backslash: boolean): boolean {
  for (let at = name.indexOf(0x2e); at >= 0; at = name.indexOf(0x2e, at + 1)) {
    if (name[at + 1] !== 0x2e) continue;
    const before = at === 0 ? SLASH : name[at - 1];
    const after = at + 2 === name.length ? SLASH : name[at + 2];
    if (
      (before === SLASH || (backslash && before === BACKSLASH)) &&
      (after === SLASH || (backslash && after === BACKSLASH))
    )
      return true;
  }
  return false;
}

/** Says if a link leads out of its archive. A symlink starts at its own folder, a hardlink at the archive's root. */
export function linkHazard(kind: 'symlink' | 'hardlink', name: Uint8Array, target: Uint8Array): string | undefined {
  if (target[0] === SLASH) return 'link target is absolute';
  if (target[0] === BACKSLASH || target[1] === 0x3a) return 'link target is absolute on some systems';
  let depth = 0;
  if (kind === 'symlink') {
    for (const segment of segments(name).slice(0, -1))
      depth += segment === '..' ? -1 : segment === '.' || segment === '' ? 0 : 1;
  }
  for (const segment of segments(target)) {
    if (segment === '..') depth -= 1;
    else if (segment !== '.' && segment !== '') depth += 1;
    if (depth < 0) return 'link target lies outside the archive';
  }
  return undefined;
}

function segments(path: Uint8Array): string[] {
  return Buffer.from(withoutTrailingSlash(path)).toString('latin1').split('/');
}
