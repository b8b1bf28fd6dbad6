import type { Validator, ValidatorAnswer } from './validator.ts';

type Check = (value: string, args: Readonly<Record<string, unknown>>) => boolean | ValidatorAnswer;

/** A validator whose check answers by boolean, or by `test-value` where the value is a published sample. */
export function validator(
  name: string,
  strength: Validator['strength'],
  source: string,
  check: Check,
  properties?: Readonly<Record<string, object>>,
): Validator {
  return {
    name,
    source,
    strength,
    arguments: properties ? { type: 'object', properties, additionalProperties: false } : {},
    check: (value, args) => {
      const answer = check(value, args);
      return typeof answer === 'string' ? answer : answer ? 'valid' : 'invalid';
    },
  };
}
