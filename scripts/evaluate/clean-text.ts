import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Text on this machine that is about nobody: documentation and sources, up to `limit` bytes each. */
export const CORPORA: readonly (readonly [name: string, folder: string, extensions: readonly string[]])[] = [
  ['documentation', '/usr/share/doc', ['.txt', '.md', '.rst', '.html', '']],
  ['C headers', '/usr/include', ['.h', '.hpp']],
  ['Python sources', '/usr/lib/python3', ['.py']],
  ['Python standard library', '/usr/lib/python3.11', ['.py']],
  ['Perl modules', '/usr/share/perl', ['.pm', '.pl', '.pod']],
  ['data of packages', '/usr/share', ['.json', '.yaml', '.yml', '.csv', '.xml', '.conf']],
  ['logs', '/var/log', ['.log']],
];

/** Texts of a corpus in the order of their paths; empty where the folder is not there. */
export function corpus(folder: string, extensions: readonly string[], limit: number): Buffer[] {
  const texts: Buffer[] = [];
  let size = 0;
  for (const path of walk(folder)) {
    if (size >= limit) break;
    if (!extensions.includes(extname(path))) continue;
    const bytes = read(path);
    if (bytes === undefined || bytes.length === 0 || bytes.length > 300_000 || bytes.includes(0)) continue;
    texts.push(bytes);
    size += bytes.length;
  }
  return texts;
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function* walk(folder: string): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}
