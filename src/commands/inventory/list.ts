import { Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';

export default class InventoryList extends BaseCommand {
  static override summary = 'List the built-in inventories.';
  static override examples = ['<%= config.bin %> inventory list', '<%= config.bin %> inventory list --json'];
  static override enableJsonFlag = false;
  static override flags = { json: Flags.boolean({ summary: 'Print one JSON array.' }) };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryList);
    const flags: Interfaces.InferredFlags<typeof InventoryList.flags> = parsed.flags;
    const { builtInInventories, describeList } = await import('../../inventory/index.ts');
    const inventories = builtInInventories();
    await this.write(flags.json ? `${JSON.stringify(inventories)}\n` : describeList(inventories));
  }
}
