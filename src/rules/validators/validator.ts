/** What a validator says of a value: `test-value` is a published sample, found and shown but never held. */
export type ValidatorAnswer = 'valid' | 'invalid' | 'test-value';

/**
 * One entry of the closed list of validators. Pure: the captured value (one char per byte of the decoded view) and the
 * arguments of the rule in, an answer out.
 */
export interface Validator {
  readonly name: string;
  /** Where the algorithm is specified. */
  readonly source: string;
  /** How much an accepted value proves: `strong` for mod 97, CRC-32 and parsed structures, `weak` for one check digit. */
  readonly strength: 'strong' | 'weak';
  /** JSON Schema of the arguments, `{}` where there are none. */
  readonly arguments: object;
  readonly check: (value: string, args: Readonly<Record<string, unknown>>) => ValidatorAnswer;
}
