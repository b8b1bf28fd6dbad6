import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, signerFrom, signingFlags } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyRotate extends BaseCommand {
  static override summary =
    'Replace a key in a trust store: the old one ends now, the new one takes its person and roles.';
  static override description =
    'What the old key signed before stays valid. The new version is signed by --key, an administrator of the store.';
  static override examples = [
    '<%= config.bin %> key rotate trust.json --old ann.pem.pub --new ann-2.pem.pub --key root.pem',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'trust store', required: true }) };
  static override flags = {
    ...signingFlags,
    old: Flags.string({ required: true, helpValue: 'FILE', summary: 'Public key that ends.' }),
    new: Flags.string({ required: true, helpValue: 'FILE', summary: 'Public key that follows.' }),
    days: Flags.integer({ default: 730, min: 1, max: 3650, summary: 'How long the new key is valid.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyRotate);
    const flags: Interfaces.InferredFlags<typeof KeyRotate.flags> = parsed.flags;
    const { keyId, readPublicKey, rotateKey, updateTrust } = await import('../../evidence/index.ts');
    const signer = await signerFrom(flags);
    const [old, next] = [keyId(readPublicKey(flags.old)), readPublicKey(flags.new)];
    const now = Date.now();
    const version = updateTrust(parsed.args.file, signer, (content) =>
      rotateKey(content, old, next, now, now + flags.days * 86_400_000),
    );
    await this.write(`${parsed.args.file} version ${version}\n`);
    this.finish(EXIT.cleared);
  }
}
