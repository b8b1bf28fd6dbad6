import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'run.js');
const root = mkdtempSync(join(tmpdir(), 'clearance-idle-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Processor time of a process in ticks of 10 ms: fields 14 and 15 of proc(5) stat. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

test.skipIf(process.platform !== 'linux')(
  '10,000 files that wait cost less than 2 % of a processor (needs /proc)',
  async () => {
    mkdirSync(join(root, 'incoming'));
    for (let index = 0; index < 10_000; index += 1) writeFileSync(join(root, 'incoming', `payload-${index}.tgz`), '');
    const child = spawn(process.execPath, [bin, 'watch', root, '--settle', '86400', '--interval', '0.5', '--quiet']);
    try {
      await sleep(8000);
      const before = ticks(child.pid as number);
      await sleep(20_000);
      // Half of what it may cost, so that a slow machine is no failure.
      expect(ticks(child.pid as number) - before).toBeLessThan(40);
    } finally {
      child.kill('SIGTERM');
    }
  },
  60_000,
);
