import type { CatalogIdentity } from './citation.ts';
import type { Coverage, EntryKind, Gap } from './entry.ts';
import type { Finding, Severity } from './finding.ts';

export type ItemStatus =
  | 'documented'
  | 'documented-ambiguous'
  | 'known-from-other-source'
  | 'undocumented'
  | 'forbidden';

/** What the inventory says of an entry; `context` is the one it was matched in (`top`, `acuppd`, `esa` ...). */
export interface ItemRef {
  readonly id: string | null;
  readonly status: ItemStatus;
  readonly context: string;
  /** The item was not matched itself but taken over from its container. */
  readonly inherited?: true;
}

export interface ResultEntry {
  readonly path: readonly string[];
  readonly kind: EntryKind;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly media: string;
  readonly coverage: Coverage;
  readonly gaps: readonly Gap[];
  /** Absent where no inventory was applied, and for the payload's own container. */
  readonly item?: ItemRef;
  readonly findings: readonly Finding[];
  readonly nameMasked?: true;
}

export type Outcome = 'cleared' | 'held' | 'incomplete';
export type Level = 'L0' | 'L1' | 'L2' | 'L3';

/** One cause against `cleared` (in `reasons`) or one thing worth knowing (in `notices`). */
export interface Reason {
  readonly code: string;
  readonly severity: Severity;
  /** `null` where the reason concerns the whole audit or sums up many entries. */
  readonly path: readonly string[] | null;
  readonly message: string;
  readonly count: number;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly level: Level;
  readonly reasons: readonly Reason[];
  readonly notices: readonly Reason[];
}

export type CoverageCounts = { readonly [K in 'seen' | Coverage]: number };

/** Everything of a result but its entries. */
export interface ResultHead {
  readonly schema: 'clearance.result/1';
  /** ISO date, UTC. */
  readonly asOf: string;
  readonly tool: { readonly name: string; readonly version: string; readonly engine: string };
  readonly catalog: {
    readonly inventory: CatalogIdentity | null;
    readonly packs: readonly CatalogIdentity[];
    readonly policy: CatalogIdentity;
    readonly crypto?: CatalogIdentity;
  };
  /** SHA-256 of the canonical JSON of all options that can change the verdict. */
  readonly optionsSha256: string;
  readonly payloads: readonly { readonly name: string; readonly size: number | null; readonly sha256: string | null }[];
  readonly coverage: { readonly entries: CoverageCounts; readonly bytes: CoverageCounts };
  readonly transport: { readonly observations: readonly unknown[]; readonly verdicts: readonly unknown[] };
  readonly verdict: Verdict;
  /** False where a clock or a watchdog stopped the run (gap `over-time` or `over-memory`). */
  readonly reproducible: boolean;
}

/** A whole result whose entries may be too many for memory; `entries()` may be called more than once. */
export interface StoredResult {
  readonly head: ResultHead;
  readonly entryCount: number;
  entries(): AsyncIterable<ResultEntry>;
}
