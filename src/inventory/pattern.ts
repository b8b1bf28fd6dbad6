import { byteText } from './path-name.ts';
import { matchSegment, type Token } from './segment.ts';

type Part =
  | { readonly type: 'segment'; readonly tokens: readonly Token[] }
  /** Zero or one segment: a directory that the source text may have lost. */
  | { readonly type: 'lost' }
  /** One segment or more, last in a pattern. */
  | { readonly type: 'below' };

/** Positions are the bits of a number. */
const MOST_SEGMENTS = 30;

/** A compiled path pattern. */
export interface Pattern {
  readonly text: string;
  /** The first two segments where they are plain names; used to find candidates. */
  readonly key: readonly string[];
  /** Higher is more specific, compared left to right. */
  readonly rank: readonly number[];
  matches(segments: readonly string[]): boolean;
  /** Whether a path that matches may lie below this directory. */
  mayLieBelow(segments: readonly string[]): boolean;
}

/**
 * Compiles a pattern: names between slashes, where `*` stands for any characters but `/`, `{name}` for a placeholder, a
 * segment `{lost}` for zero or one segment, and a last segment `**` for one or more.
 * @throws Error that says what cannot be read
 */
export function compilePattern(text: string, placeholders: ReadonlyMap<string, Token>): Pattern {
  const names = text.split('/');
  if (names.length > MOST_SEGMENTS) throw new Error(`more than ${MOST_SEGMENTS} segments`);
  const parts = names.map((name, index) => parsePart(name, index === names.length - 1, placeholders));
  const least = parts.filter((part) => part.type !== 'lost').length;
  const most = parts.some((part) => part.type === 'below') ? Number.POSITIVE_INFINITY : parts.length;
  const closure = closures(parts);
  const end = 1 << parts.length;
  return {
    text,
    key: plainNames(parts),
    rank: rankOf(parts),
    matches: (segments) => {
      if (segments.length < least || segments.length > most) return false;
      return (advance(parts, closure, segments) & end) !== 0;
    },
    mayLieBelow: (segments) => {
      if (segments.length >= most) return false;
      return (advance(parts, closure, segments) & (end - 1)) !== 0;
    },
  };
}

function parsePart(name: string, last: boolean, placeholders: ReadonlyMap<string, Token>): Part {
  if (name === '') throw new Error('empty segment: write no leading, trailing or double slash');
  if (name === '.' || name === '..') throw new Error(`a segment "${name}" matches nothing`);
  if (name === '{lost}') {
    if (last) throw new Error('{lost} cannot be the last segment');
    return { type: 'lost' };
  }
  if (name === '**') {
    if (!last) throw new Error('** can only be the last segment');
    return { type: 'below' };
  }
  const tokens: Token[] = [];
  for (const piece of name.split(/(\*|\{[^{}]*\})/)) {
    if (piece === '') continue;
    if (piece === '*') {
      if (tokens.at(-1)?.type === 'star') throw new Error('** can only be a whole segment, the last one');
      tokens.push({ type: 'star' });
    } else if (piece.startsWith('{') && piece.endsWith('}')) {
      const token = placeholders.get(piece.slice(1, -1));
      if (token === undefined) throw new Error(`unknown placeholder ${piece}`);
      tokens.push(token);
    } else if (/[{}]/.test(piece)) {
      throw new Error('a brace without its partner');
    } else {
      tokens.push({ type: 'literal', text: byteText(piece) });
    }
  }
  return { type: 'segment', tokens };
}

/** For each position of the pattern, itself and those reached by leaving out lost segments: one bit for each. */
function closures(parts: readonly Part[]): number[] {
  return Array.from({ length: parts.length + 1 }, (_, from) => {
    let bits = 1 << from;
    for (let at = from; parts[at]?.type === 'lost'; at++) bits |= 1 << (at + 1);
    return bits;
  });
}

/** The positions that are reachable once all segments were read, one bit for each. */
function advance(parts: readonly Part[], closure: readonly number[], segments: readonly string[]): number {
  let states = closure[0] as number;
  for (const segment of segments) {
    let next = 0;
    for (let at = 0; at < parts.length; at++) {
      if ((states & (1 << at)) === 0) continue;
      const part = parts[at] as Part;
      if (part.type === 'below') next |= (1 << at) | (1 << (at + 1));
      else if (part.type === 'lost' || matchSegment(part.tokens, segment)) next |= closure[at + 1] as number;
    }
    if (next === 0) return 0;
    states = next;
  }
  return states;
}

function plainNames(parts: readonly Part[]): string[] {
  const names: string[] = [];
  for (const part of parts.slice(0, 2)) {
    const only = part.type === 'segment' && part.tokens.length === 1 ? part.tokens[0] : undefined;
    if (only?.type !== 'literal') break;
    names.push(only.text);
  }
  return names;
}

/** More plain names first, then more literal characters, then fewer lost segments, then fewer stars. */
function rankOf(parts: readonly Part[]): number[] {
  let [plain, characters, lost, stars] = [0, 0, 0, 0];
  for (const part of parts) {
    if (part.type === 'lost') lost++;
    if (part.type === 'below') stars += 2;
    if (part.type !== 'segment') continue;
    if (part.tokens.every((token) => token.type !== 'star')) plain++;
    for (const token of part.tokens) {
      if (token.type === 'literal') characters += token.text.length;
      if (token.type === 'star') stars++;
    }
  }
  return [plain, characters, -lost, -stars];
}
