import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/index.ts';
import type { Isolation } from '../staging/index.ts';

export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  readonly hint?: string;
}

const GIB = 2 ** 30;
/** Node lines that the isolation tests were run on. */
const TRIED = [20, 22, 24];

const WITHOUT: Readonly<Record<Isolation, string>> = {
  process: 'the reader is an ordinary process',
  permissions:
    'the reader can open sockets: allow user namespaces (unshare -rn), or run in a container without network',
  'permissions+network': '',
};

/** What an administrator has to know of this machine before payloads are read on it; changes nothing. */
export async function machineChecks(): Promise<Check[]> {
  const { isolationLevel, permissionFlag } = await import('../staging/index.ts');
  const level = isolationLevel();
  const major = Number(process.versions.node.split('.')[0]);
  return [
    {
      check: 'node',
      ok: TRIED.includes(major),
      found: `${process.version} at ${process.execPath}`,
      hint: `isolation was tried on the lines ${TRIED.join(', ')}`,
    },
    { check: 'isolation', ok: level === 'permissions+network', found: level, hint: WITHOUT[level] },
    {
      check: 'isolation by',
      ok: true,
      found: `node ${permissionFlag}${level === 'permissions+network' ? ', unshare -rn' : ''}, empty environment`,
    },
    {
      check: 'memory watchdog',
      ok: existsSync('/proc/self/status'),
      found: '/proc/self/status',
      hint: 'without /proc only the clock watches the reader',
    },
    { check: 'private files', ...usable(tmpdir()), hint: 'set TMPDIR to a folder that may be written' },
    { check: 'room for them', ...room(tmpdir()), hint: 'spools of a large payload need gigabytes: set TMPDIR' },
  ];
}

/** The same for a staging directory. @throws UsageError where there is none */
export function stagingChecks(dir: string): Check[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    const what = existsSync(dir) ? 'is no directory' : 'does not exist';
    throw new UsageError(`${dir} ${what}`, [
      `name the staging directory, or make one: mkdir -p ${join(dir, 'incoming')}`,
    ]);
  }
  const hint = 'mount it, make it, or allow it';
  const folders = ['incoming', 'cleared', 'held'].map((name): Check => {
    const path = join(dir, name);
    // The two outer ones are made by the first run.
    if (name !== 'incoming' && !existsSync(path)) return { check: name, ok: true, found: `${path} (made when needed)` };
    return { check: name, ...usable(path), hint };
  });
  return [
    { check: 'staging', ...usable(dir), hint },
    ...folders,
    { check: 'room to copy', ...room(dir), hint: 'each payload is copied once, and its original is kept: make room' },
  ];
}

function usable(path: string): { ok: boolean; found: string } {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return { ok: true, found: path };
  } catch (error) {
    return { ok: false, found: `${path} (${(error as NodeJS.ErrnoException).code})` };
  }
}

function room(path: string): { ok: boolean; found: string } {
  try {
    const { bavail, bsize } = statfsSync(path);
    const bytes = bavail * bsize;
    return { ok: bytes >= 2 * GIB, found: `${(bytes / GIB).toFixed(1)} GiB free at ${path}` };
  } catch (error) {
    return { ok: false, found: `${path} (${(error as NodeJS.ErrnoException).code})` };
  }
}
