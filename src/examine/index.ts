/** Joins what was read and found with what is documented: an item for every entry, a meaning for every finding. */
export { accountOf } from './document.ts';
export { examine } from './examine.ts';
export { type Fact, toFact } from './fact.ts';
export { disclosureLocators, placeAll } from './placement.ts';
export { EntryRecord } from './record.ts';
