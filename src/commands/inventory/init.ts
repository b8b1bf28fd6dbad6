import { text } from 'node:stream/consumers';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand, limitFlags, limitsFrom } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class InventoryInit extends BaseCommand {
  static override summary = 'Draft an inventory from a bundle that is known to be good, for a person to edit.';
  static override description =
    'Reads a bundle; or from - the output of inspect --json, or a listing with one path a line. The items of a draft are known-from-other-source until a person cites the document that names them.';
  static override examples = [
    '<%= config.bin %> inventory init good.tgz --id acme-callhome > acme.yaml',
    'tar tzf good.tgz | <%= config.bin %> inventory init - --id acme-callhome > acme.yaml',
  ];
  static override enableJsonFlag = false;
  static override args = {
    bundle: Args.string({ description: 'file, directory, or - for a listing', required: true }),
  };
  static override flags = {
    id: Flags.string({ summary: 'Id of the new inventory, in kebab-case.', required: true }),
    title: Flags.string({ summary: 'Title of the new inventory; the id if absent.' }),
    ...limitFlags,
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryInit);
    const flags: Interfaces.InferredFlags<typeof InventoryInit.flags> = parsed.flags;
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(flags.id)) {
      throw new UsageError(`"${flags.id}" is no id`, ['write it in kebab-case: acme-callhome']);
    }
    const { draftInventory, parseEntries } = await import('../../inventory/index.ts');
    let listing = '';
    if (parsed.args.bundle === '-') listing = await text(process.stdin);
    else {
      const { openPayloads } = await import('../../source/index.ts');
      const { inspect, inspectJson } = await import('../../unpack/index.ts');
      const payloads = openPayloads([parsed.args.bundle], { each: false, stdinName: 'stdin' });
      const options = { limits: limitsFrom(flags), ledger: false };
      for await (const piece of inspect(payloads, inspectJson, options)) listing += piece.text;
    }
    const entries = parseEntries(listing);
    if (!entries.some(({ path, kind }) => path.length > 1 && kind === 'file')) {
      throw new UsageError('no entry of a bundle was found', ['name an archive or a directory, or pipe in a listing']);
    }
    await this.write(draftInventory(entries, { id: flags.id, title: flags.title ?? flags.id }));
  }
}
