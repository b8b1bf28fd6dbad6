/** Where a piece of knowledge comes from. Every catalog item carries one. */
export interface Citation {
  readonly document: string;
  readonly edition?: string;
  readonly section: string;
  /** The words themselves, where the exact wording matters. */
  readonly quote?: string;
  readonly url?: string;
}

/** Identity of a catalog file as it enters a result: SHA-256 over the file's bytes, lower-case hex. */
export interface CatalogIdentity {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
}
