import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, Reason, ResultEntry } from '../../src/model/index.ts';
import { clearance } from './process.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-waivers-'));
afterAll(() => rmSync(dir, { recursive: true }));
const at = (name: string): string => join(dir, name);

const OLD = 'AKIAQ3EGRIJ5K2VPMW7X';
const NEW = 'AKIAZ7QLWXN5T3R6KDMP';
const key = Buffer.alloc(32, 7);

interface Result {
  readonly entries: readonly ResultEntry[];
  readonly optionsSha256: string;
  readonly verdict: {
    readonly outcome: string;
    readonly reasons: readonly Reason[];
    readonly notices: readonly Reason[];
  };
}

async function audit(
  file: string,
  changed: Readonly<Record<string, string | true>> = {},
): Promise<Result & { code: number | null }> {
  const flags = { inventory: 'none', 'fingerprint-key': at('key'), 'as-of': '2026-11-23', json: true, ...changed };
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  const { code, stdout, stderr } = await clearance(['audit', at(file), ...(words as string[])], { cwd: dir });
  expect(stdout, stderr).not.toBe('');
  expect(stdout).not.toContain(OLD);
  return { ...(JSON.parse(stdout) as Result), code };
}

const findings = (result: Result): Finding[] => result.entries.flatMap((entry) => entry.findings);
const states = (result: Result): string[] =>
  findings(result).map(({ state, by }) => (by ? `${state} by ${by}` : state));

async function draft(expires: string): Promise<string> {
  const args = [
    'waive',
    at('first.json'),
    '--owner',
    'Storage',
    '--reason',
    'Agreed in CHG-4711',
    '--expires',
    expires,
  ];
  const { code, stdout } = await clearance(args);
  expect(code).toBe(0);
  return stdout;
}

beforeAll(async () => {
  writeFileSync(at('key'), key, { mode: 0o600 });
  writeFileSync(at('old.log'), `it was ${OLD} here\n`);
  writeFileSync(at('same-line.log'), `it was ${OLD} here and ${NEW}\n`);
  const first = await audit('old.log');
  expect(first.code).toBe(1);
  const { stdout } = await clearance([
    ...[
      'audit',
      at('old.log'),
      '--inventory',
      'none',
      '--fingerprint-key',
      at('key'),
      '--as-of',
      '2026-11-23',
      '--json',
    ],
  ]);
  writeFileSync(at('first.json'), stdout);
  writeFileSync(at('waivers.yaml'), await draft('2026-12-31'));
  writeFileSync(at('expired.yaml'), await draft('2026-11-22'));
}, 60_000);

describe('waivers', () => {
  test('a waived value is set aside, stays in the result, and is told', async () => {
    const result = await audit('old.log', { waivers: at('waivers.yaml') });
    expect(result.code).toBe(0);
    expect(states(result).every((state) => state.startsWith('suppressed by waiver credentials-aws-access-key'))).toBe(
      true,
    );
    expect(result.verdict.notices.map(({ code }) => code)).toContain('suppressed-finding');
    const bare = await audit('old.log');
    expect(result.optionsSha256).not.toBe(bare.optionsSha256);
  });

  test('a new secret on a waived line is reported', async () => {
    const result = await audit('same-line.log', { waivers: at('waivers.yaml') });
    expect(result.code).toBe(1);
    expect(states(result)).toContain('client-data');
    expect(states(result).some((state) => state.startsWith('suppressed'))).toBe(true);
  });

  test('an expired one counts again, and says so', async () => {
    const result = await audit('old.log', { waivers: at('expired.yaml') });
    expect(result.code).toBe(1);
    expect(states(result)[0]).toMatch(/^client-data by waiver .*, expired 2026-11-22$/);
    expect(result.verdict.notices.map(({ code }) => code)).toContain('waiver-expired');
    expect((await audit('old.log', { waivers: at('expired.yaml'), 'as-of': '2026-11-22' })).code).toBe(0);
  });

  test('--no-waivers shows what lies beneath a configured file', async () => {
    writeFileSync(at('config.yaml'), 'waivers: waivers.yaml\n');
    expect((await audit('old.log', { config: at('config.yaml') })).code).toBe(0);
    expect((await audit('old.log', { config: at('config.yaml'), 'no-waivers': true })).code).toBe(1);
  });

  test('another key, or none, waives nothing', async () => {
    writeFileSync(at('other-key'), Buffer.alloc(32, 9), { mode: 0o600 });
    expect((await audit('old.log', { waivers: at('waivers.yaml'), 'fingerprint-key': at('other-key') })).code).toBe(1);
    const { code, stderr } = await clearance(['audit', at('old.log'), '--waivers', at('waivers.yaml')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no key was given')]);
  });

  test('a policy may forbid it for credentials', async () => {
    const policy = readFileSync(join(import.meta.dirname, '../../catalog/policies/default.yaml'), 'utf8');
    writeFileSync(at('strict.yaml'), policy.replaceAll('[T0, T1, T2, T3]', '[T1, T2, T3]'));
    const flags = { waivers: at('waivers.yaml'), baseline: at('first.json'), policy: at('strict.yaml') };
    expect((await audit('old.log', flags)).code).toBe(1);
  });

  test('one inside what is audited is refused', async () => {
    const { code, stderr } = await clearance([
      ...['audit', dir, '--inventory', 'none', '--fingerprint-key', at('key'), '--waivers', at('waivers.yaml')],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('lies inside a path being audited')]);
  });

  test('without reason, owner or expiry it is no waiver', async () => {
    const text = readFileSync(at('waivers.yaml'), 'utf8');
    for (const [name, bad] of [
      ['reason', text.replace(/ *reason: .*\n/g, '')],
      ['owner', text.replace(/ *owner: .*\n/g, '')],
      ['expires', text.replaceAll('2026-12-31', '2026-02-30')],
    ] as const) {
      writeFileSync(at('bad.yaml'), bad);
      const args = ['audit', at('old.log'), '--fingerprint-key', at('key'), '--waivers', at('bad.yaml')];
      const { code, stderr } = await clearance(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(name)]);
    }
  });
});

describe('baseline', () => {
  test('only what is new counts', async () => {
    const same = await audit('old.log', { baseline: at('first.json') });
    expect([same.code, new Set(states(same))]).toEqual([0, new Set(['suppressed by baseline'])]);
    const more = await audit('same-line.log', { baseline: at('first.json') });
    expect([more.code, states(more).includes('client-data')]).toEqual([1, true]);
  });

  test('one made without a key is refused, as is what is no result', async () => {
    const { stdout } = await clearance(['audit', at('old.log'), '--inventory', 'none', '--json']);
    writeFileSync(at('keyless.json'), stdout);
    for (const [file, message] of [
      ['keyless.json', 'without fingerprints'],
      ['old.log', 'is not a result'],
    ]) {
      const args = ['audit', at('same-line.log'), '--fingerprint-key', at('key'), '--baseline', at(file as string)];
      const { code, stderr } = await clearance(args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message as string)]);
    }
  });

  test('a suppressed value in a name stays masked', async () => {
    writeFileSync(at(`${OLD}.log`), 'nothing\n');
    const args = ['audit', at(`${OLD}.log`), '--inventory', 'none', '--fingerprint-key', at('key'), '--json'];
    const first = await clearance(args);
    writeFileSync(at('named.json'), first.stdout);
    const second = await clearance([...args, '--baseline', at('named.json')]);
    expect(first.code).toBe(1);
    expect([second.code, second.stdout.includes(OLD)]).toEqual([0, false]);
  });
});
