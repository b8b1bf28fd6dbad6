import type { Inventory } from '../inventory/index.ts';
import type { UnpackEvent } from '../model/index.ts';
import type { Placement } from './placement.ts';

/** Longer files are no list of sockets of a console. */
const MAX_BYTES = 1 << 19;
/** Of all such files together; the text of each is kept until the walk has ended. */
const MAX_TOTAL = 1 << 23;

/** A file that may be evidence of endpoints, by its name; `text` is undefined where it is too large to keep. */
export interface EvidenceText {
  readonly ordinal: number;
  readonly text: string | undefined;
}

/**
 * Passes a walk through as it is, and keeps the small files that may be of an item with evidence. Which item a file is
 * can be told after the walk only, so the beginnings of their names choose, and the item decides later.
 */
export function keepEvidence(
  events: AsyncIterable<UnpackEvent>,
  inventory: Inventory | null,
  found: (kept: EvidenceText) => void,
): AsyncIterable<UnpackEvent> {
  const items = inventory?.items.filter(({ evidence }) => evidence.includes('endpoints')) ?? [];
  if (items.length === 0) return events;
  return keep(events, [...new Set(items.flatMap(({ patterns }) => patterns.map(beginning)))], found);
}

async function* keep(
  events: AsyncIterable<UnpackEvent>,
  beginnings: readonly string[],
  found: (kept: EvidenceText) => void,
): AsyncGenerator<UnpackEvent> {
  let kept: { ordinal: number; parts: Uint8Array[]; size: number } | undefined;
  let total = 0;
  for await (const event of events) {
    const { entry } = event;
    if (event.type === 'bytes' && entry.kind === 'file') {
      if (kept?.ordinal !== entry.ordinal) {
        const name = entry.path.at(-1)?.split('/').at(-1) ?? '';
        const may = beginnings.some((start) => name.startsWith(start));
        kept = may ? { ordinal: entry.ordinal, parts: [], size: 0 } : undefined;
      }
      if (kept) {
        kept.size += event.bytes.length;
        // The bytes are valid until the next event only.
        if (kept.size <= MAX_BYTES) kept.parts.push(Uint8Array.from(event.bytes));
        else kept.parts = [];
      }
    } else if (event.type === 'end' && kept?.ordinal === entry.ordinal) {
      const fits = kept.size <= MAX_BYTES && total + kept.size <= MAX_TOTAL;
      if (fits) total += kept.size;
      const text = fits ? new TextDecoder().decode(Buffer.concat(kept.parts)) : undefined;
      found({ ordinal: entry.ordinal, text });
      kept = undefined;
    }
    yield event;
  }
}

/** The literal beginning of a pattern's last name. */
function beginning(pattern: string): string {
  return (pattern.split('/').at(-1) ?? '').split(/[*{]/, 1)[0] ?? '';
}

/** The kept files whose item is evidence of endpoints. Members that inherit an item are not what the document means. */
export function evidenceAmong(
  kept: readonly EvidenceText[],
  inventory: Inventory,
  placement: Placement,
  shown: { pathOf(ordinal: number): readonly string[] },
): { path: readonly string[]; text: string | undefined }[] {
  const meant = kept.filter(({ ordinal }) => {
    const item = placement.itemOf(ordinal);
    return item?.id != null && !item.inherited && inventory.item(item.id)?.evidence.includes('endpoints') === true;
  });
  return meant.map(({ ordinal, text }) => ({ path: shown.pathOf(ordinal), text }));
}
