import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { UsageError } from '../../model/index.ts';

export default class InventoryShow extends BaseCommand {
  static override summary = 'Show an inventory: items with status and citation, claims, disclosures.';
  static override examples = [
    '<%= config.bin %> inventory show',
    '<%= config.bin %> inventory show ibm-hmc-860 --item problems-xml',
    '<%= config.bin %> inventory show ./mine.yaml --json',
  ];
  static override enableJsonFlag = false;
  static override args = {
    inventory: Args.string({ description: 'id of a built-in inventory, or a file', default: 'ibm-hmc-860' }),
  };
  static override flags = {
    item: Flags.string({ summary: 'Show this item alone, with everything known of it.', helpValue: 'ID' }),
    json: Flags.boolean({ summary: 'Print one JSON object.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryShow);
    const flags: Interfaces.InferredFlags<typeof InventoryShow.flags> = parsed.flags;
    const { describeInventory, describeItem, loadInventory } = await import('../../inventory/index.ts');
    const inventory = loadInventory(parsed.args.inventory);
    if (flags.item === undefined) {
      const { index: _, item: __, ...whole } = inventory;
      await this.write(flags.json ? `${JSON.stringify(whole)}\n` : describeInventory(inventory));
      return;
    }
    const item = inventory.item(flags.item);
    if (item === undefined) {
      throw new UsageError(`${inventory.identity.id} has no item "${flags.item}"`, [
        `see the ids with: clearance inventory show ${parsed.args.inventory}`,
      ]);
    }
    await this.write(flags.json ? `${JSON.stringify(item)}\n` : describeItem(item));
  }
}
