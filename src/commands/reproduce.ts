import { Args, Flags, type Interfaces } from '@oclif/core';
import { AnsweringCommand } from '../cli/index.ts';

export default class Reproduce extends AnsweringCommand {
  static override summary = 'Audit a payload again as an attestation says, and compare the result byte for byte.';
  static override description =
    'Date, inventory, packs and policy come from the statement; files of your own are named as in the audit, and its other ' +
    'options (platform, limits, transport) follow after --. ' +
    'Exits 0 the same result, 1 another one (the reason code says what differs), 2 usage error.';
  static override examples = [
    '<%= config.bin %> reproduce bundle.dsse.json bundle.tgz --public-key auditor.pem.pub',
    '<%= config.bin %> reproduce bundle.dsse.json bundle.tgz --public-key auditor.pem.pub -- --platform power',
  ];
  static override strict = false;
  static override enableJsonFlag = false;
  static override args = {
    statement: Args.string({ description: 'attestation', required: true }),
    payload: Args.string({ description: 'the payload it speaks of', required: true }),
  };
  static override flags = {
    'public-key': Flags.string({
      required: true,
      helpValue: 'FILE',
      summary: 'Key the attestation must be signed with.',
    }),
    inventory: Flags.string({ helpValue: 'ID|FILE', summary: 'As given to the audit, if it was no built-in one.' }),
    packs: Flags.string({ multiple: true, helpValue: 'ID|FILE', summary: 'As given to the audit, if not built in.' }),
    policy: Flags.string({ helpValue: 'ID|FILE', summary: 'As given to the audit, if it was no built-in one.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Reproduce);
    const flags: Interfaces.InferredFlags<typeof Reproduce.flags> = parsed.flags;
    const { reproduce, readPublicKey } = await import('../evidence/index.ts');
    const { statement, payload } = parsed.args;
    const more = (parsed.argv as string[]).slice(2);
    const run = [process.execPath, process.argv[1] ?? '', 'audit'] as const;
    const key = readPublicKey(flags['public-key']);
    await this.answer(reproduce(statement, payload, key, run, { ...flags, more }), flags.json);
  }
}
