import type { Confidence } from '../../model/index.ts';

/** What a recogniser says of a match. */
export interface Recognition {
  readonly accepted: boolean;
  /** A step of the evidence, where there is more to say than the name of the recogniser. */
  readonly evidence?: string;
  /** How sure it is, where that depends on the match; otherwise the rule says. */
  readonly confidence?: Confidence;
}

/** What stands beside a value, at most `AROUND` bytes on either side: for structures that only their place tells. */
export interface Surroundings {
  readonly before: string;
  readonly after: string;
}

export const AROUND = 160;

/**
 * A structure that a pattern alone does not describe: the pattern finds candidates in linear time, `accept` parses one.
 * Values are latin1 text, one char per byte of the view.
 */
export interface Recogniser {
  readonly name: string;
  /** Where the structure is specified. */
  readonly source: string;
  readonly pattern: string;
  readonly group: number;
  readonly accept: (value: string, match: string, around: () => Surroundings) => Recognition;
}

export const REJECTED: Recognition = { accepted: false };
