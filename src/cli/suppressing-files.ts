import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { UsageError } from '../model/index.ts';
import type { Baseline, Suppressions } from '../policy/index.ts';
import type { AuditSettings } from './audit-request.ts';
import { switched } from './environment.ts';
import { type Config, liesInside, setting } from './settings.ts';

interface SuppressingFlags {
  readonly waivers?: string | undefined;
  readonly baseline?: string | undefined;
  readonly 'no-waivers'?: boolean | undefined;
}

/**
 * Which waivers and which baseline an audit is given. `--no-waivers` shows what lies beneath: no waivers, and a baseline
 * only if it is named beside it.
 * @throws UsageError for a file inside a path being audited: nothing in a payload silences anything
 */
export function suppressingFiles(
  flags: SuppressingFlags,
  config: Config,
  audited: readonly string[],
): Pick<AuditSettings, 'waivers' | 'baseline'> {
  const bare = flags['no-waivers'] === true || (flags.waivers === undefined && switched(undefined, 'NO_WAIVERS'));
  if (bare && flags.waivers !== undefined) {
    throw new UsageError('--waivers and --no-waivers contradict each other', ['leave one of them out']);
  }
  const files = {
    waivers: bare ? undefined : setting(flags.waivers, 'WAIVERS', config.waivers, undefined),
    baseline: bare ? flags.baseline : setting(flags.baseline, 'BASELINE', config.baseline, undefined),
  };
  for (const [what, file] of Object.entries(files)) {
    if (file !== undefined && audited.some((root) => root !== '-' && liesInside(file, root))) {
      throw new UsageError(`the ${what} file ${file} lies inside a path being audited`, [
        'a payload must not silence its own audit; keep the file elsewhere',
      ]);
    }
  }
  return files;
}

/**
 * Loads waivers and baseline.
 * @throws UsageError without a fingerprint key, DataError for a file that is no such thing
 */
export async function loadSuppressions(
  { waivers, baseline, keyFile, asOf }: AuditSettings,
  policy: Suppressions['policy'],
): Promise<Suppressions | undefined> {
  if (waivers === undefined && baseline === undefined) return undefined;
  if (keyFile === undefined) {
    throw new UsageError('waivers and baselines name values by keyed fingerprints, and no key was given', [
      'give the key they were made with: --fingerprint-key FILE',
    ]);
  }
  const { loadWaivers } = await import('../policy/index.ts');
  return {
    waivers: waivers === undefined ? undefined : loadWaivers(waivers),
    baseline: baseline === undefined ? undefined : await readBaseline(baseline),
    asOf,
    policy,
  };
}

async function readBaseline(path: string): Promise<Baseline> {
  const [{ openStoredResult }, { baselineOf, counts }] = await Promise.all([
    import('../report/index.ts'),
    import('../policy/index.ts'),
  ]);
  const stored = await openStoredResult(path);
  const known = [];
  for await (const { findings } of stored.entries()) {
    for (const finding of findings) {
      // A summary stands for many values, of which the fingerprint is one.
      if (finding.count === undefined && (counts(finding) || finding.state === 'suppressed')) known.push(finding);
    }
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return baselineOf(path, hash.digest('hex'), known);
}
