import type { ItemStatus, Locator } from '../model/index.ts';

/** What an item may hold. `dump`: any bytes, accepted at `raw` however random they look. */
export type ContentKind = 'text' | 'xml' | 'archive' | 'binary' | 'dump';

export interface CiteDefinition {
  readonly document: string;
  readonly section: string;
  readonly quote?: string;
}

export type PlaceholderDefinition = { readonly title: string } & (
  | { readonly chars: string; readonly min: number; readonly max: number }
  | { readonly words: readonly string[] }
  | { readonly timestamp: 'yyyymmddhhmmss' }
);

export interface CommandNames {
  readonly stripFolders: readonly string[];
  readonly keep: string;
  readonly slash: string;
  readonly other: string;
  readonly folders: readonly string[];
  readonly suffixes: readonly string[];
  readonly note: string;
}

export interface ItemDefinition {
  readonly id: string;
  readonly context: string;
  readonly title: string;
  readonly printed?: string;
  readonly patterns?: readonly string[];
  readonly command?: string;
  readonly status: Exclude<ItemStatus, 'undocumented'>;
  readonly readings?: readonly string[];
  readonly content: readonly ContentKind[];
  readonly platforms?: readonly string[];
  readonly reasons?: readonly string[];
  readonly leaks?: readonly string[];
  readonly sections?: readonly string[];
  readonly evidence?: readonly 'endpoints'[];
  readonly note?: string;
  readonly cite: CiteDefinition;
}

interface DisclosureDefinition {
  readonly id: string;
  readonly title: string;
  readonly files: readonly string[];
  readonly locators?: readonly Locator[];
  readonly anywhere?: true;
  readonly entity: readonly string[];
  readonly maxDistinct?: number;
  readonly reason: string;
  readonly reading?: string;
  readonly cite: CiteDefinition;
}

interface ClaimDefinition {
  readonly id: string;
  readonly quote: string;
  readonly meaning: string;
  readonly appliesTo?: readonly string[];
  readonly contradicts?: readonly string[];
  readonly cite: CiteDefinition;
}

export interface ContextDefinition {
  readonly id: string;
  readonly title: string;
  /** Holds the members of this item. */
  readonly membersOf?: string;
  /** Holds the paths of the top level that begin so; they are matched whole. */
  readonly below?: string;
}

interface ReasonDefinition {
  readonly id: string;
  readonly title: string;
  readonly platforms?: readonly string[];
  readonly cite: CiteDefinition;
}

export interface RetentionDefinition {
  readonly id: string;
  readonly title: string;
  readonly items: readonly string[];
  readonly keep: { readonly days: number; readonly from: 'upload' | 'closure' } | 'unbounded';
  readonly exception?: string;
  readonly reading?: string;
  readonly cite: CiteDefinition;
}

export interface ConflictDefinition {
  readonly id: string;
  readonly title: string;
  /** `damage`: of the text that we have, not of the source itself. */
  readonly kind: 'contradiction' | 'error' | 'damage';
  readonly statements: readonly (CiteDefinition & { readonly quote: string })[];
  readonly readings: readonly string[];
  readonly handling: string;
}

/** An inventory as it stands in a file (`schemas/inventory.schema.json`). */
export interface InventoryDefinition {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly product?: string;
  readonly endpoints?: string;
  readonly documents: Readonly<
    Record<string, { readonly title: string; readonly edition?: string; readonly url?: string }>
  >;
  readonly platforms?: Readonly<Record<string, string>>;
  readonly reasons?: readonly ReasonDefinition[];
  readonly contexts: readonly [ContextDefinition, ...ContextDefinition[]];
  readonly placeholders?: Readonly<Record<string, PlaceholderDefinition>>;
  readonly commandNames?: CommandNames;
  readonly items: readonly ItemDefinition[];
  readonly claims?: readonly ClaimDefinition[];
  readonly disclosures?: readonly DisclosureDefinition[];
  readonly retention?: readonly RetentionDefinition[];
  readonly conflicts?: readonly ConflictDefinition[];
}
