import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSample } from '../../scripts/sample/index.ts';
import { validate } from '../../src/catalog/index.ts';
import { canonicalJson, type EndpointNotice } from '../../src/model/index.ts';
import { clearance } from './process.ts';

let dir: string;
const at = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-audit-'));
  await writeSample({ out: at('clean.tgz'), size: 600_000, seed: 11 });
  await writeSample({ out: at('leaking.tgz'), size: 600_000, seed: 12, leaks: ['argv-password', 'undocumented-file'] });
  writeFileSync(at('truncated.tgz'), readFileSync(at('clean.tgz')));
  truncateSync(at('truncated.tgz'), 300_000);
  writeFileSync(at('empty.tgz'), '');
  execFileSync('tar', ['-czf', at('hollow.tgz'), '-T', '/dev/null']);
  execFileSync('tar', ['-cf', at('hollow-named.tar'), '-T', '/dev/null']);
  execFileSync('gzip', [at('hollow-named.tar')]);
  mkdirSync(at('empty'));
  for (const name of ['linked', 'piped']) {
    mkdirSync(at(`${name}/below`), { recursive: true });
    writeFileSync(at(`${name}/clean.tgz`), readFileSync(at('clean.tgz')));
  }
  symlinkSync('../clean.tgz', at('linked/below/problems.xml'));
  execFileSync('mkfifo', [at('piped/below/problems.xml')]);
  mkdirSync(at('dotted/..cfg'), { recursive: true });
  writeFileSync(at('dotted/..cfg/c.yaml'), 'inventory: none\n');
  mkdirSync(at('bundle'));
  execFileSync('tar', ['-xzf', at('clean.tgz'), '-C', at('bundle')]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('exit codes, by real processes', () => {
  const rows: [string, () => string[], number, RegExp][] = [
    ['clean', () => [at('clean.tgz')], 0, /CLEARED/],
    ['clean, unpacked', () => [at('bundle')], 0, /CLEARED/],
    ['leaking', () => [at('leaking.tgz')], 1, /HELD/],
    ['truncated', () => [at('truncated.tgz')], 3, /INCOMPLETE/],
    ['empty file', () => [at('empty.tgz')], 3, /nothing-examined/],
    ['archive without entries', () => [at('hollow.tgz')], 3, /nothing-examined/],
    ['archive of nothing but a name in its header', () => [at('hollow-named.tar.gz')], 3, /nothing-examined/],
    ['stopped by a limit before it was opened', () => ['--max-bytes', '1000', at('clean.tgz')], 3, /over-bytes/],
    ['empty directory', () => [at('empty')], 3, /nothing-examined/],
    ['no file in the directory, each', () => ['--each', at('empty')], 3, /nothing-examined/],
    ['a link beside a clean bundle, each', () => ['--each', at('linked')], 3, /link-not-followed/],
    ['a fifo beside a clean bundle, each', () => ['--each', at('piped')], 3, /device/],
    [
      'an empty file beside a clean bundle',
      () => [at('clean.tgz'), at('empty.tgz')],
      3,
      /nothing-examined {2}empty\.tgz/,
    ],
  ];
  test.each(rows)('%s', async (_name, args, code, says) => {
    const human = await clearance(['audit', ...args()]);
    expect([human.code, human.stderr]).toEqual([code, '']);
    expect(human.stdout).toMatch(says);
    const json = await clearance(['audit', '--json', ...args()]);
    expect([json.code, json.stderr]).toEqual([code, '']);
  });

  const bad: [string, () => string[], RegExp][] = [
    ['no payload', () => [], /no payload was named/],
    ['missing path', () => [at('nope.tgz')], /nope\.tgz/],
    ['report over the payload', () => [at('clean.tgz'), '-o', `json=${at('clean.tgz')}`], /would be replaced/],
    ['report over a device', () => [at('clean.tgz'), '-o', 'json=/dev/full'], /no file/],
    ['configuration inside, behind dots', () => [at('dotted'), '--config', at('dotted/..cfg/c.yaml')], /lies inside/],
    ['unknown inventory', () => [at('clean.tgz'), '--inventory', 'nope'], /known ids: .*ibm-hmc-860/],
    ['unknown platform', () => [at('clean.tgz'), '--platform', 'zx81'], /known platforms: .*power/],
    ['unknown policy', () => [at('clean.tgz'), '--policy', 'nope'], /known ids: default/],
    ['unknown pack', () => [at('clean.tgz'), '--packs', 'nope'], /known ids: .*credentials/],
    ['date that does not exist', () => [at('clean.tgz'), '--as-of', '2026-02-30'], /no such date/],
    ['unknown flag', () => [at('clean.tgz'), '--nope'], /--nope/],
    ['unknown format', () => [at('clean.tgz'), '-o', 'docx=x'], /docx/],
    ['limit that is no number', () => [at('clean.tgz'), '--max-depth', 'x'], /max-depth/],
  ];
  test.each(bad)('%s is exit 2 with the next step', async (_name, args, says) => {
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await clearance(['audit', ...args(), ...json]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(says);
      expect(stderr).toMatch(/^clearance: error: .*\n(?:.*\n)*clearance: hint: /);
    }
  });

  test('a policy that does not validate names file, line and pointer', async () => {
    writeFileSync(at('policy.yaml'), 'id: mine\nversion: 1.0.0\ntitle: Mine\nfindings: { T0: sometimes }\n');
    const { code, stderr } = await clearance(['audit', at('clean.tgz'), '--policy', at('policy.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/policy\.yaml:4:\d+ \(\/findings\/T0\): must be one of: low, medium, high, never/);
  });

  test('a closed stdout keeps the exit code', () => {
    const script = `"${process.execPath}" bin/run.js audit --json "${at('leaking.tgz')}" | head -c 1; echo "\${PIPESTATUS[0]}"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') })).toBe(
      '{1\n',
    );
  });

  test('a full disk behind stdout is exit 2 with the next step, no stack', () => {
    const script = `"${process.execPath}" bin/run.js audit "${at('clean.tgz')}" 2>&1 >/dev/full; echo "$?"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: join(import.meta.dirname, '../..') })).toBe(
      'clearance: error: the output cannot be written (ENOSPC)\nclearance: hint: make room, or write elsewhere\n2\n',
    );
  });

  test('an interrupt is 130 and leaves nothing half-written', async () => {
    const out = at('interrupted');
    mkdirSync(out);
    const outcome = await clearance(['audit', at('bundle'), at('clean.tgz'), '-o', `pdf=${out}/r.pdf`], {
      interruptAfterMs: 600,
    });
    expect(outcome.code).toBe(130);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('the result', () => {
  test('is canonical, valid by its schema, and says what stdin says', async () => {
    const args = ['--json', '--as-of', '2026-01-31'];
    const file = await clearance(['audit', at('leaking.tgz'), ...args]);
    const stdin = await clearance(['audit', '-', '--stdin-name', 'leaking.tgz', ...args], {
      input: readFileSync(at('leaking.tgz')),
    });
    expect(stdin.stdout).toBe(file.stdout);
    const result = JSON.parse(file.stdout);
    expect(validate('result', result)).toEqual([]);
    expect(canonicalJson(result)).toBe(file.stdout.trimEnd());
    expect(result.asOf).toBe('2026-01-31');
    expect(result.entries[0].path).toEqual(['leaking.tgz']);
    expect(result.payloads).toHaveLength(1);
  });

  test('a directory has no size and no digest of its own', async () => {
    const { stdout } = await clearance(['audit', at('bundle'), '--json']);
    expect(JSON.parse(stdout).payloads).toEqual([{ name: 'bundle', size: null, sha256: null }]);
  });

  test('has the same bytes under another clock, time zone, locale and directory', async () => {
    const args = ['audit', at('leaking.tgz'), '--json', '--as-of', '2026-01-31'];
    const here = await clearance(args);
    const there = await clearance(args, {
      cwd: dir,
      env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR' },
    });
    expect(there.stdout).toBe(here.stdout);
  });

  test('outputs are private, whole, and made from the same result', async () => {
    const { stdout } = await clearance([
      'audit',
      at('clean.tgz'),
      '--json',
      '-o',
      `json=${at('r.json')}`,
      '-o',
      `pdf=${at('r.pdf')}`,
    ]);
    expect(readFileSync(at('r.json'), 'utf8')).toBe(stdout);
    expect(readFileSync(at('r.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect(statSync(at('r.pdf')).mode & 0o777).toBe(0o600);
  });

  test('without an inventory it says so', async () => {
    const { stdout } = await clearance(['audit', at('clean.tgz'), '--inventory', 'none', '--json']);
    const result = JSON.parse(stdout);
    expect(result.catalog.inventory).toBeNull();
    expect(result.verdict.notices.map((notice: { code: string }) => notice.code)).toContain('no-inventory');
    expect(result.verdict.level).not.toBe('L3');
    expect(result).not.toHaveProperty('document');
  });
});

describe('what the document says beyond files', () => {
  const audited = async (...args: string[]) =>
    JSON.parse((await clearance(['audit', at('small'), '--json', ...args])).stdout);
  beforeAll(() => {
    mkdirSync(at('small'));
    writeFileSync(join(at('small'), 'actzuict.dat'), 'mkvterm\n');
    writeFileSync(join(at('small'), 'hmc.eed'), 'resource_type=lpar,ipaddr=198.51.100.7\n');
    writeFileSync(join(at('small'), 'stats.send'), 'cpu 12 of 100\n');
    mkdirSync(at('acuppd'));
    writeFileSync(join(at('acuppd'), 'netstat_-anpoe'), 'tcp 0 0 0.0.0.0:443 0.0.0.0:* LISTEN\n');
    execFileSync('tar', ['-czf', join(at('small'), 'acuppd.tgz'), '-C', at('acuppd'), 'netstat_-anpoe']);
  });

  test('claims, conflicts, reasons and endpoints stand in the result, and change no verdict', async () => {
    const { document, verdict } = await audited();
    expect(validate('result', { ...(await audited()), entries: [] })).toEqual([]);
    expect(document.claims[0]).toMatchObject({
      id: 'no-client-data',
      quote: 'None of the information or debug data sent to IBM contains client data.',
      cite: { edition: 'December 2017', section: 'IV Data and Information, Data Sent to IBM' },
    });
    expect(document.conflicts.length).toBeGreaterThan(5);
    for (const { statements, readings } of document.conflicts) {
      expect(statements.every((statement: { quote?: string }) => statement.quote)).toBe(true);
      expect(readings.length).toBeGreaterThan(0);
    }
    expect(document.reasonsServed[0].items).toContain('hmc-eed');
    expect(document.reasonsServed.some(({ forbidden }: { forbidden: boolean }) => forbidden)).toBe(false);
    expect(document.endpoints.notices.map(({ path, port }: EndpointNotice) => [path, port])).toEqual([
      [['small', 'acuppd.tgz', 'netstat_-anpoe'], 443],
      [['small', 'hmc.eed'], undefined],
    ]);
    expect(verdict.reasons).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('198.51.100.7');
  });

  test('a platform marks the reasons that it does not have', async () => {
    const { reasonsServed } = (await audited('--platform', 'ds8000')).document;
    expect(reasonsServed.some(({ forbidden }: { forbidden: boolean }) => forbidden)).toBe(true);
  });
});

describe('configuration', () => {
  test('flags outrank the environment, which outranks clearance.yaml', async () => {
    const cwd = at('configured');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'clearance.yaml'), 'inventory: from-file\n');
    const asked = async (args: string[], env: Record<string, string>) =>
      (await clearance(['audit', at('clean.tgz'), ...args], { cwd, env })).stderr.split('\n')[0];
    expect(await asked([], {})).toContain('"from-file"');
    expect(await asked([], { CLEARANCE_INVENTORY: 'from-env' })).toContain('"from-env"');
    expect(await asked(['--inventory', 'from-flag'], { CLEARANCE_INVENTORY: 'from-env' })).toContain('"from-flag"');
  });

  test('an unknown key is an error with its line', async () => {
    writeFileSync(at('config.yaml'), 'policy: default\npolicies: x\n');
    const { code, stderr } = await clearance(['audit', at('clean.tgz'), '--config', at('config.yaml')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/config\.yaml:2:1 .*unknown key "policies"/)]);
  });

  test('a payload never configures its own audit', async () => {
    const cwd = at('hostile');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'hmc.eed'), 'version= Version: 8\n');
    writeFileSync(join(cwd, 'clearance.yaml'), 'inventory: none\n');
    const found = await clearance(['audit', '.', '--json'], { cwd });
    expect(JSON.parse(found.stdout).catalog.inventory.id).toBe('ibm-hmc-860');
    const named = await clearance(['audit', '.', '--config', 'clearance.yaml'], { cwd });
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('inside a path being audited')]);
  });
});
