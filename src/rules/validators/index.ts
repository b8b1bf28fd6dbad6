/** The closed list of validators: what a rule may ask of a value beyond its pattern. */
import { BANK } from './bank.ts';
import { CARD } from './card.ts';
import { CHARACTERS } from './characters.ts';
import { DATE } from './date.ts';
import { DOMAIN } from './domain.ts';
import { ENCODED } from './encoded.ts';
import { AMERICA } from './ids-america.ts';
import { ASIA } from './ids-asia.ts';
import { EUROPE } from './ids-europe.ts';
import { NETWORK } from './network.ts';
import { NUMBERS } from './numbers.ts';
import { PERSON } from './person.ts';
import { PUBLIC_ADDRESS } from './public-address.ts';
import { STDNUM } from './stdnum.ts';
import { TOKEN_CHECKSUM } from './token-checksum.ts';
import type { Validator } from './validator.ts';

export type { Validator, ValidatorAnswer } from './validator.ts';

/** Every validator by its name. */
export const VALIDATORS: ReadonlyMap<string, Validator> = new Map(
  [
    ...CHARACTERS,
    ...ENCODED,
    ...TOKEN_CHECKSUM,
    ...NUMBERS,
    ...CARD,
    ...BANK,
    STDNUM,
    PUBLIC_ADDRESS,
    ...PERSON,
    ...AMERICA,
    ...EUROPE,
    ...ASIA,
    ...DATE,
    ...NETWORK,
    ...DOMAIN,
  ].map((validator) => [validator.name, validator]),
);
