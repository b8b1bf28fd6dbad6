import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { DataError, EXIT } from '../../model/index.ts';

export default class InventoryCheck extends BaseCommand {
  static override summary = 'Validate an inventory and name every error with file, line and pointer.';
  static override description = 'Exits 0 if the inventory can be used, 2 if it cannot.';
  static override examples = [
    '<%= config.bin %> inventory check ./mine.yaml',
    '<%= config.bin %> inventory check ibm-hmc-860 --json',
  ];
  static override enableJsonFlag = false;
  static override args = {
    inventory: Args.string({ description: 'a file, or the id of a built-in inventory', required: true }),
  };
  static override flags = { json: Flags.boolean({ summary: 'Print {valid, id, version, items, problems}.' }) };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventoryCheck);
    const flags: Interfaces.InferredFlags<typeof InventoryCheck.flags> = parsed.flags;
    const { loadInventory } = await import('../../inventory/index.ts');
    try {
      const { identity, items } = loadInventory(parsed.args.inventory);
      const answer = { valid: true, ...identity, items: items.length, problems: [] };
      await this.write(
        flags.json
          ? `${JSON.stringify(answer)}\n`
          : `${identity.id} ${identity.version} is valid: ${items.length} items, sha256 ${identity.sha256}\n`,
      );
    } catch (error) {
      if (!flags.json || !(error instanceof DataError)) throw error;
      await this.write(`${JSON.stringify({ valid: false, problems: error.problems })}\n`);
      this.finish(EXIT.usage);
    }
  }
}
