import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'clearance-inventory-'));
afterAll(() => rmSync(folder, { recursive: true }));

function clearance(args: string, input: string | Buffer = ''): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args.split(' ')], { input, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('list and show', () => {
  const list = clearance('inventory list --json');
  expect(JSON.parse(list.out).map(({ id }: { id: string }) => id)).toEqual(['ibm-hmc-860', 'sosreport']);
  const item = JSON.parse(clearance('inventory show ibm-hmc-860 --item acuppd-core --json').out);
  expect(item).toMatchObject({ status: 'documented-ambiguous', content: ['dump'], cite: { edition: 'December 2017' } });
  expect(clearance('inventory show ibm-hmc-860 --item nosuch').code).toBe(2);
});

test('an unknown inventory, context or platform is exit 2 and lists the known ones', () => {
  expect(clearance('inventory check nosuch')).toMatchObject({ code: 2, out: '' });
  expect(clearance('inventory check nosuch').err).toContain('ibm-hmc-860, sosreport');
  expect(clearance('inventory match --context nosuch -').err).toContain('top, acuppd, esa');
  expect(clearance('inventory match --context top --platform z -').err).toContain('power, ds8000');
});

test('check names file, line and pointer of every error, exit 2; with --json on stdout', () => {
  const bad = file(
    'bad.yaml',
    'id: x\nversion: 1.0.0\ntitle: X\ndocuments: { d: { title: D } }\ncontexts: [{ id: top, title: T }]\nitems:\n  - { id: a, context: nope, title: A, patterns: [a, "/b"], status: documented, content: [text], cite: { document: e, section: s } }\n',
  );
  const run = clearance(`inventory check ${bad}`);
  expect(run.code).toBe(2);
  for (const place of ['bad.yaml:7', '/items/0/context', '/items/0/patterns/1', '/items/0/cite/document'])
    expect(run.err).toContain(place);
  const json = clearance(`inventory check ${bad} --json`);
  expect([json.code, JSON.parse(json.out).valid, JSON.parse(json.out).problems.length]).toEqual([2, false, 3]);
});

test('match answers each line in order and exits 0', () => {
  const run = clearance('inventory match --context top --json -', 'problems.xml\n\nstats.send');
  expect(run.code).toBe(0);
  expect(run.out).toBe(
    '{"path":"problems.xml","context":"top","item":"problems-xml","status":"documented","ambiguous":false}\n' +
      '{"path":"","context":"top","item":null,"status":"undocumented","ambiguous":false}\n' +
      '{"path":"stats.send","context":"top","item":"stats-send","status":"documented","ambiguous":false}\n',
  );
});

test('init drafts from a listing, and says what it needs', () => {
  const draft = clearance('inventory init --id mine -', 'a/b.txt\na/c.log\n');
  expect(draft.code).toBe(0);
  expect(clearance(`inventory check ${file('mine.yaml', draft.out)}`).code).toBe(0);
  expect(clearance('inventory init --id mine -').code).toBe(2);
});

test('retention and events', () => {
  expect(clearance('inventory retention --uploaded 2017-12-04 --ics').out).toContain('BEGIN:VEVENT\r\n');
  expect(clearance('inventory retention --uploaded 2017-02-29').code).toBe(2);
  const events = file(
    'events',
    'problem_num=1,refcode=X,status=Open,"files=problems.xml/x",approval_state=approved,callhome_intended=true\n',
  );
  const times = '--listed-at 2017-12-04T09:00:00Z --sent-at 2017-12-04T10:00:00Z';
  expect(clearance(`inventory events ${events} ${times} --sent ${file('sent', 'problems.xml\nx.zip\n')}`).code).toBe(1);
  expect(clearance(`inventory events ${events}`).code).toBe(3);
});

test('endpoints: list, check, lifecycle and controls by the exit table', () => {
  expect(clearance('endpoints list --json').out.trimEnd().split('\n')).toHaveLength(99);
  const line = (to: string) => `tcp 0 0 10.1.2.3:40112 ${to}:443 ESTABLISHED 0 4 1/java off (0.00/0/0)\n`;
  expect(clearance('endpoints check -', line('129.42.56.189')).code).toBe(0);
  expect(clearance('endpoints check - --json', line('198.51.100.7')).code).toBe(1);
  expect(clearance('endpoints check -', 'hello\n').code).toBe(3);
  expect(clearance(`endpoints check ${join(folder, 'nosuch')}`).code).toBe(2);
  expect(clearance('endpoints lifecycle --feature outbound-vpn --introduced 2015').code).toBe(1);
  expect(clearance('endpoints controls').code).toBe(3);
});
