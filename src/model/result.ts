import type { CatalogIdentity, Citation } from './citation.ts';
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

/** A statement of the inventory's source over the data as a whole, word for word: the vendor's words, never a finding. */
export interface DocumentClaim {
  readonly id: string;
  readonly quote: string;
  /** What an examination can make of it. */
  readonly meaning: string;
  /** Ids of the claims it contradicts. */
  readonly contradicts: readonly string[];
  readonly cite: Citation;
}

/** Where the source contradicts itself, errs or its text is damaged: its words, every reading, and what is done about it. */
export interface DocumentConflict {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** Each with the words themselves as `quote`. */
  readonly statements: readonly Citation[];
  readonly readings: readonly string[];
  readonly handling: string;
}

/** A documented reason for sending that files of the payload serve. */
export interface DocumentReason {
  readonly id: string;
  readonly title: string;
  /** Ids of the items met that serve it. */
  readonly items: readonly string[];
  /** The reason does not exist on the platform given. */
  readonly forbidden: boolean;
  readonly cite: Citation;
}

/** Something that a file of the payload shows of the console's connections; no ground for the verdict. */
export interface EndpointNotice {
  readonly path: readonly string[];
  readonly code: string;
  readonly message: string;
  /** The first line that says so. */
  readonly line?: number;
  readonly port?: number;
  /** Group of documented endpoints that it concerns. */
  readonly group?: string;
  readonly count: number;
}

/** A line of the document's checklist of connectivity and inbound controls, as far as the payload shows it. */
export interface EndpointControl {
  readonly id: string;
  readonly title: string;
  /** Without evidence a control is not assessed, never met; what speaks against it is a question to its owner. */
  readonly state: 'met' | 'question' | 'not-applicable' | 'not-assessed';
  readonly evidence: readonly {
    readonly path: readonly string[];
    /** `observed` was seen in use, `configured` is in a configuration. */
    readonly kind: 'observed' | 'configured';
    readonly state: 'met' | 'question';
    readonly message: string;
  }[];
  readonly cite: Citation;
}

/** What files of the payload show of the console's connections, against the documented endpoints. */
export interface EndpointNotices {
  readonly catalog: CatalogIdentity;
  /** The files that were looked at; `format` is null where it is none that is known. */
  readonly read: readonly { readonly path: readonly string[]; readonly format: string | null }[];
  readonly notices: readonly EndpointNotice[];
  /** So many notices more were found than are listed. */
  readonly more: number;
  /** Absent from results of earlier versions. */
  readonly controls?: readonly EndpointControl[];
}

/** What the inventory's document says beyond files. It explains a verdict and never changes one. */
export interface DocumentAccount {
  readonly claims: readonly DocumentClaim[];
  readonly conflicts: readonly DocumentConflict[];
  readonly reasonsServed: readonly DocumentReason[];
  /** Absent where no list of endpoints belongs to the inventory. */
  readonly endpoints?: EndpointNotices;
}

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
  /** Absent where no inventory was applied, and in results made before it was kept. */
  readonly document?: DocumentAccount;
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
