/** Base command, voice, configuration: how clearance talks to a person and to a shell. */
export { runAudit } from './audit-run.ts';
export { auditFlags } from './audit-settings.ts';
export { BaseCommand } from './base-command.ts';
export { completionScript } from './completion-script.ts';
export { variable } from './environment.ts';
export { sinkFlags } from './event-sinks.ts';
export { AnsweringCommand, confirmDigest } from './evidence-answer.ts';
export {
  approvalPolicy,
  installedCatalog,
  ledgerFlags,
  passphraseFrom,
  policyFlags,
  readerFrom,
  required,
  signerFrom,
  signingFlags,
  withLedger,
} from './evidence-flags.ts';
export { examinationFor } from './examination.ts';
export { limitFlags, limitsFrom, rssFlag, secondReaderFlag } from './limit-flags.ts';
export { type Check, machineChecks, stagingChecks } from './machine-checks.ts';
export { type Program, readProgram } from './program.ts';
export { checkOutputs } from './settings.ts';
export { summarise } from './summary.ts';
export { changeTrust, recordFlags } from './trust-change.ts';
export { runWatch } from './watch-run.ts';
