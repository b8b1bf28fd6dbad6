import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import { openLayout } from '../../src/staging/index.ts';
import { digest, filesIn, judge, newStage, once, openWatch } from './stage.ts';

let root: string;
const at = (...parts: string[]) => join(root, ...parts);
const drop = (name: string, text: string) => {
  mkdirSync(join(at('incoming', name), '..'), { recursive: true });
  writeFileSync(at('incoming', name), text);
};
beforeEach(() => {
  root = newStage();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what is published', () => {
  test('cleared, held and incomplete, each with its sidecar; the original is kept', async () => {
    drop('a.tgz', 'plain');
    drop('b.tgz', 'a secret');
    drop('tree/deep/c.tgz', 'torn');
    const { tally, sidecars } = await once(root);
    expect(tally).toEqual({ cleared: 1, held: 1, incomplete: 1, waiting: 0, odd: 0, troubles: 0 });
    expect(filesIn(at('cleared'))).toEqual(['a.tgz', 'a.tgz.clearance.json', 'a.tgz.clearance.result.json']);
    expect(filesIn(at('held'))).toContain('b.tgz');
    expect(filesIn(at('held'))).toContain('tree/deep/c.tgz.clearance.json');
    expect(filesIn(at('incoming'))).toEqual([]);
    expect(filesIn(at('.working'))).toEqual([]);
    expect(filesIn(at('.originals')).map((path) => path.slice(17))).toEqual(
      expect.arrayContaining(['a.tgz', 'b.tgz', 'tree/deep/c.tgz']),
    );
    const sidecar = JSON.parse(readFileSync(at('cleared', 'a.tgz.clearance.json'), 'utf8'));
    expect(validate('sidecar', sidecar)).toEqual([]);
    expect(sidecar.payload.sha256).toBe(digest('plain'));
    expect(sidecar.result.sha256).toBe(digest(readFileSync(at('cleared', 'a.tgz.clearance.result.json'))));
    expect(sidecars).toHaveLength(3);
    // The release gate takes only files that have one name.
    expect(statSync(at('held', 'b.tgz')).nlink).toBe(1);
  });

  test('a writer that has the original open does not reach what is published', async () => {
    drop('a.tgz', 'plain');
    const fd = openSync(at('incoming', 'a.tgz'), 'a');
    await once(root);
    writeSync(fd, 'secret');
    expect(readFileSync(at('cleared', 'a.tgz'), 'utf8')).toBe('plain');
  });

  test('a payload that changes while it is audited is done again, never published as it was', async () => {
    drop('a.tgz', 'plain');
    const fd = openSync(at('incoming', 'a.tgz'), 'a');
    let times = 0;
    const { examination, audited } = judge({
      beforeEnd: () => {
        times += 1;
        if (times === 1) writeSync(fd, ' secret');
      },
    });
    const first = await once(root, examination);
    expect(first.tally).toMatchObject({ cleared: 0, held: 0, waiting: 1 });
    expect(filesIn(at('cleared'))).toEqual([]);
    const second = await once(root, examination);
    expect(second.tally).toMatchObject({ cleared: 0, held: 1, waiting: 0 });
    expect(audited).toHaveLength(2);
    expect(readFileSync(at('held', 'a.tgz'), 'utf8')).toBe('plain secret');
  });

  test('nothing is ever overwritten: a taken name gets a number', async () => {
    drop('a.tgz', 'one');
    await once(root);
    drop('a.tgz', 'two');
    await once(root);
    expect(readFileSync(at('cleared', 'a.tgz'), 'utf8')).toBe('one');
    expect(readFileSync(at('cleared', '2~a.tgz'), 'utf8')).toBe('two');
    expect(filesIn(at('cleared'))).toContain('2~a.tgz.clearance.json');
  });

  test('a policy that asks for persons: cleared waits in held', async () => {
    drop('a.tgz', 'plain');
    const { tally } = await once(root, judge({ persons: true }).examination);
    expect(tally).toMatchObject({ cleared: 0, held: 1 });
    expect(filesIn(at('cleared'))).toEqual([]);
    const sidecar = JSON.parse(readFileSync(at('held', 'a.tgz.clearance.json'), 'utf8'));
    expect([sidecar.verdict.outcome, sidecar.waitsFor]).toEqual(['cleared', 'approval']);
  });

  test('a result about other bytes clears nothing', async () => {
    drop('a.tgz', 'plain');
    const { examination } = judge();
    const { tally } = await once(root, {
      ...examination,
      examine: async (copy, path, signal) => {
        const given = await examination.examine(copy, path, signal);
        const payloads = [{ name: 'a.tgz', size: 5, sha256: digest('other') }];
        return { ...given, head: { ...given.head, payloads } };
      },
    });
    expect(tally).toMatchObject({ cleared: 0, held: 0, waiting: 1 });
    expect(filesIn(at('cleared'))).toEqual([]);
  });
});

