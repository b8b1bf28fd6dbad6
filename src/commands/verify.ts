import { Args, Flags, type Interfaces } from '@oclif/core';
import {
  AnsweringCommand,
  approvalPolicy,
  installedCatalog,
  ledgerFlags,
  policyFlags,
  readerFrom,
} from '../cli/index.ts';

const NO_LEDGER = 'no ledger was asked: revocations and expiry are not part of an attestation';

export default class Verify extends AnsweringCommand {
  static override summary = 'Say whether a payload may leave now, or whether an attestation holds.';
  static override description =
    'FILE is a payload (with --ledger and --trust: the same answer as release, without releasing), or an attestation ' +
    '(with --public-key, and --payload, --result or --report to compare). Exits 0 valid, 1 refused, 2 usage or ledger error.';
  static override examples = [
    '<%= config.bin %> verify bundle.tgz --ledger L --trust trust.json',
    '<%= config.bin %> verify bundle.dsse.json --public-key auditor.pem.pub --payload bundle.tgz --result result.json',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'payload or attestation', required: true }) };
  static override flags = {
    ...ledgerFlags,
    ...policyFlags,
    'public-key': Flags.string({ helpValue: 'FILE', summary: 'Key the attestation must be signed with.' }),
    payload: Flags.string({ helpValue: 'FILE', summary: 'Payload the attestation must speak of.' }),
    result: Flags.string({ helpValue: 'FILE', summary: 'Result the attestation must speak of.' }),
    report: Flags.string({ multiple: true, helpValue: 'FILE', summary: 'Report the attestation must speak of.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(Verify);
    const flags: Interfaces.InferredFlags<typeof Verify.flags> = parsed.flags;
    const evidence = await import('../evidence/index.ts');
    const { file } = parsed.args;
    if (flags['public-key'] === undefined) {
      const { reader, trust } = await readerFrom(flags);
      const gate = {
        ...approvalPolicy(flags),
        trust,
        payload: file,
        now: Date.now(),
        installed: await installedCatalog(),
      };
      return this.answer(evidence.verifyPayload(reader, gate), flags.json);
    }
    const key = evidence.readPublicKey(flags['public-key']);
    const check = evidence.verifyAttestationFile(file, key, { ...flags, reports: flags.report });
    await this.answer({ ...check, notice: NO_LEDGER }, flags.json);
  }
}
