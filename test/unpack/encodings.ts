import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** Alphabets of 85 characters: PostScript (Ascii85), RFC 1924, ZeroMQ RFC 32. */
const ALPHABETS = {
  ascii85: Array.from({ length: 85 }, (_, value) => String.fromCharCode(0x21 + value)).join(''),
  base85: `${DIGITS}${LETTERS}${LETTERS.toLowerCase()}!#$%&()*+-;<=>?@^_\`{|}~`,
  z85: `${DIGITS}${LETTERS.toLowerCase()}${LETTERS}.-:+=^!/*?&<>()[]{}@%$#`,
} as const;

/** Four bytes in five characters; of a group that is cut off only as many as are needed. */
export function base85(bytes: Uint8Array, coding: keyof typeof ALPHABETS): string {
  const alphabet = ALPHABETS[coding];
  let out = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const group = Buffer.alloc(4);
    group.set(bytes.subarray(at, at + 4));
    let value = group.readUInt32BE();
    if (coding === 'ascii85' && value === 0 && at + 4 <= bytes.length) {
      out += 'z';
      continue;
    }
    const characters: string[] = [];
    for (let place = 0; place < 5; place += 1) {
      characters.unshift(alphabet[value % 85]!);
      value = Math.floor(value / 85);
    }
    out += characters.join('').slice(0, Math.min(4, bytes.length - at) + 1);
  }
  return out;
}

/** RFC 4648, section 6, without padding. */
export function base32(bytes: Uint8Array): string {
  const alphabet = `${LETTERS}234567`;
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits
    .match(/.{1,5}/g)!
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]!)
    .join('');
}

const EBCDIC = new Map<string, number>();
for (const [first, text] of [
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa2, 'stuvwxyz'],
  [0xc1, 'ABCDEFGHI'],
  [0xd1, 'JKLMNOPQR'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, DIGITS],
  [0x40, ' '],
  [0x4b, '.<(+'],
  [0x60, '-/'],
  [0x6b, ',%_>?'],
  [0x7a, ':'],
  [0x7d, '\'="'],
  [0x0d, '\r'],
  [0x25, '\n'],
] as const) {
  [...text].forEach((character, at) => {
    EBCDIC.set(character, first + at);
  });
}

/** Letters, digits and some signs in IBM-037. */
export const ebcdic = (text: string): Buffer => Buffer.from([...text].map((character) => EBCDIC.get(character)!));

/** What `git diff --binary` says of a file that changes from one content to another. */
export function gitPatch(before: Uint8Array, after: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'unpack-git-'));
  try {
    writeFileSync(join(folder, 'a'), before);
    writeFileSync(join(folder, 'b'), after);
    execFileSync('git', ['diff', '--binary', '--no-index', 'a', 'b'], { cwd: folder });
  } catch (error) {
    // It ends with 1 where there is a difference.
    return (error as { stdout: Buffer }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
  return Buffer.alloc(0);
}
