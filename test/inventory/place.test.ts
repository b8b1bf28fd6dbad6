import { expect, test } from 'vitest';
import { acceptsRaw, createPlacer, createWrapperFinder, loadInventory, mediaFits } from '../../src/inventory/index.ts';
import type { EntryHead, EntryKind, ItemRef } from '../../src/model/index.ts';

const inventory = loadInventory('ibm-hmc-860');
const bytes = (text: string) => new TextEncoder().encode(text);
const head = (ordinal: number, parent: number | undefined, name: string, kind: EntryKind = 'file'): EntryHead => ({
  ordinal,
  parent,
  path: [name],
  name: bytes(name),
  kind,
  where: 'content',
});
const shown = (ref: ItemRef | undefined) =>
  ref === undefined ? undefined : [ref.context, ref.id, ref.status, ref.inherited ? 'inherited' : ''].join(' ').trim();

/** Places a tree given as [parent index, name, kind]; the first entry is the payload. */
function placeAll(
  entries: readonly (readonly [number | undefined, string, EntryKind?])[],
  options: { platform?: string } = {},
): (string | undefined)[] {
  const heads = entries.map(([parent, name, kind], ordinal) => head(ordinal, parent, name, kind));
  const finder = createWrapperFinder(inventory);
  for (const entry of heads) finder.add(entry);
  const placer = createPlacer(inventory, { ...options, wrapper: finder.wrapper() });
  return heads.map((entry) => shown(placer.place(entry)));
}

test('a bundle: top level, acuppd.tgz, Electronic Service Agent tree, dumps and rotated logs', () => {
  expect(
    placeAll([
      [undefined, 'bundle.tgz'],
      [0, 'problems.xml'],
      [0, 'acuppd.tgz'],
      [2, './etc/', 'directory'],
      [2, './etc/hosts'],
      [2, 'var/log/messages-1.gz'],
      [5, 'messages-1'],
      [2, 'problems.xml'],
      [0, 'SYSDUMP.1012345.01.20171204091500'],
      [8, 'header', 'pseudo'],
      [8, 'memory.bin'],
      [10, 'inner.txt'],
      [0, 'var/', 'directory'],
      [0, 'var/adm/esa/sysinfo/8286.42A.10ABCDE.CEC.Sysinfo.xml'],
      [0, 'var/adm/esa/other.xml'],
      [0, 'extra.zip'],
      [15, 'problems.xml'],
      [0, 'gzip header', 'pseudo'],
      [0, 'refcode.dat'],
    ]),
  ).toEqual([
    undefined,
    'top problems-xml documented',
    'top acuppd-tgz documented',
    'acuppd  documented',
    'acuppd acuppd-etc-host documented',
    'acuppd acuppd-messages documented-ambiguous',
    'acuppd acuppd-messages documented-ambiguous inherited',
    'acuppd  undocumented',
    'top dump-sysdump documented',
    'top dump-sysdump documented inherited',
    'top dump-sysdump documented inherited',
    'top dump-sysdump documented inherited',
    'top  documented',
    'esa esa-sysinfo documented',
    'esa  undocumented',
    'top  undocumented',
    'top  undocumented inherited',
    undefined,
    'top refcode-dat known-from-other-source',
  ]);
});

test('one wrapping directory is stripped if every entry lies under it', () => {
  const wrapped: [number | undefined, string, EntryKind?][] = [
    [undefined, 'b.tgz'],
    [0, './', 'directory'],
    [0, './b/', 'directory'],
    [0, './b/problems.xml'],
  ];
  expect(placeAll(wrapped)).toEqual([undefined, 'top  documented', 'top  documented', 'top problems-xml documented']);
  expect(placeAll([...wrapped, [0, 'problems.xml']]).slice(2)).toEqual([
    'top  undocumented',
    'top  undocumented',
    'top problems-xml documented',
  ]);
});

test('only one directory is stripped, never one that is documented itself, never inside acuppd.tgz', () => {
  expect(
    placeAll([
      [undefined, 'b.tgz'],
      [0, 'a/b/problems.xml'],
    ])[1],
  ).toBe('top  undocumented');
  expect(
    placeAll([
      [undefined, 'b.tgz'],
      [0, 'LPMFFDC/a.log'],
    ])[1],
  ).toBe('top lpmffdc documented-ambiguous');
  expect(
    placeAll([
      [undefined, 'b.tgz'],
      [0, 'var/adm/esa/sysinfo/8286.42A.10ABCDE.CEC.Sysinfo.xml'],
    ])[1],
  ).toBe('esa esa-sysinfo documented');
  expect(
    placeAll([
      [undefined, 'acuppd.tgz'],
      [0, 'acuppd/etc/hosts'],
    ])[1],
  ).toBe('acuppd  undocumented');
});

