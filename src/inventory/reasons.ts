import type { ItemRef } from '../model/index.ts';
import type { Inventory, Reason } from './inventory.ts';

/** A documented reason for connecting, with the items of a bundle that serve it. */
export interface ReasonServed {
  readonly reason: Reason;
  readonly items: readonly string[];
  /** The reason does not exist on the platform given. */
  readonly forbidden: boolean;
}

/**
 * The documented reasons that the files of a bundle serve, in the order of the source. An item that serves several
 * reasons may have been sent for any of them, so a reason that is forbidden on the platform tells nothing by itself; an
 * item all of whose reasons are is forbidden by its own platforms.
 */
export function reasonsServed(
  inventory: Inventory,
  refs: Iterable<ItemRef | undefined>,
  platform?: string,
): ReasonServed[] {
  const present = new Set<string>();
  for (const ref of refs) if (ref?.id) present.add(ref.id);
  return inventory.reasons.flatMap((reason) => {
    const items = inventory.items.filter(({ id, reasons }) => present.has(id) && reasons.includes(reason.id));
    if (items.length === 0) return [];
    const forbidden = platform !== undefined && !reason.platforms.includes(platform);
    return [{ reason, items: items.map(({ id }) => id), forbidden }];
  });
}
