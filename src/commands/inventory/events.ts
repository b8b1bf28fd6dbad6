import { readFile } from 'node:fs/promises';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT, UsageError } from '../../model/index.ts';

export default class InventoryEvents extends BaseCommand {
  static override summary = 'Reconcile the paper, the console’s own list of files for an event, and the archive.';
  static override description =
    'Reads lssvcevents -t hardware, of one console or of each (a call-home server may send what another console found): the ' +
    'same event in several lists is shown as one. Exits 0 if all agree and approval before sending is proven, 1 on a violation, 3 if it is not proven.';
  static override examples = [
    'ssh hmc lssvcevents -t hardware > events; <%= config.bin %> inventory events events --listed-at 2017-12-04T09:00:00Z',
    '<%= config.bin %> inventory events events --problem 45 --sent names.txt --sent-at 2017-12-04T09:15:00Z --json',
    '<%= config.bin %> inventory events hmc1.events hmc2.events --listed-at 2017-12-04T09:00:00Z',
  ];
  static override enableJsonFlag = false;
  static override strict = false;
  static override args = { file: Args.string({ description: 'output of lssvcevents -t hardware', required: true }) };
  static override flags = {
    inventory: Flags.string({ summary: 'Id of a built-in inventory, or a file.', default: 'ibm-hmc-860' }),
    problem: Flags.string({ summary: 'Problem number; all events if absent.' }),
    sent: Flags.string({ summary: 'File with the top-level names of the archive, one a line.', helpValue: 'FILE' }),
    'sent-at': Flags.string({ summary: 'When the archive was sent.', helpValue: 'TIME' }),
    'listed-at': Flags.string({ summary: 'When the list of events was taken.', helpValue: 'TIME' }),
    json: Flags.boolean({ summary: 'Print {outcome, events, bad}, with several lists {outcome, lists, groups}.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryEvents);
    const flags: Interfaces.InferredFlags<typeof InventoryEvents.flags> = parsed.flags;
    const room = await import('../../inventory/index.ts');
    const read = (file: string): Promise<string> =>
      readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`cannot read ${file} (${error.code ?? 'error'})`, ['check the path and its permissions']);
      });
    const paths = parsed.argv as string[];
    const sent =
      flags.sent === undefined ? undefined : (await read(flags.sent)).split('\n').filter((name) => name !== '');
    if (paths.length > 1 && (sent ?? flags.problem) !== undefined) {
      throw new UsageError('an archive and a problem number belong to one console', [
        'give the list of that console alone',
      ]);
    }
    const facts = { sent, problem: flags.problem, sentAt: flags['sent-at'], listedAt: flags['listed-at'] };
    const inventory = room.loadInventory(flags.inventory);
    const lists = await Promise.all(paths.map(async (name) => ({ name, read: room.readEvents(await read(name)) })));
    const reports = lists.map(({ name, read: list }) => {
      const events = room.reportEvents(inventory, list, facts);
      return { list: name, outcome: room.outcomeOf(events, list.bad), events, bad: list.bad };
    });
    const groups = reports.length === 1 ? [] : room.groupEvents(lists);
    const outcome = room.outcomeOfLists(reports, groups);
    const [{ list: _, ...only }] = reports as [(typeof reports)[0]];
    const answer = reports.length === 1 ? only : { outcome, lists: reports, groups };
    await this.write(flags.json ? `${JSON.stringify(answer)}\n` : room.describeLists(reports, groups));
    this.finish(outcome === 'violation' ? EXIT.held : outcome === 'unknown' ? EXIT.incomplete : EXIT.cleared);
  }
}
