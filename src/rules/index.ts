/** Rule packs -> compiled rules; the closed list of validators. */
export type * from './pack.ts';
export type { Validator, ValidatorAnswer } from './validators/index.ts';
