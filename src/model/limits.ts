/** What one payload may cost. Every limit that is reached names itself in a gap; none is ever passed over in silence. */
export interface Limits {
  /** Bytes that all decoders of a payload may give together. */
  readonly bytes: number;
  /** Decoded bytes to bytes read from the payload, over the whole chain; armed after the first 64 MiB. */
  readonly ratio: number;
  /** Containers and codecs inside one another; the payload's own container is level 1. */
  readonly depth: number;
  readonly entries: number;
  /** Bytes of header data (long names, pax records, extra fields, comments) of one entry. */
  readonly entryMetadata: number;
  /** The same for all entries of one container. */
  readonly metadata: number;
  /** Bytes one decoder may keep (dictionary, window). */
  readonly memory: number;
  /** Seconds of wall time. */
  readonly time: number;
  /** Seconds in which a decoder that runs on its own must give something. */
  readonly stall: number;
}

const MiB = 2 ** 20;

export const DEFAULT_LIMITS: Limits = {
  bytes: 64 * 1024 * MiB,
  ratio: 250,
  depth: 16,
  entries: 500_000,
  entryMetadata: 1 * MiB,
  metadata: 256 * MiB,
  memory: 256 * MiB,
  time: 30 * 60,
  stall: 60,
};
