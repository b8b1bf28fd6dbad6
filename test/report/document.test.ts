import { expect, test } from 'vitest';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { collect, held, withDocument } from './samples.ts';

const CLAIM = 'None of the information or debug data sent to IBM contains client data.';

test('HTML quotes the vendor as the vendor, and gives every reading of a conflict', async () => {
  const text = (await collect(render('html', withDocument(held()), DEFAULT_OPTIONS))).toString();
  expect(text).toContain(
    `<blockquote><p>${CLAIM}</p><p><cite>HMC 860 Connectivity Security White Paper, December 2017`,
  );
  expect(text).toContain('statements of the vendor');
  expect(text).toContain('<h2>Source conflicts</h2>');
  for (const reading of ['(1) HMAC-MD5 with its 128-bit key.', '(2) HMAC-SHA-1 with its 160-bit key']) {
    expect(text).toContain(reading);
  }
  expect(text).toContain('tcp 443: open to others; whether a remote service session was open is not known');
});

test('OSCAL and SARIF carry them beside the results, never as results', async () => {
  const oscal = JSON.parse((await collect(render('oscal', withDocument(held()), DEFAULT_OPTIONS))).toString());
  const { 'back-matter': back, results } = oscal['assessment-results'];
  const claim = back.resources.find(
    ({ title }: { title: string }) => title === 'Statement of the vendor: no-client-data',
  );
  expect(claim.description).toContain(CLAIM);
  expect(JSON.stringify(results)).not.toContain(CLAIM);
  const sarif = async (more: object) =>
    JSON.parse((await collect(render('sarif', withDocument(held()), { ...DEFAULT_OPTIONS, ...more }))).toString())
      .runs[0];
  const full = await sarif({});
  expect(full.properties.document.claims[0].quote).toBe(CLAIM);
  expect(JSON.stringify(full.results)).not.toContain(CLAIM);
  expect((await sarif({ sarifProfile: 'github' })).properties).not.toHaveProperty('document');
});

test('a result without a document makes the same reports without these sections', async () => {
  const text = (await collect(render('html', held(), DEFAULT_OPTIONS))).toString();
  expect(text).not.toContain('Source conflicts');
});
