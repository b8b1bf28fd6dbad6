import { baseEncoding, glyphText } from './glyphs.ts';

/** Clear text that an encoding may take. */
const CLEAR = 256 * 1024;
const EEXEC = 55665;
const CHARSTRING = 4330;

/** The text of each code by a font program's own encoding (Adobe Type 1 Font Format, section 2.3). */
export function type1Encoding(program: Uint8Array): (string | undefined)[] {
  const clear = Buffer.from(program.buffer, program.byteOffset, Math.min(program.length, CLEAR)).toString('latin1');
  if (/\/Encoding\s+StandardEncoding\s+def/.test(clear)) return baseEncoding(undefined);
  const codes: (string | undefined)[] = [];
  for (const [, code, name] of clear.matchAll(/dup\s+(\d{1,3})\s*\/([^\s/]{1,64})\s+put/g)) {
    codes[Number(code)] = glyphText(name!);
  }
  return codes;
}

/**
 * A font program with its two layers of encryption taken off, whose keys are public (chapter 7): so that what looks random
 * is known to be nothing but outlines. `undefined` where it is none.
 */
export function decryptedType1(program: Uint8Array, clearLength: number, length: number): Uint8Array | undefined {
  if (program[0] !== 0x25 || program[1] !== 0x21 || clearLength + length > program.length || length < 8)
    return undefined;
  const inner = decrypted(program.subarray(clearLength, clearLength + length), EEXEC, 4);
  const text = inner.toString('latin1');
  if (!/\/(CharStrings|Subrs)\b/.test(text)) return undefined;
  const skip = Number(/\/lenIV\s+(\d{1,2})\b/.exec(text)?.[1] ?? 4);
  const parts: Uint8Array[] = [program.subarray(0, clearLength)];
  const strings = /(\d{1,5})\s(?:RD|-\|) /g;
  let at = 0;
  for (let match = strings.exec(text); match; match = strings.exec(text)) {
    const from = strings.lastIndex;
    const to = Math.min(inner.length, from + Number(match[1]));
    parts.push(inner.subarray(at, from), decrypted(inner.subarray(from, to), CHARSTRING, skip));
    at = strings.lastIndex = to;
  }
  return Buffer.concat([...parts, inner.subarray(at), program.subarray(clearLength + length)]);
}

function decrypted(bytes: Uint8Array, key: number, skip: number): Buffer {
  const out = Buffer.alloc(bytes.length);
  let state = key;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    out[at] = byte ^ (state >> 8);
    state = ((byte + state) * 52845 + 22719) & 0xffff;
  }
  return out.subarray(Math.min(skip, out.length));
}