test('a documented container handed over alone is read as what it is', () => {
  expect(
    placeAll([
      [undefined, 'acuppd.tgz'],
      [0, 'etc/hosts'],
    ])[1],
  ).toBe('acuppd acuppd-etc-host documented');
  expect(
    placeAll([
      [undefined, 'BMCDUMP.10ABCDE.01.20171231000000'],
      [0, 'x'],
    ])[1],
  ).toBe('top dump-bmcdump documented inherited');
  // A text item that turns out to be an archive passes nothing on.
  expect(
    placeAll([
      [undefined, 'problems.xml'],
      [0, 'secret.doc'],
    ])[1],
  ).toBe('top  undocumented');
});

test('a payload that is no container is matched by its base name', () => {
  const alone = (name: string, media: string, coverage: 'decoded' | 'unread' | 'opened') => {
    const placer = createPlacer(inventory);
    expect(placer.place(head(0, undefined, name))).toBeUndefined();
    return shown(placer.payload({ media, coverage, gaps: [] }));
  };
  expect(alone('problems.xml', 'application/xml', 'decoded')).toBe('top problems-xml documented');
  expect(alone('notes.txt', 'text/plain; charset=utf-8', 'decoded')).toBe('top  undocumented');
  expect(alone('bundle.tgz', 'application/gzip', 'unread')).toBeUndefined();
  expect(alone('bundle.bin', 'application/octet-stream', 'opened')).toBeUndefined();
});

test('a payload that is a text needs an item, though files lie encoded in it', () => {
  const placer = createPlacer(inventory);
  placer.place(head(0, undefined, 'notes.txt'));
  placer.place(head(1, 0, 'attachment.bin'));
  const payload = placer.payload({ media: 'text/plain; charset=us-ascii', coverage: 'decoded', gaps: [] });
  expect(shown(payload)).toBe('top  undocumented');
});

test('names that are not UTF-8, and paths that climb, match nothing', () => {
  const placer = createPlacer(inventory);
  placer.place(head(0, undefined, 'b.tgz'));
  const name = new Uint8Array([...bytes('problems'), 0xff, ...bytes('.xml')]);
  expect(placer.place({ ...head(1, 0, ''), name })?.status).toBe('undocumented');
  expect(placer.place(head(2, 0, '../problems.xml'))?.status).toBe('undocumented');
});

test('a Power-only file from a DS8000 is forbidden', () => {
  expect(
    placeAll(
      [
        [undefined, 'b.tgz'],
        [0, 'stats.send'],
        [0, 'problems.xml'],
      ],
      { platform: 'ds8000' },
    ).slice(1),
  ).toEqual(['top stats-send forbidden', 'top problems-xml documented']);
});

const ref = (id: string, context = 'top'): ItemRef => ({ id, status: 'documented', context });

test('dumps and cores accept raw, and what lies in them; logs and data do not', () => {
  const accepting = inventory.items.filter(({ id }) => acceptsRaw(inventory, ref(id))).map(({ id }) => id);
  expect(accepting).toEqual([
    ...['sys', 'fsp', 'bmc', 'sma', 'pwr', 'log', 'rsc'].map((type) => `dump-${type}dump`),
    'acuppd-core',
    'acuppd-ffdc-core',
  ]);
  expect(acceptsRaw(inventory, undefined)).toBe(false);
  expect(acceptsRaw(inventory, { id: null, status: 'undocumented', context: 'top' })).toBe(false);
});

test.each([
  ['problems-xml', 'application/xml', true],
  ['problems-xml', 'text/xml; charset=utf-8', true],
  ['problems-xml', 'application/x-empty', true],
  ['problems-xml', 'text/plain; charset=utf-8', false],
  ['problems-xml', 'application/x-elf', false],
  ['problems-xml', 'application/zip', false],
  ['problems-xml', 'application/octet-stream', false],
  ['hmc-eed', 'text/plain; charset=iso-8859-1', true],
  ['hmc-eed', 'application/json', true],
  ['hmc-eed', 'application/octet-stream', true],
  ['iqyylog-log', 'application/octet-stream', true],
  ['iqyylog-log', 'application/x-elf', false],
  ['iqyylog-log', 'application/x-sqlite3', false],
  ['acuppd-tgz', 'application/gzip', true],
  ['acuppd-tgz', 'application/x-tar', true],
  ['acuppd-tgz', 'text/plain', false],
  ['acuppd-messages', 'application/gzip', true],
  ['acuppd-etc-host', 'application/gzip', false],
  ['dump-sysdump', 'application/x-elf', true],
  ['acuppd-core', 'application/octet-stream', true],
] as const)('%s holding %s: fits %s', (id, media, fits) => {
  expect(mediaFits(inventory, ref(id), media, 'decoded')).toBe(fits);
});
