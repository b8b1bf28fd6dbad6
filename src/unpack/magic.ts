import type { GapCode } from './gap-codes.ts';

/** A format that is recognised by its first bytes but is no container of this room. */
export interface Magic {
  readonly media: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Absent for plain binaries, whose strings the byte views reach. */
  readonly gap?: { readonly code: GapCode; readonly detail: string };
  /** A second look where the first bytes alone are too few. */
  readonly confirm?: (head: Uint8Array) => boolean;
}

const encrypted = (what: string) => ({ code: 'encrypted', detail: `${what} is encrypted` }) as const;
const media = (what: string) => ({ code: 'not-decoded', detail: `${what} content is not looked into` }) as const;
const unsupported = (what: string) => ({ code: 'unsupported', detail: `${what} is not decoded` }) as const;

/** Written as Latin-1 text. */
const at = (offset: number, text: string, type: string, gap?: Magic['gap'], confirm?: Magic['confirm']): Magic => ({
  media: type,
  offset,
  bytes: Buffer.from(text, 'latin1'),
  ...(gap && { gap }),
  ...(confirm && { confirm }),
});

const riff = (kind: string) => (head: Uint8Array) => Buffer.from(head.subarray(8, 12)).toString('latin1') === kind;

const TABLE: readonly Magic[] = [
  at(0, '-----BEGIN PGP MESSAGE-----', 'application/pgp-encrypted', encrypted('a PGP message')),
  at(0, 'age-encryption.org/v1', 'application/x-age', encrypted('an age file')),
  at(0, '-----BEGIN AGE ENCRYPTED FILE-----', 'application/x-age', encrypted('an age file')),
  at(0, 'Salted__', 'application/x-openssl-enc', encrypted('an OpenSSL enc file')),
  at(0, 'U2FsdGVkX1', 'application/x-openssl-enc', encrypted('an OpenSSL enc file in base64')),
  at(0, 'LUKS\xba\xbe', 'application/x-luks', encrypted('a LUKS volume')),
  at(0, 'SKUL\xba\xbe', 'application/x-luks', encrypted('a LUKS volume')),
  at(0, '$ANSIBLE_VAULT;', 'application/x-ansible-vault', encrypted('an Ansible vault')),
  at(0, 'AES\x02', 'application/x-aescrypt', encrypted('an AES Crypt file')),
  at(3, '-FVE-FS-', 'application/x-bitlocker', encrypted('a BitLocker volume')),
  at(0, '7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed', unsupported('7z')),
  at(0, 'Rar!\x1a\x07', 'application/vnd.rar', unsupported('RAR')),
  at(0, 'MSCF\0\0\0\0', 'application/vnd.ms-cab-compressed', unsupported('a cabinet')),
  at(32769, 'CD001', 'application/x-iso9660-image', unsupported('an ISO image')),
  at(0, 'xar!', 'application/x-xar', unsupported('xar')),
  at(0, '\x1f\x8b', 'application/gzip', unsupported('gzip of an unknown method')),
  at(0, 'BZh', 'application/x-bzip2', unsupported('a bzip2 variant'), (head) => head[3]! >= 0x31 && head[3]! <= 0x39),
  at(0, '\xfd7zXZ\0', 'application/x-xz', unsupported('xz')),
  at(0, '\x28\xb5\x2f\xfd', 'application/zstd', unsupported('zstd')),
  at(0, '\x04\x22\x4d\x18', 'application/x-lz4', unsupported('lz4')),
  at(0, '\x02\x21\x4c\x18', 'application/x-lz4', unsupported('legacy lz4')),
  at(
    0,
    '\x1f\x9d',
    'application/x-compress',
    unsupported('compress (.Z)'),
    (head) => (head[2]! & 0x60) === 0 && (head[2]! & 0x1f) >= 9 && (head[2]! & 0x1f) <= 16,
  ),
  at(0, '\x1f\x1e', 'application/x-pack', unsupported('pack (.z)'), (head) => head[2] === 0 && head[3] === 0),
  at(0, '\x1f\xa0', 'application/x-lzh', unsupported('compress -H')),
  at(0, 'LZIP', 'application/x-lzip', unsupported('lzip'), (head) => head[4] === 1),
  at(0, '\x89LZO\0\r\n\x1a\n', 'application/x-lzop', unsupported('lzop')),
  at(0, 'LRZI', 'application/x-lrzip', unsupported('lrzip')),
  at(0, '\xff\x06\0\0sNaPpY', 'application/x-snappy-framed', unsupported('snappy')),
  at(
    0,
    '\x5d\0\0',
    'application/x-lzma',
    unsupported('lzma'),
    (head) => head.length > 13 && (head[12] === 0xff || head[12] === 0),
  ),
  at(0, '\x60\xea', 'application/x-arj', unsupported('ARJ')),
  at(2, '-lh', 'application/x-lha', unsupported('LHA'), (head) => head[6] === 0x2d),
  at(2, '-lz', 'application/x-lha', unsupported('LHA'), (head) => head[6] === 0x2d),
  at(20, '\xdc\xa7\xc4\xfd', 'application/x-zoo', unsupported('zoo')),
  at(0, 'hsqs', 'application/vnd.squashfs', unsupported('squashfs')),
  at(0, 'sqsh', 'application/vnd.squashfs', unsupported('squashfs')),
  at(0, '\xff\xd8\xff', 'image/jpeg', media('JPEG')),
  at(0, '\x89PNG\r\n\x1a\n', 'image/png', media('PNG')),
  at(0, 'GIF87a', 'image/gif', media('GIF')),
  at(0, 'GIF89a', 'image/gif', media('GIF')),
  at(0, 'RIFF', 'image/webp', media('WebP'), riff('WEBP')),
  at(0, 'RIFF', 'video/x-msvideo', media('AVI'), riff('AVI ')),
  at(4, 'ftyp', 'video/mp4', media('MP4')),
  at(0, '\x1a\x45\xdf\xa3', 'video/x-matroska', media('Matroska')),
  at(0, 'OggS\0', 'audio/ogg', media('Ogg')),
  at(0, 'fLaC', 'audio/flac', media('FLAC')),
  at(0, 'ID3', 'audio/mpeg', media('MP3'), (head) => head[3]! < 10 && head[4]! < 10),
  at(0, '%PDF-', 'application/pdf', media('PDF')),
  at(0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage', media('an OLE compound file')),
  // Text in these is permuted or compressed without looking so (MS-PST, section 5.1).
  at(0, '!BDN', 'application/vnd.ms-outlook-pst', media('an Outlook store')),
  at(0, '\x1a\0\0\x04', 'application/vnd.lotus-notes', media('a Notes database')),
  at(0, 'wOFF', 'font/woff', media('WOFF')),
  at(0, 'wOF2', 'font/woff2', media('WOFF2')),
  at(0, '\x7fELF', 'application/x-elf'),
  at(0, '\x01\xdf\0', 'application/x-xcoff'),
  at(0, '\x01\xf7\0', 'application/x-xcoff'),
  at(
    0,
    'MZ',
    'application/vnd.microsoft.portable-executable',
    undefined,
    (head) => head.length > 64 && head.includes(0),
  ),
  at(0, '\xca\xfe\xba\xbe', 'application/java-vm'),
  at(0, 'JAVA PROFILE 1.0.', 'application/x-java-hprof'),
  at(0, 'SQLite format 3\0', 'application/vnd.sqlite3'),
  at(0, '\xd4\xc3\xb2\xa1', 'application/vnd.tcpdump.pcap'),
  at(0, '\xa1\xb2\xc3\xd4', 'application/vnd.tcpdump.pcap'),
  at(0, '\x0a\x0d\x0d\x0a', 'application/x-pcapng'),
  at(0, 'LPKSHHRH', 'application/x-systemd-journal'),
];

/** Formats with their mark at the start, by its first byte, and those that have it further in. */
const BY_FIRST_BYTE: (Magic[] | undefined)[] = [];
const INSIDE = TABLE.filter(({ offset }) => offset > 0);
for (const magic of TABLE) {
  if (magic.offset > 0) continue;
  const list = BY_FIRST_BYTE[magic.bytes[0]!] ?? [];
  list.push(magic);
  BY_FIRST_BYTE[magic.bytes[0]!] = list;
}

/** First three bytes of the formats here that are a gap, where they begin with so many. */
export const MAGIC_STARTS: readonly Uint8Array[] = TABLE.filter(
  ({ offset, bytes, gap }) => gap !== undefined && offset === 0 && bytes.length >= 3,
).map(({ bytes }) => bytes.subarray(0, 3));

/** Bytes of the start of an entry that `recognise` wants to see. */
export const MAGIC_REACH = 32769 + 5;

/** The tables's first format that the start of an entry fits. */
export function recognise(head: Uint8Array): Magic | undefined {
  const matches = (magic: Magic): boolean => fits(head, magic) && (magic.confirm?.(head) ?? true);
  return BY_FIRST_BYTE[head[0] ?? 0]?.find(matches) ?? INSIDE.find(matches) ?? pgpPacket(head);
}

function fits(head: Uint8Array, magic: Magic): boolean {
  const { bytes, offset } = magic;
  if (head.length < offset + bytes.length || head[offset] !== bytes[0]) return false;
  for (let i = 1; i < bytes.length; i += 1) if (head[offset + i] !== bytes[i]) return false;
  return true;
}

/**
 * Binary OpenPGP that is encrypted begins with a session key packet (RFC 9580, section 5.1 and 5.3, packet tags 1 and 3)
 * or with the encrypted data itself (tags 9, 18, 20).
 */
function pgpPacket(head: Uint8Array): Magic | undefined {
  const first = head[0] ?? 0;
  if ((first & 0x80) === 0 || head.length < 16) return undefined;
  const newFormat = (first & 0x40) !== 0;
  const tag = newFormat ? first & 0x3f : (first & 0x3c) >> 2;
  const lengthBytes = newFormat
    ? head[1]! < 192
      ? 1
      : head[1]! < 224
        ? 2
        : head[1] === 255
          ? 5
          : 1
    : [1, 2, 4, 0][first & 3]!;
  const version = head[1 + lengthBytes];
  const next = head[2 + lengthBytes]!;
  const isSession =
    (tag === 1 && (version === 3 || version === 6)) ||
    (tag === 3 && (version === 4 || version === 5 || version === 6) && next < 14);
  const isData = newFormat && (tag === 18 || tag === 20) && (version === 1 || version === 2);
  if (!isSession && !isData) return undefined;
  if (isSession && lengthBytes === 1 && head[1]! > 64 && tag === 3) return undefined;
  return {
    media: 'application/pgp-encrypted',
    offset: 0,
    bytes: head.subarray(0, 1),
    gap: encrypted('an OpenPGP message'),
  };
}
