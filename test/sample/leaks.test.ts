import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEAKS, type Truth, writeSample } from '../../scripts/sample/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-leaks-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const shell = (script: string): Buffer => {
  const done = spawnSync('sh', ['-c', script], { cwd: dir, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(done.stderr.toString());
  return done.stdout;
};
const missing = (tool: string): boolean => spawnSync(tool, ['--version']).error !== undefined;

test('names are unique and there are over forty', () => {
  expect(new Set(LEAKS.map((leak) => leak.name)).size).toBe(LEAKS.length);
  expect(LEAKS.length).toBeGreaterThan(40);
});

test.each(LEAKS.map((leak) => leak.name))(
  '%s changes the bundle at the place its truth names, and nowhere else',
  async (name) => {
    await writeSample({ out: join(dir, 'clean.tgz'), seed: 12 });
    const truth = await writeSample({ out: join(dir, 'leak.tgz'), seed: 12, leaks: [name] });
    const [planted] = truth.leaks;
    expect(truth.outcome).toBe(planted?.verdict);
    shell('rm -rf c l; for x in c l; do mkdir $x; done; tar xzf clean.tgz -C c; tar xzf leak.tgz -C l');
    shell('for x in c l; do mkdir $x/acuppd; tar xzf $x/acuppd.tgz -C $x/acuppd 2>/dev/null; done');
    const changed = spawnSync('diff', ['-rq', '--no-dereference', 'c', 'l'], { cwd: dir, encoding: 'utf8' }).stdout;
    const path = planted?.path ?? [];
    const [outer, inner] = [path[1] as string, path[2]];
    const files = changed
      .trim()
      .split('\n')
      .map((line) =>
        line
          .replace(/^Files c\/(.*) and .*$/, '$1')
          .replace(/^Only in l\/?(.*): (.*)$/, '$1/$2')
          .replace(/^\//, ''),
      );
    // Archives differ when a member does; what is left is the place itself, or its top directory where that is new.
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const expected = outer === 'acuppd.tgz' ? ['acuppd.tgz', `acuppd/${inner ?? ''}`] : [outer];
      expect(expected.some((place) => file === place || place.startsWith(`${file}/`))).toBe(true);
    }
  },
);

describe('what is planted is real', () => {
  let truth: Truth;
  beforeAll(async () => {
    truth = await writeSample({ out: join(dir, 'all.tgz'), seed: 3, leaks: LEAKS.map((leak) => leak.name) });
    shell('mkdir all a && tar xzf all.tgz -C all && tar xzf all/acuppd.tgz -C a');
  });
  const place = (name: string): string => {
    const path = truth.leaks.find((leak) => leak.name === name)?.path ?? [];
    return path[1] === 'acuppd.tgz' ? `a/${path[2]}` : `all/${path[1]}`;
  };
  const bytes = (name: string): Buffer => readFileSync(join(dir, place(name)));

  test('every place exists', () => {
    const absent = truth.leaks.filter((leak) => leak.where === 'content' && !existsSync(join(dir, place(leak.name))));
    expect(absent).toEqual([]);
  });

  test('a key that loads, in a core and behind the end of an archive', () => {
    const pem = (text: string): string =>
      /-----BEGIN EC[\s\S]+?-----END EC PRIVATE KEY-----\n/.exec(text)?.[0] as string;
    expect(createPrivateKey(pem(bytes('pem-key').toString('latin1'))).asymmetricKeyType).toBe('ec');
    expect(
      createPrivateKey(pem(shell('gzip -dc all/acuppd.tgz | tail -c 2048').toString('latin1'))).asymmetricKeyType,
    ).toBe('ec');
  });

  test('encodings decode to what was meant', () => {
    expect(bytes('utf16-core').includes(Buffer.from('jdbc:oracle:thin:', 'utf16le'))).toBe(true);
    expect(bytes('utf16be-dump').swap16().includes(Buffer.from('@', 'utf16le'))).toBe(true);
    const dump = shell(`tail -c +$((0x4D0 + 1)) ${place('ebcdic-dump')} | gzip -dc | iconv -f IBM037 -t LATIN1`);
    expect(dump.toString('latin1')).toMatch(/CUSTNO \d{8} NAME \w+ EMAIL [\w.]+@[\w.-]+ CARD 4/);
    const line = /payload=([A-Za-z0-9+/=]+)/.exec(bytes('gzip-base64').toString('latin1'))?.[1] as string;
    expect(shell(`printf %s ${line} | base64 -d | gzip -dc`).toString()).toMatch(/^customer_no,/);
  });

  test.skipIf(missing('sqlite3'))('a database that sqlite3 reads (needs sqlite3)', () => {
    expect(
      shell(`sqlite3 ${place('sqlite-db')} 'pragma integrity_check; select count(*) from contacts'`).toString(),
    ).toBe('ok\n24\n');
  });

  test.skipIf(missing('zip'))('archives that unzip reads, one only with its password (needs zip, unzip)', () => {
    expect(shell(`unzip -p ${place('zip-in-ud')}`).toString()).toMatch(/^customer_no,/);
    expect(shell(`unzip -z ${place('zip-comment')}`).toString()).toMatch(/packed for \S+@\S+/);
    expect(spawnSync('unzip', ['-P', 'wrong', '-t', place('encrypted-zip')], { cwd: dir }).status).not.toBe(0);
  });

  test.skipIf(missing('zstd'))('a table inside zip, tgz, tar and zstd (needs zstd)', () => {
    shell(
      `mkdir n && tail -c +$((0x274 + 1)) ${place('zip-in-tgz-in-dump')} | zstd -dc | tar xO bmc/extra.tgz | tar xz -C n`,
    );
    expect(shell('unzip -p n/export/customers.zip').toString()).toMatch(/^customer_no,/);
  });

  test('a rotated log that is cut off', () => {
    expect(spawnSync('gzip', ['-t', place('truncated-gzip')], { cwd: dir }).status).not.toBe(0);
  });

  test('a place of one own choice', async () => {
    const moved = await writeSample({ out: join(dir, 'moved.tgz'), seed: 3, leaks: ['ssn@rscdump', 'iban@problems'] });
    expect(moved.leaks.map((leak) => leak.path[1])).toEqual([expect.stringMatching(/^RSCDUMP\./), 'problems.xml']);
    await expect(writeSample({ out: join(dir, 'x'), seed: 1, leaks: ['ssn@nowhere'] })).rejects.toThrow('nowhere');
    await expect(writeSample({ out: join(dir, 'x'), seed: 1, leaks: ['tar-tail@ps'] })).rejects.toThrow(
      'cannot be moved',
    );
    await expect(writeSample({ out: join(dir, 'x'), seed: 1, leaks: ['nothing'] })).rejects.toThrow('nothing');
    expect(existsSync(join(dir, 'x'))).toBe(false);
  });
});
