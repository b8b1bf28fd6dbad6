import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../model/index.ts';
import { packageRoot } from './package-root.ts';

/** A folder of `catalog/` whose files are known by their id, which is the file name without `.yaml` or `.json`. */
export type Shelf = 'inventories' | 'rule-packs' | 'crypto' | 'endpoints' | 'policies';

/** Ids of the built-in files of a shelf, sorted by code unit. */
export function shelfIds(shelf: Shelf): string[] {
  const folder = join(packageRoot, 'catalog', shelf);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.(?:yaml|json)$/.test(name))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * Path of a catalog file: a built-in id, or a file of the operator's own (anything with a slash or an extension).
 * @throws UsageError that lists the known ids
 */
export function resolveOnShelf(shelf: Shelf, idOrFile: string): string {
  for (const extension of ['yaml', 'json']) {
    const builtIn = join(packageRoot, 'catalog', shelf, `${idOrFile}.${extension}`);
    if (!/[/\\]/.test(idOrFile) && existsSync(builtIn)) return builtIn;
  }
  if (/[/\\]|\.(?:ya?ml|json)$/.test(idOrFile)) {
    if (existsSync(idOrFile)) return idOrFile;
    throw new UsageError(`no such file: ${idOrFile}`, ['check the path, or name a built-in id without a slash']);
  }
  throw new UsageError(`unknown ${SINGULAR[shelf]} "${idOrFile}"`, [
    `known ids: ${shelfIds(shelf).join(', ')}`,
    'a file of your own is named by its path, for example ./mine.yaml',
  ]);
}

const SINGULAR: Readonly<Record<Shelf, string>> = {
  inventories: 'inventory',
  'rule-packs': 'rule pack',
  crypto: 'crypto policy',
  endpoints: 'endpoint list',
  policies: 'policy',
};
