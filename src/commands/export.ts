import { Args, Flags, type Interfaces } from '@oclif/core';
import { AnsweringCommand, ledgerFlags, policyFlags, signingFlags, withLedger } from '../cli/index.ts';

export default class Export extends AnsweringCommand {
  static override summary =
    'Write an evidence pack: everything a stranger needs to verify, without network and without clearance.';
  static override description =
    'One folder, or zip archive, with README, digests, result, reports, attestation, approvals, ledger proofs, checkpoint and public keys. ' +
    'A pack that lacks something says so. The export is recorded in the ledger. Exits 0 written, 1 refused, 2 usage error.';
  static override examples = [
    '<%= config.bin %> export result.json --report report.pdf --attestation bundle.dsse.json --to pack --key auditor.pem --ledger L --trust trust.json',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'result of an audit', required: true }) };
  static override flags = {
    ...signingFlags,
    ...ledgerFlags,
    ...policyFlags,
    to: Flags.string({ required: true, helpValue: 'DIR|FILE.zip', summary: 'Folder or archive to make.' }),
    attestation: Flags.string({ helpValue: 'FILE', summary: 'Attestation of the result (default: from the ledger).' }),
    report: Flags.string({ multiple: true, helpValue: 'FILE', summary: 'Report to put in.' }),
    reason: Flags.string({ default: 'evidence pack', summary: 'For whom; kept in the ledger.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Export);
    const flags: Interfaces.InferredFlags<typeof Export.flags> = parsed.flags;
    const { readResultFile, recordExport, writePack } = await import('../evidence/index.ts');
    const result = readResultFile(parsed.args.result);
    const answer = await withLedger(flags, (context) => {
      const recorded = recordExport(context, result, flags.reason);
      if (!recorded.ok) return recorded;
      const sources = { result: parsed.args.result, reports: flags.report ?? [], attestation: flags.attestation };
      return { ...recorded, ...writePack(context, result, sources, flags.to) };
    });
    await this.answer(answer, flags.json);
  }
}
