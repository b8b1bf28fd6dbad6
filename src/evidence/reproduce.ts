import { spawnSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/index.ts';
import { readAttestation, verifyAttestation } from './attestation.ts';
import { fileDigest } from './digest.ts';
import { keyId } from './keys.ts';
import { readResultFile } from './result-file.ts';
import type { AuditPredicate } from './statement.ts';

export interface Reproduction {
  readonly ok: boolean;
  readonly code?: 'bad-attestation' | 'digest-mismatch' | 'not-reproducible' | 'options-differ' | 'result-differs';
  readonly expected?: string;
  readonly found?: string;
}

interface Overrides {
  readonly inventory?: string | undefined;
  readonly packs?: readonly string[] | undefined;
  readonly policy?: string | undefined;
  /** Further options of the audit, as they were given to it. */
  readonly more?: readonly string[];
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
  if (found.sha256 === expected) return { ok: true, expected, found: found.sha256 };
  // Limits, platform, evidence of the transport ... are in the statement as one digest only.
  const code = found.optionsSha256 === check.audit.optionsSha256 ? 'result-differs' : 'options-differ';
  return { ok: false, code, expected, found: found.sha256 };
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
    ...(given.more ?? []),
  ];
}

/** The payload goes in by stdin under its attested name, so that a renamed file gives the same bytes. */
function rerun(
  payload: string,
  name: string,
  [command, ...first]: readonly [string, ...string[]],
  options: readonly string[],
): { readonly sha256: string; readonly optionsSha256: string } {
  const dir = mkdtempSync(join(tmpdir(), 'clearance-'));
  const [input, output] = [openSync(payload, 'r'), openSync(join(dir, 'result.json'), 'wx', 0o600)];
  try {
    const args = [...first, '-', '--stdin-name', name, '--json', ...options];
    const { status } = spawnSync(command, args, { stdio: [input, output, 2] });
    if (status === null || ![0, 1, 3].includes(status))
      throw new UsageError(`the audit ended with exit code ${status}`);
    const { sha256, head } = readResultFile(join(dir, 'result.json'));
    return { sha256, optionsSha256: head.optionsSha256 };
  } finally {
    closeSync(input);
    closeSync(output);
    rmSync(dir, { recursive: true, force: true });
  }
}
