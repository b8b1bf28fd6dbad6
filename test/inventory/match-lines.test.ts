import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadInventory, matchLines, matchPath } from '../../src/inventory/index.ts';

const inventory = loadInventory('ibm-hmc-860');

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function answers(bytes: Uint8Array, size = 65536): Promise<{ path: string; status: string }[]> {
  let text = '';
  for await (const lines of matchLines(inventory, 'top', chunks(bytes, size))) text += lines;
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
}

test('LF ends a line and nothing is trimmed; bytes that are no UTF-8 survive as \\xNN', async () => {
  const input = Buffer.concat([
    Buffer.from('problems.xml\n problems.xml\r\n\n\ufeffx\n'),
    Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82, 0x0a]),
    Buffer.from('sys.eed'),
  ]);
  expect((await answers(input)).map(({ path, status }) => [path, status])).toEqual([
    ['problems.xml', 'documented'],
    [' problems.xml\r', 'undocumented'],
    ['', 'undocumented'],
    ['\ufeffx', 'undocumented'],
    ['a\\xffé\\xe2\\x82', 'undocumented'],
    ['sys.eed', 'documented'],
  ]);
});

test('the answers do not depend on how the input is cut, and agree with matchPath', async () => {
  const name = fc.oneof(
    fc.constantFrom('problems.xml', '/sys.eed', './/hmc.eed', '../sys.eed', 'sys.eed/', 'LPMFFDC/a', 'x/sys.eed'),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1 }), fc.integer({ min: 1, max: 40 }), async (names, size) => {
      const found = await answers(new TextEncoder().encode(names.map((each) => `${each}\n`).join('')), size);
      expect(found.map(({ status }) => status)).toEqual(
        names.map((each) => matchPath(inventory, 'top', new TextEncoder().encode(each)).status),
      );
    }),
    { numRuns: 200 },
  );
});

test('a hostile name costs time in proportion to its length', () => {
  const started = process.cpuUsage();
  for (const path of [
    `8286.42A.10ABCDE.${'.Sysinfo.xm'.repeat(20_000)}`,
    `etc/host${'a'.repeat(200_000)}`,
    'console/'.repeat(50_000),
    `SYSDUMP.${'1'.repeat(200_000)}`,
  ]) {
    for (const context of ['top', 'acuppd', 'esa']) matchPath(inventory, context, path);
    matchPath(inventory, 'esa', `var/adm/esa/sysinfo/${path}`);
  }
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(5);
});
