import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/catalog/index.ts';
import { serve } from './responder.ts';

const open: { close: () => void }[] = [];
afterAll(() => {
  for (const server of open) server.close();
});

/** Peak resident memory in MiB, as the process itself sees it when it ends. */
const PEAK = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS / 1024))`;

function run(args: readonly string[]): Promise<{ lines: number; peak: number }> {
  const peak = ['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`];
  const child = spawn(process.execPath, [...peak, join(packageRoot, 'bin/run.js'), ...args]);
  let lines = 0;
  let told = '';
  child.stdout.on('data', (part: Buffer) => {
    for (const byte of part) if (byte === 10) lines++;
  });
  child.stderr.on('data', (part: Buffer) => {
    told += part.toString();
  });
  return new Promise((resolve) =>
    child.on('close', () => resolve({ lines, peak: Number(/peak ([\d.]+)/.exec(told)?.[1]) })),
  );
}

test('200 endpoints take no more memory than a few: 16 at a time, in less than a minute', async () => {
  const suites = Array.from({ length: 12 }, (_, at) => 0xc023 + at).filter((code) => code % 2 === 1);
  const endpoints: string[] = [];
  for (let at = 0; at < 200; at++) {
    const { port, server } = await serve({
      versions: { 771: [0xc02f, 0xc030, 0xc013, 0xc014, ...suites] },
      exchange: 'ecdhe',
    });
    open.push(server);
    endpoints.push(`127.0.0.1:${port}`);
  }
  const { lines, peak } = await run(['tls', 'scan', ...endpoints, '--json']);
  expect(lines).toBeGreaterThan(200 * 20);
  expect(peak).toBeGreaterThan(20);
  // 75 MiB on Node 20; without the limits that such a scan sets itself, 150.
  expect(peak).toBeLessThan(90);
}, 60_000);
