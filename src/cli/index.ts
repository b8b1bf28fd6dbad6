/** Base command, voice, configuration: how clearance talks to a person and to a shell. */
export { auditFlags } from './audit-request.ts';
export { runAudit } from './audit-run.ts';
export { BaseCommand } from './base-command.ts';
export { completionScript } from './completion-script.ts';
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
export { limitFlags, limitsFrom, rssFlag } from './limit-flags.ts';
export { main } from './main.ts';
export { summarise } from './summary.ts';
export { runWatch } from './watch-run.ts';
