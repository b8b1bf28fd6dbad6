/** The closed list of validators: what a rule may ask of a value beyond its pattern. */
import type { Validator } from './validator.ts';

export type { Validator, ValidatorAnswer } from './validator.ts';

/** Every validator by its name. */
export const VALIDATORS: ReadonlyMap<string, Validator> = new Map();
