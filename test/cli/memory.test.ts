import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeSample } from '../../scripts/sample/index.ts';
import { clearance } from './process.ts';

/**
 * Resident memory of the process that reads the payload, measured from outside by the watchdog that stops it. Absolute:
 * the ratio of two peaks would be noise. 163 MB were measured for 8 MiB on a busy machine.
 */
const BOUND = '220MiB';

const dir = mkdtempSync(join(tmpdir(), 'clearance-memory-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.skipIf(!existsSync('/proc/self/status'))(
  'a bundle 16 times as large needs no more than the same bound',
  async () => {
    for (const size of [0.5, 8]) {
      const out = join(dir, `${size}.tgz`);
      await writeSample({ out, seed: 7, size: size * 2 ** 20 });
      const { code, stdout } = await clearance(['audit', out, '--max-rss', BOUND]);
      expect(stdout).not.toContain('over-memory');
      expect(code).toBe(0);
    }
    // The bound is one that an audit can break.
    const { code, stdout } = await clearance(['audit', join(dir, '8.tgz'), '--max-rss', '60MiB', '--json']);
    expect(code).toBe(3);
    expect(stdout).toContain('over-memory');
  },
);
