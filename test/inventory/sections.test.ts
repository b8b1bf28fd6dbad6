import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sysEed } from '../../scripts/sample/partition-data.ts';
import { Rng } from '../../scripts/sample/rng.ts';
import { makeSite } from '../../scripts/sample/site.ts';
import { checkSections, loadInventory } from '../../src/inventory/index.ts';
import { clearance } from '../cli/process.ts';

const inventory = loadInventory('ibm-hmc-860');
const dir = mkdtempSync(join(tmpdir(), 'clearance-sections-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const strange = (text: string, item = 'sys-eed') =>
  checkSections(inventory, item, text)
    ?.headings.filter(({ command }) => command === null)
    .map(({ line }) => line);

test('the paper names 13, 2 and 1 commands', () => {
  const numbers = ['sys-eed', 'hmc-eed', 'pmap-eed', 'problems-xml'].map((id) => inventory.item(id)?.sections.length);
  expect(numbers).toEqual([13, 2, 1, 0]);
});

describe('headings', () => {
  test.each([
    '# lssyscfg -r lpar -m 8408-E8E*1012345',
    '==== lssyscfg -r lpar -m my machine ====',
    'Output of "lssyscfg -r lpar -m $machine":',
    '$ /usr/hmcrbin/lssyscfg -m box -r lpar',
    'lshsc -i -a >> managedSystems',
    '### lsdump -e 9119-FHA*02C4D4E -s b ###',
  ])('%s is documented', (line) => {
    expect(checkSections(inventory, 'sys-eed', `${line}\nname=lpar01,lpar_id=1\n`)?.headings).toEqual([
      { line: 1, command: expect.any(String) },
    ]);
    expect(strange(line)).toEqual([]);
  });

  test.each([
    '# lshmcusr -F name',
    '==== cat -v /etc/shadow ====',
    'lssyscfg -r lpar -m box --filter x',
    '# lshwres -r hca -m box',
  ])('%s is not', (line) => {
    expect(strange(`name=lpar01,lpar_id=1\n${line}\n`)).toEqual([2]);
  });

  test('records, words and empty lines are no headings', () => {
    const text =
      'name=lpar01,lpar_env=aixlinux\n"addl_vlan_ids=10,11"\nNo results were found.\n\n"version= Version: 8\n Release: 8.6.0\n';
    expect(checkSections(inventory, 'hmc-eed', text)?.headings).toEqual([]);
    expect(checkSections(inventory, 'problems-xml', text)).toBeUndefined();
  });

  test('lsdump with a side is not lsdump without', () => {
    const check = checkSections(inventory, 'sys-eed', '# lsdump -e box -s a\n# lsdump -m box\n');
    expect(check?.headings.map(({ command }) => command)).toEqual(['lsdump -e $machine -s a', 'lsdump -m $machine']);
    expect(check?.absent).toHaveLength(11);
  });
});

test('the command: exit codes, and no text of the file', async () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const rng = new Rng('sections');
  const clean = file('sys.eed', `${sysEed(rng, makeSite(rng)).join('\n')}\n`);
  expect((await clearance(['inventory', 'sections', clean])).code).toBe(0);
  const odd = file('odd.txt', '# lssyscfg -r lpar -m box\n# lsclientsecret --name Maria\n');
  const told = await clearance(['inventory', 'sections', odd, '--item', 'sys-eed']);
  expect([told.code, told.stdout]).toEqual([1, expect.stringMatching(/^undocumented: line 2 /)]);
  expect(told.stdout).not.toContain('Maria');
  expect((await clearance(['inventory', 'sections', file('hmc.eed', 'nothing\n')])).code).toBe(3);
  const unknown = await clearance(['inventory', 'sections', odd]);
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringMatching(/--item, one of: hmc-eed, pmap-eed, sys-eed/),
  ]);
});

test('one event in the lists of two consoles is one', async () => {
  const line = (problem: number, pmh: string, approval: string) =>
    `problem_num=${problem},pmh_num=${pmh},refcode=B3020001,status=Open,first_time=07/12/2016 13:21:14,sys_mtms=8408-E8E/1012345,"files=problems.xml/x",approval_state=${approval},callhome_intended=true\n`;
  const other =
    'problem_num=7,refcode=B1,status=Open,"files=problems.xml/x",approval_state=approved,callhome_intended=true\n';
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const one = write(
    'one',
    line(45, '12345,678,000', 'approved').replace('pmh_num=12345,678,000', '"pmh_num=12345,678,000"') + other,
  );
  const times = ['--listed-at', '2017-12-04T09:00:00Z', '--sent-at', '2017-12-04T09:15:00Z'];
  const run = (second: string, ...more: string[]) =>
    clearance(['inventory', 'events', one, write('two', second + other), ...times, ...more]);

  const same = await run(line(3, '', 'Approved'), '--json');
  const { outcome, lists, groups } = JSON.parse(same.stdout);
  expect([same.code, outcome, lists.length]).toEqual([0, 'clear', 2]);
  expect(groups.map(({ by, listed }: { by: string; listed: unknown[] }) => [by, listed.length])).toEqual([
    ['pmh', 2],
    ['problem', 1],
    ['problem', 1],
  ]);
  const differs = await run(line(3, '', 'waiting'));
  expect(differs.code).toBe(3);
  expect(differs.stdout).toMatch(
    /PMH 12345,678,000: listed 2 times, and not with the same approval_state\n.*one:1: problem 45/,
  );
  const refused = await run(line(3, '', 'approved'), '--problem', '3');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/belong to one console/)]);
});
