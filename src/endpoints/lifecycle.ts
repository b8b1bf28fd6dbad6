import { UsageError } from '../model/index.ts';
import type { EndpointCatalog, LifecycleRule } from './load.ts';

/** What is known of the product; what is not known turns rules into questions. */
export interface ProductFacts {
  readonly platform?: string | undefined;
  /** POWER generation, 6 for Power6. */
  readonly processor?: number | undefined;
  /** Year in which the product was new. */
  readonly introduced?: number | undefined;
  /** Release of a DS8880, e.g. `8.0`; `none` for any older DS8000. */
  readonly ds8880Release?: string | undefined;
}

export interface LifecycleAnswer {
  readonly rule: string;
  readonly feature: string;
  /** `violation`: may not exist there. `question`: it depends on what `unknown` names. `allowed`: the rule does not apply. */
  readonly outcome: 'violation' | 'note' | 'question' | 'allowed';
  readonly title: string;
  /** The facts that would decide a question. */
  readonly unknown: readonly string[];
  readonly cite: LifecycleRule['cite'];
}

/**
 * What the lifecycle rules say of features that were seen or configured.
 * @throws UsageError for a feature or platform that no rule knows
 */
export function judgeLifecycle(
  catalog: EndpointCatalog,
  features: readonly string[],
  facts: ProductFacts,
): LifecycleAnswer[] {
  const known = [...new Set(catalog.lifecycle.map(({ feature }) => feature))].sort();
  for (const feature of features) {
    if (!known.includes(feature)) {
      throw new UsageError(`no lifecycle rule knows the feature "${feature}"`, [`known features: ${known.join(', ')}`]);
    }
  }
  return catalog.lifecycle
    .filter(({ feature }) => features.includes(feature))
    .map((rule) => {
      const unknown = conditions(rule, facts);
      const outcome = unknown === undefined ? 'allowed' : unknown.length > 0 ? 'question' : rule.level;
      return {
        rule: rule.id,
        feature: rule.feature,
        outcome,
        title: rule.title,
        unknown: unknown ?? [],
        cite: rule.cite,
      };
    });
}

/** The unknown facts, or `undefined` if a known one rules the rule out. */
function conditions({ forbiddenFor }: LifecycleRule, facts: ProductFacts): string[] | undefined {
  const { platform, processor, introduced, ds8880Release } = forbiddenFor;
  const unknown: string[] = [];
  const holds = <T>(
    name: string,
    wanted: T | undefined,
    given: T | undefined,
    test: (given: T) => boolean,
  ): boolean => {
    if (wanted === undefined) return true;
    if (given === undefined) unknown.push(name);
    return given === undefined || test(given);
  };
  const all = [
    holds('platform', platform, facts.platform, (given) => given === platform),
    holds('processor', processor, facts.processor, (given) => given >= (processor ?? 0)),
    holds('introduced', introduced, facts.introduced, (given) => given >= (introduced ?? 0)),
    holds('ds8880Release', ds8880Release, facts.ds8880Release, (given) => atLeast(given, ds8880Release ?? '')),
  ];
  return all.every(Boolean) ? unknown : undefined;
}

/** Dotted numbers, compared part by part; `none` is before all of them. */
function atLeast(given: string, wanted: string): boolean {
  if (given === 'none') return false;
  const [left, right] = [given, wanted].map((text) => text.split('.').map(Number));
  for (const [at, part] of (right ?? []).entries()) {
    const difference = (left?.[at] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
