import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  assessControls,
  type ControlInputs,
  checkEndpoints,
  loadDeclarations,
  loadEndpoints,
  readHmcLevel,
  situationFrom,
} from '../../src/endpoints/index.ts';

const catalog = loadEndpoints('ibm-hmc-860');
const state = (id: string, inputs: ControlInputs) => {
  const control = assessControls(catalog, inputs).find((each) => each.id === id);
  return [control?.state, ...(control?.evidence ?? []).map(({ kind }) => kind)].join(' ');
};
const checked = (...texts: string[]) =>
  checkEndpoints(
    catalog,
    texts.map((text, index) => ({ file: `file-${index}`, text })),
    situationFrom(catalog, { profile: 'simplified', session: false }),
  );
const RULES = `*filter
:INPUT DROP [0:0]
:OUTPUT DROP [0:0]
-A OUTPUT -d 129.42.56.189 -p tcp -m multiport --dports 443,80 -j ACCEPT
COMMIT
`;
const LEVEL =
  '"version= Version: 8\n Release: 8.6.0\n Service Pack: 1\nHMC Build level 20170901.2\n","base_version=V8R8.6.0\n"\n';

test('without evidence nothing is met', () => {
  expect(new Set(assessControls(catalog, {}).map((control) => control.state))).toEqual(new Set(['not-assessed']));
  for (const control of assessControls(catalog, {})) expect(control.cite.quote, control.id).toBeTruthy();
});

test('controls of another platform do not apply', () => {
  expect(state('challenge-response', { platform: 'power' })).toBe('not-applicable');
  expect(state('challenge-response', { platform: 'ds8000' })).toBe('not-assessed');
});

test('firewall rules are evidence of what is configured', () => {
  const check = checked(RULES);
  for (const id of ['established-443', 'limited-addresses', 'outbound-only', 'internal-firewall']) {
    expect(state(id, { check }), id).toBe('met configured');
  }
  expect(state('ipv6', { check })).toBe('not-assessed');
  expect(state('documented-connections', { check })).toBe('not-assessed');
  const open = checked(
    RULES.replace('COMMIT', '-A INPUT -p tcp --dport 9920 -j ACCEPT\n-A OUTPUT -d 198.51.100.7 -j ACCEPT\nCOMMIT'),
  );
  expect(state('outbound-only', { check: open })).toBe('violated configured');
  expect(state('inter-console-ports', { check: open })).toBe('violated configured');
  expect(state('limited-addresses', { check: open })).toBe('violated configured');
  expect(state('established-443', { check: checked(`${RULES}nonsense\n`) })).toBe('question configured');
});

test('sockets are evidence of what was observed', () => {
  const line = 'tcp 0 0 10.1.2.3:40112 129.42.56.189:443 ESTABLISHED 0 4 1/java off (0.00/0/0)\n';
  expect(state('documented-connections', { check: checked(line) })).toBe('met observed');
  expect(state('documented-connections', { check: checked(line.replace('129.42.56.189', '198.51.100.7')) })).toBe(
    'violated observed',
  );
});

test('levels of all consoles are the same', () => {
  expect(readHmcLevel(LEVEL)).toBe('V8R8.6.0 SP1 build 20170901.2');
  expect(readHmcLevel('nothing')).toBeUndefined();
  expect(
    state('same-level', {
      levels: new Map([
        ['a', 'V8R8.6.0'],
        ['b', 'V8R8.6.0'],
      ]),
    }),
  ).toBe('met configured');
  expect(
    state('same-level', {
      levels: new Map([
        ['a', 'V8R8.6.0'],
        ['b', 'V8R8.5.0'],
      ]),
    }),
  ).toBe('violated configured');
  expect(state('same-level', { levels: new Map([['a', 'V8R8.6.0']]) })).toBe('not-assessed');
});

test.each([
  [{ enabledAt: '2017-12-04T09:00Z', usedAt: ['2017-12-04T09:10Z'], disabledAt: '2017-12-04T10:00Z' }, 'met'],
  [{ enabledAt: '2017-12-04T09:00Z' }, 'met'],
  [{ enabledAt: '2017-12-04T09:00Z', usedAt: ['2017-12-04T09:10Z'] }, 'violated'],
  [
    {
      enabledAt: '2017-12-04T09:00Z',
      usedAt: ['2017-12-04T09:10Z', '2017-12-05T09:10Z'],
      disabledAt: '2017-12-06T10:00Z',
    },
    'violated',
  ],
  [{ enabledAt: '2017-12-04T09:00Z', usedAt: ['2017-12-04T08:10Z'], disabledAt: '2017-12-04T10:00Z' }, 'violated'],
  [{ enabledAt: '2017-12-04T09:00Z', usedAt: ['2017-12-04T11:00Z'], disabledAt: '2017-12-04T10:00Z' }, 'violated'],
])('one use after enabling: %j is %s', (session, expected) => {
  expect(state('one-time-enablement', { declarations: { declarations: [], sessions: [session] } })).toBe(
    `${expected} declared`,
  );
});

test('a declaration counts, and what was found outweighs it', () => {
  const declarations = {
    declarations: [{ control: 'outbound-only', state: 'met', by: 'A. Person', on: '2017-12-04' }],
  } as const;
  expect(state('outbound-only', { declarations })).toBe('met declared');
  const check = checked(RULES.replace('COMMIT', '-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT'));
  expect(state('outbound-only', { declarations, check })).toBe('violated configured declared');
});

test('a declaration of an unknown control is an error at its line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-declared-'));
  const file = join(folder, 'declared.yaml');
  writeFileSync(file, 'declarations:\n  - { control: nosuch, state: met, by: A, on: 2017-12-04 }\n');
  try {
    expect(() => loadDeclarations(file, catalog)).toThrow(/not a valid declarations/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
