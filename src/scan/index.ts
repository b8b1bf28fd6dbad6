/** The engine: byte views (encodings), prefilter, linear confirm; entries in, masked findings out. */
export { checkPack, type PackCheck, type RuleCost } from './check-pack.ts';
export { engineIdentity } from './engine.ts';
export { type JsonlAnswer, scanJsonl } from './jsonl.ts';
export { answerJson, answerText, type EntryAnswer, scanEntries } from './payloads.ts';
export { learnNames, type ScanOptions, scan, scanText } from './scan.ts';
