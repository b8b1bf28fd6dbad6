/** What the worker is started with. */
export interface SevenZipJob {
  /** The archive, shared. */
  readonly archive: SharedArrayBuffer;
  /** The program's word for the format: nothing else is tried. */
  readonly type: string;
  /** One number: pieces the reader has taken. The worker waits on it, so that it is never far ahead. */
  readonly taken: SharedArrayBuffer;
  /** Bytes the decoder's memory may grow to. */
  readonly memory: number;
}

/** What the worker says, in this order: `listed` (or `failed`), any number of `piece`, `done`. */
export type SevenZipMessage =
  | { readonly type: 'absent' }
  | { readonly type: 'listed'; readonly text: string; readonly code: number; readonly errors: string }
  | { readonly type: 'piece'; readonly bytes: Uint8Array }
  | { readonly type: 'done'; readonly code: number; readonly errors: string };

/** Pieces that may be under way. */
export const AHEAD = 4;
