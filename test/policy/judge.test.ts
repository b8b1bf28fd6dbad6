import { describe, expect, test } from 'vitest';
import type { Finding, ResultEntry } from '../../src/model/index.ts';
import { type Case, judge, loadPolicy, type Policy } from '../../src/policy/index.ts';

const policy = loadPolicy('default');
const allowing: Policy = { ...policy, allowKnown: ['refcode'] };
const demanding: Policy = { ...policy, transport: { required: true } };

const file = (over: Partial<ResultEntry> = {}): ResultEntry => ({
  path: ['b.tgz', 'hmc.eed'],
  kind: 'file',
  size: 10,
  sha256: '0'.repeat(64),
  media: 'text/plain',
  coverage: 'decoded',
  gaps: [],
  item: { id: 'hmc-eed', status: 'documented', context: 'top' },
  findings: [],
  ...over,
});
const { item: _, ...payload } = file({ path: ['b.tgz'], coverage: 'opened', size: 99 });
const found = (over: Partial<Finding> = {}): Finding => ({
  rule: 'credentials/aws-access-key',
  class: 'secret.cloud-token',
  tier: 'T0',
  severity: 'high',
  confidence: 'medium',
  state: 'client-data',
  at: { offset: 0, line: 1, column: 1, length: 20, view: 'utf-8', where: 'content' },
  excerpt: 'AK…',
  evidence: [],
  ...over,
});
const unread = file({ coverage: 'unread', gaps: [{ code: 'encrypted', detail: 'a gpg message' }] });
const given = (entries: ResultEntry[], over: Partial<Case> = {}): Case => ({
  entries: [payload, ...entries],
  inventoryApplied: true,
  transport: undefined,
  ...over,
});
const item = (status: NonNullable<ResultEntry['item']>['status'], id: string | null = 'refcode') =>
  file({ item: { id, status, context: 'top' } });

