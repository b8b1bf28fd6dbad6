/** The closed list of recognisers: `match: {parser: ...}` of a rule. */
import type { ParserName } from '../pack.ts';
import { CARD } from './card.ts';
import { JWT } from './jwt.ts';
import { JKS, KEYTAB, PKCS12 } from './key-stores.ts';
import { MRZ } from './mrz.ts';
import { PEM } from './pem.ts';
import { PHONE } from './phone.ts';
import type { Recogniser } from './recogniser.ts';
import { TABLE } from './table.ts';

export { AROUND, REJECTED, type Recogniser, type Recognition, type Surroundings } from './recogniser.ts';

export const RECOGNISERS: ReadonlyMap<ParserName, Recogniser> = new Map([
  ['pem', PEM],
  ['jwt', JWT],
  ['mrz', MRZ],
  ['keytab', KEYTAB],
  ['pkcs12', PKCS12],
  ['jks', JKS],
  ['table', TABLE],
  ['phone', PHONE],
  ['card', CARD],
]);
