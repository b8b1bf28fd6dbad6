import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, changeTrust, recordFlags, signingFlags } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyRotate extends BaseCommand {
  static override summary =
    'Replace a key in a trust store: the old one ends now, the new one takes its person and roles.';
  static override description =
    'What the old key signed before stays valid. The new version is signed by --key, an administrator of the store. ' +
    'With --ledger (or CLEARANCE_LEDGER) it is recorded there. Where the old key is the administrator of the ledger, ' +
    'which --key still is, the new one is the administrator from then on.';
  static override examples = [
    '<%= config.bin %> key rotate trust.json --old ann.pem.pub --new ann-2.pem.pub --key root.pem',
    '<%= config.bin %> key rotate trust.json --old root.pem.pub --new root-2.pem.pub --key root.pem --ledger L',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'trust store', required: true }) };
  static override flags = {
    ...signingFlags,
    ...recordFlags,
    old: Flags.string({ required: true, helpValue: 'FILE', summary: 'Public key that ends.' }),
    new: Flags.string({ required: true, helpValue: 'FILE', summary: 'Public key that follows.' }),
    days: Flags.integer({ default: 730, min: 1, max: 3650, summary: 'How long the new key is valid.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyRotate);
    const flags: Interfaces.InferredFlags<typeof KeyRotate.flags> = parsed.flags;
    const { keyId, readPublicKey, rotateKey } = await import('../../evidence/index.ts');
    const [old, next] = [keyId(readPublicKey(flags.old)), readPublicKey(flags.new)];
    const now = Date.now();
    const successor = (administrator: string) => (administrator === old ? keyId(next) : undefined);
    const change = { what: `key ${old.slice(0, 16)} replaced by ${keyId(next).slice(0, 16)}`, now, successor };
    const said = await changeTrust(flags, parsed.args.file, change, (content) =>
      rotateKey(content, old, next, now, now + flags.days * 86_400_000),
    );
    await this.write(said);
    this.finish(EXIT.cleared);
  }
}
