import { canonicalJson } from '../model/index.ts';

/** A member of the top object, or one element of the array that is streamed. */
export type Piece =
  | { readonly type: 'member'; readonly key: string; readonly value: unknown }
  | { readonly type: 'element'; readonly value: unknown };

type Mode = 'start' | 'key' | 'value' | 'elements' | 'between' | 'end';

/** One entry with all its findings stays far below this; more is an attempt to fill the memory. */
const LONGEST_PIECE = 1 << 28;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Square brackets and braces differ in this bit only: `[` and `{`, `]` and `}`. */
const BRACE = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Reads one JSON object (RFC 8259) member by member; the array under `streamed` element by element, so that its length
 * costs no memory. With `skips`, all of its elements are one piece without a value, and are looked at no further than it
 * takes to find where they end. Errors name the byte offset and quote nothing.
 * @throws SyntaxError for bytes that are not such an object
 */
export async function* readPieces(
  chunks: AsyncIterable<Uint8Array>,
  streamed: string,
  skips = false,
): AsyncGenerator<Piece> {
  let mode = 'start' as Mode;
  let key = '';
  let first = true;
  const inside: Inside = { depth: 0, inString: false, escaped: false };
  let base = 0;
  let parts: Uint8Array[] = [];
  let length = 0;

  const broken = (at: number, message = 'is no valid JSON'): SyntaxError =>
    new SyntaxError(`${message} (near byte ${at})`);
  const take = (chunk: Uint8Array, from: number, to: number): string => {
    parts.push(chunk.subarray(from, to));
    const bytes = parts.length === 1 ? chunk.subarray(from, to) : Buffer.concat(parts);
    parts = [];
    length = 0;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw broken(base + to, 'is not UTF-8');
    }
  };
  const parse = (text: string, at: number): unknown => {
    try {
      const value: unknown = JSON.parse(text);
      // Only an escape can bring a lone surrogate, which has no canonical form and so no digest.
      if (/\\u[dD][89a-fA-F]/.test(text)) canonicalJson(value);
      return value;
    } catch {
      throw broken(at);
    }
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (inside.inString || inside.depth > 0) {
        at = pass(chunk, at, inside) - 1;
        continue;
      }
      const byte = chunk[at] as number;
      if (byte === QUOTE) {
        if (mode === 'start' || mode === 'between' || mode === 'end') throw broken(base + at);
        inside.inString = true;
        continue;
      }
      const opens = (byte | BRACE) === OPEN;
      const closes = (byte | BRACE) === CLOSE;
      if (mode === 'start') {
        if (byte === 0x7b) {
          mode = 'key';
          from = at + 1;
        } else if (!isBlank(byte)) throw broken(base + at);
      } else if (mode === 'key') {
        if (byte === COLON) {
          const value = parse(take(chunk, from, at), base + at);
          if (typeof value !== 'string') throw broken(base + at);
          key = value;
          mode = 'value';
          from = at + 1;
        } else if (byte === 0x7d && first && take(chunk, from, at).trim() === '') mode = 'end';
        else if (closes || opens || byte === COMMA) throw broken(base + at);
      } else if (mode === 'value' && key === streamed && byte === 0x5b) {
        if (take(chunk, from, at).trim() !== '') throw broken(base + at);
        mode = 'elements';
        first = true;
        from = at + 1;
      } else if (mode === 'value') {
        if (opens) inside.depth += 1;
        else if (byte === COMMA || byte === 0x7d) {
          yield { type: 'member', key, value: parse(take(chunk, from, at), base + at) };
          first = false;
          mode = byte === COMMA ? 'key' : 'end';
          from = at + 1;
        } else if (closes) throw broken(base + at);
      } else if (mode === 'elements') {
        if (opens) inside.depth += 1;
        else if (skips && byte === 0x5d) {
          yield { type: 'element', value: undefined };
          mode = 'between';
          from = at + 1;
        } else if (skips) {
          if (closes) throw broken(base + at);
        } else if (byte === COMMA || byte === 0x5d) {
          const text = take(chunk, from, at);
          if (byte === COMMA || !first || text.trim() !== '') {
            yield { type: 'element', value: parse(text, base + at) };
          }
          first = false;
          mode = byte === COMMA ? 'elements' : 'between';
          from = at + 1;
        } else if (closes) throw broken(base + at);
      } else if (mode === 'between') {
        if (byte === COMMA) mode = 'key';
        else if (byte === 0x7d) mode = 'end';
        else if (!isBlank(byte)) throw broken(base + at);
        first = false;
        from = at + 1;
      } else if (!isBlank(byte)) throw broken(base + at, 'has something after its end');
    }
    if (mode === 'key' || mode === 'value' || (mode === 'elements' && !skips)) {
      // The chunk's memory is reused by the reader: what belongs to an unfinished piece is copied.
      parts.push(Uint8Array.from(chunk.subarray(from)));
      length += chunk.length - from;
      if (length > LONGEST_PIECE) throw broken(base, 'holds an element that is too long');
    }
    base += chunk.length;
  }
  if (mode !== 'end') throw broken(base, 'ends in the middle');
}

/** Where the cursor is below the level whose members are told. */
interface Inside {
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/**
 * Goes on to the end of the string or value that the cursor is in, or of the chunk. A plain function: the variables of a
 * generator are several times as slow, and this sees every byte.
 * @returns where to go on
 */
function pass(chunk: Uint8Array, start: number, inside: Inside): number {
  const end = chunk.length;
  let { depth, inString, escaped } = inside;
  let at = start;
  while (at < end && (inString || depth > 0)) {
    if (!inString) {
      const byte = chunk[at++] as number;
      if (byte === QUOTE) inString = true;
      else if ((byte | BRACE) === OPEN) depth += 1;
      else if ((byte | BRACE) === CLOSE) depth -= 1;
      continue;
    }
    if (escaped) {
      at += 1;
      escaped = false;
    }
    while (at < end && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
    if (at < end) {
      escaped = chunk[at] === BACKSLASH;
      inString = escaped;
      at += 1;
    }
  }
  inside.depth = depth;
  inside.inString = inString;
  inside.escaped = escaped;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
