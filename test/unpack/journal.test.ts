import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeLz4Block } from '../../src/unpack/codec/index.ts';
import { type Collected, collect, gapsOf, payloadOf, shows } from './collect.ts';
import { missing, noise, Tree } from './tree.ts';

const REMOTE = '/lib/systemd/systemd-journal-remote';
const without = missing(REMOTE, 'journalctl');
const why = without ? ` (${without})` : '';

let tree: Tree;
beforeAll(() => {
  tree = new Tree().file('x', '');
});
afterAll(() => tree.remove());

const MACHINE = `_MACHINE_ID=${'1'.repeat(32)}\n_BOOT_ID=${'2'.repeat(32)}\n`;

/** Journal Export Format: one entry a paragraph, binary values behind their length. */
function exported(entries: readonly (readonly [string, string | Uint8Array][])[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [index, fields] of entries.entries()) {
    const time = 1_700_000_000_000_000 + index * 1000;
    parts.push(Buffer.from(`__REALTIME_TIMESTAMP=${time}\n__MONOTONIC_TIMESTAMP=${index + 1}\n${MACHINE}`));
    for (const [field, value] of fields) {
      if (typeof value === 'string' && !value.includes('\n')) parts.push(Buffer.from(`${field}=${value}\n`));
      else {
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(Buffer.byteLength(value)));
        parts.push(Buffer.from(`${field}\n`), length, Buffer.from(value as string), Buffer.from('\n'));
      }
    }
    parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

function journalOf(
  entries: readonly (readonly [string, string | Uint8Array][])[],
  env: Record<string, string> = {},
): Buffer {
  spawnSync('rm', ['-f', 'x.journal'], { cwd: tree.root });
  const made = spawnSync(REMOTE, ['--output=x.journal', '--compress=yes', '-'], {
    cwd: tree.root,
    input: exported(entries),
    env: { ...process.env, ...env },
  });
  if (made.status !== 0) throw new Error(String(made.stderr));
  return tree.make('x.journal', 'true');
}

const read = async (bytes: Uint8Array, seekable = true): Promise<Collected[]> =>
  (await collect(payloadOf(bytes, 'x.journal', 4096, seekable))).entries;

const fieldsOf = (entries: readonly Collected[]): string =>
  entries.find(({ entry }) => entry.path.at(-1) === '#fields@0')?.content.toString() ?? '';

const LONG = `password=Xk7vQ9zLm2Rt ${'many words of a long message '.repeat(60)}the end of it`;
const ENTRIES: [string, string | Uint8Array][][] = [
  ...Array.from({ length: 300 }, (_, index): [string, string][] => [
    ['MESSAGE', `line ${index} of a log`],
    ['PRIORITY', String(index % 8)],
    ['_HOSTNAME', 'host.example.org'],
  ]),
  [['MESSAGE', LONG]],
  [['MESSAGE', 'two\nlines größe']],
  [['COREDUMP', Buffer.concat([Buffer.from('core with a needle in it \0'), noise(3000)])]],
];

test.skipIf(without).each([
  ['ZSTD', {}],
  ['ZSTD, compact', { SYSTEMD_JOURNAL_COMPACT: '1' }],
  ['Jenkins hash', { SYSTEMD_JOURNAL_KEYED_HASH: '0' }],
] as const)(`all fields as journalctl gives them: %s${why}`, async (_, env) => {
  const bytes = journalOf(ENTRIES, env);
  const shown = spawnSync('journalctl', ['--file=x.journal', '-o', 'json', '--all', '--no-pager'], {
    cwd: tree.root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  }).stdout;
  const expected = shown
    .trim()
    .split('\n')
    .flatMap((line) => Object.entries(JSON.parse(line) as Record<string, unknown>))
    .filter(([name, value]) => !name.startsWith('__') && typeof value === 'string')
    .map(([name, value]) => `${name}=${value}`);
  expect(expected.length).toBeGreaterThan(900);
  for (const seekable of [true, false]) {
    const entries = await read(bytes, seekable);
    expect(gapsOf(entries)).toEqual([]);
    const text = `\n${fieldsOf(entries)}`;
    expect(expected.filter((line) => !text.includes(`\n${line}\n`))).toEqual([]);
    expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', size: bytes.length });
    expect(shows(entries, 'core with a needle')).toBe(true);
    expect(entries.some(({ entry }) => entry.path.at(-1)!.startsWith('#COREDUMP@'))).toBe(true);
  }
  // The message is compressed in the file: it is found because it was decoded.
  expect(bytes.includes(LONG)).toBe(false);
});

test.skipIf(without)(
  `a journal that is cut off or broken is unread, and damage ends without an error${why}`,
  async () => {
    const original = journalOf(ENTRIES.slice(280));
    const used = Number(original.readBigUInt64LE(136));
    for (const length of [20, 300, used - 5]) {
      expect(
        (await read(original.subarray(0, length)))[0]!.tail.coverage === 'unread' ||
          gapsOf(await read(original.subarray(0, length))).length > 0,
      ).toBe(true);
    }
    const flip = fc.tuple(fc.oneof(fc.nat(300), fc.nat(used)), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 8 }), async (flips) => {
        const mutant = Buffer.from(original.subarray(0, used + 4096));
        for (const [at, byte] of flips) mutant[at] = byte;
        await read(mutant);
      }),
      { numRuns: 60 },
    );
  },
);

