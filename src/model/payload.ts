import type { EntryKind } from './entry.ts';

/** Bytes that can be read from the start, and at any place where the source allows it. */
export interface ByteSource {
  /** Size in bytes if it is known before reading. */
  readonly size: number | undefined;
  /** All bytes in order; a chunk is valid until the next one is asked for. */
  stream(): AsyncIterable<Uint8Array>;
  /** `length` bytes from `position`, fewer at the end; absent where the source cannot seek (stdin). */
  readonly readAt?: (position: number, length: number) => Promise<Uint8Array>;
}

/** One thing that is about to leave: a file (or stdin), or a directory that stands for one unpacked bundle. */
export type Payload =
  | {
      readonly type: 'file';
      readonly name: Uint8Array;
      readonly bytes: ByteSource;
      /** What stands where a file should be; its bytes cannot be read. */
      readonly kind?: Exclude<EntryKind, 'pseudo'>;
    }
  | { readonly type: 'directory'; readonly name: Uint8Array; readonly entries: () => AsyncIterable<DirectoryEntry> };

/** An entry of an unpacked bundle; `path` is relative to its root, raw bytes, `/` between names, in code unit order. */
export interface DirectoryEntry {
  readonly path: Uint8Array;
  readonly kind: Exclude<EntryKind, 'pseudo'>;
  readonly linkTarget?: Uint8Array;
  /** For files; reading may fail, which is a gap of the entry. */
  readonly bytes?: ByteSource;
}
