import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadRulePacks } from '../../src/rules/index.ts';
import { generalRules } from '../../src/scan/engine.ts';
import { layNibbles, layTables } from '../../src/scan/kernel-tables.ts';
import { PlainPrefilter } from '../../src/scan/plain-prefilter.ts';
import { prepareAnchors } from '../../src/scan/prefilter.ts';
import { StartWindows } from '../../src/scan/start-windows.ts';
import { WasmPrefilter } from '../../src/scan/wasm-prefilter.ts';

const { rules } = loadRulePacks(['default']);
const prepared = prepareAnchors(rules);
const both = [new PlainPrefilter(prepared), new WasmPrefilter(layTables(prepared, rules.length), rules.length)];

function windowsOf(bytes: Uint8Array, from: number, to: number): string[] {
  return both.map((prefilter) => {
    const windows = new StartWindows(rules.length);
    windows.reset(bytes, from, to - 1);
    prefilter.run(bytes, from, to, windows);
    return windows
      .touched()
      .map((rule) => {
        const { pairs, count } = windows.starts(rule);
        return `${rules[rule]!.id} ${pairs.slice(0, 2 * count).join()}`;
      })
      .join('\n');
  });
}

test('the plain prefilter and the kernel mark the same places, on the examples of all built-in rules', () => {
  for (const { definition } of rules) {
    for (const example of [...definition.examples.positive, ...definition.examples.negative]) {
      const text = typeof example === 'string' ? example : (example.text ?? '');
      const bytes = Buffer.from(`${text}\0..`);
      const [plain, kernel] = windowsOf(bytes, 0, Buffer.byteLength(text));
      expect(kernel).toBe(plain);
    }
  }
});

test('the same on random bytes, from any place to any other', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 9 }),
    fc.constantFrom('password', 'AKIA', '@', '1234 5678', ' key=', '+49').map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(20), fc.nat(20), (pieces, skip, cut) => {
      const bytes = Buffer.concat(pieces);
      const from = Math.min(skip, bytes.length);
      const to = Math.max(from, bytes.length - cut);
      const [plain, kernel] = windowsOf(bytes, from, to);
      expect(kernel).toBe(plain);
    }),
    { numRuns: 500 },
  );
});

test('the same where windows are more than there was room for at first', () => {
  const bytes = Buffer.from('passwd\nVAT uid\n'.repeat(40_000));
  const [plain, kernel] = windowsOf(bytes, 0, bytes.length);
  expect(kernel === plain).toBe(true);
  expect(plain!.length).toBeGreaterThan(bytes.length);
});

/** The reference: every rule looks everywhere. Its anchors must not lose it a match. */
test('windows lose no match of any built-in rule on its own examples', () => {
  const match = { begin: 0, end: 0, valueBegin: 0, valueEnd: 0 };
  for (const [index, { id, matcher, definition, anchoredBy }] of rules.entries()) {
    if (!matcher || anchoredBy !== 'pattern') continue;
    for (const example of definition.examples.positive) {
      const bytes = Buffer.from(typeof example === 'string' ? example : (example.text ?? ''));
      const text = { bytes, begin: 0, end: bytes.length };
      const windows = new StartWindows(rules.length);
      windows.reset(bytes, 0, bytes.length);
      both[1]!.run(bytes, 0, bytes.length, windows);
      const everywhere = { pairs: Int32Array.of(0, bytes.length), count: 1 };
      const seen = [windows.starts(index), both[1]!.narrow(index, { matcher }, everywhere), everywhere].map(
        (starts) => {
          const found: string[] = [];
          for (let from = 0; matcher.find(text, starts, from, match); from = match.end) {
            found.push(`${match.begin}-${match.end}:${match.valueBegin}-${match.valueEnd}`);
          }
          return found.join();
        },
      );
      expect(seen[0], id).toBe(seen[2]);
      expect(seen[1], id).toBe(seen[2]);
    }
  }
});

test('the tables that the build kept are those of the default packs', async () => {
  const built = await import(new URL('../../dist/scan/kept-tables.js', import.meta.url).href);
  const ruleSet = loadRulePacks(['default']);
  const among = generalRules(ruleSet);
  const chosen = new Set(among);
  const laid = layTables(
    prepareAnchors(ruleSet.rules, (index) => chosen.has(index)),
    ruleSet.rules.length,
  );
  layNibbles(laid, ruleSet.rules);
  const kept = built.readTables(ruleSet, among);
  expect(kept.layout).toEqual(laid.layout);
  expect(Buffer.compare(kept.image, laid.image)).toBe(0);
  expect(built.readTables({ ...ruleSet, rules: ruleSet.rules.slice(1) }, among)).toBeUndefined();
  expect(built.readTables({ ...ruleSet, digest: '0' }, among)).toBeUndefined();
});
