import { expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { gatherFacts } from '../../src/report/facts.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { nextSteps, notLookedAt } from '../../src/report/next-steps.ts';
import { cleared, collect, held, incomplete, ledgerFor, withTransport } from './samples.ts';

const reach = async (result: StoredResult) => notLookedAt(result.head, await gatherFacts(result));

test('what was not looked at follows the data, and is never nothing', async () => {
  expect(await reach(incomplete())).toMatchInlineSnapshot(`
    [
      "3 entries (6.8 MiB, 6.9 %) could not be read, or not to the end: encrypted 1, over-budget 1, truncated 1.",
      "The structure of 1 entry (29.5 MiB, 29.9 %): every byte was scanned, the format was not understood.",
      "The path it would be sent on: no observation of it was given.",
      "Anything that no rule of the packs applied describes.",
    ]
  `);
  expect(await reach(withTransport(cleared()))).toMatchInlineSnapshot(`
    [
      "The structure of 1 entry (29.5 MiB, 30.9 %): every byte was scanned, the format was not understood.",
      "Anything that no rule of the packs applied describes.",
    ]
  `);
  const bare = cleared();
  const catalog = { ...bare.head.catalog, inventory: null, packs: [] };
  const list = await reach({ ...bare, head: { ...bare.head, catalog } });
  expect(list.join()).toMatch(/no inventory was applied.*no rule pack was applied/s);
});

test('what to do next follows the verdict and what people decided', async () => {
  const result = cleared();
  expect(nextSteps(held().head, 'L0', undefined)).toMatchInlineSnapshot(`
    [
      "Do not send it. Read the reasons in full under "Findings" and "Inventory match".",
      "Let those who answer for the data decide what must be left out or masked where it comes from, and have a new file made.",
      "Examine the new file. This report holds for the file with the SHA-256 stated in it, and for no other.",
    ]
  `);
  expect(nextSteps(incomplete().head, 'L0', undefined)).toMatchInlineSnapshot(`
    [
      "Do not send it. What could not be read, and why, is listed under "Gaps".",
      "Get a whole and unencrypted copy, or raise the limit that was met, and examine again.",
      "This report holds for the file with the SHA-256 stated in it, and for no other.",
    ]
  `);
  expect(nextSteps(result.head, 'L3', undefined)).toMatchInlineSnapshot(`
    [
      "Compare the digest of the file about to be sent with the SHA-256 stated here: they must be equal.",
      "Have it approved by those who may: an examination permits nothing by itself.",
      "This report holds for the file with the SHA-256 stated in it, and for no other.",
    ]
  `);
  const ledger = ledgerFor(await resultDigest(result));
  expect(nextSteps(result.head, 'L4', ledger)[1]).toBe(
    'Send it before 2026-11-26T09:30:00Z; after that it must be approved again.',
  );
  const html = async (options: object) =>
    (await collect(render('html', result, { ...DEFAULT_OPTIONS, ...options }))).toString();
  expect(await html({ ledger })).toContain('nothing found that speaks against sending; approved for release');
  expect(await html({})).not.toContain('approved for release');
});

test('a payload without a digest is never compared by one', () => {
  const { head } = cleared();
  const bare = { ...head, payloads: [{ name: 'bundle', size: null, sha256: null }] };
  const text = nextSteps(bare, 'L3', undefined).join(' ');
  expect(text).not.toContain('SHA-256');
  expect(text).toContain('a file made of it must be examined itself');
});

test('nothing but a clear verdict is ever told to be sent', () => {
  for (const { head } of [held(), incomplete()]) {
    const [first = ''] = nextSteps(head, 'L0', undefined);
    expect(first).toMatch(/^Do not send it\./);
  }
});
