/** One file per output format, each a pure function from a result to bytes: what people keep and machines read. */
export { FORMATS, type Format, isFormat } from './formats.ts';
export { readLedgerExtract } from './ledger-extract.ts';
export { type Audience, DEFAULT_OPTIONS, type LedgerEvent, type LedgerExtract, type ReportOptions } from './options.ts';
export { type OutputSpec, parseOutputs } from './output-spec.ts';
export { render } from './render.ts';
export { openStoredResult } from './stored-result.ts';
export { writeOutput } from './write-output.ts';
