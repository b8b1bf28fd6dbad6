/** What a recogniser says of a match. */
export interface Recognition {
  readonly accepted: boolean;
  /** A step of the evidence, where there is more to say than the name of the recogniser. */
  readonly evidence?: string;
}

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
  readonly accept: (value: string, match: string) => Recognition;
}

export const REJECTED: Recognition = { accepted: false };
