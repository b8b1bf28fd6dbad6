import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../../cli/index.ts';
import { EXIT, UsageError } from '../../model/index.ts';

export default class InventorySections extends BaseCommand {
  static override summary =
    'Compare the headings of a file of command outputs with the commands that the paper lists for it.';
  static override description =
    'A heading that names another command is undocumented content in a documented file. Text of the file is never printed. ' +
    'Exits 0 if every heading is documented, 1 if one is not, 3 if the file has no headings.';
  static override examples = [
    '<%= config.bin %> inventory sections sys.eed',
    '<%= config.bin %> inventory sections ./copy.txt --item hmc-eed --json',
  ];
  static override enableJsonFlag = false;
  static override args = { file: Args.string({ description: 'a file such as sys.eed', required: true }) };
  static override flags = {
    inventory: Flags.string({ summary: 'Id of a built-in inventory, or a file.', default: 'ibm-hmc-860' }),
    item: Flags.string({ summary: 'Id of the item the file is; told by its name if absent.' }),
    json: Flags.boolean({ summary: 'Print {item, headings: [{line, command}], absent}.' }),
  };

  override async run(): Promise<void> {
    const parsed = await this.parse(InventorySections);
    const flags: Interfaces.InferredFlags<typeof InventorySections.flags> = parsed.flags;
    const { file } = parsed.args;
    const { checkSections, describeSections, loadInventory, matchPath } = await import('../../inventory/index.ts');
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`cannot read ${file} (${error.code ?? 'error'})`, ['check the path and its permissions']);
    });
    const inventory = loadInventory(flags.inventory);
    const item = flags.item ?? matchPath(inventory, inventory.contexts[0].id, basename(file)).item?.id;
    const check = item === undefined ? undefined : checkSections(inventory, item, text);
    if (check === undefined) {
      const known = inventory.items.filter(({ sections }) => sections.length > 0).map(({ id }) => id);
      throw new UsageError(`${file}: the source lists no commands for ${item ?? 'a file of this name'}`, [
        known.length === 0 ? 'this inventory has no such file' : `give --item, one of: ${known.join(', ')}`,
      ]);
    }
    await this.write(flags.json ? `${JSON.stringify(check)}\n` : describeSections(check));
    const strange = check.headings.some(({ command }) => command === null);
    this.finish(strange ? EXIT.held : check.headings.length === 0 ? EXIT.incomplete : EXIT.cleared);
  }
}
