import { type Inventory, reasonsServed } from '../inventory/index.ts';
import type { DocumentAccount } from '../model/index.ts';
import type { Placement } from './placement.ts';

/** What the inventory's document says beyond files: its claims, its conflicts, and which reasons the entries serve. */
export function accountOf(
  inventory: Inventory,
  placement: Placement,
  entryCount: number,
  platform: string | undefined,
): DocumentAccount {
  function* refs() {
    for (let ordinal = 0; ordinal < entryCount; ordinal += 1) yield placement.itemOf(ordinal);
  }
  return {
    claims: inventory.claims.map(({ id, quote, meaning, contradicts, cite }) => ({
      id,
      quote,
      meaning,
      contradicts,
      cite,
    })),
    conflicts: inventory.conflicts.map(({ id, title, kind, statements, readings, handling }) => ({
      id,
      title,
      kind,
      statements,
      readings,
      handling,
    })),
    reasonsServed: reasonsServed(inventory, refs(), platform).map(({ reason, items, forbidden }) => ({
      id: reason.id,
      title: reason.title,
      items,
      forbidden,
      cite: reason.cite,
    })),
  };
}
