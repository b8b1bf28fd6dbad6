import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RuleSet } from '../rules/index.ts';
import { type KernelTables, layNibbles, layTables, TABLES, type TableLayout } from './kernel-tables.ts';
import { prepareAnchors } from './prefilter.ts';

/** Written by the build beside this module's compiled form, hence by the same code that would lay the tables out. */
const FOLDER = new URL('./kept/', import.meta.url);

/** Named for the packs and for which of their rules are looked for: with any other, the tables are laid out anew. */
function fileFor({ digest, rules }: RuleSet, among: readonly number[]): URL {
  const what = JSON.stringify([digest, rules.map(({ id }) => id), among]);
  return new URL(`${createHash('sha256').update(what).digest('hex')}.bin`, FOLDER);
}

/** Tables of the rules of these indexes as the build kept them; `undefined` if it kept none. */
export function readTables(ruleSet: RuleSet, among: readonly number[]): KernelTables | undefined {
  let file: Buffer;
  try {
    file = readFileSync(fileFor(ruleSet, among));
  } catch {
    return undefined;
  }
  const head = 4 + file.readUInt32LE(0);
  const layout = JSON.parse(file.toString('latin1', 4, head)) as TableLayout;
  const image = file.subarray(head);
  return image.length === layout.end - TABLES ? { layout, image } : undefined;
}

/**
 * Lays out the tables of the rules of these indexes, those that are otherwise made when a rule is first met too, and keeps
 * them.
 * @public the build calls it, in its compiled form
 */
export function keepTables(ruleSet: RuleSet, among: readonly number[]): void {
  const { rules } = ruleSet;
  const chosen = new Set(among);
  const tables = layTables(
    prepareAnchors(rules, (index) => chosen.has(index)),
    rules.length,
  );
  layNibbles(tables, rules);
  const head = Buffer.from(JSON.stringify(tables.layout), 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  mkdirSync(fileURLToPath(FOLDER), { recursive: true });
  writeFileSync(fileFor(ruleSet, among), Buffer.concat([length, head, tables.image]));
}
