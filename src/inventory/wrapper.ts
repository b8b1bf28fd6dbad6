import type { EntryHead } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import { matchNormal } from './match.ts';
import { byteText, normalise } from './path-name.ts';

/** Watches the entries of one payload and tells at the end which one directory wraps them all. */
export interface WrapperFinder {
  /** Takes any entry of the walk; only members of the payload itself are looked at. */
  add(head: Pick<EntryHead, 'parent' | 'kind' | 'name'>): void;
  /** The wrapping directory as a byte string (one character per byte), for `createPlacer`. */
  wrapper(): string | undefined;
}

/**
 * A directory wraps if every entry lies under it and it is not itself on the way to a documented path: `var/adm/esa/...`
 * alone is a tree of its own, not one wrapped in `var`.
 */
export function createWrapperFinder(inventory: Inventory): WrapperFinder {
  let payload: number | undefined;
  let seen: string | undefined;
  let open = true;
  const starts = new Set(inventory.contexts.flatMap(({ below }) => below?.split('/')[0] ?? []).map(byteText));
  return {
    add({ parent, kind, name }) {
      if (!open || parent === undefined || kind === 'pseudo') return;
      payload ??= parent;
      if (parent !== payload) return;
      const path = normalise(byteText(name));
      const [first, second] = path?.segments ?? [];
      if (path !== undefined && first === undefined && kind === 'directory') return;
      seen ??= first;
      open = first !== undefined && first === seen && (second !== undefined || kind === 'directory');
    },
    wrapper() {
      if (!open || seen === undefined || starts.has(seen)) return undefined;
      const at = { segments: [seen], directory: true };
      return matchNormal(inventory, inventory.contexts[0].id, at, {}).status === 'undocumented' ? seen : undefined;
    },
  };
}
