import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSample } from '../../scripts/sample/index.ts';
import { generateKey, publicPem, writePrivateKey } from '../../src/evidence/index.ts';
import { missing } from '../unpack/tree.ts';
import { clearance } from './process.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-reproduce-'));
const at = (name: string) => join(dir, name);
const signing = ['--key', at('audra.pem'), '--passphrase-file', at('pass')];
afterAll(() => rmSync(dir, { recursive: true, force: true }));

beforeAll(async () => {
  await writeSample({ out: at('bundle.tgz'), seed: 21, size: 500_000, leaks: ['argv-password'] });
  const key = generateKey('ecdsa-p256');
  writeFileSync(at('pass'), 'a long passphrase\n', { mode: 0o600 });
  writePrivateKey(at('audra.pem'), key, 'a long passphrase');
  writeFileSync(at('audra.pub'), publicPem(key));
});

/** Results carry no clock, host, locale, directory or number of workers. */
test('the same bytes under another clock zone, locale, directory and environment', async () => {
  mkdirSync(at('elsewhere/deeper'), { recursive: true });
  copyFileSync(at('bundle.tgz'), at('elsewhere/deeper/bundle.tgz'));
  const worlds = [
    { cwd: dir, env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, args: ['bundle.tgz'] },
    { cwd: at('elsewhere'), env: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' }, args: ['deeper/bundle.tgz'] },
    { cwd: '/', env: { TZ: 'America/St_Johns', LC_ALL: 'sv_SE.UTF-8', COLUMNS: '20' }, args: [at('bundle.tgz')] },
    {
      cwd: at('elsewhere'),
      env: { TZ: 'Pacific/Apia', UV_THREADPOOL_SIZE: '1' },
      args: ['--in-process', at('bundle.tgz')],
    },
  ];
  const results = [];
  for (const { cwd, env, args } of worlds) {
    const { code, stdout } = await clearance(['audit', '--json', '--as-of', '2026-11-23', ...args], { cwd, env });
    expect(code).toBe(1);
    results.push(stdout);
  }
  expect(new Set(results).size).toBe(1);
});

test('a stranger repeats the audit of a statement; other options and other bytes are told apart', async () => {
  const args = [
    'audit',
    at('bundle.tgz'),
    '--as-of',
    '2026-10-01',
    '--platform',
    'power',
    '-o',
    `json=${at('r.json')}`,
  ];
  expect((await clearance(args)).code).toBe(1);
  const signed = await clearance(['submit', at('r.json'), '--attestation', at('a.dsse.json'), ...signing]);
  expect([signed.code, signed.stderr]).toEqual([0, '']);
  const reproduce = async (payload: string, ...more: string[]) => {
    const fixed = ['reproduce', at('a.dsse.json'), payload, '--public-key', at('audra.pub'), '--json'];
    const { code, stdout } = await clearance([...fixed, ...more]);
    return { code, answer: JSON.parse(stdout) };
  };
  copyFileSync(at('bundle.tgz'), at('renamed.bin'));
  expect(await reproduce(at('renamed.bin'), '--', '--platform', 'power')).toMatchObject({
    code: 0,
    answer: { ok: true },
  });
  expect(await reproduce(at('bundle.tgz'))).toMatchObject({ code: 1, answer: { code: 'options-differ' } });
  writeFileSync(at('changed.tgz'), Buffer.concat([readFileSync(at('bundle.tgz')), Buffer.alloc(1)]));
  expect(await reproduce(at('changed.tgz'))).toMatchObject({ code: 1, answer: { code: 'digest-mismatch' } });
});

/** `script` gives the command a terminal; what a person would type goes through it. */
function atATerminal(command: string, typed: string): Promise<{ code: number | null; shown: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, NO_COLOR: '1' } });
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += text;
      if (String(shown).includes('type the first eight digits:')) child.stdin.end(`${typed}\n`);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, shown }));
  });
}

test.skipIf(missing('script'))(
  'at a terminal an approver sees the summary and types the digits (needs script)',
  async () => {
    const result = at('seen.json');
    expect((await clearance(['audit', at('bundle.tgz'), '-o', `json=${result}`])).code).toBe(1);
    const digest = JSON.parse(readFileSync(result, 'utf8')).payloads[0].sha256 as string;
    const ledger = ['--ledger', at('ledger'), '--trust', at('trust.json')];
    const run = async (...args: string[]) => {
      const done = await clearance([...args, '--passphrase-file', at('pass')]);
      expect([args[0], done.code, done.stderr]).toEqual([args[0], 0, '']);
    };
    for (const [name, role] of [
      ['root', 'admin'],
      ['sue', 'submitter'],
      ['ann', 'approver'],
    ] as const) {
      await run('key', 'generate', at(`${name}.pem`));
      const roles = role === 'submitter' ? ['--role', 'auditor', '--role', role] : ['--role', role];
      await run(
        'key',
        'trust',
        at('trust.json'),
        '--add',
        at(`${name}.pem.pub`),
        '--person',
        name,
        ...roles,
        '--key',
        at('root.pem'),
      );
    }
    expect((await clearance(['ledger', 'init', at('ledger'), '--admin', at('root.pem.pub')])).code).toBe(0);
    await run('key', 'record', at('trust.json'), '--ledger', at('ledger'), '--key', at('root.pem'));
    await run('submit', result, ...ledger, '--key', at('sue.pem'));
    const bin = join(import.meta.dirname, '..', '..', 'bin', 'run.js');
    const words = [
      process.execPath,
      bin,
      'approve',
      result,
      ...ledger,
      '--key',
      at('ann.pem'),
      '--passphrase-file',
      at('pass'),
    ];
    const command = `${words.join(' ')} --reason looked-at-it`;
    const wrong = await atATerminal(command, '00000000');
    expect([wrong.code, wrong.shown]).toEqual([2, expect.stringContaining('nothing was recorded')]);
    expect(wrong.shown).toContain('HELD');
    expect(wrong.shown).toContain(digest);
    const right = await atATerminal(command, digest.slice(0, 8));
    expect([right.code, right.shown]).toEqual([0, expect.stringMatching(/\bok\r?\n/)]);
    const shown = spawnSync(process.execPath, [bin, 'ledger', 'show', ...ledger], { encoding: 'utf8' });
    expect(
      shown.stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[2]),
    ).toEqual(['key', 'audit', 'submit', 'approve']);
  },
  60_000,
);
