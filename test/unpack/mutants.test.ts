import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutItem } from '../../src/unpack/index.ts';
import { tarOf, zipOf } from './archive-builder.ts';
import { type Collected, collect, payloadOf } from './collect.ts';
import { base32, base85, ebcdic, gitPatch } from './encodings.ts';
import { missing, noise, Tree } from './tree.ts';

/** Mutants per format; `npm run fuzz -- 10000` for the long run. */
const RUNS = Number(process.env['UNPACK_MUTANTS'] ?? 150);

const members = [
  { name: 'a.log', data: 'a line of a log\n'.repeat(200) },
  { name: 'b.bin', data: Buffer.from(noise(2000).toString('hex')) },
  { name: 'dir/c.txt', data: 'short\n' },
];

/** What any reader would see, as one digest: names and contents in order. Bytes outside the members are not among it. */
function seen(all: readonly Collected[], inside = false): string {
  const entries = inside ? all.slice(1) : all;
  const hash = createHash('sha256');
  for (const { entry, content } of entries.filter((one) => one.entry.kind !== 'pseudo'))
    hash.update(`${entry.kind} ${entry.path.at(-1)} ${content.length}\n`).update(content);
  return hash.digest('hex');
}

const clean = (entries: readonly Collected[]) => entries.every(({ tail }) => withoutItem(tail).gaps.length === 0);

async function hunt(
  original: Buffer,
  checked: (offset: number) => boolean,
  detects: (mutant: Buffer) => boolean = () => true,
  /** Only what comes out of the payload counts. */
  inside = false,
  /** Nothing in it is compressed. */
  plain = false,
) {
  const reference = seen((await collect(payloadOf(original))).entries, inside);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
      async (flips) => {
        const mutant = Buffer.from(original);
        for (const [at, bits] of flips) mutant[at]! ^= bits;
        const { entries } = await collect(payloadOf(mutant, 'payload', 4096));
        // A tar whose first header lost both its sum and its mark is no tar any more: all its bytes are handed on as they are.
        if (entries.length === 1 && entries[0]!.content.equals(mutant) && plain) return;
        // Where a checksum covers every flipped byte, whatever is still shown as clean must be what it was.
        if (clean(entries) && flips.every(([at]) => checked(at)) && detects(mutant) && !mutant.equals(original)) {
          expect(seen(entries, inside)).toBe(reference);
        }
      },
    ),
    { numRuns: RUNS },
  );
}

test('gzip mutants: nothing changed is clean', async () => {
  const original = gzipSync(tarOf(...members));
  await hunt(original, (at) => at >= 10);
  expect(gunzipSync(original)).toEqual(tarOf(...members));
});

test('zip mutants: nothing changed in data is clean', async () => {
  const original = zipOf(members);
  const first = 30 + 'a.log'.length;
  await hunt(original, (at) => at >= first && at < first + 20);
});

test('tar mutants end without an error, headers are checked', async () => {
  const original = tarOf(...members);
  // The checksum of a header is a sum, of signed bytes in some old writers: changes that cancel out are beyond it.
  const sum = (bytes: Buffer) => bytes.reduce((total, byte) => total + byte, 0);
  const signed = (bytes: Buffer) => bytes.reduce((total, byte) => total + ((byte << 24) >> 24), 0);
  const detects = (mutant: Buffer) =>
    sum(mutant) !== sum(original) &&
    signed(mutant) !== signed(original) &&
    signed(mutant.subarray(0, 512)) !== sum(original.subarray(0, 512));
  await hunt(original, (at) => at < 512 && (at < 148 || at >= 156), detects, false, true);
});

for (const [tool, command] of [
  ['xz', 'xz -c'],
  ['zstd', 'zstd -q -c --check'],
  ['bzip2', 'bzip2 -c'],
  ['lz4', 'lz4 -q -c'],
] as const) {
  const without = missing(tool);
  test.skipIf(without)(`${tool} mutants: nothing changed is clean${without ? ` (${without})` : ''}`, async () => {
    const tree = new Tree().file('x', tarOf(...members));
    const original = tree.make('m', `${command} < tree/x > m`);
    tree.remove();
    // Magic numbers and, in zstd and lz4, header bits of no consequence decide what the file is at all.
    await hunt(original, (at) => at >= 8);
  });
}

for (const format of ['newc', 'odc', 'bin']) {
  test.skipIf(missing('cpio'))(`cpio ${format} mutants end without an error`, async () => {
    const tree = new Tree().file('x', 'hello\n').file('y', noise(500));
    const original = tree.make('m', `find tree | cpio -o -H ${format} > m 2>/dev/null`);
    tree.remove();
    await hunt(original, () => false);
  });
}

test('cut anywhere, an archive is never clean', async () => {
  // Less than a header is no tar; a gzip file or zip archive shows by its first bytes.
  for (const [original, min] of [
    [gzipSync(tarOf(...members)), 30],
    [zipOf(members), 30],
    [tarOf(...members).subarray(0, -512), 512],
  ] as const) {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min, max: original.length - 513 }), async (length) => {
        const { entries } = await collect(payloadOf(original.subarray(0, length), 'payload', 1000, false));
        expect(clean(entries)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  }
});

