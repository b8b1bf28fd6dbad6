/** Words as bytes, lower case, by the byte they begin with. */
export class ContextWords {
  readonly #byFirst: readonly (readonly Uint8Array[] | undefined)[];

  /** `words` are folded latin1 texts. */
  constructor(words: readonly string[]) {
    const byFirst: Uint8Array[][] = Array.from({ length: 256 });
    for (const word of words) {
      const bytes = Buffer.from(word, 'latin1');
      if (bytes.length === 0) continue;
      const list = byFirst[bytes[0]!];
      if (list) list.push(bytes);
      else byFirst[bytes[0]!] = [bytes];
    }
    this.#byFirst = byFirst;
  }

  /**
   * True if one of them stands within `bytes[from..to)` as a whole word, in either letter case: no letter or digit beside
   * it, where it begins or ends with one. Bytes outside of `[0..end)` do not exist.
   */
  within(bytes: Uint8Array, from: number, to: number, end: number): boolean {
    for (let at = from; at < to; at++) {
      const words = this.#byFirst[FOLD[bytes[at]!]!];
      if (words === undefined) continue;
      for (let index = 0; index < words.length; index++) {
        const word = words[index]!;
        const after = at + word.length;
        if (after > to) continue;
        let same = 1;
        while (same < word.length && FOLD[bytes[at + same]!] === word[same]) same++;
        if (same < word.length) continue;
        if (at > 0 && JOINS[word[0]!] === 1 && JOINS[bytes[at - 1]!] === 1) continue;
        if (after < end && JOINS[word.at(-1)!] === 1 && JOINS[bytes[after]!] === 1) continue;
        return true;
      }
    }
    return false;
  }
}

const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

/** Letters and digits, and all that UTF-8 writes others with. */
const JOINS = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /[0-9A-Za-z]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
