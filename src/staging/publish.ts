import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceWhole, syncDirectory } from '../evidence/index.ts';

/** What stands beside a payload, under the payload's name with a suffix; `file` is the name in the job's `out/`. */
export interface Companion {
  readonly file: string;
  readonly suffix: string;
}

/** Written down before the first link, so that whoever finds the job later can tell what was already done. */
interface Intent {
  readonly folder: string;
  readonly name: string;
  readonly companions: readonly Companion[];
  /** The copy's change time: any link(2) made after this changes it, even one whose name is gone again. */
  readonly ctimeNs: string;
}

interface Parts {
  readonly copy: string;
  readonly out: (name: string) => string;
}

const INTENT = 'publish.json';
/** Longer than the kernel's clock tick, in which two change times may be equal. */
const TICK_MS = 20;

/**
 * Publishes a copy and what stands beside it under a free name: companions first, the payload last, each by link(2),
 * which never replaces a file.
 * @returns the name it got
 */
export async function publish(folder: string, name: string, companions: readonly Companion[], parts: Parts) {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const about = lstatSync(parts.copy, { bigint: true });
  if (Math.abs(Date.now() - Number(about.ctimeNs / 1_000_000n)) < TICK_MS) await sleep(TICK_MS);
  for (let attempt = 1; ; attempt += 1) {
    const published = attempt === 1 ? name : `${attempt}~${name}`;
    const intent: Intent = { folder, name: published, companions, ctimeNs: String(about.ctimeNs) };
    if (targets(intent, parts).some(([, path]) => lstatSync(path, { throwIfNoEntry: false }))) continue;
    replaceWhole(parts.out(INTENT), JSON.stringify(intent), 0o600);
    if (complete(intent, parts)) return published;
  }
}

/** Ends a publication that was broken off. @returns whether there was one and it is whole now */
export function resumePublication(parts: Parts): boolean {
  const intent = readIntent(parts.out(INTENT));
  return intent !== undefined && existsSync(parts.copy) && complete(intent, parts);
}

/** @returns false where another file took one of the names meanwhile; then nothing of ours is left under any of them */
function complete(intent: Intent, parts: Parts): boolean {
  if (wasLinked(parts.copy, intent)) return true;
  const pairs = targets(intent, parts);
  for (const [from, to] of pairs) {
    if (link(from, to)) continue;
    for (const [ours, theirs] of pairs) if (isSame(ours, theirs)) unlinkSync(theirs);
    return false;
  }
  syncDirectory(intent.folder);
  return true;
}

/** The payload stands last: seen under its name, everything else is there. */
function targets(intent: Intent, { copy, out }: Parts): [string, string][] {
  const beside = intent.companions.map(({ file, suffix }): [string, string] => [
    out(file),
    join(intent.folder, intent.name + suffix),
  ]);
  return [...beside, [copy, join(intent.folder, intent.name)]];
}

/** Also when the uploader has taken the file away again: publishing it a second time would send it twice. */
function wasLinked(copy: string, intent: Intent): boolean {
  const about = lstatSync(copy, { bigint: true });
  return about.nlink > 1n || String(about.ctimeNs) !== intent.ctimeNs;
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return isSame(from, to);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
    linkSync(from, to);
    return true;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

function readIntent(path: string): Intent | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Intent;
  } catch {
    return undefined;
  }
}
