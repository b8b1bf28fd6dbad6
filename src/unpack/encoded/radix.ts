import { TEXT } from './characters.ts';
import { START_BYTES } from './judge.ts';

/** Codings of four bytes in five characters, and of five bytes in eight. */
export interface Radix {
  readonly coding: string;
  /** Values of the characters, 255 for all others. */
  readonly values: Uint8Array;
  /** Decodes characters of the alphabet, up to the first group that stands for nothing. */
  decode(characters: Uint8Array): { readonly bytes: Uint8Array; readonly whole: boolean };
}

const NONE = 255;
const GROUP = 5;
const FOUR_ZEROS = 0x7a;

function valuesOf(alphabet: string): Uint8Array {
  const values = new Uint8Array(256).fill(NONE);
  [...alphabet].forEach((character, value) => {
    values[character.charCodeAt(0)] = value;
  });
  return values;
}

/** `z`: a character that stands for four zeros. */
function base85(coding: string, alphabet: string, z = false): Radix {
  const values = valuesOf(alphabet);
  const inside = z ? valuesOf(`${alphabet}z`) : values;
  return {
    coding,
    values: inside,
    decode(characters) {
      const out = new Uint8Array(characters.length * (z ? 4 : 1) + 4);
      let length = 0;
      let group = 0;
      let count = 0;
      for (const character of characters) {
        if (z && character === FOUR_ZEROS) {
          if (count > 0) return { bytes: out.subarray(0, length), whole: false };
          length += 4;
          continue;
        }
        group = group * 85 + values[character]!;
        count += 1;
        if (count < GROUP) continue;
        if (group > 0xffffffff) return { bytes: out.subarray(0, length), whole: false };
        for (let shift = 24; shift >= 0; shift -= 8) out[length++] = group >>> shift;
        group = 0;
        count = 0;
      }
      if (count === 0) return { bytes: out.subarray(0, length), whole: true };
      // What is missing of the last group counts as the highest value.
      const given = count - 1;
      for (; count < GROUP; count += 1) group = group * 85 + 84;
      const whole = group <= 0xffffffff;
      if (whole) for (let byte = 0; byte < given; byte += 1) out[length++] = group >>> (24 - 8 * byte);
      return { bytes: out.subarray(0, length), whole };
    },
  };
}

/** RFC 4648, section 6; in one case of letters. */
function base32(alphabet: string): Radix {
  const values = valuesOf(alphabet);
  return {
    coding: 'base32',
    values,
    decode(characters) {
      const out = new Uint8Array((characters.length * 5) >> 3);
      let bits = 0;
      let held = 0;
      let length = 0;
      for (const character of characters) {
        bits = ((bits << 5) | values[character]!) & 0xfff;
        held += 5;
        if (held < 8) continue;
        held -= 8;
        out[length++] = bits >> held;
      }
      return { bytes: out, whole: true };
    },
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const printable = Array.from({ length: 85 }, (_, value) => String.fromCharCode(0x21 + value)).join('');

/** RFC 1924, section 4.2; git writes binary patches with it. */
export const RFC1924 = base85('base85', `${DIGITS}${LETTERS}${LETTERS.toLowerCase()}!#$%&()*+-;<=>?@^_\`{|}~`);

/** Ascii85 as in PostScript Language Reference (third edition, section 3.13.3), RFC 1924, ZeroMQ RFC 32 (Z85), base32. */
export const RADIXES: readonly Radix[] = [
  base85('ascii85', printable, true),
  RFC1924,
  base85('z85', `${DIGITS}${LETTERS.toLowerCase()}${LETTERS}.-:+=^!/*?&<>()[]{}@%$#`),
  base32(`${LETTERS}234567`),
  base32(`${LETTERS.toLowerCase()}234567`),
];

/** Values that a character may have in a group; the sign for four zeros is beyond it. */
export const baseOf = ({ coding }: Radix): number => (coding === 'base32' ? 32 : 85);

/** By two characters of seven bits: those of RADIXES, a bit each, whose first byte may then be of a text or an archive. */
export const PAIRS = new Uint8Array(1 << 14);
for (const [index, radix] of RADIXES.entries()) {
  const base = baseOf(radix);
  // What a pair leaves open, and what stands behind the first byte.
  const [open, behind] = base === 32 ? [1, 4] : [85 ** 3, 2 ** 24];
  for (let pair = 0; pair < PAIRS.length; pair += 1) {
    const [high, low] = [radix.values[pair >> 7]!, radix.values[pair & 127]!];
    if (high >= base || low >= base) continue;
    const least = (high * base + low) * open;
    const most = Math.min(least + open - 1, 2 ** 32 - 1);
    for (let byte = Math.floor(least / behind); byte <= Math.floor(most / behind); byte += 1) {
      if (TEXT[byte] === 1 || START_BYTES[byte] === 1) PAIRS[pair]! |= 1 << index;
    }
  }
}
