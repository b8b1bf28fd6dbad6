import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'run.js');
let dir: string;
let payload: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-stopped-'));
  payload = join(dir, 'a.txt');
  writeFileSync(payload, 'nothing to see\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Audits, and sends a signal to the process that reads the payload as soon as it is there. */
async function auditWhileChildGets(signal: NodeJS.Signals, ...more: string[]) {
  const child = spawn(process.execPath, [bin, 'audit', payload, '--inventory', 'none', '--json', ...more]);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let reader: number | undefined;
  while (reader === undefined && child.exitCode === null) {
    await sleep(5);
    const task = `/proc/${child.pid}/task/${child.pid}/children`;
    const [first] = readFileSync(task, 'utf8').split(' ').filter(Boolean);
    // unshare becomes the reader by exec; the short probe for namespaces has no script in its command line.
    let line = '';
    try {
      if (first !== undefined) line = readFileSync(`/proc/${first}/cmdline`, 'latin1');
    } catch {
      // The probe ended between the two looks.
    }
    if (line.includes('audit-child.js')) reader = Number(first);
  }
  process.kill(reader!, signal);
  return { code: await ended, result: JSON.parse(stdout) };
}

describe.skipIf(process.platform !== 'linux')('a reader that is stopped from outside is a gap, never a pass', () => {
  test.concurrent('killed', async () => {
    const { code, result } = await auditWhileChildGets('SIGKILL');
    expect([code, result.verdict.outcome, result.entries[0].gaps[0].code]).toEqual([3, 'incomplete', 'audit-crashed']);
    expect(validate('result', result)).toEqual([]);
  });
  test.concurrent('crashed', async () => {
    const { code, result } = await auditWhileChildGets('SIGABRT');
    expect([code, result.entries[0].gaps[0].code]).toEqual([3, 'audit-crashed']);
  });
  test.concurrent('hung: the parent ends it 30 s after its own limit', async () => {
    const { code, result } = await auditWhileChildGets('SIGSTOP', '--max-time', '1');
    expect([code, result.entries[0].gaps[0].code, result.reproducible]).toEqual([3, 'over-time', false]);
  });
});

const noStrace = spawnSync('strace', ['-V']).status !== 0;
describe.skipIf(noStrace)('no socket is opened (needs strace)', () => {
  /** System calls of a command and all that it starts which make or use a socket; the pair to the child has no name. */
  function sockets(...args: string[]): string[] {
    const log = join(dir, 'strace.log');
    const { status } = spawnSync('strace', [
      '-f',
      '-qq',
      '-e',
      'trace=network',
      '-o',
      log,
      process.execPath,
      bin,
      ...args,
    ]);
    expect(status).not.toBeNull();
    return readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /^\d+ +(?:socket|connect|bind|listen|accept4?|sendto)\(/.test(line));
  }
  test('the test sees sockets where there are some', () => {
    expect(sockets('tls', 'scan', '127.0.0.1:1', '--timeout', '1').some((line) => line.includes('AF_INET'))).toBe(true);
  });
  test('audit', () => {
    expect(sockets('audit', payload, '--inventory', 'none')).toEqual([]);
  });
  test('audit in this process', () => {
    expect(sockets('audit', payload, '--in-process', '-o', `pdf=${join(dir, 'a.pdf')}`)).toEqual([]);
  });
  test('watch --once', () => {
    spawnSync('mkdir', ['-p', join(dir, 'stage', 'incoming')]);
    writeFileSync(join(dir, 'stage', 'incoming', 'b.txt'), 'nothing to see\n');
    expect(sockets('watch', join(dir, 'stage'), '--once', '--settle', '0.1', '--inventory', 'none')).toEqual([]);
    expect(readFileSync(join(dir, 'stage', 'cleared', 'b.txt'), 'utf8')).toBe('nothing to see\n');
  });
});
