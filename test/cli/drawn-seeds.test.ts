import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LEAKS, writeSample } from '../../scripts/sample/index.ts';
import { clearance } from './process.ts';

/** Bundles nobody has seen before: the seed is drawn at run time and printed, SEED repeats a run. */
const seed = Number(process.env['SEED'] ?? randomInt(1, 2 ** 31));
const dir = mkdtempSync(join(tmpdir(), 'clearance-drawn-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const leaks = LEAKS.map(({ name }) => name);
const drawn = [0, 1, 2].map((turn) => leaks[(seed + turn * 7919) % leaks.length] as string);

test(`clean with seed ${seed}`, async () => {
  const out = join(dir, 'clean.tgz');
  await writeSample({ out, seed });
  const { code, stdout } = await clearance(['audit', out]);
  expect(stdout).toContain('CLEARED');
  expect(code).toBe(0);
});

test.each(drawn)(`%s with seed ${seed}`, async (leak) => {
  const out = join(dir, `${leak}.tgz`);
  const truth = await writeSample({ out, seed, leaks: [leak] });
  const { stdout } = await clearance(['audit', out, '--json']);
  const { verdict } = JSON.parse(stdout);
  expect(verdict.outcome).toBe(truth.outcome);
  const codes = verdict.reasons.map(({ code }: { code: string }) => code);
  for (const planted of truth.leaks) expect(codes.some((code: string) => planted.reasons.includes(code))).toBe(true);
});
