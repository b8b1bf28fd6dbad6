/** One file per container format; budget; accounting of every byte and entry. Hostile payloads end in gaps, never in errors. */
export { GAP_CODES, type GapCode } from './gap-codes.ts';
export { type Inspected, inspect, inspectJson, inspectTree } from './inspect.ts';
export type { Span, SpanKind } from './ledger.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { displayName } from './names.ts';
export { type UnpackOptions, unpack, withoutItem } from './unpack.ts';
export type { LayerLedger } from './walk.ts';
