import type { StoredResult } from '../model/index.ts';
import { loadAuditRequest } from './audit-request.ts';
import { resolveAuditSettings } from './audit-settings.ts';
import { switched } from './environment.ts';
import { auditIsolated } from './isolated-audit.ts';
import { memoryFrom } from './limit-flags.ts';
import { Progress } from './progress.ts';
import { setting } from './settings.ts';

type RunFlags = Parameters<typeof resolveAuditSettings>[1] & {
  readonly each: boolean;
  readonly 'stdin-name'?: string | undefined;
  readonly 'in-process': boolean;
  readonly 'max-rss'?: string | undefined;
};

/**
 * An audit as the flags of the command ask for it, in a restricted child or in this process, with its progress on stderr.
 * @throws UsageError, DataError
 */
export async function runAudit(
  paths: readonly string[],
  flags: RunFlags,
  version: string,
): Promise<StoredResult & { close(): void }> {
  const progress = new Progress();
  const onProgress = (bytes: number, entries: number): void => progress.tell(bytes, entries);
  const settings = await resolveAuditSettings(paths, flags);
  const how = {
    each: switched(flags.each, 'EACH'),
    stdinName: setting(flags['stdin-name'], 'STDIN_NAME', undefined, 'stdin'),
  };
  try {
    if (!switched(flags['in-process'], 'IN_PROCESS')) {
      return await auditIsolated({ paths, settings, ...how, version, memory: memoryFrom(flags), onProgress });
    }
    const [{ audit }, { openPayloads }] = await Promise.all([import('../audit.ts'), import('../source/index.ts')]);
    const request = await loadAuditRequest(settings, openPayloads(paths, how), version);
    const learnFrom = settings.sweep ? openPayloads(paths, how) : undefined;
    return await audit({ ...request, learnFrom, onProgress });
  } finally {
    progress.done();
  }
}
