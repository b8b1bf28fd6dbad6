import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class LedgerInit extends BaseCommand {
  static override summary = 'Make an empty ledger that trusts one administrator.';
  static override examples = ['<%= config.bin %> ledger init /var/lib/clearance/ledger --admin root.pem.pub'];
  static override enableJsonFlag = false;
  static override args = { dir: Args.string({ description: 'directory to make', required: true }) };
  static override flags = {
    admin: Flags.string({
      required: true,
      helpValue: 'FILE',
      summary: 'Public key whose signature makes a trust store valid.',
    }),
    name: Flags.string({ summary: 'Name of the ledger in its checkpoints (default: a random one).' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(LedgerInit);
    const flags: Interfaces.InferredFlags<typeof LedgerInit.flags> = parsed.flags;
    const { initLedger, keyId, readPublicKey } = await import('../../evidence/index.ts');
    const identity = initLedger(parsed.args.dir, keyId(readPublicKey(flags.admin)), flags.name);
    await this.write(`${identity.origin}\n`);
    this.finish(EXIT.cleared);
  }
}
