import type { Spool } from '../evidence/index.ts';
import { createPlacer, createWrapperFinder, type Disclosure, type Inventory, type Placer } from '../inventory/index.ts';
import type { ItemRef, Locator, RawFinding } from '../model/index.ts';
import { type Fact, headOf } from './fact.ts';

/** What the whole walk says about its entries before any of them is judged. */
export interface Placement {
  /** The item of an entry; `undefined` where none is needed. */
  itemOf(ordinal: number): ItemRef | undefined;
  /** The disclosure that covers this finding in this item, and whether it covers more than it allows. */
  disclosureFor(item: ItemRef | undefined, finding: RawFinding): { id: string; exceeded: boolean } | undefined;
  /** Whether the same value stands where a disclosure allows it. */
  disclosedElsewhere(finding: RawFinding): boolean;
}

/** The structural places that disclosures name, by the id under which the scan reports them. */
export function disclosureLocators(inventory: Inventory | null): Map<string, Locator> {
  const locators = new Map<string, Locator>();
  for (const disclosure of inventory?.disclosures ?? []) {
    for (const [index, locator] of disclosure.locators.entries()) locators.set(`${disclosure.id}#${index}`, locator);
  }
  return locators;
}

/**
 * Goes once over all facts, in walk order. Needed because a directory that wraps a whole bundle, and how many distinct
 * contacts it holds, is known only at its end.
 */
export function placeAll(facts: Spool<Fact>, inventory: Inventory | null, platform: string | undefined): Placement {
  if (inventory === null) {
    return { itemOf: () => undefined, disclosureFor: () => undefined, disclosedElsewhere: () => false };
  }
  const items = placeEntries(facts, inventory, platform);
  const instances = new Map<string, Set<string>>();
  const disclosed = new Set<string>();
  for (let ordinal = 0; ordinal < facts.length; ordinal += 1) {
    const located = facts.get(ordinal)?.findings.filter((finding) => finding.located.length > 0) ?? [];
    for (const finding of located) {
      const disclosure = coveringDisclosure(inventory, items[ordinal], finding);
      if (disclosure === undefined) continue;
      const seen = instances.get(disclosure.id) ?? new Set();
      instances.set(disclosure.id, seen);
      for (const { locator, instance } of finding.located)
        if (locator.startsWith(`${disclosure.id}#`)) seen.add(instance);
      if (finding.valueId) disclosed.add(`${finding.class}:${finding.valueId}`);
    }
  }
  return {
    itemOf: (ordinal) => items[ordinal],
    disclosureFor: (item, finding) => {
      const disclosure = coveringDisclosure(inventory, item, finding);
      if (disclosure === undefined) return undefined;
      const distinct = instances.get(disclosure.id)?.size ?? 0;
      return { id: disclosure.id, exceeded: distinct > (disclosure.maxDistinct ?? Number.POSITIVE_INFINITY) };
    },
    disclosedElsewhere: ({ class: entity, valueId }) => valueId !== undefined && disclosed.has(`${entity}:${valueId}`),
  };
}

function placeEntries(facts: Spool<Fact>, inventory: Inventory, platform: string | undefined): (ItemRef | undefined)[] {
  const items: (ItemRef | undefined)[] = [];
  const wrappers = findWrappers(facts, inventory);
  let placer: Placer | undefined;
  let root = 0;
  const settlePayload = () => {
    const tail = facts.get(root);
    // An empty payload is nothing to examine; what it would be called does not matter.
    if (placer && tail && tail.size !== 0) items[root] = placer.payload(tail);
  };
  for (let ordinal = 0; ordinal < facts.length; ordinal += 1) {
    const fact = facts.get(ordinal);
    if (fact === undefined) continue;
    if (fact.parent === undefined) {
      settlePayload();
      root = ordinal;
      placer = createPlacer(inventory, { platform, wrapper: wrappers.get(ordinal) });
    }
    items[ordinal] = placer?.place(headOf(fact, ordinal));
  }
  settlePayload();
  return items;
}

function findWrappers(facts: Spool<Fact>, inventory: Inventory): Map<number, string | undefined> {
  const wrappers = new Map<number, string | undefined>();
  let finder = createWrapperFinder(inventory);
  let root = 0;
  for (let ordinal = 0; ordinal < facts.length; ordinal += 1) {
    const fact = facts.get(ordinal);
    if (fact === undefined) continue;
    if (fact.parent === undefined) {
      wrappers.set(root, finder.wrapper());
      finder = createWrapperFinder(inventory);
      root = ordinal;
    }
    finder.add(headOf(fact, ordinal));
  }
  return wrappers.set(root, finder.wrapper());
}

function coveringDisclosure(
  inventory: Inventory,
  item: ItemRef | undefined,
  finding: RawFinding,
): Disclosure | undefined {
  if (item?.id == null) return undefined;
  const id = item.id;
  return inventory.disclosures.find(
    (disclosure) =>
      disclosure.items.includes(id) &&
      disclosure.entity.some((entity) => finding.class === entity || finding.class.startsWith(`${entity}.`)) &&
      (disclosure.locators.length === 0 ||
        finding.located.some(({ locator }) => locator.startsWith(`${disclosure.id}#`))),
  );
}