test('an LZ4 block: literals, overlapping matches, and what is none', () => {
  // Token 0x44: four literals, a match of 8 that overlaps itself; then five literals at the end.
  const block = Buffer.concat([
    Buffer.from([0x44]),
    Buffer.from('abcd'),
    Buffer.from([4, 0, 0x50]),
    Buffer.from('EFGHI'),
  ]);
  expect(Buffer.from(decodeLz4Block(block, 17)).toString()).toBe('abcdabcdabcdEFGHI');
  expect(() => decodeLz4Block(block, 16)).toThrow();
  expect(() => decodeLz4Block(block.subarray(0, 6), 17)).toThrow();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(200), (bytes, size) => {
      try {
        decodeLz4Block(bytes, size);
      } catch (error) {
        expect((error as Error).name).toBe('CodecError');
      }
    }),
  );
});

/** A journal of one value, as older releases of systemd compressed it. */
function oneValue(flag: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(208);
  header.write('LPKSHHRH');
  header.writeBigUInt64LE(208n, 88);
  header.writeBigUInt64LE(208n, 136);
  header.writeBigUInt64LE(1n, 144);
  const object = Buffer.alloc(64);
  object[0] = 1;
  object[1] = flag;
  object.writeBigUInt64LE(BigInt(64 + payload.length), 8);
  return Buffer.concat([header, object, payload]);
}

test('values compressed with LZ4 are read, and a broken one is a gap', async () => {
  const payload = Buffer.concat([
    Buffer.from([27, 0, 0, 0, 0, 0, 0, 0, 0xa2]),
    Buffer.from('MESSAGE=ab'),
    Buffer.from([2, 0, 0xb0]),
    Buffer.from('hidden text'),
  ]);
  expect(fieldsOf(await read(oneValue(2, payload)))).toBe('MESSAGE=ababababhidden text\n');
  for (const broken of [payload.subarray(0, 12), Buffer.alloc(3), Buffer.alloc(30, 255)]) {
    expect(gapsOf(await read(oneValue(2, broken))).length).toBe(1);
  }
});

test.skipIf(missing('xz'))('values compressed with xz are read', async () => {
  const payload = spawnSync('xz', ['--check=none', '-c'], { input: 'MESSAGE=in xz' }).stdout;
  expect(fieldsOf(await read(oneValue(1, payload)))).toBe('MESSAGE=in xz\n');
  expect(gapsOf(await read(oneValue(1, payload.subarray(0, 20)))).length).toBe(1);
});

test('random bytes behind the last object make it unread', async () => {
  const bytes = Buffer.concat([oneValue(0, Buffer.from('MESSAGE=x')), noise(64 * 1024)]);
  expect(gapsOf(await read(bytes))).toEqual(['#fields@0: high-entropy']);
});
