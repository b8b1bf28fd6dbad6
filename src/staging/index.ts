/** Hot folders: settle, claim, audit, publish or hold; what an uploader may take is only ever in `cleared/`. */

export { fileSink } from './file-sink.ts';
export { type Isolation, isolationLevel, permissionFlag, runChild } from './isolated-child.ts';
export { openLayout } from './layout.ts';
export { type Event, logLine } from './log.ts';
export type { Sink } from './outbox.ts';
export { syslogSink } from './syslog.ts';
export { forOperator } from './trouble.ts';
export { type Examination, type StagingOptions, type Tally, Watch } from './watch.ts';
export { webhookSink } from './webhook.ts';
