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

/** A match that stood all tests of its rule; holds until the next one is put to them. */
export interface Assessed {
  readonly value: string;
  readonly confidence: Confidence;
  readonly testValue: boolean;
  /** What spoke for the match, in the order in which it was asked: written out only for findings that are listed. */
  evidence(): string[];
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

const NOTHING = new Uint8Array(0);

/** Puts matches of one rule to its recogniser, validators, keywords and context. Most are only counted: it makes little. */
export class Assessor implements Assessed {
  value = '';
  confidence: Confidence = 'low';
  testValue = false;
  readonly #rule: CompiledRule;
  readonly #answers = new Memory<ValueAnswer | null>();
  readonly #require: ContextWords;
  readonly #boost: ContextWords;
  readonly #suppress: ContextWords;
  #answer: ValueAnswer | null = null;
  #boosting = false;
  /** The match at hand in `#bytes[0..#end)`, and whether what stands beside it was asked for. */
  #bytes: Uint8Array = NOTHING;
  #match: Match = { begin: 0, end: 0, valueBegin: 0, valueEnd: 0 };
  #end = 0;
  #looked = false;
  readonly #around = (): Surroundings => {
    const { valueBegin, valueEnd } = this.#match;
    this.#looked = true;
    return {
      before: latin1(this.#bytes, Math.max(0, valueBegin - AROUND), valueBegin),
      after: latin1(this.#bytes, valueEnd, Math.min(this.#end, valueEnd + AROUND)),
    };
  };

  constructor(rule: CompiledRule) {
    this.#rule = rule;
    this.#require = new ContextWords(rule.context.require);
    this.#boost = new ContextWords(rule.context.boost);
    this.#suppress = new ContextWords(rule.context.suppress);
  }

  /** `null` if one of them rejects the match in `bytes[0..end)`. */
  assess(bytes: Uint8Array, match: Match, end: number): Assessed | null {
    this.#bytes = bytes;
    this.#match = match;
    this.#end = end;
    const stands = this.#stands(bytes, match, end);
    // A rule is not to keep the buffer of an entry that is over.
    this.#bytes = NOTHING;
    return stands ? this : null;
  }

  #stands(bytes: Uint8Array, match: Match, end: number): boolean {
    const { definition, context, keywords, boosted } = this.#rule;
    this.value = latin1(bytes, match.valueBegin, match.valueEnd);
    const answer = this.#answerOf(this.value);
    if (!answer) return false;
    if (keywords.length > 0) {
      const from = Math.max(0, match.begin - KEYWORD_WINDOW);
      const near = foldAscii(latin1(bytes, from, Math.min(end, match.end + KEYWORD_WINDOW, match.begin + SPAN)));
      if (!keywords.some((word) => near.includes(word))) return false;
    }
    if (context.suppress.length > 0 && this.#isNear(this.#suppress)) return false;
    if (context.require.length > 0 && !this.#isNear(this.#require)) return false;
    this.#answer = answer;
    this.#boosting = context.boost.length > 0 && this.#isNear(this.#boost);
    const raised = this.#boosting || answer.confirmed !== undefined || 'locator' in definition.match;
    this.confidence = raised ? boosted : answer.base;
    this.testValue = answer.testValue;
    return true;
  }

  evidence(): string[] {
    const { context, keywords, magic, recogniser } = this.#rule;
    const answer = this.#answer!;
    return [
      magic ? 'magic' : recogniser ? recogniser.name : 'pattern',
      ...answer.recognised,
      ...(keywords.length > 0 ? ['keyword'] : []),
      ...answer.validated,
      ...(context.require.length > 0 ? ['context word'] : []),
      ...(this.#boosting ? ['boosting context word'] : []),
      ...(answer.confirmed === undefined ? [] : [`confirmed by ${answer.confirmed}`]),
      ...(answer.testValue ? ['published test value'] : []),
    ];
  }

  #isNear(words: ContextWords): boolean {
    const { window } = this.#rule.context;
    const { valueBegin, valueEnd } = this.#match;
    return (
      words.within(this.#bytes, Math.max(0, valueBegin - window), valueBegin, this.#end) ||
      words.within(this.#bytes, valueEnd, Math.min(this.#end, valueEnd + window), this.#end)
    );
  }

  #answerOf(value: string): ValueAnswer | null {
    const { recogniser } = this.#rule;
    const { begin, end, valueBegin } = this.#match;
    const whole = recogniser ? latin1(this.#bytes, begin, end) : '';
    if (!this.#answers.useful || end - begin > MAX_LENGTH) return this.#ask(value, whole);
    // A recogniser sees the whole match: then it is the match that is remembered.
    const key = recogniser ? `${valueBegin - begin} ${value.length} ${whole}` : value;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      this.#looked = false;
      answer = this.#ask(value, whole);
      // An answer that took in what stands beside the value is true of this place only.
      if (!this.#looked) this.#answers.set(key, answer);
    }
    return answer;
  }

  #ask(value: string, whole: string): ValueAnswer | null {
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
      const recognition = recogniser.accept(value, whole, this.#around);
      if (!recognition.accepted) return null;
      base = recognition.confidence ?? base;
      if (recognition.evidence !== undefined) recognised.push(recognition.evidence);
    }
    const confirmed = confirm.find(({ validator, args }) => validator.check(value, args) === 'valid')?.validator.name;
    return { base, testValue, recognised, validated, confirmed };
  }
}
