import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_LIMITS, withoutItem } from '../../src/unpack/index.ts';
import { parseListing } from '../../src/unpack/seven-zip/listing.ts';
import { type Collected, collect, filesOf, gapsOf, payloadOf, shows } from './collect.ts';
import { missing, noise, Tree } from './tree.ts';

let tree: Tree;
beforeAll(() => {
  tree = new Tree()
    .file('empty', '')
    .file('small.txt', 'hello\n')
    .file('dir/more.log', 'line\n'.repeat(50_000))
    .file('dir/nöise.bin', noise(300_000))
    .file('dir/deep/x', 'deep');
});
afterAll(() => tree.remove());

function make(file: string, command: string): Buffer {
  const { status, stderr } = spawnSync('sh', ['-ec', command], { cwd: tree.root });
  if (status !== 0) throw new Error(stderr.toString());
  const bytes = readFileSync(join(tree.root, file));
  rmSync(join(tree.root, file));
  return bytes;
}

const read = async (bytes: Uint8Array, limits = DEFAULT_LIMITS): Promise<Collected[]> =>
  (await collect(payloadOf(bytes, 'archive'), limits)).entries;

test.skipIf(missing('7z')).each([
  ['solid LZMA2', ''],
  ['not solid', '-ms=off'],
  ['LZMA', '-m0=lzma'],
  ['PPMd', '-m0=ppmd'],
  ['bzip2', '-m0=bzip2'],
  ['Deflate', '-m0=deflate'],
  ['stored', '-mx=0'],
  ['BCJ filters', '-m0=bcj2 -m1=lzma'],
  ['header not packed', '-mhc=off'],
])('7z, %s: members are those on disk, without a gap', async (_, options) => {
  const entries = await read(make('a.7z', `7z a -bd ${options} a.7z tree`));
  const files = entries.filter(({ entry }) => entry.kind === 'file');
  const top = filesOf(files);
  for (const [path, about] of Object.entries(tree.files)) expect([path, top[path]]).toEqual([path, about]);
  expect(entries[0]!.tail.coverage).toBe('opened');
  expect(entries[1]!.entry.name.toString()).toBe('#raw@0');
  expect(withoutItem(entries[1]!.tail).gaps).toEqual([]);
});

test.skipIf(missing('genisoimage')).each(['', '-R', '-R -J', '-J'])(
  'ISO 9660 %s: contents are those on disk',
  async (options) => {
    const entries = await read(make('a.iso', `genisoimage -quiet ${options} -o a.iso tree`));
    const digests = new Set(entries.map(({ tail }) => tail.sha256));
    for (const about of Object.values(tree.files)) expect(digests).toContain(about.split(' ')[1]);
    expect(entries[0]!.tail).toMatchObject({ coverage: 'opened', media: 'application/x-iso9660-image' });
    expect(gapsOf(entries).filter((gap) => gap.startsWith('archive'))).toEqual([]);
  },
);

test.skipIf(missing('7z'))('an encrypted archive is encrypted, with its names and without', async () => {
  expect(gapsOf(await read(make('a.7z', '7z a -bd -pgeheim -mhe=on a.7z tree')))).toContain('archive: encrypted');
  const shown = await read(make('a.7z', '7z a -bd -pgeheim a.7z tree'));
  const filled = shown.filter(
    ({ entry, tail }) => entry.kind === 'file' && entry.path.length === 2 && tail.coverage !== 'unread',
  );
  expect(filled.map(({ tail }) => tail.size)).toEqual(filled.map(() => 0));
  expect(gapsOf(shown).some((gap) => gap.endsWith(': encrypted'))).toBe(true);
});

test.skipIf(missing('7z'))('bytes that no member claims are scanned, and leave the archive unread', async () => {
  const bytes = make('a.7z', '7z a -bd a.7z tree');
  const entries = await read(Buffer.concat([bytes, Buffer.from('a text behind the end')]));
  expect(shows(entries, 'a text behind the end')).toBe(true);
  expect(gapsOf(entries)).toContain('#raw@0: unsupported');
});

test.skipIf(missing('genisoimage'))(
  'what is hidden in an image is scanned, and noticed where it looks random',
  async () => {
    const bytes = make('a.iso', 'genisoimage -quiet -R -o a.iso tree');
    bytes.write('a text in the system area', 100);
    expect(shows(await read(bytes), 'a text in the system area')).toBe(true);
    const entries = await read(Buffer.concat([bytes, noise(200_000)]));
    expect(entries[1]!.tail.highEntropy).toBe(true);
  },
);

test.skipIf(missing('7z'))('limits hold: memory of the archive and of the decoder, bytes, time', async () => {
  const bytes = make('a.7z', 'head -c 3000000 /dev/zero > zero; 7z a -bd -m0=lzma2:d=64m a.7z zero tree; rm zero');
  const MiB = 2 ** 20;
  expect(gapsOf(await read(bytes, { ...DEFAULT_LIMITS, memory: 100 }))).toContain('archive: over-memory');
  const big = make('b.7z', 'head -c 200000000 /dev/zero > zero; 7z a -bd -mx=1 -m0=lzma:d=192m b.7z zero; rm zero');
  expect(gapsOf(await read(big, { ...DEFAULT_LIMITS, memory: 8 * MiB }))).toContain('archive: over-memory');
  expect(gapsOf(await read(bytes, { ...DEFAULT_LIMITS, bytes: 2 * MiB })).at(-1)).toMatch(/over-bytes/);
  expect(gapsOf(await read(big)).some((gap) => gap.endsWith('over-ratio'))).toBe(true);
  expect(gapsOf(await read(bytes, { ...DEFAULT_LIMITS, time: 0.01 })).some((gap) => gap.endsWith('over-time'))).toBe(
    true,
  );
});