describe('the verdict and its reasons', () => {
  const rows: [string, Case, Policy, string, string, string[]][] = [
    ['documented and clean', given([file()]), policy, 'cleared', 'L3', []],
    ['documented-ambiguous', given([item('documented-ambiguous')]), policy, 'cleared', 'L3', []],
    ['undocumented', given([item('undocumented', null)]), policy, 'held', 'L2', ['undocumented-file']],
    [
      'undocumented directory',
      given([file(), file({ kind: 'directory', item: { id: null, status: 'undocumented', context: 'top' } })]),
      policy,
      'cleared',
      'L3',
      [],
    ],
    ['forbidden', given([item('forbidden')]), policy, 'held', 'L2', ['forbidden-file']],
    ['known elsewhere', given([item('known-from-other-source')]), policy, 'held', 'L2', ['known-from-other-source']],
    ['known elsewhere, allowed by name', given([item('known-from-other-source')]), allowing, 'cleared', 'L3', []],
    ['T0 medium', given([file({ findings: [found()] })]), policy, 'held', 'L1', ['client-data']],
    ['T0 low is a notice', given([file({ findings: [found({ confidence: 'low' })] })]), policy, 'cleared', 'L3', []],
    [
      'T1 high',
      given([file({ findings: [found({ tier: 'T1', confidence: 'high' })] })]),
      policy,
      'held',
      'L1',
      ['client-data'],
    ],
    [
      'T1 outside its locator',
      given([file({ findings: [found({ tier: 'T1', state: 'undocumented' })] })]),
      policy,
      'held',
      'L1',
      ['undocumented-disclosure'],
    ],
    [
      'T1 disclosed',
      given([file({ findings: [found({ tier: 'T1', state: 'disclosed-as-documented' })] })]),
      policy,
      'cleared',
      'L3',
      [],
    ],
    [
      'T2 in an undocumented file',
      given([file({ findings: [found({ tier: 'T2', state: 'undocumented', confidence: 'high' })] })]),
      policy,
      'cleared',
      'L3',
      [],
    ],
    [
      'test value',
      given([file({ findings: [found({ state: 'test-value', confidence: 'high' })] })]),
      policy,
      'cleared',
      'L3',
      [],
    ],
    ['suppressed', given([file({ findings: [found({ state: 'suppressed' })] })]), policy, 'cleared', 'L3', []],
    ['unread', given([file(), unread]), policy, 'incomplete', 'L0', ['unread-content']],
    [
      'a gap on a read entry',
      given([file({ gaps: [{ code: 'unsafe-path', detail: 'climbs out' }] })]),
      policy,
      'incomplete',
      'L0',
      ['untrusted-structure'],
    ],
    [
      'held outranks incomplete',
      given([unread, file({ findings: [found()] })]),
      policy,
      'held',
      'L0',
      ['client-data', 'unread-content'],
    ],
    [
      'type mismatch',
      given([file({ gaps: [{ code: 'type-mismatch', detail: 'an executable' }] })]),
      policy,
      'held',
      'L2',
      ['type-mismatch'],
    ],
    ['nothing in the archive', given([]), policy, 'incomplete', 'L0', ['nothing-examined']],
    ['no entry at all', { ...given([]), entries: [] }, policy, 'incomplete', 'L0', ['nothing-examined']],
    [
      'a payload of nothing but header texts, beside a clean one',
      given([
        file(),
        { ...payload, path: ['e.gz'] },
        { ...payload, path: ['e.gz', '#name@10'], kind: 'pseudo', coverage: 'decoded' },
      ]),
      policy,
      'incomplete',
      'L0',
      ['nothing-examined'],
    ],
    [
      'an empty payload',
      { ...given([]), entries: [file({ path: ['x'], size: 0 })] },
      policy,
      'incomplete',
      'L0',
      ['nothing-examined'],
    ],
    [
      'no inventory',
      given([{ ...payload, path: ['b.tgz', 'x'], coverage: 'raw' }], { inventoryApplied: false }),
      policy,
      'cleared',
      'L2',
      [],
    ],
    [
      'transport disallowed',
      given([file()], { transport: [{ verdict: 'disallowed', what: '3DES' }] }),
      policy,
      'held',
      'L2',
      ['transport-disallowed'],
    ],
    [
      'transport not approved',
      given([file()], { transport: [{ verdict: 'not-approved', what: 'x25519' }] }),
      policy,
      'held',
      'L2',
      ['transport-disallowed'],
    ],
    [
      'transport acceptable',
      given([file()], { transport: [{ verdict: 'acceptable', what: 'AES' }] }),
      demanding,
      'cleared',
      'L3',
      [],
    ],
    [
      'transport unknown, not required',
      given([file()], { transport: [{ verdict: 'unknown', what: 'mute' }] }),
      policy,
      'cleared',
      'L3',
      [],
    ],
    [
      'transport unknown, required',
      given([file()], { transport: [{ verdict: 'unknown', what: 'mute' }] }),
      demanding,
      'incomplete',
      'L0',
      ['transport-unknown'],
    ],
    ['transport required, none given', given([file()]), demanding, 'incomplete', 'L0', ['transport-unknown']],
    [
      'transport required, evidence empty',
      given([file()], { transport: [] }),
      demanding,
      'incomplete',
      'L0',
      ['transport-unknown'],
    ],
  ];
  test.each(rows)('%s', (_name, evidence, by, outcome, level, codes) => {
    const { verdict } = judge(evidence, by);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.level).toBe(level);
    expect(verdict.reasons.map((reason) => reason.code)).toEqual(codes);
  });
});

test('what does not hold is told as a notice', () => {
  const entries = [item('documented-ambiguous'), file({ findings: [found({ confidence: 'low' })] })];
  const codes = judge(given(entries, { inventoryApplied: false }), policy).verdict.notices.map((notice) => notice.code);
  expect(codes).toEqual(['documented-ambiguous', 'client-data', 'no-inventory']);
});

test('reasons beyond the first hundred of a code are counted, not lost', () => {
  const { verdict } = judge(given(Array.from({ length: 250 }, () => item('undocumented', null))), policy);
  expect(verdict.reasons).toHaveLength(101);
  expect(verdict.reasons.reduce((sum, reason) => sum + reason.count, 0)).toBe(250);
});

test('coverage adds up to what was seen', () => {
  const { coverage } = judge(given([file(), unread, file({ coverage: 'raw', size: 5 })]), policy);
  expect(coverage.entries).toEqual({ seen: 4, decoded: 1, raw: 1, opened: 1, unread: 1 });
  expect(coverage.bytes).toEqual({ seen: 124, decoded: 10, raw: 5, opened: 99, unread: 10 });
});
