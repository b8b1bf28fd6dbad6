import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DataError, UsageError } from '../model/index.ts';
import { type ApprovalPolicy, type Decision, decide, type Refusal } from './decision.ts';
import { digestFile } from './digest.ts';
import { seal } from './dsse.ts';
import { readEvents } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { mayNot } from './role-check.ts';
import type { Signer } from './signer.ts';
import { ACT, type ActPredicate, type AuditPredicate, statement } from './statement.ts';
import type { TrustStore } from './trust.ts';
import { syncDirectory } from './whole-file.ts';

export interface GateOptions {
  readonly payload: string;
  readonly trust: TrustStore;
  readonly policy: ApprovalPolicy;
  readonly policySha256: string;
  readonly now: number;
  readonly installed?: ReadonlyMap<string, string>;
}

export type Target = { readonly dir: string } | { readonly command: string };

export type Answer =
  | {
      readonly ok: true;
      readonly payload: { name: string; size: number; sha256: string };
      readonly result: string;
      readonly audit: AuditPredicate;
      readonly approvals: readonly number[];
      readonly expires: number;
    }
  | {
      readonly ok: false;
      readonly code: Refusal;
      readonly detail: string;
      readonly next?: string;
      readonly payload?: { name: string; size: number; sha256: string };
    };

const no = (code: Refusal, detail: string): Answer => ({ ok: false, code, detail });

/**
 * Releases the bytes that were approved: opens the payload once, copies it into a spool nobody else can reach while
 * hashing, decides by that digest, records the use, and only then publishes the copy. The payload's path is never looked
 * at again, so what happens to it meanwhile changes nothing.
 */
export function release(ledger: Ledger, signer: Signer, reason: string, target: Target, options: GateOptions): Answer {
  const source = openPayload(options.payload);
  if (typeof source === 'string') return no('unsafe-payload', source);
  const spool = mkdtempSync(join('dir' in target ? existing(target.dir) : tmpdir(), '.clearance-'));
  try {
    const copy = join(spool, 'payload');
    const payload = { name: basename(options.payload), ...copyInto(source, copy) };
    const published = 'dir' in target ? join(target.dir, payload.name) : undefined;
    const answer = ask(ledger, payload, options, false);
    if (!answer.ok) return answer;
    const untrusted = mayNot({ ...options, signer }, 'releaser');
    if (untrusted) return { ...untrusted, payload };
    if (published !== undefined && existsSync(published))
      return { ...no('target-exists', 'a file of this name was published before'), payload };
    const act: ActPredicate = {
      act: 'release',
      ledger: ledger.identity.origin,
      time: options.now,
      reason,
      result: answer.result,
      policies: { audit: answer.audit.catalog.policy.sha256, approval: options.policySha256 },
    };
    // Recorded first: whatever happens from here on, the use is spent.
    ledger.append(
      'release',
      seal(statement(ACT, [{ name: payload.name, digest: { sha256: payload.sha256 } }], act), signer),
      options.now,
    );
    ledger.seal();
    return published === undefined
      ? feed(copy, (target as { command: string }).command, answer)
      : publish(copy, published, answer);
  } finally {
    closeSync(source);
    rmSync(spool, { recursive: true, force: true });
  }
}

/** The same question without publishing anything; `released` also accepts what went out under a use now spent. */
export function verifyPayload(ledger: LedgerReader, options: GateOptions): Answer {
  const source = openPayload(options.payload);
  if (typeof source === 'string') return no('unsafe-payload', source);
  try {
    return ask(ledger, { name: basename(options.payload), ...digestFile(source) }, options, true);
  } finally {
    closeSync(source);
  }
}

function ask(
  ledger: LedgerReader,
  payload: { name: string; size: number; sha256: string },
  options: GateOptions,
  uploader: boolean,
): Answer {
  let decision: Decision;
  try {
    const events = readEvents(
      ledger,
      options.trust,
      (subject) => subject.digest.sha256 === payload.sha256 || subject.name === payload.name,
    );
    const released =
      uploader &&
      events.some(
        (event) => event.type === 'release' && event.person !== undefined && event.payload.sha256 === payload.sha256,
      );
    decision = decide({
      events,
      payload,
      policy: options.policy,
      policySha256: options.policySha256,
      now: options.now,
      released,
      ...(options.installed ? { installed: options.installed } : {}),
    });
  } catch (cause) {
    if (cause instanceof DataError) return { ...no('ledger-broken', cause.message), payload };
    throw cause;
  }
  if (!decision.ok) return { ...decision, payload };
  return { ...decision, payload };
}

/** A regular file with one name, not reached through a symbolic link; else what is wrong with it. */
function openPayload(path: string): number | string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ELOOP') return 'the payload is a symbolic link';
    throw new UsageError(`cannot read ${path} (${code ?? 'error'})`);
  }
  const stat = fstatSync(fd);
  const wrong = !stat.isFile()
    ? 'the payload is no regular file'
    : stat.nlink !== 1
      ? 'the payload has more than one name (hard links)'
      : undefined;
  if (wrong !== undefined) closeSync(fd);
  return wrong ?? fd;
}

function existing(dir: string): string {
  if (!existsSync(dir))
    throw new UsageError(`no such directory: ${dir}`, ['make it first; only the gate should write to it']);
  return dir;
}

function copyInto(source: number, path: string): { sha256: string; size: number } {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o400);
  try {
    const digest = digestFile(source, (chunk) => {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    });
    fsyncSync(fd);
    return digest;
  } finally {
    closeSync(fd);
  }
}

/** link(2) never replaces a file that is there. */
function publish(copy: string, path: string, answer: Answer & { ok: true }): Answer {
  try {
    chmodSync(copy, 0o440);
    linkSync(copy, path);
    rmSync(copy);
    syncDirectory(join(path, '..'));
    return answer;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return {
      ...no('target-exists', 'a file of this name was published meanwhile; the use is spent'),
      payload: answer.payload,
    };
  }
}

function feed(copy: string, command: string, answer: Answer & { ok: true }): Answer {
  const fd = openSync(copy, 'r');
  try {
    const { status } = spawnSync('/bin/sh', ['-c', command], { stdio: [fd, 2, 2] });
    return status === 0
      ? answer
      : { ...no('command-failed', 'the command failed; the use is spent'), payload: answer.payload };
  } finally {
    closeSync(fd);
  }
}
