import type { StoredResult } from '../model/index.ts';

/** How deep a report goes: the decision, what led to it, or every entry. */
export type Audience = 'executive' | 'manager' | 'administrator';

/** What may differ between two reports of one result; nothing here changes the verdict. */
export interface ReportOptions {
  readonly audience: Audience;
  readonly paper: 'a4' | 'letter';
  /** `github` leaves out what GitHub would show as an open alert or as a snippet. */
  readonly sarifProfile: 'full' | 'github';
  readonly oscalVersion: string;
  /** The result of the payload before this one, for "what changed". */
  readonly previous?: StoredResult;
  /** What people decided about this payload. */
  readonly ledger?: LedgerExtract;
}

export const DEFAULT_OPTIONS: ReportOptions = {
  audience: 'administrator',
  paper: 'a4',
  sarifProfile: 'full',
  oscalVersion: '1.1.3',
};

/** One act in the life of a payload, as the ledger holds it. */
export interface LedgerEvent {
  readonly seq: number;
  /** ISO date-time, UTC. */
  readonly time: string;
  readonly type:
    | 'audit'
    | 'submit'
    | 'approve'
    | 'reject'
    | 'revoke'
    | 'verify'
    | 'release'
    | 'export'
    | 'expire'
    | 'key-add'
    | 'key-retire';
  readonly actor: { readonly id: string; readonly method: string; readonly key?: string };
  readonly reason?: string;
  readonly expires?: string;
}

/** The part of a ledger that concerns one result: `schemas/ledger-extract.schema.json`. */
export interface LedgerExtract {
  readonly schema: 'clearance.ledger-extract/1';
  /** SHA-256 of the canonical result the acts are bound to. */
  readonly resultSha256: string;
  /** Distinct valid approvals and how many the policy asks for, as the gate counted them. */
  readonly approvals: { readonly given: number; readonly required: number; readonly validUntil: string | null };
  readonly events: readonly LedgerEvent[];
  /** C2SP checkpoint of the ledger at export. */
  readonly checkpoint?: { readonly origin: string; readonly size: number; readonly root: string };
}
