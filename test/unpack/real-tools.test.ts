import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, filesOf, gapsOf, payloadOf } from './collect.ts';
import { missing, standardTree, type Tree } from './tree.ts';

let tree: Tree;
beforeAll(() => {
  tree = standardTree();
});
afterAll(() => tree.remove());

const TAR = [
  ['ustar by GNU tar', 'tar', "--format=ustar --exclude='name-y*'"],
  ['GNU format', 'tar', '--format=gnu'],
  ['old GNU format', 'tar', '--format=oldgnu'],
  ['pax by GNU tar', 'tar', '--format=pax'],
  ['v7', 'tar', "--format=v7 --exclude='long'"],
  ['GNU sparse', 'tar', '--format=gnu --sparse'],
  ['pax sparse 0.0', 'tar', '--format=pax --sparse --sparse-version=0.0'],
  ['pax sparse 0.1', 'tar', '--format=pax --sparse --sparse-version=0.1'],
  ['pax sparse 1.0', 'tar', '--format=pax --sparse --sparse-version=1.0'],
  ['pax by bsdtar', 'bsdtar', '--format=pax'],
  ['ustar by bsdtar', 'bsdtar', "--format=ustar --exclude='name-y*'"],
  ['gnutar by bsdtar', 'bsdtar', '--format=gnutar'],
] as const;

for (const [title, tool, flags] of TAR) {
  const without = missing(tool);
  test.skipIf(without)(`tar: ${title} lists as it was made${without ? ` (${without})` : ''}`, async () => {
    const bytes = tree.make('a.tar', `LC_ALL=C.UTF-8 ${tool} ${flags} -cf a.tar tree`);
    const expected = { ...tree.files };
    if (flags.includes('exclude'))
      for (const path of Object.keys(expected)) if (path.includes('/long/')) delete expected[path];
    for (const chunk of [777, 65536]) {
      const { entries } = await collect(payloadOf(bytes, 'a.tar', chunk, chunk > 1000));
      expect(filesOf(entries)).toEqual(expected);
      expect(gapsOf(entries)).toEqual([]);
      const pseudo = entries.filter(({ entry }) => entry.kind === 'pseudo').map(({ entry }) => entry.path.at(-1));
      // Owner names lie in every header; nothing else in such archives is text outside the members.
      expect(pseudo.filter((name) => !name!.startsWith('#owners@'))).toEqual([]);
    }
  });
}

const ZIP = [
  ['Info-ZIP', 'zip', 'zip -qry a.zip tree'],
  ['Info-ZIP, streamed', 'zip', "zip -qr - tree -x '*/link' | cat > a.zip"],
  ['Info-ZIP, stored', 'zip', 'zip -qry0 a.zip tree'],
  ['Info-ZIP, zip64', 'zip', 'zip -qry -fz a.zip tree'],
  ['7z', '7z', '7z a -bso0 -bd -snl a.zip tree'],
  ['bsdtar', 'bsdtar', 'LC_ALL=C.UTF-8 bsdtar --format=zip -cf a.zip tree'],
] as const;

for (const [title, tool, command] of ZIP) {
  const without = missing(tool);
  test.skipIf(without)(`zip: ${title} lists as it was made${without ? ` (${without})` : ''}`, async () => {
    tree.make('tree/empty', 'rm -f a.zip');
    const bytes = tree.make('a.zip', command);
    for (const seekable of [true, false]) {
      const { entries } = await collect(payloadOf(bytes, 'a.zip', 5000, seekable));
      expect(filesOf(entries)).toEqual(tree.files);
      expect(gapsOf(entries)).toEqual([]);
      const link = entries.find(({ entry }) => entry.path.at(-1) === 'tree/dir/link')?.entry;
      if (!command.includes('-x'))
        expect([link?.kind, String(Buffer.from(link?.linkTarget ?? ''))]).toEqual(['symlink', '../small.txt']);
    }
  });
}

test('a gzip layer around a tar adds no segment, around anything else a member', async () => {
  const bytes = tree.make('b.tgz', 'gzip -k tree/small.txt && tar czf b.tgz tree && rm tree/small.txt.gz');
  const { entries } = await collect(payloadOf(bytes, 'b.tgz', 4096, false));
  expect(filesOf(entries)).toMatchObject(tree.files);
  const inner = entries.find(({ entry }) => entry.path.at(-1) === 'small.txt');
  expect(inner?.entry.path).toEqual(['b.tgz', 'tree/small.txt.gz', 'small.txt']);
  expect(inner?.content.toString()).toBe('hello\n');
  expect(gapsOf(entries)).toEqual([]);
});
