import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, signerFrom, signingFlags } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyTrust extends BaseCommand {
  static override summary = 'Add a key to a trust store, or make a store whose first key is the administrator.';
  static override description = 'The new version is signed by --key, which must be an administrator of the store.';
  static override examples = [
    '<%= config.bin %> key trust trust.json --add root.pem.pub --person "R. Root" --role admin --key root.pem',
    '<%= config.bin %> key trust trust.json --add ann.pem.pub --person Ann --role approver --key root.pem',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'trust store', required: true }) };
  static override flags = {
    ...signingFlags,
    add: Flags.string({ required: true, helpValue: 'FILE', summary: 'Public key to add.' }),
    person: Flags.string({ required: true, summary: 'Who holds it; four eyes are two persons.' }),
    role: Flags.string({
      required: true,
      multiple: true,
      options: ['admin', 'auditor', 'submitter', 'approver', 'releaser'],
      summary: 'What it may do; repeatable.',
    }),
    days: Flags.integer({ default: 730, min: 1, max: 3650, summary: 'How long it is valid.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(KeyTrust);
    const flags: Interfaces.InferredFlags<typeof KeyTrust.flags> = parsed.flags;
    const { addKey, readPublicKey, updateTrust } = await import('../../evidence/index.ts');
    const signer = await signerFrom(flags);
    const roles = flags.role as Parameters<typeof addKey>[1]['roles'];
    const key = readPublicKey(flags.add);
    const now = Date.now();
    const version = updateTrust(parsed.args.file, signer, (content) =>
      addKey(content, { key, person: flags.person, roles, validFrom: now, validTo: now + flags.days * 86_400_000 }),
    );
    await this.write(`${parsed.args.file} version ${version}\n`);
    this.finish(EXIT.cleared);
  }
}
