import type { Spool } from '../evidence/index.ts';
import {
  createPlacer,
  createWrapperFinder,
  type Disclosure,
  type Inventory,
  type Placer,
  type WrapperFinder,
} from '../inventory/index.ts';
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
 * What has to be known of a walk before its entries can be placed, noted as the facts arrive (in the order of their
 * ends): the directory that wraps each payload, and which entries hold what a disclosure may allow.
 */
export class WalkNotes {
  readonly wrappers = new Map<number, string | undefined>();
  /** Ordinals, in any order. */
  readonly located: number[] = [];
  readonly #inventory: Inventory | null;
  #finder: WrapperFinder | undefined;

  constructor(inventory: Inventory | null) {
    this.#inventory = inventory;
  }

  note(fact: Fact, ordinal: number): void {
    if (this.#inventory === null) return;
    if (fact.findings.some(({ located }) => located.length > 0)) this.located.push(ordinal);
    this.#finder ??= createWrapperFinder(this.#inventory);
    // Each container adds a name to the path: two names are those of the payload and of a member of it.
    if (fact.path.length === 2) this.#finder.add(headOf(fact, ordinal));
    if (fact.parent !== undefined) return;
    this.wrappers.set(ordinal, this.#finder.wrapper());
    this.#finder = undefined;
  }
}

/**
 * Goes once over all facts, in walk order. Needed because a directory that wraps a whole bundle, and how many distinct
 * contacts it holds, is known only at its end.
 */
export function placeAll(
  facts: Spool<Fact>,
  notes: WalkNotes,
  inventory: Inventory | null,
  platform: string | undefined,
): Placement {
  if (inventory === null) {
    return { itemOf: () => undefined, disclosureFor: () => undefined, disclosedElsewhere: () => false };
  }
  const items = placeEntries(facts, notes, inventory, platform);
  const instances = new Map<string, Set<string>>();
  const disclosed = new Set<string>();
  for (const ordinal of notes.located) {
    for (const finding of facts.get(ordinal)?.findings ?? []) {
      if (finding.located.length === 0) continue;
      const disclosure = coveringDisclosure(inventory, items.get(ordinal), finding);
      if (disclosure === undefined) continue;
      const seen = instances.get(disclosure.id) ?? new Set();
      instances.set(disclosure.id, seen);
      for (const { locator, instance } of finding.located)
        if (locator.startsWith(`${disclosure.id}#`)) seen.add(instance);
      if (finding.valueId) disclosed.add(`${finding.class}:${finding.valueId}`);
    }
  }
  return {
    itemOf: (ordinal) => items.get(ordinal),
    disclosureFor: (item, finding) => {
      const disclosure = coveringDisclosure(inventory, item, finding);
      if (disclosure === undefined) return undefined;
      const distinct = instances.get(disclosure.id)?.size ?? 0;
      return { id: disclosure.id, exceeded: distinct > (disclosure.maxDistinct ?? Number.POSITIVE_INFINITY) };
    },
    disclosedElsewhere: ({ class: entity, valueId }) => valueId !== undefined && disclosed.has(`${entity}:${valueId}`),
  };
}

/** The item of each entry: a number an entry, as there are few distinct ones. */
class Items {
  #numbers: Uint32Array;
  readonly #refs: (ItemRef | undefined)[] = [undefined];
  readonly #known = new Map<string, number>();

  constructor(entries: number) {
    this.#numbers = new Uint32Array(entries);
  }

  get(ordinal: number): ItemRef | undefined {
    return this.#refs[this.#numbers[ordinal] ?? 0];
  }

  set(ordinal: number, ref: ItemRef | undefined): void {
    if (ref === undefined) return;
    const key = JSON.stringify(ref);
    let number = this.#known.get(key);
    if (number === undefined) {
      number = this.#refs.push(ref) - 1;
      this.#known.set(key, number);
    }
    this.#numbers[ordinal] = number;
  }
}

function placeEntries(
  facts: Spool<Fact>,
  { wrappers }: WalkNotes,
  inventory: Inventory,
  platform: string | undefined,
): Items {
  const items = new Items(facts.length);
  let placer: Placer | undefined;
  let root: { ordinal: number; tail: Fact } | undefined;
  const settlePayload = () => {
    // An empty payload is nothing to examine; what it would be called does not matter.
    if (placer && root && root.tail.size !== 0) items.set(root.ordinal, placer.payload(root.tail));
  };
  let ordinal = -1;
  for (const fact of facts.records()) {
    ordinal += 1;
    if (fact.parent === undefined) {
      settlePayload();
      root = { ordinal, tail: fact };
      placer = createPlacer(inventory, { platform, wrapper: wrappers.get(ordinal) });
    }
    items.set(ordinal, placer?.place(headOf(fact, ordinal)));
  }
  settlePayload();
  return items;
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
