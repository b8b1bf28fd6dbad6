import type { Coverage, ItemRef } from '../model/index.ts';
import type { ContentKind } from './definition.ts';
import type { Inventory } from './inventory.ts';

/** Whether the entry's bytes may look random: documented dumps and cores, and what lies in them. */
export function acceptsRaw(inventory: Inventory, ref: ItemRef | undefined): boolean {
  return kindsOf(inventory, ref).includes('dump');
}

/**
 * Whether what an entry turned out to be agrees with what its item may hold. Conservative: without an item, and for
 * bytes that were recognised as nothing in particular and could not be read, there is no disagreement.
 */
export function mediaFits(inventory: Inventory, ref: ItemRef | undefined, media: string, coverage: Coverage): boolean {
  const kinds = kindsOf(inventory, ref);
  const type = media.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (kinds.length === 0 || kinds.includes('dump') || isEmpty(type)) return true;
  // A log that a crash filled with zeros is of no known format and still the log: random bytes are unread anyway.
  if (type === 'application/octet-stream' || type === '') {
    return kinds.includes('binary') || kinds.includes('text') || coverage === 'unread';
  }
  if (isXml(type)) return kinds.includes('xml') || kinds.includes('text');
  if (isText(type)) return kinds.includes('text');
  if (isContainerMedia(type)) return kinds.includes('archive');
  return false;
}

function kindsOf(inventory: Inventory, ref: ItemRef | undefined): readonly ContentKind[] {
  return (ref?.id && inventory.item(ref.id)?.content) || [];
}

/** Media types of things with members, and of encrypted ones, whose members cannot be seen. */
const CONTAINERS = new Set(
  [
    ...['gzip', 'tar', 'gtar', 'ustar', 'zip', 'zip-compressed', 'bzip', 'bzip2', 'xz', 'lzma', 'lzip', 'lzop', 'lz4'],
    ...[
      'zstd',
      'compress',
      'pack',
      'lha',
      'lzh',
      'arj',
      'zoo',
      'xar',
      'lrzip',
      'snappy-framed',
      'cpio',
      'archive',
      'ar',
    ],
    ...[
      'unix-archive',
      'rpm',
      'debian-package',
      'vnd.debian.binary-package',
      '7z-compressed',
      'rar',
      'vnd.rar',
      'dump',
    ],
    ...['iso9660-image', 'vnd.ms-cab-compressed', 'vnd.squashfs', 'openssl-enc', 'pgp-encrypted', 'age', 'luks'],
    ...['bitlocker', 'aescrypt', 'ansible-vault'],
  ].flatMap((name) => [`application/${name}`, `application/x-${name}`]),
);

/** Archives and compressed files: things with members. */
export function isContainerMedia(media: string): boolean {
  return CONTAINERS.has(media.split(';', 1)[0]?.trim().toLowerCase() ?? '');
}

function isEmpty(type: string): boolean {
  return type === 'application/x-empty' || type === 'inode/x-empty';
}

function isXml(type: string): boolean {
  return type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml');
}

function isText(type: string): boolean {
  return type.startsWith('text/') || /^application\/(?:json|x-ndjson|yaml|x-yaml|toml|x-sh|javascript)$/.test(type);
}
