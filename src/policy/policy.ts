import { type CatalogDocument, readCatalogFile, resolveOnShelf } from '../catalog/index.ts';
import type { CatalogIdentity, Confidence, ItemStatus, Tier } from '../model/index.ts';
import type { SuppressionPolicy } from './suppression.ts';

type Effect = 'hold' | 'notice';

/** A disclosure policy as it stands in its file (`schemas/policy.schema.json`). */
export interface PolicyData {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly findings: Readonly<Record<Tier, Confidence | 'never'>>;
  readonly items: Readonly<Record<Exclude<ItemStatus, 'documented'>, Effect>>;
  readonly allowKnown: readonly string[];
  readonly typeMismatch: Effect;
  /** What a person may set aside; absent means all but T0. */
  readonly suppression?: SuppressionPolicy;
  readonly transport: { readonly required: boolean };
  /** Whether a hot folder may let a cleared payload out by itself; absent means it may. */
  readonly clearing?: { readonly withoutPerson: boolean };
}

export interface Policy extends PolicyData {
  readonly identity: CatalogIdentity;
}

/**
 * Loads a policy by built-in id or from the operator's file.
 * @throws UsageError for an unknown id, DataError with file and line for a file that does not validate
 */
export function loadPolicy(idOrFile: string): Policy {
  const document: CatalogDocument<PolicyData> = readCatalogFile(resolveOnShelf('policies', idOrFile), 'policy');
  const { id, version } = document.value;
  return { ...document.value, identity: { id, version, sha256: document.sha256 } };
}
