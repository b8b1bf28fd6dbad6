/** Bytes of a tar block. */
export const BLOCK = 512;

/** Fields of a tar header: where they lie and how long they are (POSIX.1-2017 pax, "ustar Interchange Format"). */
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const UID = [108, 8] as const;
const GID = [116, 8] as const;
const SIZE = [124, 12] as const;
const MTIME = [136, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const LINK = [157, 100] as const;
const UNAME = [265, 32] as const;
const GNAME = [297, 32] as const;
const MAJOR = [329, 8] as const;
const MINOR = [337, 8] as const;
const PREFIX = [345, 155] as const;

export interface TarHeader {
  /** Name with its ustar prefix. */
  readonly name: Uint8Array;
  /** One Latin-1 character; a NUL byte is `'0'`. */
  readonly type: string;
  readonly size: number;
  readonly link: Uint8Array;
  readonly uname: Uint8Array;
  readonly gname: Uint8Array;
  readonly flavour: 'v7' | 'ustar' | 'gnu';
  /** Bytes lie in the header that no field accounts for. */
  readonly residue: boolean;
}

/** What is wrong with a block that should be a header. */
export type HeaderFault = 'checksum' | 'size';

export function isZeroBlock(block: Uint8Array): boolean {
  for (let at = 0; at < block.length; at += 1) if (block[at] !== 0) return false;
  return true;
}

/** The sum of all bytes with the checksum field as blanks; some old writers added signed bytes. */
export function checksumFits(block: Uint8Array): boolean {
  const stated = numeric(block, CHECKSUM);
  if (stated === undefined || Number.isNaN(stated)) return false;
  let unsigned = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) unsigned += block[at]!;
  for (let at = CHECKSUM[0]; at < CHECKSUM[0] + CHECKSUM[1]; at += 1) unsigned -= block[at]!;
  return stated === unsigned || stated === unsigned - 256 * highBytes(block);
}

/** Bytes over 127 outside of the checksum. */
function highBytes(block: Uint8Array): number {
  let high = 0;
  for (let at = 0; at < BLOCK; at += 1) {
    if (block[at]! > 127 && (at < CHECKSUM[0] || at >= CHECKSUM[0] + CHECKSUM[1])) high += 1;
  }
  return high;
}

/** Says if a block claims to be a header, be its checksum right or not: `ustar` and a version of POSIX or GNU. */
export function claimsHeader(block: Uint8Array): boolean {
  const magic = Buffer.from(block.subarray(257, 265)).toString('latin1');
  return magic === 'ustar\x0000' || magic === 'ustar  \0';
}

export function parseHeader(block: Uint8Array): TarHeader | HeaderFault {
  if (!checksumFits(block)) return 'checksum';
  const size = numeric(block, SIZE);
  if (size === undefined || Number.isNaN(size) || size < 0 || !Number.isSafeInteger(size)) return 'size';
  const flavour = flavourOf(block);
  const base = text(block, NAME);
  const prefix = flavour === 'ustar' ? text(block, PREFIX) : EMPTY;
  const name = prefix.length === 0 ? base : Buffer.concat([prefix, Buffer.from('/'), base]);
  const type = block[TYPE] === 0 ? '0' : String.fromCharCode(block[TYPE]!);
  const named = flavour !== 'v7';
  return {
    name,
    type,
    size,
    link: text(block, LINK),
    uname: named ? text(block, UNAME) : EMPTY,
    gname: named ? text(block, GNAME) : EMPTY,
    flavour,
    residue: hasResidue(block, flavour, type),
  };
}

function flavourOf(block: Uint8Array): TarHeader['flavour'] {
  const ustar =
    block[257] === 0x75 && block[258] === 0x73 && block[259] === 0x74 && block[260] === 0x61 && block[261] === 0x72;
  if (!ustar) return 'v7';
  return block[262] === 0x20 ? 'gnu' : 'ustar';
}

const EMPTY = new Uint8Array(0);

/** Up to the first NUL; a part of the block. */
function text(block: Uint8Array, [from, length]: readonly [number, number]): Uint8Array {
  let end = from;
  while (end < from + length && block[end] !== 0) end += 1;
  return end === from ? EMPTY : block.subarray(from, end);
}

/**
 * An octal or base-256 number; `undefined` for a field without digits, NaN for one that is no number.
 * Base 256: high bit set, two's complement over the rest (GNU tar manual, "Extensions to the Standard Format").
 */
export function numeric(block: Uint8Array, [from, length]: readonly [number, number]): number | undefined {
  const first = block[from]!;
  if (first & 0x80) {
    let value = (first & 0x3f) - (first & 0x40);
    for (let at = from + 1; at < from + length; at += 1) value = value * 256 + block[at]!;
    return value;
  }
  let at = from;
  const end = from + length;
  while (at < end && block[at] === 0x20) at += 1;
  let value: number | undefined;
  while (at < end && block[at]! >= 0x30 && block[at]! <= 0x37) {
    value = (value ?? 0) * 8 + block[at]! - 0x30;
    at += 1;
  }
  while (at < end && (block[at] === 0x20 || block[at] === 0)) at += 1;
  return at === end ? value : Number.NaN;
}

const TEXTS = [NAME, LINK, UNAME, GNAME] as const;
const NUMBERS = [MODE, UID, GID, MTIME, MAJOR, MINOR] as const;

/** Says if bytes stand behind the end of a text, in a number, or where the flavour has no field. */
function hasResidue(block: Uint8Array, flavour: TarHeader['flavour'], type: string): boolean {
  const texts = flavour === 'v7' ? TEXTS.slice(0, 2) : TEXTS;
  for (const field of texts) if (hasTrailing(block, field)) return true;
  // GNU tar writes device numbers into v7 headers too.
  for (const field of NUMBERS) if (Number.isNaN(numeric(block, field) ?? 0)) return true;
  if (flavour === 'v7') return !isZeroBlock(block.subarray(257, MAJOR[0])) || !isZeroBlock(block.subarray(PREFIX[0]));
  if (flavour === 'ustar') return hasTrailing(block, PREFIX) || !isZeroBlock(block.subarray(500));
  if (type === 'S') return !isZeroBlock(block.subarray(495));
  // GNU: access and change time, then what only sparse and multi-volume members use.
  return (
    Number.isNaN(numeric(block, [345, 12]) ?? 0) ||
    Number.isNaN(numeric(block, [357, 12]) ?? 0) ||
    !isZeroBlock(block.subarray(369))
  );
}

function hasTrailing(block: Uint8Array, [from, length]: readonly [number, number]): boolean {
  let at = from;
  const end = from + length;
  while (at < end && block[at] !== 0) at += 1;
  while (at < end && block[at] === 0) at += 1;
  return at < end;
}
