import { expect, test } from 'vitest';
import { assessControls, loadEndpoints } from '../../src/endpoints/index.ts';
import type { ResultHead } from '../../src/model/index.ts';
import { controlRows, shownState } from '../../src/report/connectivity.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { collect, held } from './samples.ts';
import { missing, run } from './tool.ts';

const controls = assessControls(loadEndpoints('ibm-hmc-860'), {});
const withControls = (list: readonly unknown[]) => {
  const result = held();
  return { ...result, head: { ...result.head, connectivity: { controls: list } } as ResultHead };
};

test('every control of the checklist is shown, and nothing is met without evidence', () => {
  const rows = controlRows(withControls(controls).head);
  expect(rows.map(({ id }) => id)).toEqual(controls.map(({ id }) => id));
  expect(rows.length).toBeGreaterThan(5);
  for (const { state, evidence } of rows) if (evidence.length === 0) expect(shownState(state).words).not.toBe('met');
  expect(shownState('met').words).toBe('met');
});

test('members of other shapes are not assessed, never dropped', () => {
  const rows = controlRows(withControls([null, 7, { title: 'T', state: 'fine', evidence: [3] }]).head);
  expect(rows.map(({ state }) => shownState(state).words)).toEqual(['not assessed', 'not assessed', 'not assessed']);
  expect(controlRows(held().head)).toEqual([]);
});

const lacking = missing('pdftotext');
(lacking.length > 0 ? test.skip : test)(
  `PDF and HTML print the checklist${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  async () => {
    const result = withControls(controls);
    const html = (await collect(render('html', result, DEFAULT_OPTIONS))).toString();
    const pdf = await collect(render('pdf', result, DEFAULT_OPTIONS));
    const { out } = run('pdftotext', ['-', '-'], pdf);
    for (const text of [html, out]) {
      expect(text).toContain('Connectivity and inbound controls');
      expect(text).toContain('not assessed');
    }
    expect((await collect(render('html', held(), DEFAULT_OPTIONS))).toString()).not.toContain('inbound controls');
  },
);
