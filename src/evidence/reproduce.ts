import { spawnSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/index.ts';
import { readAttestation, verifyAttestation } from './attestation.ts';
import { fileDigest } from './digest.ts';
import { keyId } from './keys.ts';
import type { AuditPredicate } from './statement.ts';

export interface Reproduction {
  readonly ok: boolean;
  readonly code?: 'bad-attestation' | 'digest-mismatch' | 'not-reproducible' | 'result-differs';
  readonly expected?: string;
  readonly found?: string;
}

interface Overrides {
  readonly inventory?: string | undefined;
  readonly packs?: readonly string[] | undefined;
  readonly policy?: string | undefined;
}

/** Runs `audit` (a command and its first arguments) with what the statement names, in a process of its own. */
export function reproduce(
  statement: string,
  payload: string,
  key: KeyObject,
  audit: readonly [string, ...string[]],
  overrides: Overrides = {},
): Reproduction {
  const check = verifyAttestation(readAttestation(statement), (id) => (id === keyId(key) ? key : undefined), {});
  if (!check.ok || !check.audit) return { ok: false, code: 'bad-attestation' };
  if (fileDigest(payload) !== check.payload?.sha256)
    return { ok: false, code: 'digest-mismatch', expected: check.payload?.sha256 ?? '' };
  if (!check.audit.reproducible) return { ok: false, code: 'not-reproducible' };
  const found = rerun(payload, check.payload.name, audit, optionsOf(check.audit, overrides));
  const expected = check.audit.result.sha256;
  return found === expected ? { ok: true, expected, found } : { ok: false, code: 'result-differs', expected, found };
}

function optionsOf({ asOf, catalog }: AuditPredicate, given: Overrides): string[] {
  const packs = given.packs ?? catalog.packs.map(({ id }) => id);
  return [
    '--as-of',
    asOf,
    '--inventory',
    given.inventory ?? catalog.inventory?.id ?? 'none',
    '--policy',
    given.policy ?? catalog.policy.id,
    ...packs.flatMap((pack) => ['--packs', pack]),
  ];
}

/** The payload goes in by stdin under its attested name, so that a renamed file gives the same bytes. */
function rerun(
  payload: string,
  name: string,
  [command, ...first]: readonly [string, ...string[]],
  options: readonly string[],
): string {
  const dir = mkdtempSync(join(tmpdir(), 'clearance-'));
  const [input, output] = [openSync(payload, 'r'), openSync(join(dir, 'result.json'), 'wx', 0o600)];
  try {
    const args = [...first, '-', '--stdin-name', name, '--json', ...options];
    const { status } = spawnSync(command, args, { stdio: [input, output, 2] });
    if (status === null || ![0, 1, 3].includes(status))
      throw new UsageError(`the audit ended with exit code ${status}`);
    return fileDigest(join(dir, 'result.json'));
  } finally {
    closeSync(input);
    closeSync(output);
    rmSync(dir, { recursive: true, force: true });
  }
}
