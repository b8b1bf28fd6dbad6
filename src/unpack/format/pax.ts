/** Records of a pax extended header that matter to the walk (POSIX.1-2017 pax, and GNU tar's sparse formats). */
export interface PaxRecords {
  path?: Uint8Array;
  linkpath?: Uint8Array;
  size?: number;
  uname?: Uint8Array;
  gname?: Uint8Array;
  sparse?: { major?: number; size?: number; name?: Uint8Array; numbers: number[] };
}

export interface PaxBlock {
  readonly records: PaxRecords;
  /** Text stands in it that no member's name or number accounts for. */
  readonly extra: boolean;
  /** It is no list of records. */
  readonly broken: boolean;
}

const NUMBER = /^-?[0-9]*\.?[0-9]*$/;
const PLAIN_NUMBERS = new Set([
  'atime',
  'mtime',
  'ctime',
  'uid',
  'gid',
  'LIBARCHIVE.creationtime',
  'SCHILY.dev',
  'SCHILY.ino',
  'SCHILY.nlink',
  'GNU.sparse.minor',
  'GNU.sparse.numblocks',
]);

/** Parses `LENGTH KEY=VALUE\n` records. */
export function parsePax(bytes: Uint8Array): PaxBlock {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: PaxRecords = {};
  const seen = new Set<string>();
  let extra = false;
  let at = 0;
  while (at < text.length) {
    const blank = text.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 12 ? '' : text.toString('latin1', at, blank);
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = text.indexOf(0x3d, blank);
    if (length < 5 || end > text.length || text[end - 1] !== 0x0a || equals < 0 || equals >= end) {
      return { records, extra: true, broken: true };
    }
    const key = text.toString('utf8', blank + 1, equals);
    const value = text.subarray(equals + 1, end - 1);
    const known = take(records, key, value);
    const repeats = key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes';
    if (!known || (seen.has(key) && !repeats)) extra = true;
    seen.add(key);
    at = end;
  }
  return { records, extra, broken: false };
}

/** Notes one record; false if its value has to be looked at as text. */
function take(records: PaxRecords, key: string, value: Buffer): boolean {
  if (key === 'path') records.path = Uint8Array.from(value);
  else if (key === 'linkpath') records.linkpath = Uint8Array.from(value);
  else if (key === 'uname') records.uname = Uint8Array.from(value);
  else if (key === 'gname') records.gname = Uint8Array.from(value);
  else if (key === 'hdrcharset') return /^(BINARY|ISO-IR 10646 2000 UTF-8)$/.test(value.toString('latin1'));
  else return takeNumber(records, key, value.toString('latin1'));
  return true;
}

function takeNumber(records: PaxRecords, key: string, value: string): boolean {
  if (PLAIN_NUMBERS.has(key)) return NUMBER.test(value);
  if (key === 'GNU.sparse.map') {
    sparse(records).numbers.push(...value.split(',').map(Number));
    return /^[0-9,]*$/.test(value);
  }
  if (key === 'GNU.sparse.name') {
    sparse(records).name = Buffer.from(value, 'latin1');
    return true;
  }
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (key === 'size') records.size = number;
  else if (key === 'GNU.sparse.major') sparse(records).major = number;
  else if (key === 'GNU.sparse.size' || key === 'GNU.sparse.realsize') sparse(records).size = number;
  else if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') sparse(records).numbers.push(number);
  else return false;
  return !Number.isNaN(number);
}

function sparse(records: PaxRecords): NonNullable<PaxRecords['sparse']> {
  records.sparse ??= { numbers: [] };
  return records.sparse;
}
