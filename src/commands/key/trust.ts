import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, changeTrust, recordFlags, signingFlags } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class KeyTrust extends BaseCommand {
  static override summary =
    'Add a key, or roles of a key, to a trust store; or make a store whose first key is the administrator.';
  static override description =
    'The new version is signed by --key, which must be an administrator of the store. With --ledger (or CLEARANCE_LEDGER) ' +
    'it is recorded there, and from then on no other version is accepted.';
  static override examples = [
    '<%= config.bin %> key trust trust.json --add root.pem.pub --person "R. Root" --role admin --key root.pem',
    '<%= config.bin %> key trust trust.json --add ann.pem.pub --person Ann --role approver --key root.pem',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'trust store', required: true }) };
  static override flags = {
    ...signingFlags,
    ...recordFlags,
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
    const { addKey, readPublicKey } = await import('../../evidence/index.ts');
    const roles = flags.role as Parameters<typeof addKey>[1]['roles'];
    const key = readPublicKey(flags.add);
    const now = Date.now();
    const what = `${flags.person} added as ${roles.join(', ')}`;
    const said = await changeTrust(flags, parsed.args.file, { what, now }, (content) =>
      addKey(content, { key, person: flags.person, roles, validFrom: now, validTo: now + flags.days * 86_400_000 }),
    );
    await this.write(said);
    this.finish(EXIT.cleared);
  }
}
