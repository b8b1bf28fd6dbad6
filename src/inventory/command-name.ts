import type { CommandNames, InventoryDefinition, ItemDefinition } from './definition.ts';
import { charSet } from './segment.ts';

/** The names that the output of `command` may have, by the inventory's own convention. */
function commandPatterns(command: string, names: CommandNames): string[] {
  const folder = names.stripFolders.find((prefix) => command.startsWith(prefix)) ?? '';
  const keep = charSet(names.keep);
  let name = '';
  let run = false;
  for (const character of command.slice(folder.length)) {
    if (character === '/') name += names.slash;
    else if (keep[character.charCodeAt(0)] === 1) name += character;
    else if (!run) name += names.other;
    run = character !== '/' && keep[character.charCodeAt(0)] !== 1;
  }
  return names.folders.flatMap((prefix) => names.suffixes.map((suffix) => `${prefix}${name}${suffix}`));
}

/** The patterns of an item: its own, or those of its command's output. */
export function itemPatterns(item: ItemDefinition, value: InventoryDefinition): readonly string[] {
  if (item.command === undefined || value.commandNames === undefined) return item.patterns ?? [];
  return commandPatterns(item.command, value.commandNames);
}
