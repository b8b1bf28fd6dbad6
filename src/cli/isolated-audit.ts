import type { ChildProcess, StdioOptions } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { packageRoot } from '../catalog/index.ts';
import {
  closePrivateFile,
  DataError,
  EXIT,
  type OperatorError,
  openPrivateFile,
  type StoredResult,
  UsageError,
} from '../model/index.ts';
import type { Isolation } from '../staging/index.ts';
import type { ChildMessage, ChildRequest, GivenPayload } from './audit-child.ts';
import { type AuditSettings, loadAuditRequest } from './audit-request.ts';

export interface IsolatedAudit {
  readonly paths: readonly string[];
  readonly settings: AuditSettings;
  readonly each: boolean;
  readonly stdinName: string;
  readonly version: string;
  /** Bytes of resident memory at which the child is stopped. */
  readonly memory: number;
  readonly isolation?: Isolation;
  readonly onProgress?: (bytes: number, entries: number) => void;
  readonly signal?: AbortSignal;
}

/** Descriptors 0 to 2 as everywhere, 3 the channel; from 4 on payloads, then spools. */
const FIRST = 4;
/** More payloads than this are read by name. */
const MOST_DESCRIPTORS = 64;
/** Spools that one audit may have open at a time; one more ends the child, which is a gap. */
const SPOOLS = 40;
/** The child stops itself at the limit of time; the parent only where it did not. */
const GRACE_MS = 30_000;

/**
 * The audit in a child that can write nothing, start nothing and, where the system allows it, reach no network. Its
 * bytes are those of the audit in this process.
 * @throws UsageError, DataError as the audit itself
 */
export async function auditIsolated(request: IsolatedAudit): Promise<StoredResult & { close(): void }> {
  const { paths, settings, each, stdinName } = request;
  const [{ openPayloads }, { isolationLevel, runChild }] = await Promise.all([
    import('../source/index.ts'),
    import('../staging/index.ts'),
  ]);
  // Looks at all paths, so that a mistake is told before anything starts.
  const probe = openPayloads(paths.filter((path) => path !== '-').concat(paths.filter((path) => path === '-')), {
    each,
    stdinName,
  });
  if (paths.some((path) => path !== '-') || paths.length > 1) {
    await probe.next();
    await probe.return(undefined);
  }
  const opened: number[] = [];
  const result = openPrivateFile();
  const spools = Array.from({ length: SPOOLS }, openPrivateFile);
  try {
    const payloads = paths.map((path) => give(path, paths.length, opened));
    const byName = payloads.flatMap((payload) =>
      payload.type === 'path' && payload.path !== '-' ? [payload.path] : [],
    );
    const child: ChildRequest = {
      settings,
      payloads,
      each,
      stdinName,
      version: request.version,
      spools: spools.map((_, index) => FIRST + opened.length + index),
    };
    let refused: OperatorError | undefined;
    const ended = await runChild({
      script: join(packageRoot, 'dist', 'cli', 'audit-child.js'),
      stdio: [
        paths.includes('-') ? 'inherit' : 'ignore',
        result,
        'ignore',
        'ipc',
        ...opened,
        ...spools,
      ] as StdioOptions,
      mayRead: [...packageFolders(), ...operatorFiles(settings), ...byName.flatMap(bothNames)],
      isolation: request.isolation ?? isolationLevel(),
      memory: request.memory,
      timeMs: settings.limits.time * 1000 * paths.length + GRACE_MS,
      signal: request.signal,
      onStart: (process: ChildProcess) => {
        process.on('message', (message: ChildMessage) => {
          if (message.type === 'progress') request.onProgress?.(message.bytes, message.entries);
          else refused = operatorError(message);
        });
        process.send(child, () => undefined);
      },
    });
    if (refused) throw refused;
    const stored = 'code' in ended ? await read(result, ended.code) : undefined;
    if (stored) return { ...stored, close: () => closePrivateFile(result) };
    const stopped = await unread(request, 'stopped' in ended ? ended.stopped : 'audit-crashed');
    return { ...stopped, close: () => closePrivateFile(result) };
  } catch (error) {
    closePrivateFile(result);
    throw error;
  } finally {
    for (const file of opened) closeSync(file);
    for (const file of spools) closePrivateFile(file);
  }
}

/** A file is opened here; a folder the child may read by name. */
function give(path: string, count: number, opened: number[]): GivenPayload {
  if (path === '-' || count > MOST_DESCRIPTORS || statSync(path).isDirectory()) {
    return { type: 'path', path: path === '-' ? path : resolve(path) };
  }
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  opened.push(file);
  return { type: 'descriptor', name: basename(resolve(path)), descriptor: FIRST + opened.length - 1 };
}

/** The result, if it is whole and says the same as the exit code. */
async function read(file: number, code: number): Promise<StoredResult | undefined> {
  const { openStoredResult } = await import('../report/index.ts');
  if (fstatSync(file).size === 0) return undefined;
  try {
    const stored = await openStoredResult('the result of the audit', file);
    return EXIT[stored.head.verdict.outcome] === code ? stored : undefined;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

async function unread(request: IsolatedAudit, code: 'audit-crashed' | 'over-memory' | 'over-time') {
  const [{ unexamined }, { engineIdentity }, { printable }] = await Promise.all([
    import('../examine/index.ts'),
    import('../scan/index.ts'),
    import('../model/index.ts'),
  ]);
  const payloads = request.paths.map((path) => {
    const about = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
    const name = path === '-' ? request.stdinName : basename(resolve(path));
    return { name: printable(name), size: about?.isFile() ? about.size : null };
  });
  const loaded = await loadAuditRequest(request.settings, none(), request.version);
  return unexamined(loaded, { ...loaded.tool, engine: engineIdentity() }, payloads, code);
}

async function* none(): AsyncGenerator<never> {}

/** The package with its dependencies, wherever the package manager put them. */
function packageFolders(): string[] {
  const folders = bothNames(packageRoot);
  for (let at = packageRoot; ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) folders.push(...bothNames(modules));
    if (dirname(at) === at) return [...new Set(folders)];
  }
}

function operatorFiles(settings: AuditSettings): string[] {
  const { inventory, packs, policy, cryptoPolicy, transport, keyFile, waivers, baseline } = settings;
  return [inventory, ...packs, policy, cryptoPolicy, ...(transport ?? []), keyFile, waivers, baseline]
    .filter((path) => path !== undefined)
    .filter((path) => existsSync(path))
    .flatMap(bothNames);
}

/** The permission model compares names before links are followed; the module loader asks for every link on the way. */
function bothNames(path: string): string[] {
  const names = new Set([resolve(path), realpathSync(path)]);
  for (let at = resolve(path); lstatSync(at).isSymbolicLink(); names.add(at))
    at = resolve(dirname(at), readlinkSync(at));
  return [...names];
}

function operatorError(told: ChildMessage & { type: 'operator-error' }): OperatorError {
  return told.name === 'DataError'
    ? new DataError(told.message, told.problems ?? [], told.hints)
    : new UsageError(told.message, told.hints);
}
