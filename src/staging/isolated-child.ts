import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** How far a child that reads hostile bytes is shut in, from nothing to all that this machine offers. */
export type Isolation = 'process' | 'permissions' | 'permissions+network';

export type ChildStop = 'over-memory' | 'over-time' | 'audit-crashed';

export interface ChildSpec {
  readonly script: string;
  readonly stdio: StdioOptions;
  /** Files and folders that the child may read by name; everything else it gets as open descriptors. */
  readonly mayRead: readonly string[];
  readonly isolation: Isolation;
  /** Bytes of resident memory and milliseconds after which the parent kills it. */
  readonly memory: number;
  readonly timeMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStart: (child: ChildProcess) => void;
}

/** Young objects live in up to three times this many MiB; V8's 16 would be a quarter of all that a child takes. */
const HEAP = ['--max-semi-space-size=4'];
const WATCH_MS = 100;
const UNSHARE = '/usr/bin/unshare';

/** Node 22.13 and 23.5 dropped the `experimental-` of the flag; older ones know only the long name. */
export const permissionFlag = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

let level: Isolation | undefined;

/** The strongest level that works here; tried once, by running something under it. */
export function isolationLevel(): Isolation {
  level ??= namespaceWorks() ? 'permissions+network' : 'permissions';
  return level;
}

function namespaceWorks(): boolean {
  return existsSync(UNSHARE) && spawnSync(UNSHARE, ['-rn', '--', '/bin/true'], { stdio: 'ignore' }).status === 0;
}

/**
 * Runs one child to its end, watched from outside: limits inside a process do not stop what allocates outside its heap.
 * @returns its exit code, or why it has none that counts
 */
export function runChild(spec: ChildSpec): Promise<{ code: number } | { stopped: ChildStop }> {
  const { command, args } = commandLine(spec);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: spec.stdio, env: {}, windowsHide: true });
    let stopped: ChildStop | undefined;
    const stop = (why: ChildStop): void => {
      stopped ??= why;
      child.kill('SIGKILL');
    };
    const watchdog = setInterval(() => {
      if (residentBytes(child.pid) > spec.memory) stop('over-memory');
    }, WATCH_MS);
    const clock = setTimeout(() => stop('over-time'), Math.min(spec.timeMs, 2 ** 31 - 1));
    const abort = (): void => stop('audit-crashed');
    spec.signal?.addEventListener('abort', abort, { once: true });
    const done = (): void => {
      clearInterval(watchdog);
      clearTimeout(clock);
      spec.signal?.removeEventListener('abort', abort);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code) => {
      done();
      resolve(stopped || code === null ? { stopped: stopped ?? 'audit-crashed' } : { code });
    });
    spec.onStart(child);
  });
}

function commandLine(spec: ChildSpec): { command: string; args: string[] } {
  if (spec.isolation === 'process') return { command: process.execPath, args: [...HEAP, spec.script] };
  const node = [...HEAP, permissionFlag, ...spec.mayRead.map((path) => `--allow-fs-read=${path}`), spec.script];
  return spec.isolation === 'permissions'
    ? { command: process.execPath, args: node }
    : { command: UNSHARE, args: ['-rn', '--', process.execPath, ...node] };
}

/** 0 where the system does not tell (no /proc): there the clock is the only watchdog. */
function residentBytes(pid: number | undefined): number {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
