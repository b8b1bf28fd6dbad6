import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { scan } from '../../src/scan/index.ts';
import { unpack } from '../../src/unpack/index.ts';
import { payloadOf } from '../unpack/collect.ts';
import { noise } from '../unpack/tree.ts';
import { regex, ruleSet } from './packs.ts';

const rules = ruleSet(regex('canary', 'CANARY-[0-9a-f]{4}'));

/** Gaps and findings of all entries, by name. */
async function scanned(text: Buffer) {
  const payloads = (async function* () {
    yield payloadOf(text, 'text', 262_144);
  })();
  const seen: string[] = [];
  for await (const { entry, tail, gaps, findings } of scan(unpack(payloads), rules)) {
    const name = entry.path.at(-1);
    seen.push(...[...tail.gaps, ...gaps].map(({ code, offset }) => `${name}: ${code} ${offset}`));
    seen.push(...findings.map(({ rule }) => `${name}: ${rule}`));
  }
  return seen;
}

test('gzip in base64 that is too large for a view is no gap where it is an entry of its own', async () => {
  const large = Buffer.concat([noise(600_000), Buffer.alloc(70 * 2 ** 20), Buffer.from('the end: CANARY-5e81\n')]);
  const run = gzipSync(large, { level: 1 }).toString('base64');
  expect(await scanned(Buffer.from(`x=${run};\n`))).toEqual(['content: test/canary']);
});

test('one that is an entry only within another text stays a gap of that', async () => {
  const large = Buffer.concat([noise(600_000), Buffer.alloc(70 * 2 ** 20), Buffer.from('CANARY-5e81')]);
  const inner = Buffer.from(`y=${gzipSync(large, { level: 1 }).toString('base64')};\n`).toString('base64');
  const seen = await scanned(Buffer.from(`x=${inner};\n`));
  expect(seen).toContain('content: test/canary');
  expect(seen.filter((one) => one.includes('over-budget'))).toEqual(['text: over-budget 4']);
});