describe('what is ready', () => {
  test('temporary names, links and devices are left alone', async () => {
    const names = ['.a.tgz.Xy12', 'b.part', 'c.filepart', 'd.crdownload', 'e.tmp', 'f~', '.hidden/g', 'h.part/i'];
    for (const name of names) drop(name, 'plain');
    drop('aria', 'plain');
    drop('aria.aria2', '');
    symlinkSync('/etc/hostname', at('incoming', 'link'));
    const { tally } = await once(root);
    expect(tally).toEqual({ cleared: 0, held: 0, incomplete: 0, waiting: 0, odd: 1, troubles: 0 });
    expect(filesIn(at('incoming'))).toEqual([...names, 'aria', 'aria.aria2'].sort());
  });

  test('a file that is still written to waits', async () => {
    drop('a.tgz', 'plain');
    const writing = setInterval(() => appendFileSync(at('incoming', 'a.tgz'), '.'), 10);
    const { tally } = await once(root, judge().examination, { settleMs: 100 });
    clearInterval(writing);
    expect(tally).toMatchObject({ cleared: 0, waiting: 1 });
    expect(filesIn(at('incoming'))).toEqual(['a.tgz']);
  });

  test('a replaced file of the same size waits', async () => {
    drop('a.tgz', 'plain');
    const { watch } = await openWatch(root, judge().examination, { settleMs: 200 });
    const done = watch.once(new AbortController().signal);
    await sleep(50);
    drop('b.part', 'other');
    renameSync(at('incoming', 'b.part'), at('incoming', 'a.tgz'));
    expect(await done).toMatchObject({ cleared: 0, waiting: 1 });
    watch.close();
  });

  test('with a trigger, only what has one beside it', async () => {
    drop('a.tgz', 'plain');
    drop('b.tgz', 'plain');
    drop('b.tgz.done', '');
    const { tally } = await once(root, judge().examination, { trigger: '.done' });
    expect(tally).toMatchObject({ cleared: 1, waiting: 0 });
    expect(filesIn(at('incoming'))).toEqual(['a.tgz']);
    expect(filesIn(at('cleared'))).toContain('b.tgz');
  });
});

