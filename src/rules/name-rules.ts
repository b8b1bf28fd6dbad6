import { createHash } from 'node:crypto';
import { compileRule } from './compile-rule.ts';
import type { RuleDefinition } from './pack.ts';
import type { CompiledRule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

/** A name that one entry told and that others are swept for. */
export interface KnownName {
  readonly name: string;
  /** Entity class: `net.user`, `net.hostname`. */
  readonly class: string;
  /** The rule that told it, for the evidence. */
  readonly from: string;
}

/**
 * One rule a class, `network-identity/learned-user` and `-host`, whose pattern is the names themselves. Host names are
 * alike in both letter cases (RFC 4343), users are not.
 */
export function nameRules(names: readonly KnownName[]): RuleSet {
  const rules: CompiledRule[] = [];
  for (const entity of [...new Set(names.map((name) => name.class))].sort()) {
    const own = names.filter((name) => name.class === entity);
    const ignoreCase = entity !== 'net.user';
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    const origin = new Map(own.map(({ name, from }) => [fold(name), from]));
    const pattern = `\\b(?:${own.map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})\\b`;
    const definition: RuleDefinition = {
      id: ignoreCase ? 'learned-host' : 'learned-user',
      class: entity,
      title: `${ignoreCase ? 'Host' : 'User'} name learned elsewhere in the payload`,
      tier: 'T2',
      severity: 'low',
      match: { regex: { pattern, ignoreCase } },
      examples: { positive: [], negative: [] },
    };
    const rule = compileRule('network-identity', definition, '', []);
    if (!rule) continue;
    rules.push({
      ...rule,
      recogniser: {
        name: 'learned name',
        source: 'the payload',
        pattern: '',
        group: 0,
        accept: (value) => ({ accepted: true, evidence: `learned by ${origin.get(fold(value)) ?? 'another entry'}` }),
      },
    });
  }
  const digest = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  return { rules, packs: [], digest };
}
