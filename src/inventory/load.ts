import { type CatalogDocument, parseCatalog, readCatalogFile, resolveOnShelf } from '../catalog/index.ts';
import type { Citation } from '../model/index.ts';
import { findProblems } from './check.ts';
import { itemPatterns } from './command-name.ts';
import type { CiteDefinition, InventoryDefinition, ItemDefinition } from './definition.ts';
import { idMatches } from './id-match.ts';
import type { Disclosure, Inventory, Item } from './inventory.ts';
import { compilePattern } from './pattern.ts';
import { indexPatterns } from './pattern-index.ts';
import { placeholderToken, type Token } from './segment.ts';

/**
 * Loads an inventory by the id of a built-in one, or by the path of a file.
 * @throws UsageError for an unknown id, DataError with line and pointer of every problem of the file
 */
export function loadInventory(idOrFile: string): Inventory {
  return build(readCatalogFile<InventoryDefinition>(resolveOnShelf('inventories', idOrFile), 'inventory'));
}

/** As `loadInventory`, on bytes in memory; `file` names them in errors. */
export function parseInventory(bytes: Uint8Array, file: string): Inventory {
  return build(parseCatalog<InventoryDefinition>(bytes, file, 'inventory'));
}

function build(document: CatalogDocument<InventoryDefinition>): Inventory {
  const problems = findProblems(document.value);
  if (problems.length > 0) throw document.fail(problems);
  const { value } = document;
  const platforms = Object.entries(value.platforms ?? {}).map(([id, title]) => ({ id, title }));
  const everyPlatform = platforms.map(({ id }) => id);
  const cite = (given: CiteDefinition): Citation => citation(value, given);
  const items = value.items.map((item) => resolveItem(item, value, everyPlatform, cite));
  const byId = new Map(items.map((item) => [item.id, item]));
  return {
    identity: { id: value.id, version: value.version, sha256: document.sha256 },
    title: value.title,
    product: value.product ?? value.title,
    endpoints: value.endpoints,
    documents: Object.values(value.documents).map(({ title }) => title),
    platforms,
    reasons: (value.reasons ?? []).map((reason) => ({
      ...reason,
      platforms: reason.platforms ?? everyPlatform,
      cite: cite(reason.cite),
    })),
    contexts: value.contexts,
    items,
    claims: (value.claims ?? []).map((claim) => ({
      ...claim,
      appliesTo: claim.appliesTo ?? [],
      contradicts: claim.contradicts ?? [],
      cite: cite(claim.cite),
    })),
    disclosures: (value.disclosures ?? []).map(
      ({ files, locators, anywhere: _, ...rest }): Disclosure => ({
        ...rest,
        items: covered(items, files),
        locators: locators ?? [],
        cite: cite(rest.cite),
      }),
    ),
    retention: (value.retention ?? []).map((each) => ({
      ...each,
      items: covered(items, each.items),
      cite: cite(each.cite),
    })),
    conflicts: (value.conflicts ?? []).map((each) => ({ ...each, statements: each.statements.map(cite) })),
    index: indexPatterns(items, placeholderTokens(value), compilePattern),
    item: (id) => byId.get(id),
  };
}

function covered(items: readonly Item[], wanted: readonly string[]): string[] {
  return items.map(({ id }) => id).filter((id) => wanted.some((each) => idMatches(each, id)));
}

function resolveItem(
  item: ItemDefinition,
  value: InventoryDefinition,
  everyPlatform: readonly string[],
  cite: (given: CiteDefinition) => Citation,
): Item {
  const patterns = itemPatterns(item, value);
  return {
    ...item,
    printed: item.printed ?? item.command ?? (patterns[0] as string),
    patterns,
    readings: item.readings ?? [],
    platforms: item.platforms ?? everyPlatform,
    reasons: item.reasons ?? [],
    leaks: item.leaks ?? [],
    sections: item.sections ?? [],
    evidence: item.evidence ?? [],
    cite: cite(item.cite),
  };
}

function placeholderTokens(value: InventoryDefinition): Map<string, Token> {
  return new Map(Object.entries(value.placeholders ?? {}).map(([name, given]) => [name, placeholderToken(given)]));
}

function citation(value: InventoryDefinition, { document, section, quote }: CiteDefinition): Citation {
  const source = value.documents[document];
  return {
    document: source?.title ?? document,
    ...(source?.edition === undefined ? {} : { edition: source.edition }),
    section,
    ...(quote === undefined ? {} : { quote }),
    ...(source?.url === undefined ? {} : { url: source.url }),
  };
}
