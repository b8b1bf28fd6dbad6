import type { ItemStatus } from '../model/index.ts';
import type { Inventory, Item } from './inventory.ts';
import { byteText, type NormalPath, normalise } from './path-name.ts';
import { bestPattern } from './pattern-index.ts';

/** What an inventory says of a path in one context. */
export interface ItemMatch {
  readonly item: Item | undefined;
  readonly status: ItemStatus;
  /** The source is damaged or open at this item. */
  readonly ambiguous: boolean;
}

export interface MatchOptions {
  /** A platform of the inventory; items documented for others only are `forbidden`. */
  readonly platform?: string | undefined;
  /** The path names a directory; so does a path that ends in `/`. */
  readonly directory?: boolean;
}

const NOTHING: ItemMatch = { item: undefined, status: 'undocumented', ambiguous: false };
const ON_THE_WAY: ItemMatch = { item: undefined, status: 'documented', ambiguous: false };

/**
 * Matches a path, as bytes or UTF-8 text, in a context of the inventory. Where several patterns match, the most specific
 * one decides. A directory needs no item: it is documented if a documented path may lie below it.
 */
export function matchPath(
  inventory: Inventory,
  context: string,
  path: string | Uint8Array,
  options: MatchOptions = {},
): ItemMatch {
  const normal = normalise(byteText(path));
  return normal === undefined ? NOTHING : matchNormal(inventory, context, normal, options);
}

export function matchNormal(
  inventory: Inventory,
  context: string,
  { segments, directory }: NormalPath,
  options: MatchOptions,
): ItemMatch {
  const index = inventory.index.get(context);
  if (index === undefined) return NOTHING;
  if (directory || options.directory === true) {
    return index.all.some(({ pattern }) => pattern.mayLieBelow(segments)) ? ON_THE_WAY : NOTHING;
  }
  if (segments.length === 0) return NOTHING;
  const best = bestPattern(index, segments, (entry) => entry.pattern.matches(segments));
  return best === undefined ? NOTHING : outcome(best.item, options.platform);
}

function outcome(item: Item, platform: string | undefined): ItemMatch {
  const elsewhere = platform !== undefined && !item.platforms.includes(platform);
  return {
    item,
    status: elsewhere ? 'forbidden' : item.status,
    ambiguous: item.status === 'documented-ambiguous',
  };
}
