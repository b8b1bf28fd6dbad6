import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class InventoryMatch extends BaseCommand {
  static override summary = 'Say of each path on stdin which documented item it is.';
  static override description =
    'One path a line, relative to the context; LF ends a line and nothing is trimmed. A path that ends in / is a directory.';
  static override examples = [
    'tar tzf bundle.tgz | <%= config.bin %> inventory match --context top -',
    'tar tzf acuppd.tgz | <%= config.bin %> inventory match --context acuppd --json -',
  ];
  static override enableJsonFlag = false;
  static override args = { input: Args.string({ description: '- for stdin', options: ['-'], default: '-' }) };
  static override flags = {
    inventory: Flags.string({ summary: 'Id of a built-in inventory, or a file.', default: 'ibm-hmc-860' }),
    context: Flags.string({ summary: 'Where the paths lie: top, acuppd, esa ...', required: true }),
    platform: Flags.string({ summary: 'Items documented for other platforms only are forbidden.' }),
    json: Flags.boolean({ summary: 'Print JSON Lines {path, context, item, status, ambiguous}; this is the default.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryMatch);
    const flags: Interfaces.InferredFlags<typeof InventoryMatch.flags> = parsed.flags;
    const { knownPlatform, loadInventory, matchLines } = await import('../../inventory/index.ts');
    const inventory = loadInventory(flags.inventory);
    const contexts = inventory.contexts.map(({ id }) => id);
    if (!contexts.includes(flags.context)) {
      throw new UsageError(`${inventory.identity.id} has no context "${flags.context}"`, [
        `known contexts: ${contexts.join(', ')}`,
      ]);
    }
    const platform = knownPlatform(inventory, flags.platform);
    // A reader that went away leaves stdout writable; an endless input must not keep us then.
    let unread = false;
    process.stdout.once('error', () => {
      unread = true;
    });
    for await (const lines of matchLines(inventory, flags.context, process.stdin, { platform })) {
      await this.write(lines);
      if (unread) break;
    }
  }
}
