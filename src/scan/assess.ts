import type { Confidence } from '../model/index.ts';
import {
  AROUND,
  type CompiledRule,
  foldAscii,
  KEYWORD_WINDOW,
  latin1,
  type Match,
  Memory,
  normaliseValue,
  type Surroundings,
} from '../rules/index.ts';
import { ContextWords } from './context-words.ts';

/** A match that stood all tests of its rule. */
export interface Assessed {
  readonly value: string;
  readonly confidence: Confidence;
  readonly testValue: boolean;
  /** What spoke for the match, in the order in which it was asked: written out only for findings that are listed. */
  readonly evidence: () => string[];
}

const SPAN = 4 * KEYWORD_WINDOW;

/** What a value says by itself, wherever it stands; `null` if it is rejected. */
interface ValueAnswer {
  readonly base: Confidence;
  readonly testValue: boolean;
  readonly recognised: readonly string[];
  readonly validated: readonly string[];
  /** Validator that raises the confidence. */
  readonly confirmed: string | undefined;
}

/** Longest match whose answer is remembered. */
const MAX_LENGTH = 256;

/** Puts matches of one rule to its recogniser, validators, keywords and context. */
export class Assessor {
  readonly #rule: CompiledRule;
  readonly #answers = new Memory<ValueAnswer | null>();
  readonly #require: ContextWords;
  readonly #boost: ContextWords;
  readonly #suppress: ContextWords;

  constructor(rule: CompiledRule) {
    this.#rule = rule;
    this.#require = new ContextWords(rule.context.require);
    this.#boost = new ContextWords(rule.context.boost);
    this.#suppress = new ContextWords(rule.context.suppress);
  }

  /** `null` if one of them rejects the match in `bytes[0..end)`. */
  assess(bytes: Uint8Array, match: Match, end: number): Assessed | null {
    const { definition, context, keywords, magic, recogniser, boosted } = this.#rule;
    const value = latin1(bytes, match.valueBegin, match.valueEnd);
    const answer = this.#answerOf(value, bytes, match, end);
    if (!answer) return null;
    if (keywords.length > 0) {
      const from = Math.max(0, match.begin - KEYWORD_WINDOW);
      const near = foldAscii(latin1(bytes, from, Math.min(end, match.end + KEYWORD_WINDOW, match.begin + SPAN)));
      if (!keywords.some((word) => near.includes(word))) return null;
    }
    const near = (words: ContextWords): boolean =>
      words.within(bytes, Math.max(0, match.valueBegin - context.window), match.valueBegin, end) ||
      words.within(bytes, match.valueEnd, Math.min(end, match.valueEnd + context.window), end);
    if (context.suppress.length > 0 && near(this.#suppress)) return null;
    if (context.require.length > 0 && !near(this.#require)) return null;
    const boosting = context.boost.length > 0 && near(this.#boost);
    const raised = boosting || answer.confirmed !== undefined || 'locator' in definition.match;
    const confidence = raised ? boosted : answer.base;
    const evidence = (): string[] => [
      magic ? 'magic' : recogniser ? recogniser.name : 'pattern',
      ...answer.recognised,
      ...(keywords.length > 0 ? ['keyword'] : []),
      ...answer.validated,
      ...(context.require.length > 0 ? ['context word'] : []),
      ...(boosting ? ['boosting context word'] : []),
      ...(answer.confirmed === undefined ? [] : [`confirmed by ${answer.confirmed}`]),
      ...(answer.testValue ? ['published test value'] : []),
    ];
    return { value, confidence, testValue: answer.testValue, evidence };
  }

  #answerOf(value: string, bytes: Uint8Array, match: Match, end: number): ValueAnswer | null {
    const { recogniser } = this.#rule;
    const whole = recogniser ? latin1(bytes, match.begin, match.end) : '';
    let looked = false;
    const around = () => {
      looked = true;
      return {
        before: latin1(bytes, Math.max(0, match.valueBegin - AROUND), match.valueBegin),
        after: latin1(bytes, match.valueEnd, Math.min(end, match.valueEnd + AROUND)),
      };
    };
    if (!this.#answers.useful || match.end - match.begin > MAX_LENGTH) return this.#ask(value, whole, around);
    // A recogniser sees the whole match: then it is the match that is remembered.
    const key = recogniser ? `${match.valueBegin - match.begin} ${value.length} ${whole}` : value;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#ask(value, whole, around);
      // An answer that took in what stands beside the value is true of this place only.
      if (!looked) this.#answers.set(key, answer);
    }
    return answer;
  }

  #ask(value: string, whole: string, around: () => Surroundings): ValueAnswer | null {
    const { testValues, recogniser, validators, confirm } = this.#rule;
    let { base } = this.#rule;
    let testValue = testValues.size > 0 && (testValues.has(value) || testValues.has(normaliseValue(value)));
    const recognised: string[] = [];
    const validated: string[] = [];
    // A check digit is told sooner than what a place says.
    for (const { validator, args } of testValue ? [] : validators) {
      const answer = validator.check(value, args);
      if (answer === 'invalid') return null;
      if (answer === 'test-value') testValue = true;
      validated.push(`validator ${validator.name}`);
    }
    if (recogniser) {
      const recognition = recogniser.accept(value, whole, around);
      if (!recognition.accepted) return null;
      base = recognition.confidence ?? base;
      if (recognition.evidence !== undefined) recognised.push(recognition.evidence);
    }
    const confirmed = confirm.find(({ validator, args }) => validator.check(value, args) === 'valid')?.validator.name;
    return { base, testValue, recognised, validated, confirmed };
  }
}
