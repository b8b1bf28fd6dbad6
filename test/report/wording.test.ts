import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StoredResult } from '../../src/model/index.ts';
import { resultDigest } from '../../src/report/identifiers.ts';
import { DEFAULT_OPTIONS, type LedgerExtract, render } from '../../src/report/index.ts';
import {
  attestation,
  byteCount,
  FORBIDDEN_PHRASES,
  integer,
  LEVEL_MEANING,
  percent,
  VERDICT,
  wordingLevel,
} from '../../src/report/wording.ts';
import { cleared, collect, held, incomplete, ledgerFor } from './samples.ts';

const root = join(import.meta.dirname, '..', '..', 'src', 'report');

test('no sentence of ours promises what an examination cannot know', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(30);
  const found: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    const literals = [...text.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g)].map(
      ([literal]) => literal,
    );
    for (const literal of literals) {
      for (const phrase of FORBIDDEN_PHRASES) if (phrase.test(literal)) found.push(`${file}: ${literal.slice(0, 80)}`);
    }
  }
  expect(found).toEqual([]);
});

test('the lint sees what it is for', () => {
  for (const sentence of [
    'This payload contains no client data',
    'certified by',
    'guarantees that',
    'is free of secrets',
    'NIST compliant',
    'proves that',
  ]) {
    expect(FORBIDDEN_PHRASES.some((phrase) => phrase.test(sentence))).toBe(true);
  }
});

describe('levels', () => {
  const of = async (result: StoredResult, ledger?: LedgerExtract) => ({
    head: result.head,
    resultSha256: await resultDigest(result),
    ledger,
  });
  const level = async (result: StoredResult, ledger?: LedgerExtract) => wordingLevel(await of(result, ledger));
  const at = (word: 'L0' | 'L1' | 'L2' | 'L3'): StoredResult => {
    const result = cleared();
    return { ...result, head: { ...result.head, verdict: { ...result.head.verdict, level: word } } };
  };

  test('the fixed sentences', async () => {
    const sentences = await Promise.all(
      [at('L0'), held(), incomplete(), at('L1'), at('L2'), at('L3')].map(async (result) =>
        attestation(await of(result)),
      ),
    );
    expect(sentences).toMatchInlineSnapshot(`
      [
        "No attestation is given: the result claims no level of its own. Examined: 60 of 60 entries, 100 % of the bytes.",
        "No attestation is given: reasons against sending were found, and entries lie outside the documented inventory or could not be read. Examined: 95 of 95 entries, 100 % of the bytes.",
        "No attestation is given: the examination is incomplete. Examined: 40 of 43 entries, 93.0 % of the bytes.",
        "All 60 entries are accounted for by the inventory ibm-hmc-860 1.0.0, by name and place. About their contents nothing is attested: findings count against them.",
        "The rule packs content 1.0.0, credentials 1.0.0, network 1.0.0, personal 1.0.0 reported no client data in the 60 of 60 entries whose content was examined; coverage 100 % of the bytes.",
        "All 60 entries are accounted for by the inventory ibm-hmc-860 1.0.0, and the rule packs content 1.0.0, credentials 1.0.0, network 1.0.0, personal 1.0.0 reported no client data in them; coverage 100 % of the bytes. Nothing remained unread.",
      ]
    `);
    const approved = cleared();
    expect(attestation(await of(approved, ledgerFor(await resultDigest(approved))))).toMatchInlineSnapshot(
      `"All 60 entries are accounted for by the inventory ibm-hmc-860 1.0.0, and the rule packs content 1.0.0, credentials 1.0.0, network 1.0.0, personal 1.0.0 reported no client data in them; coverage 100 % of the bytes. Nothing remained unread, and 2 of 2 required approvals are recorded, valid until 2026-11-26T09:30:00Z."`,
    );
    expect(LEVEL_MEANING).toMatchInlineSnapshot(`
      {
        "L0": "Not examined, or the examination is incomplete: no attestation.",
        "L1": "All entries are accounted for by the inventory, by name and place; nothing is said about contents.",
        "L2": "The rule packs reported no client data in what was examined; the share examined is stated.",
        "L3": "As L2 with every byte examined, every entry documented, and the checks of the path passed where they were made.",
        "L4": "As L3, with the required approvals of people, until a stated time.",
      }
    `);
    expect(VERDICT).toMatchInlineSnapshot(`
      {
        "cleared": {
          "advice": "nothing found that speaks against sending",
          "mark": "check",
          "word": "Cleared",
        },
        "held": {
          "advice": "do not send",
          "mark": "stop",
          "word": "Held",
        },
        "incomplete": {
          "advice": "do not send: not everything could be examined",
          "mark": "question",
          "word": "Incomplete",
        },
      }
    `);
  });

  test('L4 needs L3, a cleared verdict, the quorum, an end of validity and this very result', async () => {
    const result = cleared();
    const good = ledgerFor(await resultDigest(result));
    expect(await level(result, good)).toBe('L4');
    expect(await level(result)).toBe('L3');
    expect(await level(result, { ...good, resultSha256: '0'.repeat(64) })).toBe('L3');
    expect(await level(result, { ...good, approvals: { ...good.approvals, given: 1 } })).toBe('L3');
    expect(await level(result, { ...good, approvals: { ...good.approvals, validUntil: null } })).toBe('L3');
    const lower = at('L2');
    expect(await level(lower, ledgerFor(await resultDigest(lower)))).toBe('L2');
    expect(await level(held(), ledgerFor(await resultDigest(held())))).toBe('L0');
  });
});

test('numbers never round up to a whole', () => {
  expect([percent(999_999, 1_000_000), percent(1, 1), percent(0, 0), percent(1, 3)]).toEqual([
    '99.9 %',
    '100 %',
    '0 %',
    '33.3 %',
  ]);
  expect([byteCount(1023), byteCount(1024), byteCount(2 ** 30 - 1), byteCount(null)]).toEqual([
    '1023 B',
    '1.0 KiB',
    '1023.9 MiB',
    'unknown size',
  ]);
  expect([integer(0), integer(999), integer(1000), integer(48_318_466)]).toEqual(['0', '999', '1 000', '48 318 466']);
});

test('no output carries the evidence steps or anything else that is not on its list of fields', async () => {
  const planted = 'canary-9f2c1e';
  const result = held();
  const poisoned: StoredResult = {
    ...result,
    async *entries() {
      for await (const entry of result.entries()) {
        yield {
          ...entry,
          findings: entry.findings.map(
            (finding) => ({ ...finding, rawValue: planted, match: planted }) as typeof finding,
          ),
        };
      }
    },
  };
  for (const format of ['html', 'sarif', 'junit', 'oscal', 'csv', 'ocsf'] as const) {
    const bytes = await collect(render(format, poisoned, { ...DEFAULT_OPTIONS, sarifProfile: 'full' }));
    expect([format, bytes.includes(planted)]).toEqual([format, false]);
  }
});
