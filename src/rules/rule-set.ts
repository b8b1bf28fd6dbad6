import { createHash } from 'node:crypto';
import { type CatalogDocument, type Problem, readCatalogFile, resolveOnShelf, shelfIds } from '../catalog/index.ts';
import { type CatalogIdentity, UsageError } from '../model/index.ts';
import { compileRule } from './compile-rule.ts';
import { readKept } from './kept-anchors.ts';
import type { RulePack } from './pack.ts';
import type { CompiledRule } from './rule.ts';

/** Compiled rules in the order of packs and files, with the identity of every pack. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly packs: readonly CatalogIdentity[];
  /** SHA-256 over the identities of the packs, lower-case hex. */
  readonly digest: string;
}

/**
 * Reads and compiles packs: ids of the shelf `rule-packs`, files, or `default` for all built-in ones.
 * @throws UsageError for an unknown id, DataError with file, line and pointer of every rule that cannot be used
 */
export function loadRulePacks(idsOrFiles: readonly string[]): RuleSet {
  const names = [...new Set(idsOrFiles.flatMap((name) => (name === 'default' ? shelfIds('rule-packs') : [name])))];
  const packs = names.map(readPack);
  const seen = new Map<string, string>();
  for (const { document } of packs) {
    const other = seen.get(document.value.id);
    if (other !== undefined) {
      throw new UsageError(`${other} and ${document.file} are both the pack "${document.value.id}"`, [
        'give one of them another id',
      ]);
    }
    seen.set(document.value.id, document.file);
  }
  const identities = packs.map(({ document: { value, sha256 } }) => ({ id: value.id, version: value.version, sha256 }));
  return {
    rules: packs.flatMap(({ rules }) => rules),
    packs: identities,
    digest: createHash('sha256').update(JSON.stringify(identities)).digest('hex'),
  };
}

export interface LoadedPack {
  readonly document: CatalogDocument<RulePack>;
  readonly rules: readonly CompiledRule[];
}

/**
 * Reads and compiles one pack: the id of a built-in one, or a file.
 * @throws UsageError for an unknown id, DataError with every problem of the pack
 */
export function readPack(idOrFile: string): LoadedPack {
  const document = readCatalogFile<RulePack>(resolveOnShelf('rule-packs', idOrFile), 'rule-pack');
  const problems: Problem[] = [];
  const kept = readKept(document.sha256);
  const ids = new Set<string>();
  const rules = document.value.rules.flatMap((definition, index) => {
    const pointer = `/rules/${index}`;
    if (ids.has(definition.id))
      problems.push({ pointer: `${pointer}/id`, message: `a second rule "${definition.id}"` });
    ids.add(definition.id);
    return compileRule(document.value.id, definition, pointer, problems, kept?.[index]) ?? [];
  });
  if (problems.length > 0) throw document.fail(problems);
  return { document, rules };
}
