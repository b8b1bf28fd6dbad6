import type { Problem } from '../catalog/index.ts';
import { itemPatterns } from './command-name.ts';
import type { InventoryDefinition, ItemDefinition } from './definition.ts';
import { idMatches } from './id-match.ts';
import { compilePattern } from './pattern.ts';
import { charSet, placeholderToken, type Token } from './segment.ts';

/** Everything the schema cannot say: references that lead nowhere, patterns that cannot be read, forbidden disclosures. */
export function findProblems(value: InventoryDefinition): Problem[] {
  const problems: Problem[] = [];
  const report = (pointer: string, message: string): void => void problems.push({ pointer, message });
  for (const list of ['reasons', 'contexts', 'items', 'claims', 'disclosures', 'retention', 'conflicts'] as const) {
    const seen = new Set<string>();
    for (const [index, { id }] of (value[list] ?? []).entries()) {
      if (seen.has(id)) report(`/${list}/${index}/id`, `the id "${id}" occurs twice`);
      seen.add(id);
    }
  }
  const known = (pointer: string, given: readonly string[] | undefined, ids: readonly string[], what: string): void => {
    for (const [index, id] of (given ?? []).entries()) {
      if (!ids.includes(id)) report(`${pointer}/${index}`, `unknown ${what} "${id}"${listOf(ids)}`);
    }
  };
  const documents = Object.keys(value.documents);
  const platforms = Object.keys(value.platforms ?? {});
  const itemIds = value.items.map(({ id }) => id);
  for (const list of ['reasons', 'items', 'claims', 'disclosures', 'retention'] as const) {
    for (const [index, { cite }] of (value[list] ?? []).entries()) {
      if (!documents.includes(cite.document)) {
        report(`/${list}/${index}/cite/document`, `unknown document "${cite.document}"${listOf(documents)}`);
      }
    }
  }
  for (const [index, reason] of (value.reasons ?? []).entries()) {
    known(`/reasons/${index}/platforms`, reason.platforms, platforms, 'platform');
  }
  for (const [index, context] of value.contexts.entries()) {
    const opened = context.membersOf;
    if (opened !== undefined && !itemIds.includes(opened)) {
      report(`/contexts/${index}/membersOf`, `unknown item "${opened}"`);
    }
    if (index === 0 && (opened ?? context.below) !== undefined) {
      report('/contexts/0', 'the first context is the top level: it has neither membersOf nor below');
    }
    if (index > 0 && (opened === undefined) === (context.below === undefined)) {
      report(`/contexts/${index}`, 'give one of membersOf and below: it is what leads to this context');
    }
  }
  const placeholders = checkPlaceholders(value, report);
  checkCommandNames(value, report);
  for (const [index, item] of value.items.entries()) {
    known(`/items/${index}/platforms`, item.platforms, platforms, 'platform');
    const reasons = (value.reasons ?? []).map(({ id }) => id);
    known(`/items/${index}/reasons`, item.reasons, reasons, 'reason');
    if (!value.contexts.some(({ id }) => id === item.context)) {
      const ids = value.contexts.map(({ id }) => id);
      report(`/items/${index}/context`, `unknown context "${item.context}"${listOf(ids)}`);
    }
    checkPatterns(item, index, value, placeholders, report);
  }
  for (const [index, claim] of (value.claims ?? []).entries()) {
    const ids = (value.claims ?? []).map(({ id }) => id);
    known(`/claims/${index}/contradicts`, claim.contradicts, ids, 'claim');
    checkFiles(`/claims/${index}/appliesTo`, claim.appliesTo ?? [], itemIds, report);
  }
  for (const [index, { items }] of (value.retention ?? []).entries()) {
    checkFiles(`/retention/${index}/items`, items, itemIds, report);
  }
  for (const [index, { statements }] of (value.conflicts ?? []).entries()) {
    for (const [at, { document }] of statements.entries()) {
      if (!documents.includes(document)) {
        report(`/conflicts/${index}/statements/${at}/document`, `unknown document "${document}"${listOf(documents)}`);
      }
    }
  }
  checkDisclosures(value, itemIds, report);
  return problems;
}

type Report = (pointer: string, message: string) => void;

function listOf(ids: readonly string[]): string {
  return ids.length === 0 ? '' : `; known: ${ids.join(', ')}`;
}

function checkPlaceholders(value: InventoryDefinition, report: Report): Map<string, Token> {
  const tokens = new Map<string, Token>();
  for (const [name, definition] of Object.entries(value.placeholders ?? {})) {
    try {
      tokens.set(name, placeholderToken(definition));
    } catch (error) {
      report(`/placeholders/${name}`, (error as Error).message);
      // Known, though unusable: patterns that use it are not to be blamed.
      tokens.set(name, { type: 'star' });
    }
  }
  return tokens;
}

function checkCommandNames(value: InventoryDefinition, report: Report): void {
  if (value.commandNames === undefined) return;
  try {
    if (charSet(value.commandNames.keep)['*'.charCodeAt(0)] === 1)
      report('/commandNames/keep', 'a star cannot be kept');
  } catch (error) {
    report('/commandNames/keep', (error as Error).message);
  }
}

function checkPatterns(
  item: ItemDefinition,
  index: number,
  value: InventoryDefinition,
  placeholders: ReadonlyMap<string, Token>,
  report: Report,
): void {
  if (item.command !== undefined && value.commandNames === undefined) {
    report(`/items/${index}/command`, 'commandNames is missing: it says how the output of a command is named');
    return;
  }
  let patterns: readonly string[] = [];
  try {
    patterns = itemPatterns(item, value);
  } catch {
    return; // commandNames is reported by itself
  }
  for (const [at, text] of patterns.entries()) {
    const pointer = item.command === undefined ? `/items/${index}/patterns/${at}` : `/items/${index}/command`;
    try {
      compilePattern(text, placeholders);
    } catch (error) {
      report(pointer, `pattern "${text}" cannot be read: ${(error as Error).message}`);
    }
    if (text.includes('{lost}') && item.status === 'documented') {
      report(pointer, 'a pattern with {lost} is a reading: the status cannot be "documented"');
    }
  }
}

function checkFiles(pointer: string, files: readonly string[], itemIds: readonly string[], report: Report): void {
  for (const [index, file] of files.entries()) {
    if (!itemIds.some((id) => idMatches(file, id))) report(`${pointer}/${index}`, `no item is named "${file}"`);
  }
}

/** Never allowable by an inventory: credentials, keys and what customers own. */
const NEVER = ['secret', 'credential', 'content'];
/** Allowable at a locator only. */
const LOCATED = ['pii'];

function checkDisclosures(value: InventoryDefinition, itemIds: readonly string[], report: Report): void {
  for (const [index, disclosure] of (value.disclosures ?? []).entries()) {
    const pointer = `/disclosures/${index}`;
    checkFiles(`${pointer}/files`, disclosure.files, itemIds, report);
    for (const [at, name] of disclosure.entity.entries()) {
      const root = name.split('.')[0] as string;
      if (NEVER.includes(root)) {
        report(`${pointer}/entity/${at}`, `"${name}" can never be disclosed: credentials and customer content`);
      }
      if (LOCATED.includes(root) && disclosure.anywhere === true) {
        report(`${pointer}/entity/${at}`, `"${name}" is personal data: it can be disclosed at locators only`);
      }
    }
  }
}
