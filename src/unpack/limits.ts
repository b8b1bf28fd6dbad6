export { DEFAULT_LIMITS, type Limits } from '../model/index.ts';

/** Bytes of a payload before the ratio counts. */
export const RATIO_ARMED_AFTER = 64 * 2 ** 20;
