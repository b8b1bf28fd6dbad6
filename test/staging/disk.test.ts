import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearance } from '../cli/process.ts';
import { filesIn, judge, once, openWatch } from './stage.ts';

const sh = (...args: string[]) => spawnSync(args[0]!, args.slice(1), { encoding: 'utf8' });
const mounts = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'clearance-mount-'));
  const works = sh('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', probe).status === 0;
  if (works) sh('umount', probe);
  rmSync(probe, { recursive: true });
  return works;
})();

let root: string;
const at = (...parts: string[]) => join(root, ...parts);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clearance-disk-'));
});
afterEach(() => {
  while (sh('mountpoint', '-q', root).status === 0) sh('umount', '-l', root);
  rmSync(root, { recursive: true, force: true });
});

function smallDisk(size: string): void {
  expect(sh('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'none', root).status).toBe(0);
  mkdirSync(at('incoming'));
}

const PAYLOAD = 'x'.repeat(300_000);

describe.skipIf(!mounts)('a disk of its own (needs the right to mount)', () => {
  test('full: told, nothing lost, nothing half published; with room again it goes on', async () => {
    smallDisk('1m');
    writeFileSync(at('incoming', 'a.tgz'), PAYLOAD);
    writeFileSync(at('ballast'), 'x'.repeat(500_000));
    const { tally, events } = await once(root);
    expect(tally).toMatchObject({ cleared: 0, waiting: 1 });
    expect(events.find(({ event }) => event === 'trouble')).toMatchObject({ code: 'ENOSPC', level: 'error' });
    expect([filesIn(at('cleared')), filesIn(at('held'))]).toEqual([[], []]);
    rmSync(at('ballast'));
    expect((await once(root)).tally).toMatchObject({ cleared: 1, waiting: 0, troubles: 0 });
    expect(readFileSync(at('cleared', 'a.tgz'), 'utf8')).toBe(PAYLOAD);
    expect(filesIn(at('.working'))).toEqual([]);
  });

  test('full from the start: a message of one line and exit 2, no lock left behind', async () => {
    smallDisk('64k');
    sh('sh', '-c', `yes > ${at('incoming', 'a.tgz')}`);
    const { code, stderr } = await clearance(['watch', root, '--once', '--settle', '0.1', '--inventory', 'none']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no space|disk is full|ENOSPC/i);
    expect(stderr).not.toContain('internal error');
    expect(existsSync(at('incoming', 'a.tgz')) || filesIn(at('.working')).length === 1).toBe(true);
  });

  test('read-only while it runs: told; writable again it goes on', async () => {
    smallDisk('2m');
    const { watch, events } = await openWatch(root, judge().examination);
    writeFileSync(at('incoming', 'a.tgz'), PAYLOAD);
    sh('mount', '-o', 'remount,ro', root);
    const tally = await watch.once(new AbortController().signal);
    sh('mount', '-o', 'remount,rw', root);
    watch.close();
    expect(tally).toMatchObject({ cleared: 0 });
    expect(tally.troubles).toBeGreaterThan(0);
    expect(events.find(({ event }) => event === 'trouble')).toMatchObject({ code: 'EROFS' });
    expect(readFileSync(at('incoming', 'a.tgz'), 'utf8')).toBe(PAYLOAD);
    expect((await once(root)).tally).toMatchObject({ cleared: 1, troubles: 0 });
  });

  test('read-only from the start: exit 2 and what to do', async () => {
    smallDisk('1m');
    sh('mount', '-o', 'remount,ro', root);
    const { code, stderr } = await clearance(['watch', root, '--once', '--inventory', 'none']);
    expect([code, stderr.includes('internal error')]).toEqual([2, false]);
    expect(stderr).toMatch(/read-only/);
  });

  test('unmounted while it runs: told, nothing made in its place; mounted again it goes on', async () => {
    mkdirSync(at('below'));
    const place = at('below');
    const disk = mkdtempSync(join(tmpdir(), 'clearance-disk-'));
    expect(sh('mount', '-t', 'tmpfs', '-o', 'size=2m', 'none', disk).status).toBe(0);
    try {
      expect(sh('mount', '--bind', disk, place).status).toBe(0);
      mkdirSync(join(place, 'incoming'));
      writeFileSync(join(place, 'incoming', 'a.tgz'), PAYLOAD);
      const { watch, events } = await openWatch(place, judge().examination);
      sh('umount', '-l', place);
      const tally = await watch.once(new AbortController().signal);
      expect(tally.troubles).toBeGreaterThan(0);
      expect(events.filter(({ event }) => event === 'published')).toEqual([]);
      expect(readdirSync(place)).toEqual([]);
      expect(sh('mount', '--bind', disk, place).status).toBe(0);
      expect(await watch.once(new AbortController().signal)).toMatchObject({ cleared: 1 });
      watch.close();
      expect(readFileSync(join(place, 'cleared', 'a.tgz'), 'utf8')).toBe(PAYLOAD);
    } finally {
      sh('umount', '-l', place);
      sh('umount', '-l', disk);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});

const NOBODY = 65_534;
/** Root without the capabilities that pass over modes: it reaches node and this repository wherever they lie. */
const FEW_RIGHTS = ['--inh-caps=-all', '--bounding-set=-dac_override,-dac_read_search'];
const drops = process.getuid?.() === 0 && sh('setpriv', ...FEW_RIGHTS, 'true').status === 0;
describe.skipIf(!drops)('somebody with few rights (needs to be started as root, and setpriv)', () => {
  const withFewRights = (...args: string[]) => {
    const bin = join(import.meta.dirname, '..', '..', 'bin', 'run.js');
    const watch = [bin, 'watch', root, '--once', '--settle', '0.1', '--inventory', 'none'];
    return sh('setpriv', ...FEW_RIGHTS, process.execPath, ...watch, ...args);
  };

  test('a folder that may not be written: exit 2 and what to do', () => {
    mkdirSync(at('incoming'));
    chmodSync(root, 0o755);
    chownSync(root, NOBODY, NOBODY);
    const { status, stderr } = withFewRights();
    expect([status, stderr.includes('internal error')]).toEqual([2, false]);
    expect(stderr).toMatch(/permission denied/);
  });

  test('a payload that may not be read: told, kept; once it may be, it goes on', () => {
    mkdirSync(at('incoming'));
    writeFileSync(at('incoming', 'a.txt'), 'nothing to see\n', { mode: 0o600 });
    chownSync(at('incoming', 'a.txt'), NOBODY, NOBODY);
    writeFileSync(at('incoming', 'b.txt'), 'nothing to see\n', { mode: 0o644 });
    const first = withFewRights();
    expect(first.status).toBe(2);
    expect(first.stderr).toMatch(/permission denied/);
    expect(filesIn(at('cleared')).filter((file) => file.endsWith('.txt'))).toEqual(['b.txt']);
    const [kept] = filesIn(root).filter((file) => file.endsWith('/original/a.txt'));
    chmodSync(at(kept!), 0o644);
    const second = withFewRights();
    expect([second.status, second.stderr.match(/"event":"trouble".*/g)]).toEqual([0, null]);
    expect(readFileSync(at('cleared', 'a.txt'), 'utf8')).toBe('nothing to see\n');
  });
});
