import { Args, type Interfaces } from '@oclif/core';
import { BaseCommand, recordFlags, required, signerFrom, signingFlags } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyRecord extends BaseCommand {
  static override summary = 'Record in the ledger that this trust store holds from now on.';
  static override description =
    'Once a store is recorded, the ledger accepts no other: an older one, in which a removed key is still valid, is refused. ' +
    'key trust and key rotate record by themselves; this is for a store made before its ledger, or without it.';
  static override examples = ['<%= config.bin %> key record trust.json --ledger L --key root.pem'];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'trust store', required: true }) };
  static override flags = { ...signingFlags, ...recordFlags };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyRecord);
    const flags: Interfaces.InferredFlags<typeof KeyRecord.flags> = parsed.flags;
    const { Ledger, recordTrust } = await import('../../evidence/index.ts');
    const signer = await signerFrom(flags);
    const ledger = await Ledger.open(required(flags.ledger, 'ledger'));
    try {
      const { file } = parsed.args;
      const { seq, version } = recordTrust(ledger, file, signer, Date.now(), flags.reason ?? 'trust store recorded');
      await this.write(`${file} version ${version}, recorded as entry ${seq}\n`);
    } finally {
      ledger.close();
    }
    this.finish(EXIT.cleared);
  }
}
