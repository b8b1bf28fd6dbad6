import type { CatalogIdentity, Citation, ItemStatus, Locator } from '../model/index.ts';
import type { ConflictDefinition, ContentKind, ContextDefinition, RetentionDefinition } from './definition.ts';
import type { Pattern } from './pattern.ts';

/** A documented file, with the place that documents it. */
export interface Item {
  readonly id: string;
  readonly context: string;
  readonly title: string;
  /** The name as the source prints it. */
  readonly printed: string;
  readonly patterns: readonly string[];
  /** The command whose output this is, where it is one. */
  readonly command?: string;
  readonly status: Exclude<ItemStatus, 'undocumented'>;
  /** What the source may mean, where its text is damaged or leaves it open. */
  readonly readings: readonly string[];
  readonly content: readonly ContentKind[];
  /** The platforms it is documented for; every platform of the inventory where the source does not limit it. */
  readonly platforms: readonly string[];
  /** Ids of the documented reasons it serves. */
  readonly reasons: readonly string[];
  /** What such files typically leak, in words. */
  readonly leaks: readonly string[];
  /** The commands whose output the file holds, as the source prints them; `$name` stands for any name. */
  readonly sections: readonly string[];
  /** What else the content is evidence of; `endpoints`: what the check of endpoints reads. */
  readonly evidence: readonly 'endpoints'[];
  readonly note?: string;
  readonly cite: Citation;
}

export interface Reason {
  readonly id: string;
  readonly title: string;
  readonly platforms: readonly string[];
  readonly cite: Citation;
}

/** A statement of the source about the data as a whole, word for word: something to test, never a fact. */
interface Claim {
  readonly id: string;
  readonly quote: string;
  readonly meaning: string;
  readonly appliesTo: readonly string[];
  readonly contradicts: readonly string[];
  readonly cite: Citation;
}

/** Data that the source says is sent. A finding is disclosed if its file, its place and its class all agree. */
export interface Disclosure {
  readonly id: string;
  readonly title: string;
  /** Ids of the items it covers. */
  readonly items: readonly string[];
  /** Where in those files; empty means anywhere, which is never so for personal data. */
  readonly locators: readonly Locator[];
  /** Entity classes; a class covers those below it (`net` covers `net.ipv4`). */
  readonly entity: readonly string[];
  /** More distinct located elements than this in one file are no disclosure any more. */
  readonly maxDistinct?: number;
  readonly reason: string;
  /** Our reading, where the source does not name the place. */
  readonly reading?: string;
  readonly cite: Citation;
}

/** How long the vendor keeps a class of files, as documented. */
export interface Retention extends Omit<RetentionDefinition, 'cite'> {
  /** Ids of the items it covers. */
  readonly items: readonly string[];
  readonly cite: Citation;
}

/** Where the source contradicts itself or its text is damaged, with every reading: a section of each report. */
interface Conflict extends Omit<ConflictDefinition, 'statements'> {
  readonly statements: readonly Citation[];
}

export interface Inventory {
  readonly identity: CatalogIdentity;
  readonly title: string;
  readonly product: string;
  /** Id of the list of documented endpoints that belongs to it. */
  readonly endpoints: string | undefined;
  readonly documents: readonly Citation['document'][];
  readonly platforms: readonly { readonly id: string; readonly title: string }[];
  readonly reasons: readonly Reason[];
  /** The first is the payload's own top level. */
  readonly contexts: readonly [ContextDefinition, ...ContextDefinition[]];
  readonly items: readonly Item[];
  readonly claims: readonly Claim[];
  readonly disclosures: readonly Disclosure[];
  readonly retention: readonly Retention[];
  readonly conflicts: readonly Conflict[];
  /** Patterns by context, most specific first. */
  readonly index: ReadonlyMap<string, ContextIndex>;
  item(id: string): Item | undefined;
}

export interface IndexedPattern {
  readonly item: Item;
  readonly pattern: Pattern;
  /** Place in the order of preference; smaller wins. */
  readonly order: number;
}

export interface ContextIndex {
  readonly all: readonly IndexedPattern[];
  /** The patterns that can match a path, by its first and its first two names; `''` where they begin otherwise. */
  readonly byKey: ReadonlyMap<string, readonly IndexedPattern[]>;
}
