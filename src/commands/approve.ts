import { Args, Flags, type Interfaces } from '@oclif/core';
import { AnsweringCommand, confirmDigest, ledgerFlags, policyFlags, signingFlags, withLedger } from '../cli/index.ts';

export default class Approve extends AnsweringCommand {
  static override summary = 'Approve a payload by its result, after seeing what was found.';
  static override description =
    'Shows the summary and asks for the first eight digits of the payload digest; with --digest (all 64) nothing is asked. ' +
    'The approval is bound to payload, result and policies, ends by itself, and never counts for whoever submitted. ' +
    'Exits 0 recorded, 1 refused (one reason code), 2 usage or ledger error.';
  static override examples = [
    '<%= config.bin %> approve result.json --reason "checked with the DBA" --key ann.pem --ledger L --trust trust.json',
    '<%= config.bin %> approve result.json --digest "$(sha256sum < bundle.tgz | cut -c1-64)" --reason "SR 4711" --hours 24',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'result of an audit', required: true }) };
  static override flags = {
    ...signingFlags,
    ...ledgerFlags,
    ...policyFlags,
    digest: Flags.string({ helpValue: 'SHA256', summary: 'Payload digest, instead of being asked.' }),
    reason: Flags.string({ required: true, summary: 'Why it may be sent; kept in the ledger.' }),
    hours: Flags.integer({ min: 1, summary: 'How long it holds (default and longest: the approval policy).' }),
    uses: Flags.integer({ min: 1, summary: 'How often the payload may be released.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Approve);
    const flags: Interfaces.InferredFlags<typeof Approve.flags> = parsed.flags;
    const { approvalTerms, readResultFile, recordApproval } = await import('../evidence/index.ts');
    const result = readResultFile(parsed.args.result);
    await confirmDigest(result, flags.digest, 'approve');
    const answer = await withLedger(flags, (context) =>
      recordApproval(context, result, flags.reason, approvalTerms(context, flags.hours, flags.uses)),
    );
    await this.answer({ ...answer, payload: result.head.payloads[0], result: result.sha256 }, flags.json);
  }
}