test('any tree: the account closes, members are equal, however it is cut', async () => {
  const name = fc.stringMatching(/^[a-z]{1,12}(\/[a-z]{1,8}){0,3}$/);
  const file = fc.record({
    name,
    data: fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string().map((text) => Buffer.from(text)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(file, { selector: (f) => f.name, maxLength: 8 }),
      fc.integer({ min: 1, max: 5000 }),
      async (files, chunk) => {
        const list = files.map(({ name, data }) => ({ name, data: Buffer.from(data) }));
        for (const bytes of [tarOf(...list), gzipSync(tarOf(...list)), zipOf(list)]) {
          if (list.length === 0) continue;
          const { entries, ledgers } = await collect(payloadOf(bytes, 'p', chunk, chunk % 2 === 0));
          expect(ledgers.length).toBeGreaterThan(0);
          const shown = entries.filter(({ entry }) => entry.path.length === 2 && entry.kind === 'file');
          expect(shown.map(({ entry, tail }) => `${entry.path[1]} ${tail.size}`)).toEqual(
            list.map((f) => `${f.name} ${f.data.length}`),
          );
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('archives written out in a text: mutants end without an error, nothing changed is clean', async () => {
  const archive = gzipSync(tarOf(...members));
  for (const [text, first] of [
    [`x: ${archive.toString('base64')}\n`, 3],
    [archive.toString('hex'), 0],
    [
      archive
        .toString('hex')
        .replace(/(.{4})/g, '$1 ')
        .replace(/(.{40})/g, '$1\n'),
      0,
    ],
  ] as const) {
    // Less than 32 characters in a row are no run; behind them, what is left of a broken archive is never clean.
    await hunt(Buffer.from(text), (at) => at > first + 48 && at < text.length - 40, undefined, true);
  }
});

for (const [format, original] of [
  [
    'tar',
    tarOf(...members, { name: 'long', type: 'L', data: `${'long/'.repeat(40)}name\0` }, { name: 'x', data: 'y' }),
  ],
  ['zip', zipOf(members)],
] as const) {
  test(`${format} mutants end without an error where a second reader reads them too`, async () => {
    const bytes = fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 3 }), async (flips) => {
        const mutant = Buffer.from(original);
        for (const [at, bits] of flips) mutant[at]! ^= bits;
        const { entries } = await collect(payloadOf(mutant, 'payload', 4096), undefined, true);
        expect(entries.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });
}

/** Where a text stands in it, in bytes. */
const within = (from: number, to: number) => (at: number) => at > from && at < to;

test('archives in base85 and base32: mutants end without an error, nothing changed is clean', async () => {
  const archive = gzipSync(tarOf(...members));
  for (const text of [
    ...(['ascii85', 'base85', 'z85'] as const).map((coding) => base85(archive, coding)),
    base32(archive),
    base32(archive).replace(/.{64}/g, '$&\n'),
  ]) {
    await hunt(Buffer.from(`x: ${text}\n`), within(3 + 48, text.length - 40), undefined, true);
  }
});

test('archives in lines with a prefix each: mutants end without an error, nothing changed is clean', async () => {
  const pieces = gzipSync(tarOf(...members))
    .toString('base64')
    .match(/.{1,64}/g)!;
  const prefix = (line: number) => `Nov 23 12:00:${String(line % 60).padStart(2, '0')} host app[1]: `;
  const text = pieces.map((piece, line) => `${prefix(line)}${piece}\n`).join('');
  const width = prefix(0).length + 65;
  // The first line tells what it is; the last ones hold the checksum.
  await hunt(Buffer.from(text), within(width, text.length - 2 * width), undefined, true);
});

test('archives in fields of headers: mutants end without an error, nothing changed is clean', async () => {
  const archive = gzipSync(tarOf({ name: 'a', data: noise(600).toString('hex') }));
  const long = Buffer.concat([archive, Buffer.alloc(1)]);
  const name = archive.toString('base64');
  const tar = tarOf({ name: '././@LongLink', type: 'L', data: long }, { name: 'short', data: 'x' });
  await hunt(tar, within(512 + 20, 512 + archive.length - 8), undefined, true, true);
  const named = tarOf({ name: '././@LongLink', type: 'L', data: `${name}\0` }, { name: 'short', data: 'x' });
  await hunt(named, within(512 + 48, 512 + name.length - 40), undefined, true, true);
  const comment = zipOf([{ name: 'x', data: 'y' }], { comment: name });
  await hunt(comment, within(comment.length - name.length + 48, comment.length - 40), undefined, true);
});

test('archives in EBCDIC: mutants end without an error, nothing changed is clean', async () => {
  const text = gzipSync(tarOf(...members))
    .toString('base64')
    .replace(/.{72}/g, '$&\n');
  await hunt(ebcdic(text), within(48, text.length - 40), undefined, true);
});

test.skipIf(missing('git'))('binary patches: mutants end without an error, nothing changed is clean', async () => {
  const patch = gitPatch(Buffer.from([0, 1, 2]), gzipSync(tarOf(...members)));
  const first = patch.indexOf('literal');
  const end = patch.indexOf('\n\n', first);
  await hunt(patch, within(patch.indexOf('\n', first), end), undefined, true);
});
