/** Which documented item an entry is: inventories as data, matched by context and path, with status and citation. */
export type { ContentKind, ContextDefinition } from './definition.ts';
export { builtInInventories, describeInventory, describeItem, describeList } from './describe.ts';
export { type DraftOptions, draftInventory, parseEntries, type SeenEntry } from './draft.ts';
export type { Claim, Disclosure, Inventory, Item, Reason } from './inventory.ts';
export { loadInventory, parseInventory } from './load.ts';
export { type ItemMatch, type MatchOptions, matchPath } from './match.ts';
export { matchLines } from './match-lines.ts';
export { acceptsRaw, mediaFits } from './media.ts';
export { createPlacer, type Placer, type PlacerOptions } from './place.ts';
export { knownPlatform } from './platform.ts';
export { createWrapperFinder, type WrapperFinder, wrapperOf } from './wrapper.ts';
