import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ResultHead } from '../../src/model/index.ts';
import { type Event, type Examination, openLayout, type StagingOptions, Watch } from '../../src/staging/index.ts';

const counts = { seen: 1, decoded: 1, raw: 0, opened: 0, unread: 0 };
const identity = { id: 'x', version: '1.0.0', sha256: '1'.repeat(64) };
const OPTIONS = '2'.repeat(64);

export const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A staging directory in a new folder. */
export function newStage(parent = tmpdir()): string {
  const root = mkdtempSync(join(parent, 'clearance-staging-'));
  mkdirSync(join(root, 'incoming'));
  return root;
}

/** A quick judge in place of the audit: what holds the word `secret` is held, `torn` is incomplete. */
export function judge(extra: Partial<{ beforeEnd: (copy: string) => void; persons: boolean; rule: string }> = {}) {
  const audited: string[] = [];
  const examination: Examination = {
    identity: async () => ({
      key: { options: OPTIONS, rule: extra.rule ?? 'one' },
      clearsWithoutPerson: !extra.persons,
    }),
    async examine(copy, resultPath) {
      const bytes = readFileSync(copy);
      audited.push(basename(copy));
      const text = bytes.toString('latin1');
      const outcome = text.includes('secret') ? 'held' : text.includes('torn') ? 'incomplete' : 'cleared';
      const head: ResultHead = {
        schema: 'clearance.result/1',
        asOf: '2026-11-23',
        tool: { name: 'clearance', version: '0.0.0', engine: '3'.repeat(64) },
        catalog: { inventory: null, packs: [identity], policy: identity, crypto: identity },
        optionsSha256: OPTIONS,
        payloads: [{ name: basename(copy), size: bytes.length, sha256: digest(bytes) }],
        coverage: { entries: counts, bytes: counts },
        transport: { observations: [], verdicts: [] },
        verdict: { outcome, level: 'L1', reasons: [], notices: [] },
        reproducible: true,
      };
      const result = JSON.stringify({ ...head, entries: [] });
      writeFileSync(resultPath, result);
      extra.beforeEnd?.(copy);
      return { head, result: { sha256: digest(result), size: result.length } };
    },
    async *events(path) {
      yield Buffer.from(`${JSON.stringify({ severity_id: 4, of: digest(readFileSync(path)) })}\n`);
    },
    companions: async () => [{ file: 'result.json', suffix: '.clearance.result.json' }],
  };
  return { examination, audited };
}

export async function openWatch(root: string, examination: Examination, more: Partial<StagingOptions> = {}) {
  const events: Event[] = [];
  const sidecars: {
    payload: { sha256: string };
    verdict: { outcome: string };
    run: { cached: boolean; audited: string };
  }[] = [];
  const watch = await Watch.open({
    layout: openLayout(root),
    examination,
    settleMs: 30,
    intervalMs: 50,
    jobs: 2,
    trigger: undefined,
    metricsFile: undefined,
    sinks: [],
    tell: (event) => events.push(event),
    published: (text) => sidecars.push(JSON.parse(text)),
    ...more,
  });
  return { watch, events, sidecars };
}

/** Opens, clears once, closes. */
export async function once(root: string, examination = judge().examination, more: Partial<StagingOptions> = {}) {
  const opened = await openWatch(root, examination, more);
  try {
    return { ...opened, tally: await opened.watch.once(new AbortController().signal) };
  } finally {
    opened.watch.close();
  }
}

/** Regular files below a folder, relative, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
