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
  ['7z, LZMA', '7z', '7z a -bso0 -bd -snl -mm=LZMA a.zip tree'],
  ['7z, bzip2', '7z', '7z a -bso0 -bd -snl -mm=BZip2 a.zip tree'],
  ['7z, Deflate64', '7z', '7z a -bso0 -bd -snl -mm=Deflate64 a.zip tree'],
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

const CPIO = [
  ['newc', 'cpio', 'find tree | cpio -o -H newc > a.cpio'],
  ['crc', 'cpio', 'find tree | cpio -o -H crc > a.cpio'],
  ['odc', 'cpio', 'find tree | cpio -o -H odc > a.cpio'],
  ['binary', 'cpio', 'find tree | cpio -o -H bin > a.cpio'],
  ['newc by bsdtar', 'bsdtar', 'LC_ALL=C.UTF-8 bsdtar --format=newc -cf a.cpio tree'],
  ['odc by bsdtar', 'bsdtar', 'LC_ALL=C.UTF-8 bsdtar --format=cpio -cf a.cpio tree'],
] as const;

for (const [title, tool, command] of CPIO) {
  const without = missing(tool);
  test.skipIf(without)(`cpio: ${title} lists as it was made${without ? ` (${without})` : ''}`, async () => {
    const bytes = tree.make('a.cpio', command);
    const { entries } = await collect(payloadOf(bytes, 'a.cpio', 3000, false));
    expect(filesOf(entries)).toEqual(tree.files);
    expect(gapsOf(entries)).toEqual([]);
    expect(entries.filter(({ entry }) => entry.kind === 'pseudo')).toEqual([]);
  });
}

test.skipIf(missing('ar'))('ar: short and long names by GNU ar', async () => {
  const bytes = tree.make(
    'a.a',
    'rm -f a.a && cp tree/small.txt odd && cp tree/block a-name-that-is-far-too-long && ar qc a.a odd a-name-that-is-far-too-long',
  );
  const { entries } = await collect(payloadOf(bytes, 'a.a', 100, false));
  expect(gapsOf(entries)).toEqual([]);
  expect(filesOf(entries)).toEqual({
    odd: tree.files['tree/small.txt'],
    'a-name-that-is-far-too-long': tree.files['tree/block'],
  });
});

test.skipIf(missing('dpkg-deb'))('deb: the tars in it are opened in place', async () => {
  const bytes = tree.make(
    'p.deb',
    'mkdir -p pkg/DEBIAN && printf "Package: p\\nVersion: 1\\nArchitecture: all\\nMaintainer: M <m@example.com>\\nDescription: d\\n" > pkg/DEBIAN/control && cp -r tree pkg/ && dpkg-deb --root-owner-group -Zxz -b pkg p.deb >/dev/null',
  );
  const { entries } = await collect(payloadOf(bytes, 'p.deb', 60_000));
  expect(gapsOf(entries)).toEqual([]);
  const inData = entries.filter(
    ({ entry }) => entry.path[1] === 'data.tar.xz' && entry.kind === 'file' && entry.path.length === 3,
  );
  expect(
    Object.fromEntries(inData.map(({ entry, tail }) => [entry.path[2]!.slice(2), `${tail.size} ${tail.sha256}`])),
  ).toEqual(tree.files);
});

test.skipIf(missing('rpmbuild'))('rpm: header and compressed cpio payload', async () => {
  const bytes = tree.make(
    'p.rpm',
    `printf 'Name: p\\nVersion: 1\\nRelease: 1\\nSummary: s\\nLicense: l\\nBuildArch: noarch\\n%%description\\nd\\n%%install\\nmkdir -p %%{buildroot}/o\\ncp ${tree.root}/tree/small.txt ${tree.root}/tree/block %%{buildroot}/o\\n%%files\\n/o\\n' > p.spec && rpmbuild -bb --define "_topdir $PWD/rpm" --define "_rpmdir $PWD/rpmout" p.spec >log 2>&1 && cp rpmout/noarch/p-1-1.noarch.rpm p.rpm`,
  );
  const { entries } = await collect(payloadOf(bytes, 'p.rpm', 1000, false));
  expect(gapsOf(entries)).toEqual([]);
  const files = entries.filter(({ entry }) => entry.kind === 'file' && entry.path.at(-1)!.startsWith('./o/'));
  expect(files.map(({ tail }) => tail.size).sort()).toEqual([512, 6]);
});

for (const [codec, command] of [
  ['xz', 'xz -c'],
  ['xz', 'xz --check=sha256 -T2 --block-size=100000 -c'],
  ['lzma', 'xz --format=lzma -c'],
  ['bzip2', 'bzip2 -c'],
  ['lz4', 'lz4 -q -c'],
  ['compress', 'compress -c'],
  ['zstd', 'zstd -q -c --check'],
  ['zstd', 'zstd -q -19 --long=27 -c'],
] as const) {
  const without = missing(codec === 'lzma' ? 'xz' : codec);
  test.skipIf(without)(
    `${command}: a tar adds no segment, a file is a member${without ? ` (${without})` : ''}`,
    async () => {
      const archive = tree.make('c.x', `tar cf - tree | ${command} > c.x`);
      const opened = await collect(payloadOf(archive, 'c.x', 10_000, false));
      expect(filesOf(opened.entries)).toEqual(tree.files);
      expect(gapsOf(opened.entries)).toEqual([]);
      const file = tree.make('s.x', `${command} < tree/small.txt > s.log.xz; cp s.log.xz s.x`);
      const { entries } = await collect(payloadOf(file, 's.log.xz'));
      expect(entries.map(({ entry, content }) => [entry.path, content.toString()])).toEqual([
        [['s.log.xz'], ''],
        [['s.log.xz', 's.log'], 'hello\n'],
      ]);
    },
  );
}
