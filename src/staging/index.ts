/** Hot folders: settle, claim, audit, publish or hold; what an uploader may take is only ever in `cleared/`. */
export { type Isolation, isolationLevel, runChild } from './isolated-child.ts';
export { openLayout } from './layout.ts';
export { type Event, logLine } from './log.ts';
export { type Examination, type StagingOptions, type Tally, Watch } from './watch.ts';
