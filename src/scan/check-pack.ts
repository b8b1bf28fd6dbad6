import type { CatalogIdentity, FilePosition } from '../model/index.ts';
import { type CompiledRule, DEAR_COST, type RuleExample, readPack } from '../rules/index.ts';
import { scanText } from './scan.ts';

/** What one rule costs: how often its anchors are expected per MiB of ordinary text, and what they are made of. */
export interface RuleCost {
  readonly rule: string;
  readonly anchoredBy: CompiledRule['anchoredBy'];
  readonly candidatesPerMiB: number;
  /** Shortest and longest match in bytes; `null` for no upper bound but the engine's own. */
  readonly length: { readonly min: number; readonly max: number | null } | null;
  readonly advice?: string;
}

export interface PackCheck {
  readonly identity: CatalogIdentity;
  readonly rules: number;
  /** Examples that are not what their rule says. */
  readonly problems: readonly (FilePosition & { readonly message: string })[];
  readonly costs: readonly RuleCost[];
}

/**
 * Compiles a pack (a file, or the id of a built-in one), runs every rule on its own examples and estimates its cost.
 * @throws DataError if the pack does not validate or compile
 */
export function checkPack(idOrFile: string): PackCheck {
  const { document, rules } = readPack(idOrFile);
  const { id, version } = document.value;
  const ruleSet = { rules, packs: [], digest: '' };
  const problems: (FilePosition & { message: string })[] = [];
  rules.forEach((rule, index) => {
    const { positive, negative } = rule.definition.examples;
    const fail = (list: string, at: number, message: string) =>
      problems.push({ ...document.position(`/rules/${index}/examples/${list}/${at}`), message });
    const hits = (example: RuleExample) => scanExample(example, ruleSet).filter((finding) => finding.rule === rule.id);
    positive.forEach((example, at) => {
      if (hits(example).length === 0) fail('positive', at, `${rule.id} does not find this example`);
    });
    negative.forEach((example, at) => {
      if (hits(example).some(({ testValue }) => !testValue)) fail('negative', at, `${rule.id} finds this example`);
    });
  });
  return {
    identity: { id, version, sha256: document.sha256 },
    rules: rules.length,
    problems,
    costs: rules.map(costOf).sort((left, right) => right.candidatesPerMiB - left.candidatesPerMiB),
  };
}

function scanExample(example: RuleExample, ruleSet: Parameters<typeof scanText>[2]) {
  if (typeof example === 'string') return scanText(Buffer.from(example), { where: 'content' }, ruleSet).findings;
  const { text, base64, name } = example;
  if (text === undefined && base64 === undefined) {
    return scanText(Buffer.from(name ?? ''), { where: 'name', name: name ?? '' }, ruleSet).findings;
  }
  const bytes = base64 === undefined ? Buffer.from(text!) : Buffer.from(base64, 'base64');
  return scanText(bytes, { where: 'content', ...(name !== undefined && { name }) }, ruleSet).findings;
}

function costOf(rule: CompiledRule): RuleCost {
  const { anchors, anchoredBy, matcher } = rule;
  const span = matcher?.span;
  const dear = anchors.cost > DEAR_COST;
  return {
    rule: rule.id,
    anchoredBy,
    candidatesPerMiB: Math.round(anchors.cost * 2 ** 20),
    length: span ? { min: span.min, max: span.max === Infinity ? null : span.max } : null,
    ...(dear && { advice: 'its rarest certain part is common: add keywords, context.require or a longer literal' }),
  };
}
