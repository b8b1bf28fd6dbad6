import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  type LedgerEntry,
  LedgerReader,
  leafHash,
  readTrust,
  seal,
  verifyConsistency,
  verifyInclusion,
  verifyLedger,
} from '../../src/evidence/index.ts';
import { ACT, statement } from '../../src/evidence/statement.ts';
import { office, POLICY_SHA256, START, scratch } from './fixture.ts';

const dir = scratch();
let rooms = 0;

async function filled(count: number) {
  const home = join(dir, String(rooms++));
  const desk = await office(home);
  const ledger = await desk.open();
  for (let i = 0; i < count; i++) ledger.append('submit', act(desk, i), START + i);
  ledger.close();
  return { ...desk, home };
}
type Desk = Awaited<ReturnType<typeof office>>;
const act = (desk: Desk, i: number) =>
  seal(
    statement(ACT, [{ name: `p${i}`, digest: { sha256: String(i).padStart(64, '0') } }], {
      act: 'submit',
      ledger: 'clearance/test',
      time: START + i,
      reason: 'r',
      result: '',
      policies: { audit: '', approval: POLICY_SHA256 },
    }),
    desk.people.audra,
  );
const check = (desk: Desk, witnesses: readonly string[] = [], path = desk.path) =>
  verifyLedger(path, (reader) => readTrust(desk.trustFile, reader.identity.trustRoot), witnesses);

describe('a ledger', () => {
  test.each([0, 1, 255, 256, 257, 600])(
    'of %d entries is whole, and every entry and every past can be proven',
    async (count) => {
      const desk = await filled(count);
      expect(check(desk)).toMatchObject({ size: count, sealed: count, problems: [] });
      const reader = new LedgerReader(desk.path);
      const root = reader.root();
      for (const seq of new Set([0, 1, 100, 255, 256, count - 1].filter((at) => at >= 0 && at < count))) {
        const leaf = leafHash(reader.entryBytes(seq));
        expect((JSON.parse(reader.entryBytes(seq).toString()) as LedgerEntry).seq).toBe(seq);
        expect(verifyInclusion(leaf, seq, count, inclusionProof(reader.subtree, seq, count), root)).toBe(true);
        expect(
          verifyConsistency(
            seq + 1,
            count,
            reader.root(seq + 1),
            root,
            consistencyProof(reader.subtree, seq + 1, count),
          ),
        ).toBe(true);
      }
    },
  );

  test('goes on after it was closed, over the borders of tiles', async () => {
    const desk = await filled(250);
    for (let i = 250; i < 300; i++) {
      const ledger = await desk.open();
      expect(ledger.append('submit', act(desk, i), START + i)).toBe(i);
      ledger.close();
    }
    expect(check(desk)).toMatchObject({ size: 300, problems: [] });
    expect(readdirSync(join(desk.path, 'tile/0')).sort()).toEqual(['000', '001.p']);
  });

  test('refuses a clock that went back, and a second owner', async () => {
    const desk = await filled(3);
    const ledger = await desk.open();
    expect(() => ledger.append('submit', act(desk, 3), START)).toThrow(/clock is behind/);
    await expect(desk.open()).rejects.toThrow(new RegExp(`in use by process ${process.pid}`));
    ledger.close();
    (await desk.open()).close();
  });
});

test.skipIf(spawnSync('openssl', ['version']).error !== undefined)(
  'a checkpoint verifies with openssl alone (needs openssl)',
  async () => {
    const desk = await filled(5);
    writeFileSync(join(desk.path, 'ledger.pub'), new LedgerReader(desk.path).identity.publicKey);
    // The commands of docs/verify-offline.md, to the letter.
    const script = `sed '/^$/,$d' checkpoint > note.txt
    sed -n 's/^— [^ ]* //p' checkpoint | base64 -d | tail -c 64 > note.sig
    openssl pkeyutl -verify -pubin -inkey ledger.pub -rawin -in note.txt -sigfile note.sig`;
    expect(spawnSync('sh', ['-ec', script], { cwd: desk.path, encoding: 'utf8' }).stdout).toBe(
      'Signature Verified Successfully\n',
    );
  },
);

