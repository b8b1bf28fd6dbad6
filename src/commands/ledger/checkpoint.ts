import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Interfaces } from '@oclif/core';
import { BaseCommand, ledgerFlags, required } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class LedgerCheckpoint extends BaseCommand {
  static override summary = 'Print the signed checkpoint, to be kept where the owner of the ledger cannot change it.';
  static override examples = ['<%= config.bin %> ledger checkpoint --ledger L > /media/witness/2026-11-23.checkpoint'];
  static override enableJsonFlag = false;
  static override flags = { ledger: ledgerFlags.ledger };

  override async run(): Promise<void> {
    const parsed = await this.parse(LedgerCheckpoint);
    const flags: Interfaces.InferredFlags<typeof LedgerCheckpoint.flags> = parsed.flags;
    const { LedgerReader } = await import('../../evidence/index.ts');
    const reader = new LedgerReader(required(flags.ledger, 'ledger'));
    reader.checkpoint();
    await this.write(readFileSync(join(reader.dir, 'checkpoint')));
    this.finish(EXIT.cleared);
  }
}
