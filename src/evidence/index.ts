/** Canonical JSON, signatures, ledger, approvals, release gate: what makes a result evidence. */
export { canonicalJson } from './canonical.ts';
export { Spool } from './spool.ts';
