import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceWhole } from './whole-file.ts';

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles). */
export const WIDTH = 256;

/** `67` is `067`, `1234067` is `x001/x234/067`. */
function tileNumber(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

/** Path of a tile below the log: `tile/0/067`, or `tile/0/067.p/5` for one of 5 hashes. Level `entries` holds bundles. */
export function tilePath(level: number | 'entries', index: number, width = WIDTH): string {
  return `tile/${level}/${tileNumber(index)}${width === WIDTH ? '' : `.p/${width}`}`;
}

export function readTile(dir: string, level: number | 'entries', index: number, width = WIDTH): Buffer | undefined {
  const path = join(dir, tilePath(level, index, width));
  return existsSync(path) ? readFileSync(path) : undefined;
}

export function writeTile(
  dir: string,
  level: number | 'entries',
  index: number,
  width: number,
  bytes: Buffer,
  durable: boolean,
): void {
  const path = join(dir, tilePath(level, index, width));
  mkdirSync(dirname(path), { recursive: true });
  replaceWhole(path, bytes, 0o644, durable);
  const partial = join(dir, `${tilePath(level, index)}.p`);
  if (width === WIDTH) rmSync(partial, { recursive: true, force: true });
  else for (const name of readdirSync(partial)) if (name !== String(width)) rmSync(join(partial, name));
}

/** Entries with a big-endian 16-bit length before each. */
export function packEntries(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** `undefined` where the lengths do not add up. */
export function unpackEntries(bundle: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) return undefined;
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

export const splitHashes = (tile: Buffer): Buffer[] =>
  Array.from({ length: Math.floor(tile.length / 32) }, (_, i) => tile.subarray(i * 32, i * 32 + 32));
