import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPlacer, createWrapperFinder, loadInventory } from '../../src/inventory/index.ts';
import type { EntryHead } from '../../src/model/index.ts';

const installed = spawnSync('sh', ['-c', 'sos --help']).status === 0;
const root = process.getuid?.() === 0;

test.skipIf(!installed || !root)(
  'a real sos report is matched to 95 % and more (needs sosreport, and root to run it)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'clearance-sos-'));
    try {
      const options = `--batch --quiet --tmp-dir ${folder} -z gzip --plugin-timeout 30`;
      const run = spawnSync('sh', ['-c', `sos report ${options}`], { encoding: 'utf8' });
      const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz'));
      expect(archive, run.stderr).toBeDefined();
      const listing = spawnSync('tar', ['tzf', join(folder, archive as string)], { maxBuffer: 1 << 28 }).stdout;
      const names = listing.toString('latin1').trimEnd().split('\n');
      expect(names.length).toBeGreaterThan(500);
      expect(share(names)).toBeGreaterThanOrEqual(0.95);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

/** The share of entries that are documented, placed as an audit places them. */
function share(names: readonly string[]): number {
  const inventory = loadInventory('sosreport');
  const heads = names.map(
    (name, at): EntryHead => ({
      ordinal: at + 1,
      parent: 0,
      path: ['sosreport.tar.gz', name],
      name: Buffer.from(name, 'latin1'),
      kind: name.endsWith('/') ? 'directory' : 'file',
      where: 'content',
    }),
  );
  const payload: EntryHead = {
    ...(heads[0] as EntryHead),
    ordinal: 0,
    parent: undefined,
    name: Buffer.from('sosreport.tar.gz'),
    kind: 'file',
  };
  const finder = createWrapperFinder(inventory);
  for (const head of heads) finder.add(head);
  const placer = createPlacer(inventory, { wrapper: finder.wrapper() });
  placer.place(payload);
  const documented = heads.filter((head) => placer.place(head)?.status === 'documented');
  return documented.length / heads.length;
}

test('what no plugin declares is undocumented', () => {
  const stray = [
    'home/user/secret.txt',
    'etc/shadow.bak',
    'root/.ssh/id_rsa',
    'opt/customer/data.db',
    'sos_commands/nosuch/x',
    'notes.txt',
  ];
  const names = ['r/version.txt', 'r/etc/hosts', 'r/sos_commands/date/date', ...stray.map((name) => `r/${name}`)];
  expect(share(names)).toBeCloseTo(3 / 9);
});
