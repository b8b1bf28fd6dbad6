import { expect, test } from 'vitest';
import type { EndpointControl, ResultHead } from '../../src/model/index.ts';
import { controlRows } from '../../src/report/connectivity.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { collect, held, withDocument } from './samples.ts';
import { missing, run } from './tool.ts';

const cite = { document: 'Paper', section: 'Firewall' };
const controls: EndpointControl[] = [
  {
    id: 'firewall',
    title: 'The console has a firewall',
    state: 'met',
    evidence: [{ path: ['bundle.tgz', 'iptables'], kind: 'configured', state: 'met', message: 'input is dropped' }],
    cite,
  },
  { id: 'proxy', title: 'A proxy with authentication', state: 'not-assessed', evidence: [], cite },
  { id: 'modem', title: 'No modem', state: 'not-applicable', evidence: [], cite },
  {
    id: 'vpn',
    title: 'No VPN',
    state: 'question',
    evidence: [{ path: ['bundle.tgz', 'netstat'], kind: 'observed', state: 'question', message: 'port 500 is open' }],
    cite,
  },
];
const withControls = (list: readonly EndpointControl[]) => {
  const result = withDocument(held());
  const { document } = result.head;
  const endpoints = { ...document?.endpoints, controls: list };
  return { ...result, head: { ...result.head, document: { ...document, endpoints } } as ResultHead };
};

test('every control is shown with its state, and its evidence with the file', () => {
  const rows = controlRows(withControls(controls).head);
  expect(rows.map(({ state }) => state)).toEqual(['met', 'not assessed', 'not applicable', 'an open question']);
  expect(rows[0]?.evidence).toEqual([expect.stringMatching(/^configured: input is dropped \(.*iptables\)$/)]);
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
    for (const text of [html, out.replaceAll(/\s+/g, ' ')]) {
      expect(text).toContain('Connectivity and inbound controls');
      for (const words of ['not assessed', 'an open question', 'port 500 is open']) expect(text).toContain(words);
    }
    expect((await collect(render('html', held(), DEFAULT_OPTIONS))).toString()).not.toContain('inbound controls');
  },
);
