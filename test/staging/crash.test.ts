import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileSink } from '../../src/staging/index.ts';
import { digest, filesIn, judge, newStage, once } from './stage.ts';

/** STAGING_KILLS=200 for the long run. */
const KILLS = Number(process.env['STAGING_KILLS'] ?? 30);
let root: string;
beforeEach(() => {
  root = newStage();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A watch of the built code with a quick judge, started as a process so that it can be killed. */
const script = (stage: string) => `
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { fileSink, openLayout, Watch } from ${JSON.stringify(join(import.meta.dirname, '..', '..', 'dist', 'staging', 'index.js'))};
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const watch = await Watch.open({
  layout: openLayout(${JSON.stringify(stage)}), settleMs: 20, intervalMs: 20, jobs: 2, sinks: [fileSink(${JSON.stringify(join(stage, 'events'))})], tell() {}, published() {},
  examination: {
    identity: async () => ({ key: { options: 'o' }, clearsWithoutPerson: true }),
    async examine(copy, path) {
      const bytes = readFileSync(copy);
      const payloads = [{ name: basename(copy), size: bytes.length, sha256: sha(bytes) }];
      const verdict = { outcome: 'cleared', level: 'L1', reasons: [], notices: [] };
      writeFileSync(path, 'result');
      return { head: { payloads, verdict, optionsSha256: 'o', reproducible: false }, result: { sha256: sha('result'), size: 6 } };
    },
    async *events(path) { yield Buffer.from(JSON.stringify({ job: basename(join(path, '../..')) }) + '\\n'); },
    companions: async () => [{ file: 'result.json', suffix: '.clearance.result.json' }],
  },
});
process.send('ready');
await watch.forever(new AbortController().signal);
`;

test(`killed ${KILLS} times at any moment: nothing lost, nothing twice, nothing half`, async () => {
  const program = join(root, 'watch.mjs');
  writeFileSync(program, script(root));
  const dropped = new Map<string, string>();
  for (let round = 0; round < KILLS; round += 1) {
    for (let index = 0; index < 5; index += 1) {
      const [name, text] = [`p${round}-${index}.tgz`, `payload ${round} ${index}`];
      dropped.set(name, text);
      writeFileSync(join(root, 'incoming', `${name}.part`), text);
      writeFileSync(join(root, 'incoming', name), text);
      rmSync(join(root, 'incoming', `${name}.part`));
    }
    await killedAfter(program, 5 + Math.random() * 200);
    // What an uploader sees at this moment: each payload whole, with everything beside it.
    for (const file of filesIn(join(root, 'cleared')).filter((one) => one.endsWith('.tgz'))) {
      expect(readFileSync(join(root, 'cleared', file), 'utf8')).toBe(dropped.get(file));
      expect(JSON.parse(readFileSync(join(root, 'cleared', `${file}.clearance.json`), 'utf8')).payload.sha256).toBe(
        digest(dropped.get(file)!),
      );
    }
  }
  const last = { ...judge().examination, events };
  const sinks = [fileSink(join(root, 'events'))];
  await once(root, last, { sinks });
  await once(root, last, { sinks });
  const published = filesIn(join(root, 'cleared')).filter((file) => file.endsWith('.tgz'));
  expect(published).toEqual([...dropped.keys()].sort());
  expect(filesIn(join(root, '.working'))).toEqual([]);
  // At least once, whenever it was killed: the originals lie under the names of their jobs.
  const told = readFileSync(join(root, 'events'), 'utf8').trimEnd().split('\n');
  const jobs = new Set(told.map((line) => (JSON.parse(line) as { job: string }).job));
  expect([...jobs].sort()).toEqual(readdirSync(join(root, '.originals')).sort());
  expect(filesIn(join(root, '.state', 'outbox'))).toEqual([]);
  expect(
    filesIn(join(root, '.originals'))
      .map((file) => basename(file))
      .sort(),
  ).toEqual(published);
});

async function* events(path: string) {
  yield Buffer.from(`${JSON.stringify({ job: basename(join(path, '../..')) })}\n`);
}

function killedAfter(program: string, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('message', () => setTimeout(() => child.kill('SIGKILL'), ms));
    child.once('error', reject);
    child.once('close', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`ended with ${code}`))));
  });
}
