import { spawnSync } from 'node:child_process';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { columnsOf } from '../../src/unpack/sqlite/columns.ts';
import { type Collected, collect, gapsOf, payloadOf, shows } from './collect.ts';
import { missing, noise, Tree } from './tree.ts';

let tree: Tree;
beforeAll(() => {
  tree = new Tree().file('x', '');
});
afterAll(() => tree.remove());

const without = missing('sqlite3');
const why = without ? ` (${without})` : '';

function database(sql: string): Buffer {
  const done = spawnSync('sh', ['-c', 'rm -f a.db* && sqlite3 a.db'], { cwd: tree.root, input: sql, encoding: 'utf8' });
  if (done.status !== 0 || done.stderr) throw new Error(done.stderr);
  return tree.make('a.db', 'true');
}

const query = (sql: string): string =>
  spawnSync('sqlite3', ['-tabs', 'a.db', sql], { cwd: tree.root, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;

const read = async (bytes: Uint8Array, seekable = true): Promise<Collected[]> =>
  (await collect(payloadOf(bytes, 'a.db', 4096, seekable))).entries;

const rowsOf = (entries: readonly Collected[], label: string): string =>
  entries
    .filter(({ entry }) => entry.path.at(-1)!.startsWith(`#${label}@`))
    .map(({ content }) => content.toString())
    .join('');

const SCHEMA = `CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL, "pass word" TEXT, note TEXT, score REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3000)
INSERT INTO users SELECT i, 'name' || i, 'p' || i, CASE WHEN i % 500 = 0 THEN printf('%.*c', 9000, 'x') || 'tail' || i END, i / 4.0 FROM n;
CREATE INDEX by_name ON users(name);
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
INSERT INTO settings VALUES ('smtp.password', 'Xk7vQ9zLm2Rt'), ('größe', 'zwölf');`;

test.skipIf(without).each(['UTF-8', 'UTF-16le', 'UTF-16be'])(
  `all rows as sqlite3 gives them, %s${why}`,
  async (encoding) => {
    for (const pageSize of [512, 4096, 65536]) {
      const bytes = database(`PRAGMA encoding='${encoding}'; PRAGMA page_size=${pageSize};${SCHEMA}`);
      const expected = query(
        `SELECT 'id=' || id, 'name=' || name, 'pass word=' || "pass word", 'note=' || note, 'score=' || score FROM users ORDER BY id`,
      );
      for (const seekable of [true, false]) {
        const entries = await read(bytes, seekable);
        expect(gapsOf(entries)).toEqual([]);
        const shown = rowsOf(entries, 'users').replace(/score=(\d+)\n/g, 'score=$1.0\n');
        expect(shown === expected.replace(/\t\t/g, '\t')).toBe(true);
        expect(rowsOf(entries, 'settings')).toContain(
          'key=smtp.password\tvalue=Xk7vQ9zLm2Rt\nsmtp.password=Xk7vQ9zLm2Rt\n',
        );
        expect(rowsOf(entries, 'settings')).toContain('key=größe\tvalue=zwölf\n');
        expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', size: bytes.length });
        expect(entries[0]!.content.equals(bytes)).toBe(true);
      }
    }
  },
  30_000,
);

test.skipIf(without)(`rows of dropped tables and of the write-ahead log are read${why}`, async () => {
  const dropped = database(
    `PRAGMA secure_delete=off; CREATE TABLE keep(a); CREATE TABLE gone(a,b); INSERT INTO gone VALUES('former', printf('%.*c', 6000, 'y') || 'needle'); DROP TABLE gone; INSERT INTO keep VALUES(1);`,
  );
  const entries = await read(dropped);
  expect(shows(entries, 'former')).toBe(true);
  tree.make(
    'kept.db-wal',
    `rm -f w.db* && printf "PRAGMA journal_mode=wal; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(a,b); INSERT INTO t VALUES('user', printf('%%.*c', 6000, 'z') || 'needle');\n.shell cp w.db-wal kept.db-wal\n" | sqlite3 w.db`,
  );
  const log = await read(tree.make('kept.db-wal', 'true'));
  expect(gapsOf(log)).toEqual([]);
  expect(rowsOf(log, 'unused')).toMatch(/c1=user\tc2=z{6000}needle\n/);
});

test.skipIf(without)(`binary values are entries that are opened${why}`, async () => {
  const bytes = database(
    `CREATE TABLE f(name, data); INSERT INTO f VALUES('z', X'${deflateSync('needle '.repeat(40)).toString('hex')}'), ('g', X'${gzipSync('in a gzip file').toString('hex')}'), ('t', CAST('plain text' AS BLOB));`,
  );
  const entries = await read(bytes);
  expect(rowsOf(entries, 'f')).toBe('name=z\nname=g\nname=t\tdata=plain text\nt=plain text\n');
  expect(shows(entries, 'needle needle')).toBe(true);
  expect(shows(entries, 'in a gzip file')).toBe(true);
});

test.skipIf(without)(`a database that is cut off or broken is unread${why}`, async () => {
  const bytes = database(`PRAGMA page_size=512;${SCHEMA}`);
  for (const length of [90, 512, 5000, bytes.length - 512, bytes.length - 1]) {
    expect(gapsOf(await read(bytes.subarray(0, length))).length).toBeGreaterThan(0);
  }
  const other = Buffer.from(bytes);
  other.fill(0xee, 1024, 1536);
  expect(gapsOf(await read(other)).some((gap) => gap.endsWith('corrupt'))).toBe(true);
});

test.skipIf(without)(`random bytes where no rows are make it unread${why}`, async () => {
  const bytes = Buffer.concat([database(SCHEMA), noise(64 * 1024)]);
  expect(gapsOf(await read(bytes))).toEqual(['a.db: high-entropy']);
});

test.skipIf(without)(`damage ends without an error${why}`, async () => {
  const small = SCHEMA.replace('3000', '60').replaceAll('500', '20').replace('9000', '1500');
  const original = database(`PRAGMA page_size=512;${small}`);
  const flip = fc.tuple(fc.oneof(fc.nat(2000), fc.nat(original.length - 1)), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 8 }), async (flips) => {
      const mutant = Buffer.from(original);
      for (const [at, byte] of flips) mutant[at] = byte;
      await read(mutant);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['CREATE TABLE t(id INTEGER PRIMARY KEY, "a ""b""" TEXT, [c d], `e`)', ['id', 'a ""b""', 'c d', 'e'], 0],
  ['CREATE TABLE t(a, b INTEGER, PRIMARY KEY(b))', ['a', 'b'], 1],
  ['CREATE TABLE t(a DECIMAL(10,2) DEFAULT (1,2), -- x, y\n b /* , c */, CHECK (a > 0))', ['a', 'b'], -1],
  ['CREATE TABLE t(a, b, c, PRIMARY KEY(c, a)) WITHOUT ROWID', ['c', 'a', 'b'], -1],
  ['CREATE TABLE t(a, b AS (a + 1), c AS (a) STORED)', ['a', 'c'], -1],
  ['nonsense', [], -1],
])('%s', (sql, names, rowid) => {
  expect(columnsOf(sql)).toEqual({ names, rowid });
});
