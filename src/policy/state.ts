import type { Finding, FindingState, ItemStatus, RawFinding } from '../model/index.ts';
import type { Suppression } from './suppression.ts';

/** What inventory and run know about a finding beyond the finding itself. */
export interface FindingContext {
  /** Status of the entry's item; `undefined` where no inventory was applied. */
  readonly status: ItemStatus | undefined;
  /** The disclosure that allows this class at this place in this item, if one does. */
  readonly disclosure: { readonly id: string; readonly exceeded: boolean } | undefined;
  /** The id of the item, where it is documented to hold memory or binary dumps. */
  readonly memoryItem: string | undefined;
  /** The same value was found where a disclosure allows it. */
  readonly disclosedElsewhere: boolean;
  /** What a waiver or the baseline says of it. */
  readonly suppression?: Suppression | undefined;
}

/** Classes that no inventory can allow: credentials and customer content (T0) never become a documented disclosure. */
export function isNeverAllowable(finding: Pick<RawFinding, 'tier'>): boolean {
  return finding.tier === 'T0';
}

/**
 * What a finding means. Test values never count; T2 and T3 identify the environment, not a person, and are what a
 * documented file is expected to hold; T0 and T1 are client data unless a disclosure names this very place.
 */
export function stateOf(finding: RawFinding, context: FindingContext): { state: FindingState; by?: string } {
  const meaning = meaningOf(finding, context);
  const { suppression } = context;
  // Only what would count can be set aside; what an expired waiver set aside counts again, and says so.
  if (suppression === undefined || !counts(meaning)) return meaning;
  return suppression.expired ? { ...meaning, by: suppression.by } : { state: 'suppressed', by: suppression.by };
}

function meaningOf(finding: RawFinding, context: FindingContext): { state: FindingState; by?: string } {
  if (finding.testValue) return { state: 'test-value' };
  if (finding.tier === 'T2' || finding.tier === 'T3') {
    return { state: context.status === 'undocumented' ? 'undocumented' : 'environment-identifier' };
  }
  // A documented dump may be a dump. What is found in it counts all the same.
  if (finding.class === 'content.memory' && context.memoryItem !== undefined) {
    return { state: 'disclosed-as-documented', by: context.memoryItem };
  }
  if (isNeverAllowable(finding)) return { state: 'client-data' };
  if (context.disclosure) {
    // More distinct contacts than the disclosure allows are an address book, not a contact.
    if (context.disclosure.exceeded) return { state: 'client-data', by: context.disclosure.id };
    return { state: 'disclosed-as-documented', by: context.disclosure.id };
  }
  return { state: context.disclosedElsewhere ? 'undocumented' : 'client-data' };
}

/** States that count against a payload. */
export function counts(finding: Pick<Finding, 'state'>): boolean {
  return finding.state === 'client-data' || finding.state === 'undocumented';
}
