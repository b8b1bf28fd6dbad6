import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, ledgerFlags, readerFrom } from '../../cli/index.ts';
import { EXIT } from '../../model/index.ts';

export default class LedgerShow extends BaseCommand {
  static override summary = 'Show what happened to payloads, in order; signatures are checked on the way.';
  static override examples = [
    '<%= config.bin %> ledger show --ledger L --trust trust.json',
    '<%= config.bin %> ledger show --ledger L --trust trust.json --payload-digest 9f86... --json',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    ...ledgerFlags,
    'payload-digest': Flags.string({ helpValue: 'SHA256', summary: 'Only of this payload.' }),
    json: Flags.boolean({ summary: 'Print one JSON object a line.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(LedgerShow);
    const flags: Interfaces.InferredFlags<typeof LedgerShow.flags> = parsed.flags;
    const { reader, trust } = await readerFrom(flags);
    const { readEvents } = await import('../../evidence/index.ts');
    const digest = flags['payload-digest'];
    const events = readEvents(reader, trust, (subject) => digest === undefined || subject.digest.sha256 === digest);
    const { printable } = await import('../../model/index.ts');
    for (const event of events) {
      const when = new Date(event.time).toISOString();
      const said = event.type === 'audit' ? `${event.audit.outcome} ${event.audit.level}` : event.act.reason;
      const line = `${event.seq}\t${when}\t${event.type}\t${event.person ?? '(untrusted key)'}\t${event.payload.sha256.slice(0, 16)}\t${said}`;
      await this.write(
        flags.json ? `${JSON.stringify({ ...event, person: event.person ?? null })}\n` : `${printable(line)}\n`,
      );
    }
    this.finish(EXIT.cleared);
  }
}
