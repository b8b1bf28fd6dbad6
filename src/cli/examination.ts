import { createHash, createHmac } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Examination } from '../staging/index.ts';
import { type AuditSettings, loadAuditRequest } from './audit-request.ts';
import { resolveAuditSettings } from './audit-settings.ts';
import { auditIsolated } from './isolated-audit.ts';
import { memoryFrom } from './limit-flags.ts';

type ExaminationFlags = Parameters<typeof resolveAuditSettings>[1] & {
  readonly report: readonly string[];
  readonly 'max-rss'?: string | undefined;
};

/** For so long a loaded catalog stands; then files that were changed meanwhile are read again. */
const FRESH_MS = 10_000;

/**
 * The audit as a hot folder needs it: in a restricted child, with the digest of all that a verdict depends on.
 * @throws UsageError
 */
export async function examinationFor(dir: string, flags: ExaminationFlags, version: string): Promise<Examination> {
  const report = await import('../report/index.ts');
  const wanted = flags.report.filter((word) => word !== 'none');
  const formats = report.parseOutputs(wanted.map((format) => `${format}=${format}`)).map(({ format }) => format);
  const memory = memoryFrom(flags);
  let known:
    | { settings: AuditSettings; identity: Awaited<ReturnType<Examination['identity']>>; until: number }
    | undefined;
  const now = async () => {
    if (known && performance.now() < known.until) return known;
    const settings = await resolveAuditSettings([dir], flags);
    const request = await loadAuditRequest(settings, nothing(), version);
    const { engineIdentity } = await import('../scan/index.ts');
    // Fingerprints are part of a result, their key is no option that decides: its digest keeps results apart.
    const fingerprints = request.fingerprintKey
      ? createHmac('sha256', request.fingerprintKey).update('clearance verdict cache').digest('hex')
      : 'none';
    const key = { options: request.optionsSha256, engine: engineIdentity(), version, fingerprints };
    const clearsWithoutPerson = request.policy.clearing?.withoutPerson ?? true;
    known = { settings, identity: { key, clearsWithoutPerson }, until: performance.now() + FRESH_MS };
    return known;
  };
  return {
    identity: async () => (await now()).identity,
    async examine(copy, resultPath, signal) {
      const { settings } = await now();
      const how = { each: false, stdinName: 'stdin', version, memory, signal };
      const result = await auditIsolated({ paths: [copy], settings, ...how });
      try {
        const hash = createHash('sha256');
        const file = await open(resultPath, 'wx', 0o444);
        let size = 0;
        try {
          for await (const bytes of report.render('json', result, report.DEFAULT_OPTIONS)) {
            hash.update(bytes);
            size += bytes.length;
            await file.writeFile(bytes);
          }
          await file.sync();
        } finally {
          await file.close();
        }
        return { head: result.head, result: { sha256: hash.digest('hex'), size } };
      } finally {
        result.close();
      }
    },
    async *events(resultPath) {
      yield* report.render('ocsf', await report.openStoredResult(resultPath), report.DEFAULT_OPTIONS);
    },
    async companions(resultPath, out) {
      const made = [];
      for (const format of formats) {
        if (format === 'json') {
          made.push({ file: 'result.json', suffix: '.clearance.result.json' });
          continue;
        }
        const file = `report.${format}`;
        const stored = await report.openStoredResult(resultPath);
        await report.writeOutput(out(file), report.render(format, stored, report.DEFAULT_OPTIONS));
        made.push({ file, suffix: `.clearance.${format}` });
      }
      return made;
    },
  };
}

async function* nothing(): AsyncGenerator<never> {}