describe('one owner, and trouble', () => {
  test('a second watch is told who has the directory', async () => {
    const { watch } = await openWatch(root, judge().examination);
    await expect(openWatch(root, judge().examination)).rejects.toThrow(/this staging directory is in use by process/);
    watch.close();
    await once(root);
  });

  test('without incoming nothing is made: an empty mount point is no staging directory', () => {
    rmSync(at('incoming'), { recursive: true });
    expect(() => openLayout(root)).toThrow(/no folder incoming/);
    expect(readdirSync(root)).toEqual([]);
  });

  test('trouble in publishing: told, nothing lost, the next run goes on', async () => {
    drop('a.tgz', 'plain');
    const { watch, events } = await openWatch(root, judge().examination);
    rmSync(at('cleared'), { recursive: true });
    writeFileSync(at('cleared'), 'a file in the way');
    const tally = await watch.once(new AbortController().signal);
    watch.close();
    expect(tally).toMatchObject({ cleared: 0, troubles: 1, waiting: 1 });
    expect(events.find(({ event }) => event === 'trouble')).toMatchObject({ level: 'error' });
    rmSync(at('cleared'));
    expect((await once(root)).tally).toMatchObject({ cleared: 1 });
    expect(readFileSync(at('cleared', 'a.tgz'), 'utf8')).toBe('plain');
  });

  test('the mount vanishes while it runs: trouble, and no new folders in its place', async () => {
    const { watch, events } = await openWatch(root, judge().examination);
    renameSync(root, `${root}.away`);
    mkdirSync(root);
    const tally = await watch.once(new AbortController().signal);
    expect(tally.troubles).toBeGreaterThan(0);
    expect(events.some(({ message }) => /not the directory this watch began with/.test(String(message)))).toBe(true);
    expect(readdirSync(root).filter((name) => name !== '.state')).toEqual([]);
    rmSync(root, { recursive: true });
    renameSync(`${root}.away`, root);
    watch.close();
  });

  test('logs and metrics carry no name', async () => {
    drop('top-client-name.tgz', 'plain');
    const metricsFile = at('metrics.prom');
    const { events } = await once(root, judge().examination, { metricsFile });
    const metrics = readFileSync(metricsFile, 'utf8');
    expect(JSON.stringify(events) + metrics).not.toContain('top-client-name');
    expect(metrics).toMatch(/clearance_watch_payloads_total\{verdict="cleared"\} 1\n/);
    expect(metrics).toMatch(/last_success_timestamp_seconds \d{10}\n/);
  });

  const noPromtool = spawnSync('sh', ['-c', 'command -v promtool']).status !== 0;
  test.skipIf(noPromtool)('Prometheus finds nothing to complain of in the metrics (needs promtool)', async () => {
    drop('a.tgz', 'plain');
    drop('b.tgz', 'a secret');
    const metricsFile = at('checked.prom');
    await once(root, judge().examination, { metricsFile });
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: readFileSync(metricsFile),
      encoding: 'utf8',
    });
    expect(`${status} ${stdout}${stderr}`).toBe('0 ');
  });
});

describe('the cache', () => {
  test('the same bytes again: the old verdict with its old time; a changed rule finds nothing', async () => {
    const { examination, audited } = judge();
    drop('a.tgz', 'plain');
    const [first] = (await once(root, examination)).sidecars;
    drop('a.tgz', 'plain');
    const [second] = (await once(root, examination)).sidecars;
    expect(audited).toHaveLength(1);
    expect(second!.run).toMatchObject({ cached: true, audited: first!.run.audited });
    const changed = judge({ rule: 'two' });
    drop('a.tgz', 'plain');
    await once(root, changed.examination);
    expect(changed.audited).toHaveLength(1);
  });
});

describe('what an earlier run left', () => {
  test('linked, but not tidied up: not published a second time, even if the uploader took it away', async () => {
    drop('a.tgz', 'plain');
    const { watch, events } = await openWatch(root, judge().examination);
    // A link made outside stands for the one before the crash: the copy's change time moved after the intent.
    await watch.once(new AbortController().signal);
    watch.close();
    expect(events.filter(({ event }) => event === 'published')).toHaveLength(1);
    const [id] = readdirSync(at('.originals'));
    const job = at('.working', id!);
    mkdirSync(join(job, 'copy'), { recursive: true });
    mkdirSync(join(job, 'out'));
    renameSync(at('.originals', id!), join(job, 'original'));
    linkSync(at('cleared', 'a.tgz'), join(job, 'copy', 'a.tgz'));
    linkSync(at('cleared', 'a.tgz.clearance.json'), join(job, 'out', 'sidecar.json'));
    const { ctimeNs } = statSync(join(job, 'copy', 'a.tgz'), { bigint: true });
    const intent = { folder: at('cleared'), name: 'a.tgz', companions: [], ctimeNs: String(ctimeNs - 1n) };
    writeFileSync(join(job, 'out', 'publish.json'), JSON.stringify(intent));
    rmSync(at('cleared', 'a.tgz'));
    rmSync(at('cleared', 'a.tgz.clearance.json'));
    const again = judge();
    await once(root, again.examination);
    expect([filesIn(at('cleared')).includes('a.tgz'), again.audited]).toEqual([false, []]);
    expect(existsSync(job)).toBe(false);
    chmodSync(root, 0o755);
  });
});
