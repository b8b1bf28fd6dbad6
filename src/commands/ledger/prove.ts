import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, ledgerFlags, required } from '../../cli/index.ts';
import { EXIT, UsageError } from '../../model/index.ts';

export default class LedgerProve extends BaseCommand {
  static override summary =
    'Prove that an entry is in the ledger, that it only grew, or what one file of a result was judged.';
  static override examples = [
    '<%= config.bin %> ledger prove --ledger L --seq 12 > inclusion.json',
    '<%= config.bin %> ledger prove --ledger L --from 10 > consistency.json',
    '<%= config.bin %> ledger prove --result result.json --index 3 > entry.json',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    ledger: ledgerFlags.ledger,
    seq: Flags.integer({ min: 0, summary: 'Entry of the ledger to prove.', exclusive: ['from', 'result'] }),
    from: Flags.integer({
      min: 0,
      summary: 'Size of an older checkpoint to prove growth from.',
      exclusive: ['result'],
    }),
    result: Flags.string({ helpValue: 'FILE', summary: 'Result of which to prove one entry.', dependsOn: ['index'] }),
    index: Flags.integer({ min: 0, summary: 'Number of the entry in the result, from 0.', dependsOn: ['result'] }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(LedgerProve);
    const flags: Interfaces.InferredFlags<typeof LedgerProve.flags> = parsed.flags;
    const { proveConsistency, proveEntry, proveInclusion, readResultFile, LedgerReader } = await import(
      '../../evidence/index.ts'
    );
    if (flags.result !== undefined) {
      await this.write(`${JSON.stringify(proveEntry(readResultFile(flags.result), flags.index ?? 0))}\n`);
    } else {
      const reader = new LedgerReader(required(flags.ledger, 'ledger'));
      if (flags.seq === undefined && flags.from === undefined)
        throw new UsageError('nothing to prove', ['give --seq, --from or --result']);
      const proof =
        flags.seq === undefined ? proveConsistency(reader, flags.from ?? 0) : proveInclusion(reader, flags.seq);
      await this.write(`${JSON.stringify(proof)}\n`);
    }
    this.finish(EXIT.cleared);
  }
}
