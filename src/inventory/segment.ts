import type { PlaceholderDefinition } from './definition.ts';
import { byteText } from './path-name.ts';

/** A piece of a path segment's pattern. Texts are byte strings. */
export type Token =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'star' }
  | { readonly type: 'chars'; readonly allowed: Uint8Array; readonly min: number; readonly max: number }
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'timestamp' };

/**
 * Whether `name` as a whole is described by `tokens`. Keeps the set of reachable positions instead of backtracking, so
 * the cost is bounded by tokens times length whatever the name.
 */
export function matchSegment(tokens: readonly Token[], name: string): boolean {
  const first = tokens[0];
  if (first?.type === 'literal') {
    if (tokens.length === 1) return name === first.text;
    if (!name.startsWith(first.text)) return false;
    if (tokens.length === 2 && tokens[1]?.type === 'star') return true;
  }
  let reached = new Uint8Array(name.length + 1);
  reached[0] = 1;
  for (const token of tokens) {
    const next = new Uint8Array(name.length + 1);
    let any = false;
    const mark = (position: number): void => {
      next[position] = 1;
      any = true;
    };
    for (let at = 0; at <= name.length; at++) {
      if (reached[at] !== 1) continue;
      if (token.type === 'star') {
        next.fill(1, at);
        any = true;
        break;
      }
      step(token, name, at, mark);
    }
    if (!any) return false;
    reached = next;
  }
  return reached[name.length] === 1;
}

function step(token: Exclude<Token, { type: 'star' }>, name: string, at: number, mark: (at: number) => void): void {
  switch (token.type) {
    case 'literal':
      if (name.startsWith(token.text, at)) mark(at + token.text.length);
      return;
    case 'words':
      for (const word of token.words) if (name.startsWith(word, at)) mark(at + word.length);
      return;
    case 'timestamp':
      if (isTimestamp(name, at)) mark(at + 14);
      return;
    case 'chars':
      for (let length = 1; length <= token.max; length++) {
        if (token.allowed[name.charCodeAt(at + length - 1)] !== 1) return;
        if (length >= token.min) mark(at + length);
      }
  }
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `yyyymmddhhmmss` at `at`: a date of the Gregorian calendar from year 1 on, and a time from 000000 to 235959. */
export function isTimestamp(text: string, at: number): boolean {
  if (!/^\d{14}$/.test(text.slice(at, at + 14))) return false;
  const part = (from: number, length: number): number => Number(text.slice(at + from, at + from + length));
  const [year, month, day] = [part(0, 4), part(4, 2), part(6, 2)];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days && part(8, 2) < 24 && part(10, 2) < 60 && part(12, 2) < 60;
}

/** @throws Error that says what is wrong with the definition */
export function placeholderToken(definition: PlaceholderDefinition): Token {
  if ('timestamp' in definition) return { type: 'timestamp' };
  if ('words' in definition) {
    if (definition.words.some((word) => word.includes('/'))) throw new Error('a word may not hold a slash');
    return { type: 'words', words: definition.words.map(byteText) };
  }
  if (definition.min > definition.max) throw new Error('min is greater than max');
  return { type: 'chars', allowed: charSet(definition.chars), min: definition.min, max: definition.max };
}

/** `0-9A-Za-z_.-`: ranges and single ASCII characters, a hyphen at either end for itself. */
export function charSet(description: string): Uint8Array {
  const allowed = new Uint8Array(256);
  for (let at = 0; at < description.length; at++) {
    const from = description.charCodeAt(at);
    const ranged = description[at + 1] === '-' && at + 2 < description.length;
    const to = ranged ? description.charCodeAt(at + 2) : from;
    if (ranged) at += 2;
    if (from < 0x20 || to > 0x7e || from > to) throw new Error(`"${description}" is no list of ASCII characters`);
    if (from <= 0x2f && to >= 0x2f) throw new Error('a slash cannot be part of a name');
    allowed.fill(1, from, to + 1);
  }
  return allowed;
}
