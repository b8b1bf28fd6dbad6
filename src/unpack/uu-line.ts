/** First line of an encoded file (POSIX.1-2017, uuencode, STDOUT): variant and name. */
export const UU_BEGIN = /^begin(-base64)? [0-7]{3,4} ([^\n\r]+)\r?\n/;

/** Bytes of one line without its end; `undefined` if its length is wrong. An empty array is the line before `end`. */
export function decodeUuLine(text: Uint8Array): Uint8Array | undefined {
  const length = ((text[0] ?? 0x20) - 0x20) & 63;
  const groups = Math.ceil(length / 3);
  if (length === 0) return new Uint8Array(0);
  // Blanks at the end of a line may have been lost; anything else that is missing or too much is damage.
  const surplus = text.length - 1 - groups * 4;
  if (surplus > 1 || surplus < -3) return undefined;
  const out = new Uint8Array(groups * 3);
  const value = (at: number): number => ((text[at] ?? 0x20) - 0x20) & 63;
  for (let group = 0; group < groups; group += 1) {
    const at = 1 + group * 4;
    const bits = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
    out.set([bits >> 16, (bits >> 8) & 255, bits & 255], group * 3);
  }
  return out.subarray(0, length);
}

/** Bytes of one line of the base64 variant; `undefined` if it is none. */
export function decodeBase64Line(text: string): Uint8Array | undefined {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

export function withoutLineEnd(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && (line[end - 1] === 0x0a || line[end - 1] === 0x0d)) end -= 1;
  return line.subarray(0, end);
}
