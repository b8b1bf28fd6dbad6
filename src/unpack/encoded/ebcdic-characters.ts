/** Characters looked at to tell EBCDIC. */
const SAMPLE = 512;
const LINE_FEED = 0x0a;
/** Blanks at the end of a record of 80 columns stand for its end. */
const BLANK = 0x40;

/**
 * ASCII characters that the bytes of EBCDIC stand for; 0 for all others. Letters, digits and the three signs of base64
 * are the same in all Latin code pages (IBM CDRA, invariant character set); 0x15 and 0x25 end lines.
 */
const ASCII = new Uint8Array(256);
for (const [first, text] of [
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa2, 'stuvwxyz'],
  [0xc1, 'ABCDEFGHI'],
  [0xd1, 'JKLMNOPQR'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, '0123456789'],
  [BLANK, ' '],
  [0x4b, '.<(+'],
  [0x60, '-/'],
  [0x6b, ',%_>?'],
  [0x7a, ':'],
  [0x7d, '\'="'],
  [0x0d, '\r'],
  [0x15, '\n'],
  [0x25, '\n'],
] as const) {
  ASCII.set(Buffer.from(text), first);
}

/** EBCDIC text as ASCII, a byte for a byte, so that offsets stay. */
export class EbcdicCharacters {
  readonly width = 1;

  /** Judged by the first bytes: nearly all of them are letters and digits of EBCDIC, which are none of ASCII. */
  static of(bytes: Uint8Array): EbcdicCharacters | undefined {
    const sample = bytes.subarray(0, SAMPLE);
    if (sample.length < 32 || sample[0]! < BLANK) return undefined;
    let known = 0;
    let high = 0;
    for (let at = 0; at < sample.length; at += 1) {
      if (ASCII[sample[at]!] !== 0) known += 1;
      if (sample[at]! >= 0x81) high += 1;
    }
    return known * 100 >= sample.length * 85 && high * 2 >= sample.length ? new EbcdicCharacters() : undefined;
  }

  update(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at += 1) out[at] = ASCII[bytes[at]!]!;
    // Records have no line ends: blanks that fill a record up end its line.
    for (let at = 1; at < out.length; at += 1) if (out[at] === 0x20 && out[at - 1] === 0x20) out[at] = LINE_FEED;
    return out;
  }
}
