import { readFileSync } from 'node:fs';
import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, ledgerFlags, required } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class LedgerVerify extends BaseCommand {
  static override summary = 'Compare every byte of the ledger with what its entries give.';
  static override description = 'Exits 0 if it is whole, 1 if anything differs.';
  static override examples = [
    '<%= config.bin %> ledger verify --ledger L --trust trust.json --witness checkpoint-of-last-month',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    ...ledgerFlags,
    witness: Flags.string({ multiple: true, helpValue: 'FILE', summary: 'A checkpoint kept elsewhere; repeatable.' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(LedgerVerify);
    const flags: Interfaces.InferredFlags<typeof LedgerVerify.flags> = parsed.flags;
    const { standingTrust, verifyLedger } = await import('../../evidence/index.ts');
    const dir = required(flags.ledger, 'ledger');
    const trust = required(flags.trust, 'trust');
    const witnesses = (flags.witness ?? []).map((file) => readFileSync(file, 'utf8'));
    const check = verifyLedger(dir, (reader) => standingTrust(reader, trust), witnesses);
    const ok = check.problems.length === 0;
    const lines = [
      `${ok ? 'whole' : 'BROKEN'}: ${check.size} entries, ${check.sealed} under the checkpoint, root ${check.root}`,
      ...check.problems.map((problem) => `problem: ${problem}`),
      ...check.notices.map((notice) => `notice: ${notice}`),
    ];
    await this.write(
      flags.json
        ? `${JSON.stringify({ ok, ...(ok ? {} : { code: 'ledger-broken' }), ...check })}\n`
        : `${lines.join('\n')}\n`,
    );
    this.finish(ok ? EXIT.cleared : EXIT.held);
  }
}
