/** One file per output format, each a pure function from a result to bytes: what people keep and machines read. */
export { FORMATS, type Format } from './formats.ts';
export { makeReports } from './make-reports.ts';
export { DEFAULT_OPTIONS, type LedgerEvent, type LedgerExtract, type ReportOptions } from './options.ts';
export { parseOutputs } from './output-spec.ts';
export { render } from './render.ts';
export { openStoredResult } from './stored-result.ts';
export { renderSummary } from './summary.ts';
export { writeOutput } from './write-output.ts';
