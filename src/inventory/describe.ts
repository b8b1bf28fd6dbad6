import { shelfIds } from '../catalog/index.ts';
import type { Citation } from '../model/index.ts';
import type { Inventory, Item } from './inventory.ts';
import { loadInventory } from './load.ts';

/** What a list shows of an inventory. */
export interface InventorySummary {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly title: string;
  readonly items: number;
}

/** The inventories that come with clearance, by id. */
export function builtInInventories(): InventorySummary[] {
  return shelfIds('inventories').map((id) => {
    const { identity, title, items } = loadInventory(id);
    return { ...identity, title, items: items.length };
  });
}

export function describeList(inventories: readonly InventorySummary[]): string {
  return inventories.map(({ id, version, title, items }) => `${id} ${version}: ${title}, ${items} items\n`).join('');
}

export function describeInventory(inventory: Inventory): string {
  const { identity, title, product } = inventory;
  const lines = [`${identity.id} ${identity.version}: ${title}`, product, `sha256 ${identity.sha256}`];
  for (const context of inventory.contexts) {
    const items = inventory.items.filter((item) => item.context === context.id);
    lines.push('', `${context.id}: ${context.title}, ${items.length} items`);
    for (const item of items) lines.push(`  ${item.id}  ${item.printed}  [${item.status}]  ${item.title}`);
  }
  lines.push('', 'claims, word for word');
  for (const claim of inventory.claims) lines.push(`  ${claim.id}: "${claim.quote}" (${shownCitation(claim.cite)})`);
  lines.push('', 'disclosures');
  for (const disclosure of inventory.disclosures) {
    const reading = disclosure.reading === undefined ? '' : ', by our reading';
    lines.push(`  ${disclosure.id}: ${disclosure.title} (${disclosure.entity.join(', ')})${reading}`);
  }
  lines.push('', 'retention');
  for (const { id, title, keep } of inventory.retention) {
    const text = keep === 'unbounded' ? 'unbounded' : `up to ${keep.days} days after ${keep.from}`;
    lines.push(`  ${id}: ${title}, ${text}`);
  }
  lines.push('', 'source conflicts');
  for (const { id, kind, title } of inventory.conflicts) lines.push(`  ${id}: ${title} [${kind}]`);
  return `${lines.join('\n')}\n`;
}

export function describeItem(item: Item): string {
  const lines = [
    `${item.id}: ${item.title}`,
    `  as printed   ${item.printed}`,
    `  status       ${item.status}`,
    `  context      ${item.context}`,
    `  patterns     ${item.patterns.join(', ')}`,
    ...item.readings.map((reading) => `  reading      ${reading}`),
    `  content      ${item.content.join(', ')}`,
    `  platforms    ${item.platforms.join(', ')}`,
    `  reasons      ${item.reasons.join(', ')}`,
    `  leaks        ${item.leaks.join(', ')}`,
    ...(item.note === undefined ? [] : [`  note         ${item.note}`]),
    `  source       ${shownCitation(item.cite)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function shownCitation(cite: Citation): string {
  return [cite.document, cite.edition, cite.section].filter((part) => part !== undefined).join(', ');
}
