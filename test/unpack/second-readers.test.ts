import { Parser, type ReadEntry } from 'tar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { collect, filesOf, payloadOf, sha256 } from './collect.ts';
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
