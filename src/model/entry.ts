/** What an entry is. `pseudo` stands for bytes of a container outside its members: slack, comments, tails, header fields. */
export type EntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'special' | 'pseudo';

/**
 * How far an entry was read.
 * - `decoded`: the format was understood and all of its text scanned
 * - `raw`: every byte scanned in all byte views, format not understood
 * - `opened`: a container whose members account for all of its bytes
 * - `unread`: some byte could not be examined; always with a gap
 */
export type Coverage = 'decoded' | 'raw' | 'opened' | 'unread';

/** Something that could not be read, or that must not be trusted. `detail` never quotes payload bytes. */
export interface Gap {
  readonly code: string;
  readonly detail: string;
  /** Byte offset in the entry (or container) the gap belongs to. */
  readonly offset?: number;
}

/** The place a scanned text has in its entry or container. */
export type FindingWhere =
  | 'content'
  | 'name'
  | 'link-target'
  | 'archive-comment'
  | 'pax-header'
  | 'gzip-name'
  | 'header-field'
  | 'slack'
  | 'tail';

/** What is known of an entry when it is met; `ordinal` is its place in walk order, starting at 0. */
export interface EntryHead {
  readonly ordinal: number;
  /** Ordinal of the container the entry lies in; `undefined` for a payload. */
  readonly parent: number | undefined;
  /** Names from the payload's base name inwards, one segment per container level, UTF-8 or `\xNN`-escaped. */
  readonly path: readonly [string, ...string[]];
  /** The last segment as it stands in the container. */
  readonly name: Uint8Array;
  readonly kind: EntryKind;
  readonly linkTarget?: Uint8Array;
  /** For `pseudo` entries, what their bytes are; `content` for everything else. */
  readonly where: FindingWhere;
}

/** What is known of an entry once its last byte was read. */
export interface EntryTail {
  /** Bytes of content; `null` if it could not be determined. */
  readonly size: number | null;
  /** SHA-256 of the content, lower-case hex; `null` where not all of it was seen. */
  readonly sha256: string | null;
  /** Media type by content, never by extension, e.g. `text/plain; charset=utf-8`. */
  readonly media: string;
  readonly coverage: Coverage;
  /** True if the content, read at `raw`, has the entropy of compressed or encrypted data. */
  readonly highEntropy: boolean;
  readonly gaps: readonly Gap[];
}

/**
 * The walk as a stream. For each entry one `begin`, any number of `bytes` (leaves only, in order), one `end`; the events
 * of members lie between the `begin` and the `end` of what holds them. A text that holds encoded files, such as a mail,
 * is a leaf too: its members follow behind its own bytes. `bytes` are valid until the next event is asked for.
 */
export type UnpackEvent =
  | { readonly type: 'begin'; readonly entry: EntryHead }
  | { readonly type: 'bytes'; readonly entry: EntryHead; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly entry: EntryHead; readonly tail: EntryTail };
