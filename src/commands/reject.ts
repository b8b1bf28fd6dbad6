import { Args, Flags, type Interfaces } from '@oclif/core';
import { AnsweringCommand, ledgerFlags, policyFlags, signingFlags, withLedger } from '../cli/index.ts';

export default class Reject extends AnsweringCommand {
  static override summary = 'Reject a result: while the rejection stands, nothing of it is released.';
  static override description = 'Exits 0 recorded, 1 refused (one reason code), 2 usage or ledger error.';
  static override examples = [
    '<%= config.bin %> reject result.json --reason "a name in line 40" --key ann.pem --ledger L --trust trust.json',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'result of an audit', required: true }) };
  static override flags = {
    ...signingFlags,
    ...ledgerFlags,
    ...policyFlags,
    reason: Flags.string({ required: true, summary: 'Why; kept in the ledger.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Reject);
    const flags: Interfaces.InferredFlags<typeof Reject.flags> = parsed.flags;
    const { readResultFile, recordWord } = await import('../evidence/index.ts');
    const result = readResultFile(parsed.args.result);
    const answer = await withLedger(flags, (context) => recordWord(context, 'reject', result, flags.reason));
    await this.answer({ ...answer, payload: result.head.payloads[0], result: result.sha256 }, flags.json);
  }
}
