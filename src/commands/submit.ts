import { basename } from 'node:path';
import { Args, Flags, type Interfaces } from '@oclif/core';
import {
  AnsweringCommand,
  ledgerFlags,
  policyFlags,
  signerFrom,
  signingFlags,
  variable,
  withLedger,
} from '../cli/index.ts';

export default class Submit extends AnsweringCommand {
  static override summary = 'Sign a result and hand it to the approvers.';
  static override description =
    'Writes the attestation (in-toto statement in a DSSE envelope) and records audit and submission in the ledger. ' +
    'Needs a key with both roles, auditor and submitter. Without --ledger only the attestation is written. Exits 0 recorded, 1 refused, 2 usage or ledger error.';
  static override examples = [
    '<%= config.bin %> submit result.json --report report.pdf --attestation bundle.dsse.json --key auditor.pem --ledger L --trust trust.json --reason "SR 4711"',
  ];
  static override enableJsonFlag = false;
  static override args = { result: Args.string({ description: 'result of an audit', required: true }) };
  static override flags = {
    ...signingFlags,
    ...ledgerFlags,
    ...policyFlags,
    report: Flags.string({
      multiple: true,
      helpValue: 'FILE',
      summary: 'Report made from the result, bound by its digest.',
    }),
    attestation: Flags.string({ helpValue: 'FILE', summary: 'Where to write the attestation.' }),
    vsa: Flags.string({ helpValue: 'FILE', summary: 'Where to write a SLSA verification summary.' }),
    reason: Flags.string({ default: 'pre-approval of an upload', summary: 'Why it is to be sent.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Submit);
    const flags: Interfaces.InferredFlags<typeof Submit.flags> = parsed.flags;
    const { attest, createWhole, fileDigest, readResultFile, recordSubmit } = await import('../evidence/index.ts');
    const result = readResultFile(parsed.args.result);
    const reports = (flags.report ?? []).map((path) => ({ name: basename(path), sha256: fileDigest(path) }));
    const attestation = attest(result, reports, await signerFrom(flags));
    const inLedger = flags.ledger ?? variable('LEDGER');
    const answer = inLedger
      ? await withLedger(flags, (context) => recordSubmit(context, result, attestation, flags.reason))
      : ({ ok: true } as const);
    if (answer.ok && flags.attestation !== undefined) createWhole(flags.attestation, attestation.bytes);
    if (answer.ok && flags.vsa !== undefined) createWhole(flags.vsa, attestation.summary);
    const more = { payload: result.head.payloads[0], result: result.sha256, attestation: attestation.sha256 };
    await this.answer({ ...answer, ...more }, flags.json);
  }
}
