import type { ContextIndex, IndexedPattern, Item } from './inventory.ts';
import type { compilePattern, Pattern } from './pattern.ts';
import type { Token } from './segment.ts';

/** Orders the patterns of each context by preference and files them under their first plain names. */
export function indexPatterns(
  items: readonly Item[],
  placeholders: ReadonlyMap<string, Token>,
  compile: typeof compilePattern,
): Map<string, ContextIndex> {
  const found = new Map<string, { item: Item; pattern: Pattern }[]>();
  for (const item of items) {
    const list = found.get(item.context) ?? [];
    for (const text of item.patterns) list.push({ item, pattern: compile(text, placeholders) });
    found.set(item.context, list);
  }
  const index = new Map<string, ContextIndex>();
  for (const [context, list] of found) {
    // The sort is stable: among equals the order of the file decides.
    const all = list.sort(bySpecificity).map((entry, order): IndexedPattern => ({ ...entry, order }));
    const byKey = new Map<string, IndexedPattern[]>();
    for (const entry of all) {
      const key = entry.pattern.key.join('/');
      byKey.set(key, [...(byKey.get(key) ?? []), entry]);
    }
    index.set(context, { all, byKey });
  }
  return index;
}

const STATUS_ORDER = ['forbidden', 'documented', 'documented-ambiguous', 'known-from-other-source'];

function bySpecificity(a: { item: Item; pattern: Pattern }, b: { item: Item; pattern: Pattern }): number {
  for (const [at, rank] of a.pattern.rank.entries()) {
    const difference = (b.pattern.rank[at] ?? 0) - rank;
    if (difference !== 0) return difference;
  }
  return STATUS_ORDER.indexOf(a.item.status) - STATUS_ORDER.indexOf(b.item.status);
}

/** The best pattern that `accepts` holds for, among those filed under the path's first names. */
export function bestPattern(
  index: ContextIndex,
  segments: readonly string[],
  accepts: (entry: IndexedPattern) => boolean,
): IndexedPattern | undefined {
  let best: IndexedPattern | undefined;
  for (const key of [`${segments[0]}/${segments[1]}`, segments[0] ?? '', '']) {
    const entry = index.byKey.get(key)?.find(accepts);
    if (entry !== undefined && (best === undefined || entry.order < best.order)) best = entry;
  }
  return best;
}
