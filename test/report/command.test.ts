import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { collect, held } from './samples.ts';
import { run } from './tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const clearance = (...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, '../../bin/run.js'), ...args]);
const result = join(folder, 'result.json');
writeFileSync(result, await collect(render('json', held(), DEFAULT_OPTIONS)));

test('writes several formats at once, private, and exits 0 whatever the verdict', async () => {
  const [pdf, csv] = [join(folder, 'a.pdf'), join(folder, 'a.csv')];
  expect(clearance('report', result, '-o', `pdf=${pdf}`, '-o', `csv=${csv}`)).toEqual({ status: 0, out: '', err: '' });
  expect(readFileSync(pdf)).toEqual(await collect(render('pdf', held(), DEFAULT_OPTIONS)));
  expect(statSync(csv).mode & 0o777).toBe(0o600);
});

test('bad input exits 2 and says what to do', () => {
  const fails = (pattern: RegExp, ...args: string[]) => {
    const { status, out, err } = clearance('report', ...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(pattern);
    expect(err).toMatch(/hint:/);
  };
  fails(/cannot use -o docx=x/, result, '-o', 'docx=x');
  fails(/cannot use -o pdf=/, result, '-o', 'pdf=');
  fails(/two outputs/, result, '-o', `pdf=${folder}/x`, '-o', `csv=${folder}/x`);
  fails(/is an input/, result, '-o', `pdf=${result}`);
  fails(/is not a result/, join(folder, 'absent.json'), '-o', `pdf=${folder}/x`);
  fails(/cannot write/, result, '-o', `pdf=${folder}/no/x`);
  fails(/output/, result);
});

test('a disk that takes no more is exit 2, and leaves no half report', () => {
  const place = mkdtempSync(join(folder, 'full-'));
  const limited = `ulimit -f 8; exec "$0" "$1" report "$2" -o pdf="$3"`;
  const program = join(import.meta.dirname, '../../bin/run.js');
  const { status, err } = run('sh', ['-c', limited, process.execPath, program, result, join(place, 'r.pdf')]);
  expect(status).toBe(2);
  expect(err).toMatch(/cannot write .*\(EFBIG\)\n.*hint:/);
  expect(readdirSync(place)).toEqual([]);
});

test('signs, and sums up several results', () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-subj',
    '/CN=Test',
    '-days',
    '30',
  ]);
  expect(made.status).toBe(0);
  const [plain, signed, fleet] = ['plain.pdf', 'signed.pdf', 'fleet.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const signing = ['--sign-key', key, '--sign-cert', certificate];
  expect(clearance('report', result, '-o', `pdf=${plain}`).status).toBe(0);
  expect(clearance('report', result, '-o', `pdf=${signed}`, ...signing)).toEqual({ status: 0, out: '', err: '' });
  const whole = readFileSync(signed);
  expect(whole.subarray(0, readFileSync(plain).length).equals(readFileSync(plain))).toBe(true);
  expect(whole.length).toBeGreaterThan(readFileSync(plain).length + 2000);
  expect(clearance('report', '--summary', result, result, '-o', `csv=${fleet}`).status).toBe(0);
  expect(readFileSync(fleet, 'utf8').split('\r\n')).toHaveLength(3);
  expect(clearance('report', result, '-o', `csv=${fleet}`, ...signing).status).toBe(2);
  expect(clearance('report', result, '-o', `pdf=${fleet}`, '--sign-key', key).status).toBe(2);
  expect(clearance('report', result, result, '-o', `pdf=${fleet}`).err).toMatch(/--summary/);
});
