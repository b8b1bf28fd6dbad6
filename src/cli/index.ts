/** Base command, voice, configuration: how clearance talks to a person and to a shell. */
export { BaseCommand } from './base-command.ts';
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
export { main } from './main.ts';
