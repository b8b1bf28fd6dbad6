import type { EntryHead, EntryTail, ItemRef } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import { type ItemMatch, matchNormal } from './match.ts';
import { isContainerMedia } from './media.ts';
import { byteText, type NormalPath, normalise } from './path-name.ts';

/** Says of each entry of one payload which documented item it is. */
export interface Placer {
  /**
   * To be called in walk order, containers before their members. `undefined` where no item is needed: the payload itself
   * and pseudo entries of its own container.
   */
  place(head: EntryHead): ItemRef | undefined;
  /**
   * The item of the payload itself, once its last byte was read: by its base name in the top level, `undefined` if it is
   * a container, which needs none.
   */
  payload(tail: Pick<EntryTail, 'media' | 'coverage' | 'gaps'>): ItemRef | undefined;
}

export interface PlacerOptions {
  readonly platform?: string | undefined;
  /** The directory that wraps everything, as `createWrapperFinder` found it. */
  readonly wrapper?: string | undefined;
}

interface Placed {
  readonly ordinal: number;
  readonly payload: boolean;
  readonly ref: ItemRef | undefined;
  /** The context that members are matched in; where there is none, members inherit `ref`. */
  readonly membersIn: string | undefined;
}

/** One placer for each payload. Its memory is the depth of the walk, whatever the number of entries. */
export function createPlacer(inventory: Inventory, options: PlacerOptions = {}): Placer {
  const top = inventory.contexts[0].id;
  const ancestors: Placed[] = [];
  let payload: Placed | undefined;
  let members = false;

  return {
    place(head) {
      if (head.parent === undefined) {
        payload = placePayload(inventory, head, options.platform);
        members = false;
        ancestors.splice(0, ancestors.length, payload);
        return undefined;
      }
      while (ancestors.length > 0 && ancestors.at(-1)?.ordinal !== head.parent) ancestors.pop();
      const container = ancestors.at(-1);
      if (container === undefined) throw new Error('an entry was placed before its container');
      if (container.payload && head.kind !== 'pseudo') members = true;
      const ref = placeMember(inventory, head, container, options);
      const membersIn = ref === undefined || ref.inherited ? undefined : contextOfMembers(inventory, ref.id);
      ancestors.push({ ordinal: head.ordinal, payload: false, ref, membersIn });
      return ref;
    },
    payload(tail) {
      if (payload === undefined) throw new Error('no payload was placed');
      // A text that was read as such is no container, though files lie encoded in it.
      const isLeaf = tail.coverage === 'decoded' || tail.coverage === 'raw';
      if ((members && !isLeaf) || tail.coverage === 'opened' || isContainerMedia(tail.media)) return undefined;
      // Where a limit ended the reading before it was told what this is, it may be a container.
      const limited = tail.coverage === 'unread' && tail.gaps.some(({ code }) => code.startsWith('over-'));
      return payload.ref ?? (limited ? undefined : { id: null, status: 'undocumented', context: top });
    },
  };
}

/** A payload that is itself a documented container is read as one: `acuppd.tgz` or a dump handed over alone. */
function placePayload(inventory: Inventory, head: EntryHead, platform: string | undefined): Placed {
  const top = inventory.contexts[0].id;
  const path = head.kind === 'directory' ? undefined : normalise(byteText(head.name));
  const match = path && matchNormal(inventory, top, path, { platform });
  const ref = match?.item && refOf(match, top);
  const own = contextOfMembers(inventory, ref?.id);
  const mayHold = match?.item?.content.some((kind) => kind === 'archive' || kind === 'dump') === true;
  return { ordinal: head.ordinal, payload: true, ref, membersIn: own ?? (mayHold ? undefined : top) };
}

function placeMember(
  inventory: Inventory,
  head: EntryHead,
  container: Placed,
  { platform, wrapper }: PlacerOptions,
): ItemRef | undefined {
  const top = inventory.contexts[0].id;
  if (head.kind === 'pseudo' && container.payload) return undefined;
  const context = container.membersIn;
  if (head.kind === 'pseudo' || context === undefined) {
    return { ...(container.ref ?? { id: null, status: 'undocumented', context: top }), inherited: true };
  }
  const path = normalise(byteText(head.name));
  if (path === undefined) return { id: null, status: 'undocumented', context };
  const options = { platform, directory: head.kind === 'directory' };
  if (context !== top || !container.payload) return refOf(matchNormal(inventory, context, path, options), context);
  return placeAtTop(inventory, unwrap(path, wrapper), options);
}

/** The top level, with the trees in it that have a context of their own. */
function placeAtTop(
  inventory: Inventory,
  path: NormalPath,
  options: { readonly platform: string | undefined; readonly directory: boolean },
): ItemRef {
  const top = inventory.contexts[0].id;
  for (const { id, below } of inventory.contexts) {
    if (below === undefined) continue;
    const prefix = byteText(below).split('/');
    if (prefix.every((segment, at) => path.segments[at] === segment)) {
      return refOf(matchNormal(inventory, id, path, options), id);
    }
    if (options.directory && path.segments.every((segment, at) => prefix[at] === segment)) {
      return { id: null, status: 'documented', context: top };
    }
  }
  return refOf(matchNormal(inventory, top, path, options), top);
}

function refOf(match: ItemMatch, context: string): ItemRef {
  return { id: match.item?.id ?? null, status: match.status, context };
}

function contextOfMembers(inventory: Inventory, item: string | null | undefined): string | undefined {
  if (item === null || item === undefined) return undefined;
  return inventory.contexts.find(({ membersOf }) => membersOf === item)?.id;
}

function unwrap(path: NormalPath, wrapper: string | undefined): NormalPath {
  if (wrapper === undefined || path.segments[0] !== wrapper) return path;
  return { segments: path.segments.slice(1), directory: path.directory };
}