describe('tampering', () => {
  const all = (path: string): string[] =>
    readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
      (name) => statSync(join(path, name)).isFile() && !name.startsWith('private'),
    );

  test('every changed byte is found', async () => {
    const desk = await filled(300);
    let random = 12345;
    const next = (limit: number): number => {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
      return random % limit;
    };
    const files = all(desk.path);
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (let i = 0; i < 60; i++) {
      const file = join(desk.path, files[i % files.length] as string);
      const bytes = readFileSync(file);
      const changed = Buffer.from(bytes);
      const at = next(bytes.length);
      changed[at] = (changed[at] as number) ^ (1 << next(8));
      writeFileSync(file, changed);
      expect([file, at, check(desk).problems.length > 0]).toEqual([file, at, true]);
      writeFileSync(file, bytes);
    }
    expect(check(desk).problems).toEqual([]);
  });

  test('deletion, truncation, reordering, addition, and a rewritten past that only a witness has seen', async () => {
    const desk = await filled(300);
    const witness = readFileSync(join(desk.path, 'checkpoint'), 'utf8');
    const tamper = (change: (path: string) => void): readonly string[] => {
      const copy = join(desk.home, 'copy');
      cpSync(desk.path, copy, { recursive: true });
      change(copy);
      try {
        return check(desk, [], copy).problems;
      } catch (cause) {
        return [(cause as Error).message];
      } finally {
        rmSync(copy, { recursive: true });
      }
    };
    expect(tamper(() => {})).toEqual([]);
    for (const file of all(desk.path))
      expect([file, tamper((path) => rmSync(join(path, file))).length]).not.toEqual([file, 0]);
    for (const file of all(desk.path))
      expect([
        file,
        tamper((path) => truncateSync(join(path, file), statSync(join(path, file)).size - 1)).length,
      ]).not.toEqual([file, 0]);
    expect(tamper((path) => writeFileSync(join(path, 'tile/extra'), ''))).toEqual([
      'tile/extra does not belong to the ledger',
    ]);
    const swap = (path: string): void => {
      const [head, ...lines] = readFileSync(join(path, 'journal'), 'utf8').split('\n');
      writeFileSync(join(path, 'journal'), [head, lines[1], lines[0], ...lines.slice(2)].join('\n'));
    };
    expect(tamper(swap)).not.toEqual([]);
    // The owner of the checkpoint key writes a shorter ledger: alone it looks whole, the witness knows better.
    const other = await filled(200);
    cpSync(join(desk.path, 'ledger.json'), join(other.path, 'ledger.json'));
    cpSync(join(desk.path, 'private'), join(other.path, 'private'), { recursive: true });
    const short = await desk.open();
    short.close();
    expect(check(desk, [witness])).toMatchObject({ problems: [], notices: [] });
    expect(check(desk).notices).toHaveLength(1);
    expect(check(other, [witness]).problems).not.toEqual([]);
  });
});

test('a partial tile that a killed process had not written yet is made anew from the tiles below', async () => {
  const desk = await filled(600);
  const root = new LedgerReader(desk.path).root();
  rmSync(join(desk.path, 'tile/1/000.p'), { recursive: true });
  expect(new LedgerReader(desk.path).root()).toEqual(root);
});

test('an entry that was not written to its end was never acknowledged', async () => {
  const desk = await filled(10);
  appendFileSync(join(desk.path, 'journal'), '{"envelope":{"pay');
  expect(new LedgerReader(desk.path).size).toBe(10);
  const ledger = await desk.open();
  ledger.append('submit', act(desk, 10), START + 10);
  ledger.close();
  expect(check(desk)).toMatchObject({ size: 11, problems: [] });
});

test('kill -9 at any point loses no acknowledged entry and tears none', async () => {
  const desk = await filled(0);
  const door = new URL('../../dist/evidence/index.js', import.meta.url).href;
  const envelope = JSON.stringify(act(desk, 1));
  // Another process appends and tells each acknowledged number; it is killed after a drawn time, again and again.
  const script = `
    const { Ledger } = await import('${door}');
    const ledger = await Ledger.open(${JSON.stringify(desk.path)}, false);
    const { writeSync } = await import('node:fs');
    for (let i = 0; ; i++) {
      writeSync(1, ledger.append('submit', ${envelope}, ${START} + ledger.size) + '\\n');
      if (i % 20 === 19) ledger.seal();
    }`;
  let acknowledged = 0;
  for (let round = 0; round < 15; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (out === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(errors).toBe('');
    const numbers = out.split('\n').slice(0, -1).map(Number);
    acknowledged = Math.max(acknowledged, (numbers.at(-1) as number) + 1);
    expect(new LedgerReader(desk.path).size).toBeGreaterThanOrEqual(acknowledged);
  }
  (await desk.open()).close();
  const result = check(desk);
  expect(result.problems).toEqual([]);
  expect(result.size).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(100);
}, 120_000);
