import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORMATS } from '../../src/report/index.ts';
import { clearance } from './process.ts';

/** Values that rules find, each made up here and standing nowhere else. */
const CANARIES = [
  { file: 'hmc.eed', text: 'proxy password=Zq7!vanadium-Otter', value: 'Zq7!vanadium-Otter' },
  {
    file: 'problems.xml',
    text: '<p><note>call wilhelmina.quastenfloss@norrbank-invest.se</note></p>',
    value: 'wilhelmina.quastenfloss@norrbank-invest.se',
  },
  { file: 'sys.eed', text: 'card number: 4539 5787 6362 1486', value: '4539 5787 6362 1486' },
  {
    file: 'iqyylog.log',
    text: 'jdbc:db2://db7.corp.internal:50000/PAY:user=payroll;password=Kx81marmot_Fjord;',
    value: 'Kx81marmot_Fjord',
  },
  {
    file: 'iqyycom0.log',
    text: 'Authorization: Basic cXVlc3RvcjpTbG93Rmx5MTkhc2F0eXI=',
    value: 'cXVlc3RvcjpTbG93Rmx5MTkhc2F0eXI=',
  },
  { file: 'iqyycom1.log', text: 'social security number 536-41-8872 of the caller', value: '536-41-8872' },
  { file: 'ottilie.barnacle@kunde-hafen.de.csv', text: 'nothing here', value: 'ottilie.barnacle@kunde-hafen.de' },
] as const;

let dir: string;
let outputs: [string, string][];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'clearance-canaries-'));
  const bundle = join(dir, 'bundle');
  mkdirSync(bundle);
  for (const { file, text } of CANARIES) writeFileSync(join(bundle, file), `${text}\n`);
  const out = join(dir, 'out');
  mkdirSync(out);
  const key = join(dir, 'key');
  writeFileSync(key, 'k'.repeat(32), { mode: 0o600 });
  // A directory has no digest that a statement could name.
  const formats = Object.keys(FORMATS).filter((format) => format !== 'in-toto');
  const wanted = formats.flatMap((format) => ['-o', `${format}=${join(out, `r.${format}`)}`]);
  const audited = await clearance(['audit', bundle, '--json', '--fingerprint-key', key, ...wanted]);
  const human = await clearance(['audit', bundle]);
  const tree = await clearance(['inspect', bundle, '--json']);
  expect([audited.code, human.code, audited.stderr]).toEqual([1, 1, '']);
  outputs = [
    ['json on stdout', audited.stdout],
    ['summary', human.stdout],
    ['inspect, errors', tree.stderr],
    ...readdirSync(out).map((name): [string, string] => [name, readable(readFileSync(join(out, name)))]),
  ];
  expect(outputs.length).toBe(3 + formats.length);
  for (const { text } of CANARIES.slice(0, 6)) expect(audited.stdout).not.toContain(text);
  expect(
    JSON.parse(audited.stdout).entries.filter((entry: { findings: unknown[] }) => entry.findings.length > 0).length,
  ).toBe(CANARIES.length);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The bytes, and behind them what every Flate stream in them holds. */
function readable(bytes: Buffer): string {
  const parts = [bytes.toString('latin1')];
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    try {
      const text = inflateSync(bytes.subarray(at + 7), { finishFlush: 2 }).toString('latin1');
      // pdfkit writes text as hexadecimal glyph strings; attachments as they are.
      parts.push(text, text.replaceAll(/[<>[\]()\s]|-?\d+(?:\.\d+)? /g, ''));
    } catch {
      // not a Flate stream
    }
  }
  return parts.join('\n');
}

test.each(CANARIES)('the value in $file leaves in no form', ({ value }) => {
  const bytes = Buffer.from(value);
  const forms = [
    value,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    encodeURIComponent(value),
    ...['md5', 'sha1', 'sha256'].flatMap((name) => {
      const digest = createHash(name).update(bytes);
      const hex = digest.digest('hex');
      return [hex, Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '')];
    }),
  ];
  const leaks = outputs.flatMap(([name, text]) => forms.filter((form) => text.includes(form)).map(() => name));
  expect(leaks).toEqual([]);
});
