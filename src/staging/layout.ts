import { existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../model/index.ts';

/** The folders of one staging directory, absolute; all on one file system, so that every move is a rename. */
export interface Layout {
  readonly root: string;
  /** Where others put payloads; `cleared` is all an uploader may read. */
  readonly incoming: string;
  readonly cleared: string;
  readonly held: string;
  /** Ours alone (0700): payloads in work, originals of what was published, lock, totals and cache. */
  readonly working: string;
  readonly originals: string;
  readonly state: string;
}

const PUBLIC = ['cleared', 'held'] as const;
const PRIVATE = ['working', 'originals', 'state'] as const;

/**
 * Finds or makes the folders below `root`. `incoming` is never made: an empty mount point must not look like a staging
 * directory with nothing in it.
 * @throws UsageError
 */
export function openLayout(root: string): Layout {
  const path = resolve(root);
  const layout: Layout = {
    root: path,
    incoming: join(path, 'incoming'),
    cleared: join(path, 'cleared'),
    held: join(path, 'held'),
    working: join(path, '.working'),
    originals: join(path, '.originals'),
    state: join(path, '.state'),
  };
  folder(path, `${path} is no directory`);
  const { dev } = folder(layout.incoming, `${path} is no staging directory: it has no folder incoming`);
  for (const name of PRIVATE) make(layout[name], 0o700);
  for (const name of PUBLIC) make(layout[name], 0o755);
  for (const name of [...PRIVATE, ...PUBLIC]) {
    if (folder(layout[name], `${layout[name]} is no directory`).dev === dev) continue;
    throw new UsageError(`${layout[name]} lies on another file system than ${layout.incoming}`, [
      'a payload is claimed and published by renaming; keep all folders on one file system',
    ]);
  }
  return layout;
}

/** Not `recursive`, with which Node says ENOENT of a file system that is read-only. */
function make(path: string, mode: number): void {
  if (!existsSync(path)) mkdirSync(path, { mode });
}

function folder(path: string, otherwise: string): Stats {
  const about = statSync(path, { throwIfNoEntry: false });
  if (about?.isDirectory()) return about;
  throw new UsageError(otherwise, ['check that it is mounted; for a new one: mkdir -p DIR/incoming']);
}
