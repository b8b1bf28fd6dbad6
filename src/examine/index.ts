/** Joins what was read and found with what is documented: an item for every entry, a meaning for every finding. */
export { accountOf } from './document.ts';
export { type EvidenceText, evidenceAmong, keepEvidence } from './evidence-texts.ts';
export { examine } from './examine.ts';
export { type Fact, toFact } from './fact.ts';
export { disclosureLocators, type Placement, placeAll, WalkNotes } from './placement.ts';
export { EntryRecord } from './record.ts';
export { type StopCode, unexamined } from './unexamined.ts';
