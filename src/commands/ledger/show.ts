import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, ledgerFlags, readerFrom } from '../../cli/index.ts';
import type { Event } from '../../evidence/index.ts';
import { EXIT, printable } from '../../model/index.ts';

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
    for (const event of events) {
      const line = flags.json ? JSON.stringify({ ...event, person: event.person ?? null }) : shown(event);
      await this.write(`${line}\n`);
    }
    this.finish(EXIT.cleared);
  }
}

/** Tab-separated: number, time, what, who, payload or trust store, what was said. */
function shown(event: Event): string {
  const { seq, time, type, person = '(untrusted key)', payload } = event;
  const fields = [`${seq}`, new Date(time).toISOString(), type, person, payload.sha256.slice(0, 16), saidOf(event)];
  return fields.map(printable).join('\t');
}

function saidOf(event: Event): string {
  if (event.type === 'audit') return `${event.audit.outcome} ${event.audit.level}`;
  return event.type === 'key' ? `trust store version ${event.key.version}: ${event.key.reason}` : event.act.reason;
}
