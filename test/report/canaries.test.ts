import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, FORMATS, openStoredResult, render, renderSummary } from '../../src/report/index.ts';
import { clearance } from '../cli/process.ts';
import { collect, held } from './samples.ts';
import { missing, run } from './tool.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-canaries-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Text of `length` characters that follows from its seed and stands nowhere else. */
const chance = (seed: string, length: number, alphabet: string): string =>
  Array.from(
    createHash('sha512').update(seed).digest().subarray(0, length),
    (byte) => alphabet[byte % alphabet.length],
  ).join('');
const LETTERS = 'abcdefghijkmnopqrstuvwxyz';
const DIGITS = '0123456789';
const MIXED = `${LETTERS}ABCDEFGHJKLMNPQRSTUVWXYZ23456789`;

/** The check digit of ISO/IEC 7812-1, annex B. */
function luhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const KINDS: readonly ((seed: string) => { value: string; line: string })[] = [
  (seed) => {
    const value = `${chance(seed, 5, LETTERS)}${chance(`${seed}2`, 9, MIXED)}7Q`;
    return { value, line: `proxy password=${value}` };
  },
  (seed) => {
    const value = `${chance(seed, 8, LETTERS)}.${chance(`${seed}2`, 10, LETTERS)}@${chance(`${seed}3`, 9, LETTERS)}-bank.de`;
    return { value, line: `contact ${value}` };
  },
  (seed) => {
    const value = luhn(`4539${chance(seed, 11, DIGITS)}`);
    return { value, line: `card number: ${value}` };
  },
  (seed) => {
    const value = `5${chance(seed, 2, '123456')}-4${chance(`${seed}2`, 1, '12345')}-${chance(`${seed}3`, 4, '123456789')}`;
    return { value, line: `social security number ${value} of the caller` };
  },
  (seed) => {
    const value = `ghp_${chance(seed, 36, MIXED)}`;
    return { value, line: `token ${value}` };
  },
  (seed) => {
    const value = chance(seed, 16, MIXED);
    return { value, line: `jdbc:db2://db7.corp.internal:50000/PAY:user=payroll;password=${value}x9;` };
  },
  (seed) => {
    const value = Buffer.from(`${chance(seed, 8, LETTERS)}:${chance(`${seed}2`, 12, MIXED)}`).toString('base64');
    return { value, line: `Authorization: Basic ${value}` };
  },
];

/** Every form in which a value could leave: plain, escaped, hex, base64 at each alignment, UTF-16, unsalted digests. */
function formsOf(value: string): string[] {
  const forms = new Set([value, encodeURIComponent(value), [...value].reverse().join('')]);
  for (const bytes of [Buffer.from(value), Buffer.from(value, 'utf16le')]) {
    forms.add(bytes.toString('latin1')).add(bytes.toString('hex')).add(bytes.toString('hex').toUpperCase());
    for (let shift = 0; shift < 3; shift += 1) {
      const padded = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replaceAll('=', '');
      forms.add(padded.slice(shift === 0 ? 0 : shift + 1, -2));
    }
  }
  for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
    const digest = createHash(name).update(value).digest();
    forms
      .add(digest.toString('hex'))
      .add(digest.toString('hex').slice(0, 16))
      .add(digest.toString('base64').slice(0, 20));
  }
  return [...forms];
}

const KEY = 8;
/** Which of the forms stand in the text: one pass over it, whatever their number. */
function found(text: string, forms: ReadonlyMap<string, readonly string[]>): string[] {
  const seen: string[] = [];
  for (let at = 0; at + KEY <= text.length; at += 1) {
    const list = forms.get(text.slice(at, at + KEY));
    if (list) seen.push(...list.filter((form) => text.startsWith(form, at)));
  }
  return seen;
}

/** The bytes, and behind them what every Flate stream in them holds, glyph strings of pages also run together. */
function readable(bytes: Buffer): string[] {
  const parts = [bytes.toString('latin1')];
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    try {
      const text = inflateSync(bytes.subarray(at + 7), { finishFlush: 2 }).toString('latin1');
      parts.push(text, text.replaceAll(/[<>[\]()\s]|-?\d+(?:\.\d+)? /g, ''));
    } catch {
      // not a Flate stream
    }
  }
  return parts;
}

