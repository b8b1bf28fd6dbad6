import type { StoredResult } from '../model/index.ts';
import { loadAuditRequest } from './audit-request.ts';
import { resolveAuditSettings } from './audit-settings.ts';
import { auditIsolated } from './isolated-audit.ts';
import { Progress } from './progress.ts';

type RunFlags = Parameters<typeof resolveAuditSettings>[1] & {
  readonly 'in-process': boolean;
  readonly 'max-rss': string;
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
  const how = { each: flags.each, stdinName: flags['stdin-name'] };
  try {
    if (!flags['in-process']) {
      return await auditIsolated({ paths, settings, ...how, version, memory: Number(flags['max-rss']), onProgress });
    }
    const [{ audit }, { openPayloads }] = await Promise.all([import('../audit.ts'), import('../source/index.ts')]);
    const request = await loadAuditRequest(settings, openPayloads(paths, how), version);
    const learnFrom = settings.sweep ? openPayloads(paths, how) : undefined;
    return await audit({ ...request, learnFrom, onProgress });
  } finally {
    progress.done();
  }
}
