import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRulePacks, type RuleSet } from '../../src/rules/index.ts';

type RuleInput = Record<string, unknown> & { id: string; match: unknown };

/** A rule set of the given rules, with what does not matter filled in. */
export function ruleSet(...rules: readonly RuleInput[]): RuleSet {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-'));
  try {
    const file = join(folder, 'pack.json');
    const full = rules.map((rule) => ({
      class: 'test.value',
      title: rule.id,
      tier: 'T1',
      severity: 'high',
      examples: { positive: ['a', 'b'], negative: ['c', 'd'] },
      ...rule,
    }));
    writeFileSync(file, JSON.stringify({ id: 'test', version: '1.0.0', title: 'Test', rules: full }));
    return loadRulePacks([file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const regex = (id: string, pattern: string, more: object = {}): RuleInput => ({
  id,
  match: { regex: { pattern } },
  ...more,
});
