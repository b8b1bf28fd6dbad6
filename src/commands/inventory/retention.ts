import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class InventoryRetention extends BaseCommand {
  static override summary = 'Tell until when the vendor keeps what, from the dates of upload and closure.';
  static override description =
    'Where a date is missing the formula is printed, where the source sets no end "unbounded". --ics writes a calendar for the auditor.';
  static override examples = [
    '<%= config.bin %> inventory retention --uploaded 2017-12-04 --closed 2017-12-20',
    '<%= config.bin %> inventory retention --uploaded 2017-12-04 --ics > retention.ics',
  ];
  static override enableJsonFlag = false;
  static override flags = {
    inventory: Flags.string({ summary: 'Id of a built-in inventory, or a file.', default: 'ibm-hmc-860' }),
    uploaded: Flags.string({ summary: 'Date of the upload.', helpValue: 'YYYY-MM-DD' }),
    closed: Flags.string({ summary: 'Date on which the problem was closed.', helpValue: 'YYYY-MM-DD' }),
    ics: Flags.boolean({ summary: 'Print a calendar (RFC 5545).', exclusive: ['json'] }),
    json: Flags.boolean({ summary: 'Print {dates, notStated}.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryRetention);
    const flags: Interfaces.InferredFlags<typeof InventoryRetention.flags> = parsed.flags;
    const room = await import('../../inventory/index.ts');
    const inventory = room.loadInventory(flags.inventory);
    const facts = { uploaded: flags.uploaded, closed: flags.closed };
    const dates = room.retentionDates(inventory, facts);
    const notStated = room.withoutRetention(inventory);
    if (flags.ics) await this.write(room.retentionCalendar(inventory, dates, facts));
    else if (flags.json) await this.write(`${JSON.stringify({ dates, notStated })}\n`);
    else await this.write(room.describeRetention(dates, notStated));
  }
}
