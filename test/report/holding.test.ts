import { describe, expect, test } from 'vitest';
import type { Reason, ResultEntry, StoredResult } from '../../src/model/index.ts';
import { holdingFindings } from '../../src/report/holding.ts';
import { DEFAULT_OPTIONS, type Format, render } from '../../src/report/index.ts';
import { collect, entry, finding, stored } from './samples.ts';

const reason = (code: string, path: readonly string[] | null): Reason => ({
  code,
  severity: 'high',
  path,
  message: 'm',
  count: 1,
});
const result = (
  entries: readonly ResultEntry[],
  reasons: readonly Reason[],
  notices: readonly Reason[] = [],
): StoredResult =>
  stored(entries, {
    outcome: reasons.length > 0 ? 'held' : 'cleared',
    level: reasons.length > 0 ? 'L0' : 'L3',
    reasons,
    notices,
  });
const strong = finding(0);
const weak = finding(0, { confidence: 'low' });
const address = finding(3, { state: 'undocumented' });

describe('which findings count', () => {
  const path = ['p.tgz', 'a'];
  const item = (...findings: (typeof strong)[]) => entry(path, { findings });
  const counting = (reasons: readonly Reason[], each: ResultEntry) => [
    ...holdingFindings(result([each], reasons).head)(each),
  ];

  test('those of an entry that a reason names, of the state the reason is about', () => {
    expect(counting([reason('client-data', path)], item(strong, weak, address))).toEqual([strong]);
    expect(counting([reason('client-data', ['p.tgz', 'b'])], item(strong))).toEqual([]);
    expect(counting([], item(strong))).toEqual([]);
  });
  test('all of the state where only weak ones can be behind the reason', () => {
    expect(counting([reason('client-data', path)], item(weak))).toEqual([weak]);
    expect(counting([reason('undocumented-disclosure', path)], item(address))).toEqual([address]);
  });
  test('the strong ones where the reasons are only summed up', () => {
    expect(counting([reason('client-data', null)], item(strong, weak))).toEqual([strong]);
    expect(counting([reason('undocumented-disclosure', null)], item(address))).toEqual([]);
  });
});

test('what the policy let pass is no failure in any format', async () => {
  const passed = result(
    [
      entry(['p.tgz', 'a'], { findings: [weak] }),
      entry(['p.tgz', 'b'], { item: { id: 'known', status: 'known-from-other-source', context: 'top' } }),
      entry(['p.tgz', 'c'], { gaps: [{ code: 'type-mismatch', detail: 'text in a place of XML' }] }),
    ],
    [],
    [
      reason('client-data', ['p.tgz', 'a']),
      reason('known-from-other-source', ['p.tgz', 'b']),
      reason('type-mismatch', ['p.tgz', 'c']),
    ],
  );
  const text = async (format: Format) => (await collect(render(format, passed, DEFAULT_OPTIONS))).toString();
  expect(await text('junit')).toContain('failures="0" errors="0"');
  expect(await text('sarif')).not.toContain('"level":"error","message"');
  expect((await text('ocsf')).trim().split('\n')).toHaveLength(1);
  expect(await text('html')).toContain('no client data at the confidence from which the policy holds');
});
