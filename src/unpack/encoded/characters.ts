/** Sets of bytes, as tables with a 1 for each. */

const setOf = (characters: string): Uint8Array => {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** Characters of base64 and base64url (RFC 4648, sections 4 and 5), which hexadecimal digits are among. */
export const ALPHABET = setOf(`${LETTERS}${DIGITS}+/-_`);
/** The same, and those that begin an escaped one. */
export const RUN = setOf(`${LETTERS}${DIGITS}+/-_\\%`);
/** Characters between the first and the last byte of a line of a dump. */
export const DUMP = setOf(`${DIGITS}abcdefABCDEF :,xX\\\t;`);
/** Printable, and no blank. */
export const VISIBLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte > 0x20 && byte < 0x7f ? 1 : 0));
/** What may stand in front of a value. */
export const OPENS = setOf('=:"\'`>(,[<~|;');
/** What text is made of. */
export const TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 9 && byte <= 13) || (byte >= 0x20 && byte < 0x7f) ? 1 : 0,
);
