/** Which documented item an entry is: inventories as data, matched by context and path, with status and citation. */
export { builtInInventories, describeInventory, describeItem, describeList } from './describe.ts';
export { draftInventory, parseEntries } from './draft.ts';
export { describeLists, groupEvents, outcomeOfLists } from './event-groups.ts';
export { outcomeOf, reportEvents } from './event-report.ts';
export { readEvents } from './events.ts';
export type { Disclosure, Inventory } from './inventory.ts';
export { loadInventory, parseInventory } from './load.ts';
export { matchPath } from './match.ts';
export { matchLines } from './match-lines.ts';
export { acceptsRaw, mediaFits } from './media.ts';
export { createPlacer, type Placer } from './place.ts';
export { knownPlatform } from './platform.ts';
export { reasonsServed } from './reasons.ts';
export { describeRetention, retentionCalendar, retentionDates, withoutRetention } from './retention.ts';
export { checkSections, describeSections } from './sections.ts';
export { createWrapperFinder, type WrapperFinder } from './wrapper.ts';
