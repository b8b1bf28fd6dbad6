import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '../model/index.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { type Envelope, parseCanonical } from './dsse.ts';
import { parsePublicKey } from './keys.ts';
import { EMPTY_ROOT, leafHash, nodeHash, rangeRoot, type Subtree, subtreeOf } from './merkle.ts';
import { readTile, splitHashes, unpackEntries, WIDTH } from './tile-files.ts';

export const ENTRY_TYPES = ['audit', 'submit', 'approve', 'reject', 'revoke', 'release', 'export', 'key'] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** One line of the ledger. `envelope` is the signed act; the rest is the ledger's own. */
export interface LedgerEntry {
  readonly v: 1;
  readonly seq: number;
  /** Milliseconds since 1970, never less than the entry's before. */
  readonly time: number;
  readonly type: EntryType;
  /** Leaf hash of the entry before, hex; empty for the first. */
  readonly prev: string;
  readonly envelope: Envelope;
}

/** `ledger.json`: who the ledger is. */
export interface LedgerIdentity {
  readonly schema: 'clearance.ledger/1';
  readonly origin: string;
  /** Ed25519, PEM; signs checkpoints. */
  readonly publicKey: string;
  /** Key id of the administrator whose signature makes a trust store valid. */
  readonly trustRoot: string;
}

export class LedgerReader {
  readonly dir: string;
  readonly identity: LedgerIdentity;
  readonly publicKey: KeyObject;
  /** Entries of the bundle that is not full yet, and the number of its first. */
  protected tail: Buffer[];
  protected base: number;
  /** Hashes of the tiles that are not full yet, by tile level. */
  protected edges: Buffer[][] = [];
  private readonly tiles = new Map<string, Buffer[]>();

  constructor(dir: string) {
    if (!existsSync(join(dir, 'ledger.json'))) {
      throw new UsageError(`${dir} is no ledger`, ['make one with: clearance ledger init DIR']);
    }
    this.dir = realpathSync(dir);
    const identity = parseCanonical(readFileSync(join(this.dir, 'ledger.json'))) as LedgerIdentity | undefined;
    if (identity?.schema !== 'clearance.ledger/1') throw broken(this.dir, 'ledger.json is not as it was written');
    this.identity = identity;
    this.publicKey = parsePublicKey(identity.publicKey, 'ledger.json');
    [this.base, this.tail] = readJournal(this.dir);
    this.edges[0] = this.tail.map(leafHash);
    for (let level = 1, count = this.base / WIDTH; count > 0; level++, count = Math.floor(count / WIDTH)) {
      this.edges[level] = this.upperEdge(level, count);
    }
  }

  get size(): number {
    return this.base + this.tail.length;
  }

  /** The last checkpoint, its signature verified; entries after it are not sealed yet. */
  checkpoint(): Checkpoint {
    const path = join(this.dir, 'checkpoint');
    const found = existsSync(path)
      ? openCheckpoint(readFileSync(path, 'utf8'), this.identity.origin, this.publicKey)
      : undefined;
    if (!found) throw broken(this.dir, 'the checkpoint is missing or its signature is wrong');
    if (found.size > this.size)
      throw broken(this.dir, `${found.size - this.size} entries of the checkpoint are missing`);
    return found;
  }

  /** The bytes of an entry as they were hashed. */
  entryBytes(seq: number): Buffer {
    if (seq >= this.base) return this.tail[seq - this.base] as Buffer;
    return this.bundle(Math.floor(seq / WIDTH))[seq % WIDTH] as Buffer;
  }

  /** Every entry's bytes, in order, one bundle in memory at a time. */
  *allBytes(): Generator<Buffer> {
    for (let index = 0; index < this.base / WIDTH; index++) yield* this.bundle(index);
    yield* this.tail;
  }

  root(size = this.size): Buffer {
    return size === 0 ? EMPTY_ROOT : rangeRoot(this.subtree, 0, size);
  }

  readonly subtree: Subtree = (level, index) => {
    const tileLevel = Math.floor(level / 8);
    const span = 2 ** (level % 8);
    const first = index * span;
    const tile = this.tile(tileLevel, Math.floor(first / WIDTH));
    let hashes = tile.slice(first % WIDTH, (first % WIDTH) + span);
    if (hashes.length !== span) throw broken(this.dir, `tile ${tileLevel}/${Math.floor(first / WIDTH)} is too short`);
    while (hashes.length > 1) {
      hashes = Array.from({ length: hashes.length / 2 }, (_, i) =>
        nodeHash(hashes[2 * i] as Buffer, hashes[2 * i + 1] as Buffer),
      );
    }
    return hashes[0] as Buffer;
  };

  private tile(level: number, index: number): Buffer[] {
    if (index >= Math.floor(this.base / WIDTH ** (level + 1))) return this.edges[level] ?? [];
    const name = `${level}/${index}`;
    let hashes = this.tiles.get(name);
    if (!hashes) {
      const bytes = readTile(this.dir, level, index);
      if (bytes?.length !== WIDTH * 32) throw broken(this.dir, `tile ${name} is missing or has a wrong size`);
      hashes = splitHashes(bytes);
      if (this.tiles.size >= 1024) this.tiles.clear();
      this.tiles.set(name, hashes);
    }
    return hashes;
  }

  private bundle(index: number): Buffer[] {
    const bytes = readTile(this.dir, 'entries', index);
    const entries = bytes && unpackEntries(bytes);
    if (entries?.length !== WIDTH) throw broken(this.dir, `bundle ${index} is missing or damaged`);
    return entries;
  }

  /** From the partial tile where there is one, else made anew from the tiles below. */
  private upperEdge(level: number, count: number): Buffer[] {
    const [index, width] = [Math.floor(count / WIDTH), count % WIDTH];
    if (width === 0) return [];
    const bytes = readTile(this.dir, level, index, width);
    if (bytes?.length === width * 32) return splitHashes(bytes);
    return Array.from({ length: width }, (_, i) => subtreeOf(this.tile(level - 1, index * WIDTH + i))(8, 0));
  }
}

export const broken = (dir: string, what: string): DataError =>
  new DataError(
    `the ledger ${dir} is broken: ${what}`,
    [],
    ['run: clearance ledger verify; compare with a checkpoint kept elsewhere; do not write to it'],
  );

/**
 * The entries after the last full bundle, one a line after a header with the number of the first. A line without its
 * newline was never acknowledged (the process ended while writing it) and does not count.
 */
function readJournal(dir: string): [number, Buffer[]] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dir, 'journal'));
  } catch {
    throw broken(dir, 'the journal is missing');
  }
  const lines: Buffer[] = [];
  for (let at = 0, end = bytes.indexOf(10); end >= 0; at = end + 1, end = bytes.indexOf(10, at)) {
    lines.push(bytes.subarray(at, end));
  }
  const base = /^clearance-journal\/1 (0|[1-9]\d{0,14})$/.exec(lines.shift()?.toString('latin1') ?? '')?.[1];
  if (base === undefined || Number(base) % WIDTH !== 0) throw broken(dir, 'the journal has no header');
  if (lines.length > WIDTH) throw broken(dir, 'the journal is too long');
  return [Number(base), lines];
}

export const journalHeader = (base: number): string => `clearance-journal/1 ${base}\n`;
