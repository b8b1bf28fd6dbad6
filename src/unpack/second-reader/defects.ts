/** Something that a second reader is known to read otherwise. Our own walk says where it applies, never the other reader. */
export interface ReaderDefect {
  readonly reader: 'tar' | 'yauzl';
  /** What our walk saw. */
  readonly when: string;
  readonly reason: string;
  /** Files that the reader gives in place of the member. */
  readonly gives: 0 | 1;
}

/**
 * The closed list. Whatever differs and is not in it is the gap `readers-disagree`. That
 * `yauzl` finds no archive with data in front or behind needs no line: it is given the archive alone.
 */
export const READER_DEFECTS = {
  'tar-pax-sparse': {
    reader: 'tar',
    when: 'a sparse member that pax records describe (GNU 0.0, 0.1, 1.0)',
    reason: 'gives the stored pieces as they stand, in 1.0 with the map in front, and not the expanded file',
    gives: 1,
  },
  'tar-gnu-sparse': {
    reader: 'tar',
    when: 'a sparse member of type S (old GNU)',
    reason: 'passes over members of this type',
    gives: 0,
  },
  'yauzl-method': {
    reader: 'yauzl',
    when: 'a member whose method is not stored or Deflate',
    reason: 'decodes no other method',
    gives: 0,
  },
} as const satisfies Record<string, ReaderDefect>;

export type ReaderDefectId = keyof typeof READER_DEFECTS;
