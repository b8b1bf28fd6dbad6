import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, FORMATS, type Format, render, renderSummary } from '../../src/report/index.ts';
import { cleared, collect, held, incomplete, ledgerFor, withDocument, withTransport } from './samples.ts';
import { missing, run } from './tool.ts';

/** `UPDATE_GALLERY=1 npx vitest run test/report/gallery` writes the samples anew; without it they must be current. */
const update = process.env['UPDATE_GALLERY'] === '1';
const gallery = join(import.meta.dirname, '..', '..', 'reports', 'samples');
const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const heldWithPath = (): StoredResult => withDocument(withTransport(held()));
const approved = (): StoredResult => {
  const result = withDocument(withTransport(cleared()));
  const verdicts = result.head.transport.verdicts.filter(
    (verdict) => (verdict as { word: string }).word === 'acceptable',
  );
  return { ...result, head: { ...result.head, transport: { ...result.head.transport, verdicts } } };
};

async function bytesOf(name: string): Promise<Buffer> {
  if (name === 'summary.pdf')
    return collect(renderSummary('pdf', [held(), cleared(), incomplete()], { paper: 'a4', ledgers: [] }));
  if (name === 'approved.pdf') {
    const ledger = ledgerFor(await resultDigest(approved()));
    return collect(render('pdf', approved(), { ...DEFAULT_OPTIONS, ledger, previous: heldWithPath() }));
  }
  const format = Object.keys(FORMATS).find((word) => name === `held.${FORMATS[word as Format].extension}`) as Format;
  return collect(render(format, heldWithPath(), DEFAULT_OPTIONS));
}

const names = [...Object.values(FORMATS).map(({ extension }) => `held.${extension}`), 'approved.pdf', 'summary.pdf'];
const lacking = missing('qpdf');

describe('the gallery', () => {
  test.each(names)('%s is what the code makes today', async (name) => {
    const path = join(gallery, name);
    const made = await bytesOf(name);
    if (update) writeFileSync(path, made);
    const kept = readFileSync(path);
    if (!name.endsWith('.pdf')) {
      expect(kept.equals(made)).toBe(true);
      return;
    }
    // Another version of Node may compress to other bytes; what they hold must be the same.
    if (kept.equals(made)) return;
    expect(lacking).toEqual([]);
    expect(unpacked(kept)).toBe(unpacked(made));
  });
});

function unpacked(bytes: Buffer): string {
  const [packed, plain] = [join(folder, 'packed.pdf'), join(folder, 'plain.pdf')];
  writeFileSync(packed, bytes);
  expect(run('qpdf', ['--qdf', '--object-streams=disable', packed, plain]).status).toBe(0);
  return readFileSync(plain).toString('latin1');
}