test.skipIf(missing('7z'))(
  'no change of a byte is an error, or passes with changed content',
  async () => {
    const bytes = make('a.7z', 'mkdir m; echo one > m/a; seq 1 2000 > m/b; 7z a -bd a.7z m; rm -r m');
    const good = new Set((await read(bytes)).map(({ tail }) => tail.sha256));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const mutant = Buffer.from(bytes);
        mutant[at]! ^= change;
        const entries = await read(mutant);
        const files = entries.filter(({ entry }) => entry.kind === 'file').slice(1);
        const unread = entries.some(({ tail }) => tail.gaps.length > 0);
        expect(unread || files.every(({ tail }) => good.has(tail.sha256))).toBe(true);
      }),
      { numRuns: 25 },
    );
  },
  60_000,
);

test('a listing that a name could have forged is none', () => {
  const block = (name: string) => `Path = ${name}\nSize = 1\nCRC = 00000000`;
  const listing = (...names: string[]) =>
    `x\n--\nPath = a\nType = 7z\nPhysical Size = 9\n\n----------\n${names.map(block).join('\n\n')}\n`;
  expect(parseListing(listing('a', 'b = c'))?.members.map(({ name }) => name)).toEqual(['a', 'b = c']);
  expect(parseListing(listing('a\nSize = 5'))).toBeUndefined();
  expect(parseListing(listing('a\n\nPath = b'))).toBeUndefined();
  expect(parseListing(listing('a', 'b\n----------\nPath = c'))).toBeUndefined();
});

const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** RAR 1.5 to 4 by its public description; nothing is compressed. */
function rar4(name: string, data: Buffer, options: { encrypted?: boolean; crc?: number } = {}): Buffer {
  const block = (type: number, flags: number, rest: Buffer) => {
    const head = Buffer.concat([Buffer.from([type]), u16(flags), u16(7 + rest.length), rest]);
    return Buffer.concat([u16(crc32(head) & 0xffff), head]);
  };
  const sum = u32(options.crc ?? crc32(data));
  const fields = [u32(data.length), u32(data.length), Buffer.from([3]), sum, u32(0x5a000000), Buffer.from([20, 0x30])];
  const file = Buffer.concat([...fields, u16(name.length), u32(0o100644), Buffer.from(name)]);
  const head = block(0x74, 0x8000 | (options.encrypted ? 4 : 0), file);
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\0', 'latin1'),
    block(0x73, 0, Buffer.alloc(6)),
    head,
    data,
    block(0x7b, 0x4000, Buffer.alloc(0)),
  ]);
}

const vint = (value: number): Buffer =>
  value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), vint(value >>> 7)]);

/** RAR 5.0, the same. */
function rar5(name: string, data: Buffer, options: { crc?: number; service?: Buffer } = {}): Buffer {
  const block = (...fields: Buffer[]) => {
    const head = Buffer.concat(fields);
    const sized = Buffer.concat([vint(head.length), head]);
    return Buffer.concat([u32(crc32(sized)), sized]);
  };
  const file = (type: number, named: string, content: Buffer) =>
    Buffer.concat([
      block(
        ...[type, 2, content.length, 4, content.length, 0o100644].map(vint),
        u32(options.crc ?? crc32(content)),
        ...[0, 1, named.length].map(vint),
        Buffer.from(named),
      ),
      content,
    ]);
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'),
    block(vint(1), vint(0), vint(0)),
    file(2, name, data),
    ...(options.service ? [file(3, 'RR', options.service)] : []),
    block(vint(5), vint(0), vint(0)),
  ]);
}

for (const [what, make] of [
  ['RAR 4', rar4],
  ['RAR 5', rar5],
] as const) {
  test(`${what}: members are what was stored, checksums are verified, a tail is seen`, async () => {
    const data = Buffer.concat([Buffer.from('some text\n'), noise(30_000)]);
    const entries = await read(make('dir/file.bin', data));
    expect(gapsOf(entries)).toEqual([]);
    expect(entries.map(({ entry }) => entry.path.slice(1).join('/'))).toEqual(['', '#raw@0', 'dir/file.bin']);
    expect(entries[2]!.content.equals(data)).toBe(true);
    expect(gapsOf(await read(make('x', data, { crc: 1 }))).join()).toMatch(/checksum-mismatch|corrupt/);
    expect(gapsOf(await read(Buffer.concat([make('x', data), noise(3000)]))).join()).toContain('unsupported');
    expect(gapsOf(await read(make('x', data).subarray(0, 9000))).length).toBeGreaterThan(0);
  });
}

test('RAR: what is encrypted says so, service data that looks random is not accepted', async () => {
  expect(gapsOf(await read(rar4('x', noise(64), { encrypted: true }))).join()).toContain('encrypted');
  expect(gapsOf(await read(rar5('x', Buffer.from('x'), { service: noise(5000) }))).join()).toContain('unsupported');
});

test.skipIf(missing('gcab')).each(['-z', ''])('cabinet %s: members are those on disk', async (options) => {
  const bytes = make('a.cab', `gcab -c ${options} a.cab tree/small.txt tree/dir/more.log tree/dir/deep/x`);
  const entries = await read(bytes);
  expect(gapsOf(entries)).toEqual([]);
  const files = filesOf(entries.filter(({ entry }) => entry.kind === 'file'));
  for (const path of ['tree/small.txt', 'tree/dir/more.log', 'tree/dir/deep/x'])
    expect(files[path]).toBe(tree.files[path]);
  expect(gapsOf(await read(Buffer.concat([bytes, noise(3000)]))).join()).toContain('unsupported');
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 5]! ^= 1;
  expect(gapsOf(await read(damaged)).length).toBeGreaterThan(0);
});
