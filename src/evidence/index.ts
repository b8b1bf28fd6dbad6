/** Canonical JSON, signatures, ledger, approvals, release gate: what makes a result evidence. */
export { canonicalJson } from '../model/index.ts';
export { Spool } from './spool.ts';