const lacking = missing('pdftotext');
(lacking.length > 0 ? test.skip : test)(
  `of 1,000 values none leaves in any format and form${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  async () => {
    const bundle = join(dir, 'bundle');
    const out = join(dir, 'out');
    for (const folder of [bundle, out]) mkdirSync(folder);
    const values: string[] = [];
    for (let file = 0; file < 60; file += 1) {
      const lines = Array.from({ length: 15 }, (_, at) => {
        const { value, line } = (KINDS[(file + at) % KINDS.length] as (typeof KINDS)[number])(`${file} ${at}`);
        values.push(value);
        return `2026-11-23 10:${String(at).padStart(2, '0')} ${line}\n`;
      });
      writeFileSync(join(bundle, `hmc${file}.log`), lines.join(''));
    }
    for (let at = 0; at < 100; at += 1) {
      const value = `${chance(`name ${at}`, 8, LETTERS)}.${chance(`name2 ${at}`, 8, LETTERS)}@kunde-hafen.de`;
      values.push(value);
      writeFileSync(join(bundle, `${value}.csv`), 'nothing here\n');
    }
    expect(new Set(values).size).toBe(1000);
    const key = join(dir, 'key');
    writeFileSync(key, 'k'.repeat(32), { mode: 0o600 });
    // A directory has no digest that a statement could name.
    const formats = Object.keys(FORMATS).filter((format) => format !== 'in-toto');
    const wanted = formats.flatMap((format) => ['-o', `${format}=${join(out, `r.${format}`)}`]);
    const audited = await clearance(['audit', bundle, '--json', '--fingerprint-key', key, ...wanted]);
    expect([audited.code, audited.stderr]).toEqual([1, '']);
    const result = JSON.parse(audited.stdout);
    const matched = result.entries.flatMap(({ findings }: { findings: { count?: number }[] }) => findings);
    expect(matched.reduce((sum: number, { count }: { count?: number }) => sum + (count ?? 1), 0)).toBeGreaterThan(950);

    const stored = join(dir, 'result.json');
    writeFileSync(stored, audited.stdout);
    const opened = await openStoredResult(stored);
    const options = { ...DEFAULT_OPTIONS, sarifProfile: 'github' } as const;
    const more: [string, AsyncIterable<Uint8Array>][] = [
      ['executive.pdf', render('pdf', opened, { ...options, audience: 'executive' })],
      ['executive.html', render('html', opened, { ...options, audience: 'executive' })],
      ['changed.pdf', render('pdf', opened, { ...options, audience: 'manager', previous: held() })],
      ['github.sarif', render('sarif', opened, options)],
      ['summary.pdf', renderSummary('pdf', [opened, held()], { paper: 'a4', ledgers: [] })],
      ['summary.csv', renderSummary('csv', [opened, held()], { paper: 'a4', ledgers: [] })],
      ['summary.json', renderSummary('json', [opened, held()], { paper: 'a4', ledgers: [] })],
    ];
    for (const [name, bytes] of more) writeFileSync(join(out, name), await collect(bytes));

    const forms = new Map<string, string[]>();
    for (const form of values.flatMap(formsOf)) {
      const list = forms.get(form.slice(0, KEY)) ?? [];
      list.push(form);
      forms.set(form.slice(0, KEY), list);
    }
    const outputs = readdirSync(out);
    expect(outputs.length).toBe(formats.length + more.length);
    const leaks: string[] = found(audited.stdout, forms).map((form) => `json: ${form}`);
    for (const name of outputs) {
      const bytes = readFileSync(join(out, name));
      const texts = readable(bytes);
      if (name.endsWith('pdf')) texts.push(run('pdftotext', ['-raw', join(out, name), '-']).out.replaceAll(/\s/g, ''));
      leaks.push(...texts.flatMap((text) => found(text, forms)).map((form) => `${name}: ${form}`));
    }
    expect(leaks.slice(0, 5)).toEqual([]);

    // The search sees what it is for, in a packed stream too.
    const page = readFileSync(join(bundle, 'hmc0.log'), 'latin1');
    expect(found(page, forms).length).toBeGreaterThanOrEqual(15);
    expect(found(Buffer.from(`..${values[0]}..`).toString('base64'), forms).length).toBeGreaterThan(0);
  },
);
