import { isAscii, isUtf8 } from 'node:buffer';
import type { GapCode } from './gap-codes.ts';

type Collision = Extract<GapCode, 'duplicate-name' | 'case-collision' | 'unicode-collision'>;

/**
 * The names one container has given so far, to notice those that fall together on some system: the same, the same but
 * for case, the same but for Unicode form. Keeps 53-bit digests, under 100 bytes a name; a chance collision of digests
 * only ever adds a gap.
 */
export class NameRegister {
  /** Digest of the folded name to its place in the two lists. */
  private readonly folded = new Map<number, number>();
  /** Digests of the name as it is; negative for a directory. */
  private exact = new Float64Array(16);
  /** Digests of the name in lower case. */
  private lower = new Float64Array(16);

  /** Notes a name; gives the gap it makes, if any. A directory named twice is no ambiguity. */
  add(name: Uint8Array, directory: boolean): Collision | undefined {
    const ascii = isAscii(name);
    const bytes = Buffer.from(name.buffer, name.byteOffset, name.length);
    // Names that are not UTF-8 are compared byte by byte, apart from all that are.
    const path = ascii || isUtf8(name) ? tidy(bytes.toString('utf8')) : `\0${tidy(bytes.toString('latin1'))}`;
    const exact = digest(path);
    const lowered = path.toLowerCase();
    const lower = lowered === path ? exact : digest(lowered);
    const fold = ascii ? lower : digest(path.normalize('NFKC').toLowerCase().normalize('NFKC'));
    const before = this.folded.get(fold);
    if (before === undefined) {
      this.keep(fold, directory ? -exact : exact, lower);
      return undefined;
    }
    const known = this.exact[before]!;
    if (Math.abs(known) === exact) return known < 0 && directory ? undefined : 'duplicate-name';
    return this.lower[before] === lower ? 'case-collision' : 'unicode-collision';
  }

  private keep(fold: number, exact: number, lower: number): void {
    const place = this.folded.size;
    if (place === this.exact.length) {
      this.exact = doubled(this.exact);
      this.lower = doubled(this.lower);
    }
    this.exact[place] = exact;
    this.lower[place] = lower;
    this.folded.set(fold, place);
  }
}

function doubled(list: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * list.length);
  larger.set(list);
  return larger;
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
