/** The judge: a pure function from evidence to verdict with reasons. */
export { type Case, type Judgement, judge, type TransportVerdict } from './judge.ts';
export { loadPolicy, type Policy } from './policy.ts';
export { counts, type FindingContext, stateOf } from './state.ts';
export {
  type Baseline,
  baselineOf,
  loadWaivers,
  type Suppressions,
  suppressionOf,
  type Waiver,
} from './suppression.ts';
export { draftWaivers } from './waiver-draft.ts';
