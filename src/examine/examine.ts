import { acceptsRaw, type Inventory, mediaFits } from '../inventory/index.ts';
import type { Coverage, Finding, Gap, ItemRef, RawFinding, ResultEntry } from '../model/index.ts';
import { counts, type Suppressions, stateOf, suppressionOf } from '../policy/index.ts';
import { displayName } from '../unpack/index.ts';
import { type Fact, headOf } from './fact.ts';
import type { Placement } from './placement.ts';

/** Joins what was read and found with what is documented: facts in, entries of the result out, in walk order. */
export function* examine(
  facts: Iterable<Fact>,
  placement: Placement,
  inventory: Inventory | null,
  suppressions?: Suppressions,
): Generator<ResultEntry> {
  const shown = new Map<number, readonly [string, ...string[]]>();
  let ordinal = -1;
  for (const fact of facts) {
    ordinal += 1;
    const item = placement.itemOf(ordinal);
    const findings = fact.findings.map((finding) => decide(finding, item, placement, inventory, suppressions));
    const { path, masked } = maskedPath(fact, ordinal, findings, shown);
    const { coverage, gaps } = readingOf(fact, item, inventory);
    yield {
      path,
      kind: fact.kind,
      size: fact.size,
      sha256: fact.sha256,
      media: fact.media,
      coverage,
      gaps,
      ...(item && { item }),
      findings,
      ...(masked && { nameMasked: true }),
    };
  }
}

function decide(
  raw: RawFinding,
  item: ItemRef | undefined,
  placement: Placement,
  inventory: Inventory | null,
  suppressions: Suppressions | undefined,
): Finding {
  const { testValue: _testValue, located: _located, valueId: _valueId, ...finding } = raw;
  const context = {
    status: item?.status,
    memoryItem: inventory && acceptsRaw(inventory, item) ? (item?.id ?? undefined) : undefined,
    disclosure: placement.disclosureFor(item, raw),
    disclosedElsewhere: placement.disclosedElsewhere(raw),
    suppression: suppressions && suppressionOf(raw, suppressions),
  };
  return { ...finding, ...stateOf(raw, context) };
}

/** Random-looking bytes may hide anything; only items documented as memory or binary dumps may hold them. */
function readingOf(
  fact: Fact,
  item: ItemRef | undefined,
  inventory: Inventory | null,
): { coverage: Coverage; gaps: readonly Gap[] } {
  const gaps = [...fact.gaps];
  let coverage = fact.coverage;
  const allowed = inventory !== null && acceptsRaw(inventory, item);
  if (fact.highEntropy && coverage === 'raw' && !allowed) {
    coverage = 'unread';
    gaps.push({ code: 'high-entropy', detail: 'looks compressed or encrypted, and its item accepts no raw bytes' });
  }
  if (inventory && fact.kind === 'file' && !item?.inherited && !mediaFits(inventory, item, fact.media, fact.coverage)) {
    gaps.push({ code: 'type-mismatch', detail: `is ${fact.media} by content, which item ${item?.id} may not hold` });
  }
  return { coverage, gaps };
}

/**
 * The entry's path with every name masked in which a counting or suppressed finding lies: its own, and those of the containers around
 * it. `shown` remembers the masked ones.
 */
function maskedPath(
  fact: Fact,
  ordinal: number,
  findings: readonly Finding[],
  shown: Map<number, readonly [string, ...string[]]>,
): { path: readonly [string, ...string[]]; masked: boolean } {
  const around = fact.parent === undefined ? undefined : shown.get(fact.parent);
  const own = findings.filter((finding) => finding.at.where === 'name' && hides(finding));
  if (around === undefined && own.length === 0) return { path: fact.path, masked: false };
  const last = own.length > 0 ? maskName(headOf(fact, ordinal).name, own) : (fact.path.at(-1) as string);
  const path = [...(around ?? fact.path.slice(0, -1)), last] as unknown as readonly [string, ...string[]];
  shown.set(ordinal, path);
  return { path, masked: true };
}

/** A value that was set aside is shown no more than one that counts. */
function hides(finding: Finding): boolean {
  return counts(finding) || finding.state === 'suppressed';
}

function maskName(name: Uint8Array, findings: readonly Finding[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, excerpt } of [...findings].sort((a, b) => a.at.offset - b.at.offset)) {
    if (at.offset < from) continue;
    parts.push(displayName(name.subarray(from, at.offset)), excerpt);
    from = at.offset + at.length;
  }
  parts.push(displayName(name.subarray(from)));
  return parts.join('');
}
