import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../model/index.ts';
import { sha256 } from './digest.ts';
import { removeQuietly } from './whole-file.ts';

interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly started: string;
  readonly host: string;
  readonly boot: string;
  readonly namespace: string;
}

/**
 * @returns how to give the lock back, and whether it was taken over from a process that was killed
 *
 * One owner at a time: a lock file created by link(2), which is atomic on every file system. A lock whose process is
 * known to be gone is taken over (Linux only, under a kernel mutex); where that cannot be known, it stays.
 * @throws DataError naming the process that has it; `what` says in messages what is locked
 */
export async function lockDirectory(
  dir: string,
  what = 'the ledger',
): Promise<{ unlock: () => void; takenOver: boolean }> {
  const path = join(dir, 'lock');
  const me = owner(process.pid);
  const takenOver = !create(path, me, what);
  if (takenOver) {
    const mutex = await takeMutex(dir);
    try {
      const other = readOwner(path);
      // Gone between two looks: its owner gave it back, and somebody else may take it at this moment. Never remove then.
      if (other && (!mutex || !isGone(other))) throw inUse(path, other, what);
      if (other) rmSync(path, { force: true });
      if (!create(path, me, what)) throw inUse(path, readOwner(path), what);
    } finally {
      mutex?.close();
    }
  }
  const unlock = (): void => {
    if (readOwner(path)?.token === me.token) removeQuietly(path);
  };
  return { unlock, takenOver };
}

function create(path: string, me: Owner, what: string): boolean {
  const temporary = `${path}.${me.token}`;
  writeFileSync(temporary, JSON.stringify(me), { mode: 0o644 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new DataError(`${what} cannot be locked (${(cause as NodeJS.ErrnoException).code})`, []);
  } finally {
    removeQuietly(temporary);
  }
}

function owner(pid: number): Owner {
  return {
    token: randomUUID(),
    pid,
    started: startTime(pid),
    host: hostname(),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: namespace(),
  };
}

/** Only a process of this boot, host and pid namespace can be known to be gone; its start time tells a reused pid. */
function isGone(other: Owner): boolean {
  const here = owner(process.pid);
  if (other.host !== here.host || here.boot === '') return false;
  if (other.boot !== here.boot) return true;
  return other.namespace === here.namespace && startTime(other.pid) !== other.started;
}

function inUse(path: string, other: Owner | undefined, what: string): DataError {
  const who = other ? `process ${other.pid} on ${other.host}` : 'another process';
  return new DataError(
    `${what} is in use by ${who}`,
    [],
    [`wait until it has ended; if it is certain that nothing uses it, remove ${path}`],
  );
}

/** Field 22 of /proc/PID/stat; the command name before it may hold blanks and parentheses. */
function startTime(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** An abstract unix socket: the kernel frees it with the process, so a take-over cannot itself be left behind. */
function takeMutex(dir: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(`\0clearance-ledger-${sha256(dir).slice(0, 32)}`, () => resolve(server));
    server.unref();
  });
}
