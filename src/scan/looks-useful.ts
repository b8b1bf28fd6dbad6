import { isUtf8 } from 'node:buffer';
import { EBCDIC_037 } from './ebcdic.ts';

/** Key stores and certificates that a decoded run may be, by their first bytes. */
const MAGICS: readonly (readonly number[])[] = [
  [0x30, 0x81],
  [0x30, 0x82],
  [0x30, 0x83],
  [0xfe, 0xed, 0xfe, 0xed],
  [0xce, 0xce, 0xce, 0xce],
  [0x05, 0x02, 0x00, 0x00],
];

const FIRST = Uint8Array.from({ length: 256 }, (_, byte) => (MAGICS.some((magic) => magic[0] === byte) ? 1 : 0));

/** Letters, digits, spaces and full stops of EBCDIC. */
const EBCDIC_TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x40 && /[ .0-9A-Za-z]/.test(String.fromCharCode(EBCDIC_037[byte]!)) ? 1 : 0,
);
const PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0,
);

/** True if the first bytes of a decoded run are text in some encoding, or a store of keys. Random bytes are not. */
export function looksUseful(bytes: Uint8Array): boolean {
  const { length } = bytes;
  if (length < 6) return false;
  if (FIRST[bytes[0]!] === 1 && MAGICS.some((magic) => magic.every((byte, index) => bytes[index] === byte)))
    return true;
  let printable = 0;
  let evenZeros = 0;
  let oddZeros = 0;
  let ebcdic = 0;
  for (let index = 0; index < length; index++) {
    const byte = bytes[index]!;
    if (PRINTABLE[byte] === 1) printable++;
    else if (byte === 0 && index % 2 === 0) evenZeros++;
    else if (byte === 0) oddZeros++;
    ebcdic += EBCDIC_TEXT[byte]!;
  }
  if (printable === length) return true;
  const half = length / 2;
  if (printable >= half * 0.9 && (evenZeros >= half * 0.8 || oddZeros >= half * 0.8)) return true;
  if (length >= 12 && ebcdic >= length * 0.9 && printable < length * 0.6) return true;
  if (printable >= length * 0.95) return true;
  // Text beyond ASCII: valid UTF-8 except that the preview may cut the last character.
  return printable >= length * 0.5 && [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, length - cut)));
}
