/** The closed list of validators: what a rule may ask of a value beyond its pattern. */
export type { Validator, ValidatorAnswer } from './validator.ts';
