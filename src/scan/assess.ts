import type { Confidence } from '../model/index.ts';
import { AROUND, type CompiledRule, foldAscii, KEYWORD_WINDOW, type Match, normaliseValue } from '../rules/index.ts';

/** A match that stood all tests of its rule. */
export interface Assessed {
  readonly value: string;
  readonly confidence: Confidence;
  readonly testValue: boolean;
  readonly evidence: readonly string[];
}

const SPAN = 4 * KEYWORD_WINDOW;

/** Puts a match to its rule's recogniser, validators, keywords and context; `null` if one of them rejects it. */
export function assess(rule: CompiledRule, bytes: Uint8Array, match: Match, end: number): Assessed | null {
  const { definition, context, keywords } = rule;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  const text = (from: number, to: number): string => buffer.toString('latin1', from, to);
  const value = text(match.valueBegin, match.valueEnd);
  const evidence: string[] = [rule.magic ? 'magic' : rule.recogniser ? rule.recogniser.name : 'pattern'];
  let { base } = rule;
  let testValue =
    rule.testValues.size > 0 && (rule.testValues.has(value) || rule.testValues.has(normaliseValue(value)));
  if (rule.recogniser) {
    const recognition = rule.recogniser.accept(value, text(match.begin, match.end), () => ({
      before: text(Math.max(0, match.valueBegin - AROUND), match.valueBegin),
      after: text(match.valueEnd, Math.min(end, match.valueEnd + AROUND)),
    }));
    if (!recognition.accepted) return null;
    base = recognition.confidence ?? base;
    if (recognition.evidence !== undefined) evidence.push(recognition.evidence);
  }
  if (keywords.length > 0) {
    const from = Math.max(0, match.begin - KEYWORD_WINDOW);
    const near = foldAscii(text(from, Math.min(end, match.end + KEYWORD_WINDOW, match.begin + SPAN)));
    const keyword = keywords.find((word) => near.includes(word));
    if (keyword === undefined) return null;
    evidence.push('keyword');
  }
  for (const { validator, args } of testValue ? [] : rule.validators) {
    const answer = validator.check(value, args);
    if (answer === 'invalid') return null;
    if (answer === 'test-value') testValue = true;
    evidence.push(`validator ${validator.name}`);
  }
  let boosted = false;
  if (context.require.length + context.boost.length + context.suppress.length > 0) {
    const { window } = context;
    // Edges of the window may cut a word in two: one more byte tells.
    const left = Math.max(0, match.valueBegin - window);
    const edge = Math.max(0, left - 1);
    const upTo = foldAscii(text(edge, match.valueBegin));
    const before = upTo.slice(left - edge);
    const onwards = foldAscii(text(match.valueEnd, Math.min(end, match.valueEnd + window + 1)));
    const after = onwards.slice(0, window);
    const outside = [upTo.slice(0, left - edge), onwards.slice(window)] as const;
    const near = (word: string) =>
      hasWord(before, word, outside[0], value[0] ?? '') || hasWord(after, word, value.at(-1) ?? '', outside[1]);
    if (context.suppress.some(near)) return null;
    if (context.require.length > 0) {
      if (!context.require.some(near)) return null;
      evidence.push('context word');
    }
    boosted = context.boost.some(near);
    if (boosted) evidence.push('boosting context word');
  }
  const confirming = rule.confirm.find(({ validator, args }) => validator.check(value, args) === 'valid');
  if (confirming) {
    boosted = true;
    evidence.push(`confirmed by ${confirming.validator.name}`);
  }
  if ('locator' in definition.match) boosted = true;
  if (testValue) evidence.push('published test value');
  return { value, confidence: boosted ? rule.boosted : base, testValue, evidence };
}

/** True if `word` stands in `text` as a whole word: no letter or digit beside it, where it begins or ends with one. */
function hasWord(text: string, word: string, before: string, after: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const left = at > 0 ? text[at - 1]! : before;
    const right = at + word.length < text.length ? text[at + word.length]! : after;
    if (!(joins(left) && joins(word[0]!)) && !(joins(right) && joins(word.at(-1)!))) return true;
  }
  return false;
}

function joins(char: string): boolean {
  return /^[A-Za-z0-9\x80-\xff]$/.test(char);
}
