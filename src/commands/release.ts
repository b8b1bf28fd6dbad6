import { Args, Flags, type Interfaces } from '@oclif/core';
import { AnsweringCommand, ledgerFlags, policyFlags, signingFlags, withLedger } from '../cli/index.ts';
import { UsageError } from '../model/index.ts';

export default class Release extends AnsweringCommand {
  static override summary =
    'Let an approved payload out: publish the very bytes that were approved, or feed them to a command.';
  static override description =
    'Opens the payload once, copies it into a private spool while hashing, asks the ledger, and publishes the copy. ' +
    'Exits 0 released, 1 refused (one reason code), 2 usage or ledger error.';
  static override examples = [
    '<%= config.bin %> release bundle.tgz --to /outbound --key gate.pem --ledger L --trust trust.json',
    '<%= config.bin %> release bundle.tgz --exec "curl -T - https://upload.example/" --key gate.pem --ledger L --trust trust.json',
  ];
  static override enableJsonFlag = false;
  static override args = { payload: Args.string({ description: 'file to release', required: true }) };
  static override flags = {
    ...signingFlags,
    ...ledgerFlags,
    ...policyFlags,
    to: Flags.string({
      helpValue: 'DIR',
      summary: 'Publish into this directory, never over a file.',
      exclusive: ['exec'],
    }),
    exec: Flags.string({ helpValue: 'COMMAND', summary: 'Run by the shell with the bytes on its stdin.' }),
    reason: Flags.string({ default: 'released', summary: 'Kept in the ledger.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Release);
    const flags: Interfaces.InferredFlags<typeof Release.flags> = parsed.flags;
    const target =
      flags.to !== undefined ? { dir: flags.to } : flags.exec !== undefined ? { command: flags.exec } : undefined;
    if (!target) throw new UsageError('say where it goes', ['give --to DIR or --exec COMMAND']);
    const { release } = await import('../evidence/index.ts');
    const answer = await withLedger(flags, (context) =>
      release(context.ledger, context.signer, flags.reason, target, { ...context, payload: parsed.args.payload }),
    );
    await this.answer(answer, flags.json);
  }
}
