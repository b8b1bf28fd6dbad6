import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSample } from '../../scripts/sample/index.ts';
import { auditFlags } from '../../src/cli/audit-settings.ts';
import { checkEnvironment, VARIABLES } from '../../src/cli/environment.ts';
import { limitsFrom, memoryFrom, rssFlag } from '../../src/cli/limit-flags.ts';
import { DEFAULT_LIMITS, type UsageError } from '../../src/model/index.ts';
import { clearance } from './process.ts';

let dir: string;
const at = (name: string) => join(dir, name);
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-environment-'));
  await writeSample({ out: at('clean.tgz'), size: 300_000, seed: 11 });
  mkdirSync(at('configured'));
  writeFileSync(at('configured/clearance.yaml'), 'limits: { depth: 1 }\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const audit = (env: Record<string, string>, ...args: string[]) =>
  clearance(['audit', at('clean.tgz'), ...args], { cwd: dir, env });

test('every option of an audit has a variable', () => {
  const named = Object.keys({ ...auditFlags, ...rssFlag, 'in-process': true });
  const missing = named.map((flag) => flag.toUpperCase().replaceAll('-', '_')).filter((name) => !(name in VARIABLES));
  expect(missing).toEqual([]);
});

test('a misspelt variable is an error that names what was meant; a strange one is told', async () => {
  const hints = (name: string) => {
    try {
      checkEnvironment({ PATH: '', [name]: '' });
    } catch (error) {
      return (error as UsageError).hints[0];
    }
    throw new Error(`${name} passed`);
  };
  expect(hints('CLEARANCE_INVENTRY')).toBe('did you mean CLEARANCE_INVENTORY?');
  expect(hints('CLEARANCE_max_depth')).toBe('did you mean CLEARANCE_MAX_DEPTH?');
  expect(hints('CLEARANCE_PASSPHRASE')).toBe('did you mean CLEARANCE_PASSPHRASE_FILE?');
  expect(hints('CLEARANCE_PACK')).toBe('did you mean CLEARANCE_PACKS?');
  expect(checkEnvironment({ CLEARANCE_KEY: 'x', CLEAR: 'y', clearance_x: 'z' })).toEqual([]);
  expect(
    checkEnvironment({ CLEARANCE_BIN: '', CLEARANCE_HOME: '', CLEARANCE_PATH: '', CLEARANCE_WORKERS: '' }),
  ).toEqual(
    ['BIN', 'HOME', 'PATH', 'WORKERS'].map(
      (name) => `the environment variable CLEARANCE_${name} means nothing to clearance, and is not read`,
    ),
  );

  for (const command of [['audit', at('clean.tgz')], ['doctor'], ['inventory', 'list']]) {
    const { code, stdout, stderr } = await clearance(command, { env: { CLEARANCE_POLYCY: 'a secret value' } });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/CLEARANCE_POLYCY means nothing.*\nclearance: hint: did you mean CLEARANCE_POLICY\?/);
    expect(stderr).not.toContain('secret');
  }
  const strange = await clearance(['inventory', 'list'], { env: { CLEARANCE_BIN: 'a secret value' } });
  expect([strange.code, strange.stderr]).toEqual([0, expect.stringMatching(/^clearance: warning: .*CLEARANCE_BIN/)]);
  expect(strange.stderr).not.toContain('secret');
  expect((await clearance(['--version'], { env: { CLEARANCE_POLYCY: 'x' } })).code).toBe(0);
});

test('limits: flag, then variable, then configuration, then default', async () => {
  const cwd = at('configured');
  const gaps = async (env: Record<string, string>, ...args: string[]) => {
    const { code, stdout } = await clearance(['audit', at('clean.tgz'), ...args], { cwd, env });
    return [code, stdout.includes('over-depth')];
  };
  expect(await gaps({})).toEqual([1, true]);
  expect(await gaps({ CLEARANCE_MAX_DEPTH: '16' })).toEqual([0, false]);
  expect(await gaps({ CLEARANCE_MAX_DEPTH: '' })).toEqual([1, true]);
  expect(await gaps({ CLEARANCE_MAX_DEPTH: '16' }, '--max-depth', '1')).toEqual([1, true]);
});

test('each limit is read, with its unit', () => {
  const names = Object.keys(VARIABLES).filter((name) => name.startsWith('MAX_') && name !== 'MAX_RSS');
  expect(names).toHaveLength(Object.keys(DEFAULT_LIMITS).length);
  try {
    names.forEach((name, index) => {
      process.env[`CLEARANCE_${name}`] = `${index + 1}k`;
    });
    const values = Object.values(limitsFrom({} as Parameters<typeof limitsFrom>[0]));
    expect(values.map((value) => value / 1024).sort((a, b) => a - b)).toEqual(names.map((_, index) => index + 1));
  } finally {
    for (const name of names) delete process.env[`CLEARANCE_${name}`];
  }
});

test('without an option the reader is stopped at 3 GiB', () => {
  expect(memoryFrom({})).toBe(3 * 2 ** 30);
  expect(memoryFrom({ 'max-rss': '1000' })).toBe(1000);
});

test('memory, switches and lists', async () => {
  expect((await audit({ CLEARANCE_MAX_RSS: '20MiB' })).stdout).toContain('over-memory');
  expect((await audit({ CLEARANCE_TRANSPORT: 'no-such-file' })).stderr).toContain('no-such-file');
  expect((await audit({ CLEARANCE_AS_OF: '2026-02-30' })).stderr).toContain('no such date');
  expect((await audit({ CLEARANCE_WAIVERS: 'none.yaml', CLEARANCE_NO_WAIVERS: 'true' })).code).toBe(0);
  // A flag outranks the variable of its opposite.
  const waived = await audit({ CLEARANCE_NO_WAIVERS: '1' }, '--waivers', 'none.yaml');
  expect([waived.code, waived.stderr]).toEqual([2, expect.stringContaining('no key was given')]);
  const each = await clearance(['audit', dir, '--json'], { cwd: dir, env: { CLEARANCE_EACH: '1' } });
  expect(JSON.parse(each.stdout).payloads.length).toBeGreaterThan(1);
  const named = await clearance(['audit', '-', '--json'], {
    input: 'text',
    env: { CLEARANCE_STDIN_NAME: 'problems.xml' },
  });
  expect(JSON.parse(named.stdout).payloads[0].name).toBe('problems.xml');
});

test.each([
  [{ CLEARANCE_MAX_DEPTH: 'deep' }, 'CLEARANCE_MAX_DEPTH deep is not a positive whole number'],
  [{ CLEARANCE_MAX_RSS: '-1' }, 'CLEARANCE_MAX_RSS -1 is not a positive whole number'],
  [{ CLEARANCE_SWEEP: 'maybe' }, 'CLEARANCE_SWEEP is neither true nor false'],
])('%j is exit 2', async (env, says) => {
  const { code, stderr } = await audit(env);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test('an unknown limit of the configuration is an error', async () => {
  writeFileSync(at('limits.yaml'), 'limits: { max-depth: 3 }\n');
  const { code, stderr } = await audit({}, '--config', at('limits.yaml'));
  expect([code, stderr]).toEqual([2, expect.stringMatching(/limits\.yaml:1/)]);
});
