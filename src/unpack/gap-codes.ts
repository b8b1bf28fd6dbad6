import type { Gap } from '../model/index.ts';

interface GapMeaning {
  readonly meaning: string;
  /** What a person can do about it. */
  readonly next: string;
  /** True where some byte was not examined, so that the entry is `unread`. */
  readonly unread: boolean;
}

const again = 'collect or transfer the file again';

/** The closed list of what can go wrong while unpacking; docs are made from it. */
export const GAP_CODES = {
  encrypted: { unread: true, meaning: 'content is encrypted', next: 'audit the content before it is encrypted' },
  unsupported: {
    unread: true,
    meaning: 'a known format, version or method that is not decoded',
    next: 'repack the content in a format that is read, such as tar, gzip or zip',
  },
  'not-decoded': {
    unread: true,
    meaning: 'a media or compressed format whose content is not looked into',
    next: 'take the file out, or have a person look at it',
  },
  'image-not-read': {
    unread: true,
    meaning: 'a picture in a document: what it shows is not read',
    next: 'have a person look at the document, or take it out',
  },
  'text-not-mapped': {
    unread: true,
    meaning: 'text in a font that has no map to characters',
    next: 'have a person look at the document, or take it out',
  },
  'high-entropy': {
    unread: true,
    meaning: 'bytes that look compressed or encrypted, in no format that is known',
    next: 'find out what the file is; take it out if nobody knows',
  },
  'embedded-archive': {
    unread: true,
    meaning: 'an archive lies inside a file of another format and was not opened',
    next: 'audit the archive on its own, or take the file out',
  },
  truncated: { unread: true, meaning: 'data ends before its format says so', next: again },
  corrupt: { unread: true, meaning: 'data breaks the rules of its format', next: again },
  'checksum-mismatch': { unread: true, meaning: 'a checksum of the format does not fit the data', next: again },
  'size-mismatch': { unread: true, meaning: 'a size the format states is not the real one', next: again },
  overlap: {
    unread: true,
    meaning: 'two members claim the same bytes of their archive',
    next: 'do not send: the archive was made to mislead readers',
  },
  'readers-disagree': {
    unread: true,
    meaning: 'a second reader gives other members, or cannot read the archive',
    next: 'repack the content with another program; if that changes nothing, report it',
  },
  'ledger-hole': {
    unread: true,
    meaning: 'bytes of a container were not accounted for',
    next: 'report this: it is a defect of clearance',
  },
  'read-error': { unread: true, meaning: 'the file could not be read', next: 'check permissions and the disk' },
  'link-not-followed': {
    unread: true,
    meaning: 'a symbolic link stands where a payload should be',
    next: 'put the file itself in its place, or take the link away',
  },
  'changed-while-read': {
    unread: true,
    meaning: 'the file changed while it was being read',
    next: 'wait until the file is complete, then audit again',
  },
  'no-space': {
    unread: true,
    meaning: 'a nested archive could not be spooled to a temporary file',
    next: 'make room in the temporary folder, or set TMPDIR to a larger one',
  },
  'over-bytes': { unread: true, meaning: 'the limit of decoded bytes was reached', next: 'raise --max-bytes' },
  'over-ratio': { unread: true, meaning: 'the limit of the expansion ratio was reached', next: 'raise --max-ratio' },
  'over-depth': { unread: true, meaning: 'the limit of nesting was reached', next: 'raise --max-depth' },
  'over-entries': { unread: true, meaning: 'the limit of entries was reached', next: 'raise --max-entries' },
  'over-metadata': { unread: true, meaning: 'the limit of header data was reached', next: 'raise --max-metadata' },
  'over-memory': { unread: true, meaning: 'the limit of decoder memory was reached', next: 'raise --max-memory' },
  'over-time': { unread: true, meaning: 'the time limit was reached', next: 'raise --max-time' },
  'unsafe-path': {
    unread: false,
    meaning: 'a name that would leave the folder it is extracted to',
    next: 'do not send: repack with relative names',
  },
  'link-outside': {
    unread: false,
    meaning: 'a link that points out of the archive',
    next: 'repack without the link, or with what it points to',
  },
  device: { unread: false, meaning: 'a device, fifo or socket', next: 'repack without it' },
  'data-in-link': {
    unread: false,
    meaning: 'a link, directory or device that carries data other readers pass over',
    next: 'do not send: the archive was made to mislead readers',
  },
  'duplicate-name': { unread: false, meaning: 'a name occurs more than once', next: 'repack with each file once' },
  'case-collision': {
    unread: false,
    meaning: 'two names differ in case only',
    next: 'repack with names that differ on every system',
  },
  'unicode-collision': {
    unread: false,
    meaning: 'two names differ in Unicode form only',
    next: 'repack with names that differ on every system',
  },
  'header-mismatch': {
    unread: false,
    meaning: 'two headers of one member contradict each other',
    next: 'repack: readers would see different content',
  },
  'xml-doctype': {
    unread: false,
    meaning: 'an XML document with a DOCTYPE, which may define or fetch text',
    next: 'have a person look at the document',
  },
} as const satisfies Record<string, GapMeaning>;

export type GapCode = keyof typeof GAP_CODES;

/** Says if an entry with this gap is `unread`. Codes of other rooms are taken as such: fail closed. */
export function isUnread(gap: Gap): boolean {
  const known: Record<string, GapMeaning> = GAP_CODES;
  return known[gap.code]?.unread ?? true;
}
