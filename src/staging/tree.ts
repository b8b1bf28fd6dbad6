import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names under which programs write what is not yet whole: rsync and lftp (leading dot), Firefox and MFT tools (.part,
 * .partial, .tmp, .temp), WinSCP (.filepart), Chromium (.crdownload), Opera (.opdownload), Safari (.download), editors.
 */
const TEMPORARY =
  /^\.|~$|\.(?:part|partial|filepart|tmp|temp|incomplete|crdownload|opdownload|download|aria2|swp|writing)$/i;

export const isTemporaryName = (name: string): boolean => TEMPORARY.test(name);

export interface Incoming {
  /** Paths of regular files below the folder, `/` between names, in code unit order. */
  readonly files: readonly string[];
  /** How many things lie there that can never be a payload: links, devices, names that are not UTF-8. */
  readonly odd: number;
}

/**
 * What lies in `incoming`, at any depth; temporary names are passed over with all that is below them, symbolic links
 * are never followed. With a `trigger`, only files beside which NAME + trigger lies.
 */
export function listIncoming(root: string, trigger: string | undefined): Incoming {
  const files: string[] = [];
  let odd = 0;
  const walk = (folder: string, prefix: string): void => {
    const names = entriesOf(folder);
    const known = new Set(names.map((entry) => entry.name));
    for (const entry of names) {
      const { name } = entry;
      if (isTemporaryName(name)) continue;
      if (entry.isDirectory()) walk(join(folder, name), `${prefix}${name}/`);
      else if (!entry.isFile() || name.includes('\uFFFD')) odd += 1;
      else if (trigger !== undefined && (name.endsWith(trigger) || !known.has(name + trigger))) continue;
      else if (known.has(`${name}.aria2`)) continue;
      else files.push(prefix + name);
    }
  };
  walk(root, '');
  return { files: files.sort(), odd };
}

/** A folder that is moved away while we look is empty. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
