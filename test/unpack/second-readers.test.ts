import { gzipSync } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { END, paxRecord, tarHeader, tarOf, zipOf } from './archive-builder.ts';
import { collect, filesOf, gapsOf, payloadOf, sha256 } from './collect.ts';
import { HOSTILE } from './hostile.ts';
import { missing, standardTree, type Tree } from './tree.ts';

let tree: Tree;
beforeAll(() => {
  tree = standardTree();
});
afterAll(() => tree.remove());

/** What node-tar reads. It knows no pax sparse members, so such archives are not compared. */
function byNodeTar(bytes: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    const parser = new Parser({ strict: true });
    parser.on('entry', (entry: ReadEntry) => {
      const parts: Buffer[] = [];
      entry.on('data', (part: Buffer) => parts.push(Buffer.from(part)));
      entry.on('end', () => {
        const content = Buffer.concat(parts);
        if (entry.type === 'File' || entry.type === 'OldFile')
          files[entry.path] = `${content.length} ${sha256(content)}`;
      });
    });
    parser.on('end', () => resolve(files));
    parser.on('error', reject);
    parser.end(bytes);
  });
}

function byYauzl(bytes: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, decodeStrings: false }, (error, zip) => {
      if (error) return reject(error);
      zip.on('entry', (entry: yauzl.Entry) => {
        const name = String(entry.fileName);
        const link = entry.externalFileAttributes >>> 28 === 0o12;
        if (name.endsWith('/') || link) return zip.readEntry();
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('error', reject);
          stream.on('end', () => {
            const content = Buffer.concat(parts);
            files[name] = `${content.length} ${sha256(content)}`;
            zip.readEntry();
          });
        });
      });
      zip.on('end', () => resolve(files));
      zip.on('error', reject);
      zip.readEntry();
    });
  });
}

test.skipIf(missing('tar')).each(['gnu', 'pax', 'oldgnu'])('node-tar and we read the same from %s', async (format) => {
  const bytes = tree.make('a.tar', `tar --format=${format} -cf a.tar tree`);
  expect(filesOf((await collect(payloadOf(bytes))).entries)).toEqual(await byNodeTar(bytes));
});

test.skipIf(missing('zip'))('yauzl and we read the same', async () => {
  const bytes = tree.make('a.zip', 'zip -qry a.zip tree');
  expect(filesOf((await collect(payloadOf(bytes))).entries)).toEqual(await byYauzl(bytes));
});

/** Gaps of an archive with second readers, in all ways that its bytes can come. */
async function withSecond(bytes: Buffer): Promise<string[][]> {
  const ways = [
    payloadOf(bytes, 'archive', 65536, true),
    payloadOf(bytes, 'archive', 700, false),
    payloadOf(gzipSync(tarOf({ name: 'archive', data: bytes })), 'outer.tgz', 300, false),
  ];
  const all: string[][] = [];
  for (const way of ways) all.push(gapsOf((await collect(way, undefined, true)).entries));
  return all;
}

test.skipIf(missing('tar', 'zip', 'bsdtar'))('archives of real tools: readers agree', async () => {
  const commands = [
    ...['v7', 'ustar', 'gnu', 'pax', 'oldgnu'].map((format) => `tar --format=${format} -cf a tree 2>/dev/null || true`),
    'tar -S --format=pax -cf a tree',
    'tar -S --format=gnu -cf a tree',
    'bsdtar -cf a tree',
    'zip -qry a.zip tree && mv a.zip a',
    'zip -0qr a.zip tree && mv a.zip a',
    'zip -qr - tree > a',
    'bsdtar --format=zip -cf a tree',
  ];
  for (const command of commands) {
    const gaps = await withSecond(tree.make('a', command));
    expect(gaps.flat().filter((gap) => gap.includes('readers-disagree'))).toEqual([]);
  }
});

test('names outside of ASCII are not cut between pieces', async () => {
  const name = `dir/${'\u{1f600}\u00e4\u20ac'.repeat(300)}`;
  const header = (type: string, data: string) => ({ name: 'x', type, data });
  const pax = tarOf(header('x', paxRecord('path', name)), { name: 'short', data: 'text' });
  const gnu = tarOf(header('L', `${name}\0`), { name: 'short', data: 'text' });
  for (const bytes of [pax, gnu]) {
    for (const chunk of [1, 7, 509, 512, 700]) {
      const { entries } = await collect(payloadOf(bytes, 'a.tar', chunk, false), undefined, true);
      expect(gapsOf(entries)).not.toContain('a.tar: readers-disagree');
    }
  }
});

const DISAGREEMENTS: Readonly<Record<string, () => Buffer>> = {
  'a file with a link target': () => tarOf({ name: 'a', data: 'text', link: 'elsewhere' }),
  'a type that is passed over': () => tarOf({ name: 'a', data: 'text' }, { name: 'b', type: 'I', data: 'more' }),
  'a first name like gzip': () => tarOf({ name: Buffer.from([0x1f, 0x8b, 0x61]), data: 'text' }),
  'a file called like a directory': () => tarOf({ name: 'a/', data: 'text' }),
  'an empty name': () => Buffer.concat([tarHeader({ name: '' }), END]),
  'a directory with more members than it says': () =>
    zipOf(
      [
        { name: 'a', data: 'text' },
        { name: 'b', data: 'more' },
      ],
      { count: 1 },
    ),
};

test.each(Object.entries(DISAGREEMENTS))('%s is a disagreement', async (_, bytes) => {
  for (const gaps of await withSecond(bytes())) {
    expect(gaps.filter((gap) => gap.includes('readers-disagree'))).toEqual(['archive: readers-disagree']);
  }
});

test('data in front of an archive or behind it, or no directory, is no disagreement', async () => {
  const inside = zipOf([{ name: 'a', data: 'text' }]);
  const archives = [
    Buffer.concat([Buffer.from('front'), inside]),
    Buffer.concat([inside, Buffer.from('behind')]),
    inside.subarray(0, inside.length - 30),
  ];
  for (const archive of archives) {
    expect((await withSecond(archive)).flat().filter((gap) => gap.includes('disagree'))).toEqual([]);
  }
});

test('the hostile catalogue neither throws nor hangs with second readers, and loses no gap', async () => {
  for (const [title, { bytes, gaps }] of Object.entries(HOSTILE)) {
    const began = performance.now();
    for (const found of await withSecond(bytes())) {
      for (const code of gaps)
        expect(
          found.some((gap) => gap.endsWith(`: ${code}`)),
          title,
        ).toBe(true);
    }
    expect(performance.now() - began, title).toBeLessThan(10_000);
  }
}, 60_000);
