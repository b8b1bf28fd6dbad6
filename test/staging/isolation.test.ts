import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Isolation, isolationLevel, runChild } from '../../src/staging/index.ts';

let dir: string;
let probe: string;
let port: number;
const server = createServer((socket) => socket.end());

/** Tries one thing, and tells by the channel what came of it. */
const PROBE = `
import fs from 'node:fs';
import child from 'node:child_process';
import net from 'node:net';
import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
const tries = {
  read: () => fs.readFileSync('/etc/passwd'),
  environ: () => fs.readFileSync('/proc/self/environ'),
  write: () => fs.writeFileSync(process.argv[1] + '.written', 'x'),
  overwrite: () => fs.openSync(process.argv[1], 'r+'),
  remove: () => fs.unlinkSync(process.argv[1]),
  rename: () => fs.renameSync(process.argv[1], process.argv[1] + '.moved'),
  link: () => fs.symlinkSync('/etc/passwd', process.argv[1] + '.link'),
  mode: () => fs.chmodSync(process.argv[1], 0o777),
  truncate: () => fs.truncateSync(process.argv[1]),
  folder: () => fs.mkdtempSync(process.argv[1]),
  list: () => fs.readdirSync('/etc'),
  uint8path: () => fs.readFileSync(Buffer.from('/etc/passwd')),
  dots: () => fs.readFileSync(process.argv[1] + '/../../../../../../etc/passwd'),
  inspector: () => new inspector.Session().connect(),
  binding: () => process.binding('fs'),
  wasi: async () => new (await import('node:wasi')).WASI({ version: 'preview1' }),
  fork: () => child.fork(process.argv[1]),
  spawn: () => child.spawnSync('/bin/true').error && (() => { throw Object.assign(new Error(), { code: 'FAILED' }); })(),
  worker: () => new Worker('0', { eval: true }),
  addon: () => process.dlopen({ exports: {} }, '/lib/none.node'),
  env: () => { if (Object.keys(process.env).some((name) => name !== 'NODE_CHANNEL_FD')) return; throw Object.assign(new Error(), { code: 'EMPTY' }); },
  network: (port) => new Promise((resolve, reject) => net.connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
  heap: () => { const all = []; for (;;) all.push(Buffer.alloc(16e6, 1)); },
  loop: () => { for (;;); },
  crash: () => process.kill(process.pid, 'SIGSEGV'),
};
process.once('message', async ({ what, port }) => {
  let told;
  try { await tries[what](port); told = 'done'; } catch (error) { told = error.code ?? error.name; }
  process.send(told, () => process.exit(0));
});
`;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-isolation-'));
  probe = join(dir, 'probe.mjs');
  writeFileSync(probe, PROBE);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function attempt(what: string, isolation: Isolation, memory = 2 ** 31, timeMs = 30_000) {
  let told: unknown;
  const ended = await runChild({
    script: probe,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    mayRead: [dir],
    isolation,
    memory,
    timeMs,
    onStart: (child) => {
      child.on('message', (message) => {
        told = message;
      });
      child.send({ what, port }, () => undefined);
    },
  });
  return { told, ended };
}

describe('what the child that reads hostile bytes cannot do', () => {
  const reads = ['read', 'environ', 'list', 'uint8path', 'dots'];
  const writes = ['write', 'overwrite', 'remove', 'rename', 'link', 'mode', 'truncate', 'folder'];
  test.each([...reads, ...writes, 'spawn', 'fork', 'worker', 'inspector', 'binding', 'wasi'])('%s', async (what) => {
    expect((await attempt(what, 'permissions')).told).toBe('ERR_ACCESS_DENIED');
  });

  test('addon', async () => {
    expect(['ERR_DLOPEN_DISABLED', 'ERR_DLOPEN_FAILED']).toContain((await attempt('addon', 'permissions')).told);
  });

  test('it has no environment', async () => {
    expect((await attempt('env', 'permissions')).told).toBe('EMPTY');
  });

  test.skipIf(isolationLevel() !== 'permissions+network')(
    'it reaches no network (needs unshare and user namespaces)',
    async () => {
      expect((await attempt('network', 'permissions')).told).toBe('done');
      expect((await attempt('network', 'permissions+network')).told).toBe('ENETUNREACH');
    },
  );
});

describe('the watchdogs of the parent', () => {
  test('memory outside the heap', async () => {
    expect((await attempt('heap', 'permissions', 300 * 2 ** 20)).ended).toEqual({ stopped: 'over-memory' });
  });
  test('a loop without end', async () => {
    expect((await attempt('loop', 'permissions', 2 ** 31, 1500)).ended).toEqual({ stopped: 'over-time' });
  });
  test('a crash', async () => {
    expect((await attempt('crash', 'permissions')).ended).toEqual({ stopped: 'audit-crashed' });
  });
});
