import type { Finding, FindingState, RawFinding } from '../model/index.ts';

/** A finding as it is shown where no inventory says what is documented. */
export function standaloneFinding(raw: RawFinding): Finding {
  const { testValue, located: _located, valueId: _valueId, ...shared } = raw;
  return { ...shared, state: testValue ? 'test-value' : STATES[raw.tier] };
}

const STATES: Readonly<Record<RawFinding['tier'], FindingState>> = {
  T0: 'client-data',
  T1: 'client-data',
  T2: 'environment-identifier',
  T3: 'environment-identifier',
};

/** True if a finding is reason enough to hold: client data at medium or high confidence. */
export function holds({ state, confidence }: Finding): boolean {
  return state === 'client-data' && confidence !== 'low';
}
