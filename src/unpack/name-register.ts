import { isAscii } from 'node:buffer';
import type { GapCode } from './gap-codes.ts';

/**
 * The names one container has given so far, to notice those that fall together on some system: the same, the same but
 * for case, the same but for Unicode form. Keeps 53-bit digests, about 40 bytes a name; a chance collision of digests
 * only ever adds a gap.
 */
export class NameRegister {
  private readonly folded = new Map<number, { exact: number; lower: number; directory: boolean }>();

  /** Notes a name; gives the gap it makes, if any. A directory named twice is no ambiguity. */
  add(
    name: Uint8Array,
    directory: boolean,
  ): Extract<GapCode, 'duplicate-name' | 'case-collision' | 'unicode-collision'> | undefined {
    const path = tidy(
      Buffer.from(name.buffer, name.byteOffset, name.length).toString(isAscii(name) ? 'latin1' : 'utf8'),
    );
    const exact = digest(path);
    const lowered = path.toLowerCase();
    const lower = lowered === path ? exact : digest(lowered);
    const fold = isAscii(name) ? lower : digest(path.normalize('NFKC').toLowerCase().normalize('NFKC'));
    const before = this.folded.get(fold);
    if (!before) {
      this.folded.set(fold, { exact, lower, directory });
      return undefined;
    }
    if (before.exact === exact) return before.directory && directory ? undefined : 'duplicate-name';
    return before.lower === lower ? 'case-collision' : 'unicode-collision';
  }
}

/** `./a//b/` names the same file as `a/b`. */
function tidy(path: string): string {
  if (!path.includes('./') && !path.includes('//') && !path.endsWith('/')) return path;
  return path
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/** A 53-bit digest: two 32-bit multiplicative hashes side by side. */
function digest(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
