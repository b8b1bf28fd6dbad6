import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, DataError, UsageError } from '../model/index.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { Envelope } from './dsse.ts';
import { publicPem, readSecretFile, writePrivateKey } from './keys.ts';
import { lockDirectory } from './ledger-lock.ts';
import {
  broken,
  type EntryType,
  journalHeader,
  type LedgerEntry,
  type LedgerIdentity,
  LedgerReader,
  notALedger,
} from './ledger-reader.ts';
import { leafHash, subtreeOf } from './merkle.ts';
import { packEntries, WIDTH, writeTile } from './tile-files.ts';
import { createWhole, isTemporary, replaceWhole } from './whole-file.ts';

/** Largest entry an entry bundle can carry. */
const LARGEST = 0xffff;

/** Makes an empty ledger; `trustRoot` is the key id of the administrator. @throws UsageError where something is there */
export function initLedger(
  dir: string,
  trustRoot: string,
  name = `clearance/${randomBytes(8).toString('hex')}`,
): LedgerIdentity {
  mkdirSync(join(dir, 'private'), { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  // The name in every checkpoint and every act also names the administrator, so that neither can be exchanged.
  const origin = `${name}/${trustRoot}`;
  const identity: LedgerIdentity = {
    schema: 'clearance.ledger/1',
    origin,
    publicKey: publicPem(publicKey),
    trustRoot,
  };
  // The key first: a ledger exists from the moment its identity does.
  writePrivateKey(join(dir, 'private', 'checkpoint.pem'), privateKey, undefined);
  createWhole(join(dir, 'journal'), journalHeader(0));
  const checkpoint = {
    origin,
    size: 0,
    root: Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex'),
  };
  createWhole(join(dir, 'checkpoint'), signCheckpoint(checkpoint, privateKey, publicKey));
  createWhole(join(dir, 'ledger.json'), canonicalJson(identity));
  return identity;
}

/** The one writer of a ledger. Entries are acknowledged when `append` returns; `seal` signs what there is. */
export class Ledger extends LedgerReader {
  private readonly secret: KeyObject;
  private readonly unlock: () => void;
  private readonly durable: boolean;
  private journal: number;
  private journalSize: number;
  private last: { hash: string; time: number };
  private sealed: number;

  /** @param durable false leaves out fsync: safe against a killed process, not against a power cut */
  static async open(dir: string, durable = true): Promise<Ledger> {
    if (!existsSync(join(dir, 'ledger.json'))) throw notALedger(dir);
    const { unlock, takenOver } = await lockDirectory(dir);
    try {
      if (takenOver) removeTemporary(dir);
      return new Ledger(dir, unlock, durable);
    } catch (cause) {
      unlock();
      throw cause;
    }
  }

  private constructor(dir: string, unlock: () => void, durable: boolean) {
    super(dir);
    this.unlock = unlock;
    this.durable = durable;
    this.secret = createPrivateKey(readSecretFile(join(this.dir, 'private', 'checkpoint.pem')));
    this.sealed = this.checkpoint().size;
    if (!this.root(this.sealed).equals(this.checkpoint().root))
      throw broken(this.dir, 'its entries do not give the root that was signed');
    this.journal = openSync(join(this.dir, 'journal'), 'a');
    this.journalSize = journalHeader(this.base).length + this.tail.reduce((sum, line) => sum + line.length + 1, 0);
    // What a killed process left of a line it never acknowledged.
    if (fstatSync(this.journal).size > this.journalSize) ftruncateSync(this.journal, this.journalSize);
    const before = this.size === 0 ? undefined : this.entryBytes(this.size - 1);
    this.last = before
      ? { hash: leafHash(before).toString('hex'), time: (JSON.parse(before.toString('utf8')) as LedgerEntry).time }
      : { hash: '', time: 0 };
    if (this.tail.length === WIDTH) this.foldTail();
  }

  /** Adds an entry and returns its number; it is on disk when this returns. @throws DataError where the clock went back */
  append(type: EntryType, envelope: Envelope, time: number): number {
    if (time < this.last.time) {
      throw new DataError(
        'the clock is behind the last entry of the ledger',
        [],
        ['set the clock; nothing was written'],
      );
    }
    const seq = this.size;
    const entry: LedgerEntry = { v: 1, seq, time, type, prev: this.last.hash, envelope };
    const bytes = Buffer.from(canonicalJson(entry));
    if (bytes.length > LARGEST)
      throw new UsageError(`the entry has ${bytes.length} bytes, ${LARGEST} is the most a ledger takes`);
    this.writeLine(Buffer.concat([bytes, Buffer.from('\n')]));
    this.tail.push(bytes);
    const hash = leafHash(bytes);
    (this.edges[0] as Buffer[]).push(hash);
    this.last = { hash: hash.toString('hex'), time };
    if (this.tail.length === WIDTH) this.foldTail();
    return seq;
  }

  /** Writes the partial tiles and a signed checkpoint over all entries. */
  seal(): void {
    if (this.sealed === this.size) return;
    const width = this.tail.length;
    if (width > 0) writeTile(this.dir, 'entries', this.base / WIDTH, width, packEntries(this.tail), this.durable);
    for (const [level, hashes] of this.edges.entries()) this.writeEdge(level, hashes);
    const checkpoint = { origin: this.identity.origin, size: this.size, root: this.root() };
    this.note = signCheckpoint(checkpoint, this.secret, this.publicKey);
    replaceWhole(join(this.dir, 'checkpoint'), this.note, 0o644, this.durable);
    this.sealed = this.size;
  }

  /** Seals and gives the ledger free. */
  close(): void {
    try {
      this.seal();
    } finally {
      closeSync(this.journal);
      this.unlock();
    }
  }

  private writeLine(line: Buffer): void {
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.journal, line, done);
      if (this.durable) fdatasyncSync(this.journal);
      this.journalSize += line.length;
    } catch (cause) {
      ftruncateSync(this.journal, this.journalSize);
      throw new DataError(`the ledger cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, []);
    }
  }

  private writeEdge(level: number, hashes: readonly Buffer[]): void {
    if (hashes.length === 0) return;
    const index = Math.floor(this.size / WIDTH ** (level + 1));
    writeTile(this.dir, level, index, hashes.length, Buffer.concat(hashes), this.durable);
  }

  /**
   * A full tail becomes a bundle and a tile, and the journal starts anew. Every step writes a whole file whose contents
   * are given by the entries, so that a process killed in between repeats it with the same bytes.
   */
  private foldTail(): void {
    const index = this.base / WIDTH;
    writeTile(this.dir, 'entries', index, WIDTH, packEntries(this.tail), this.durable);
    for (let level = 0; this.edges[level]?.length === WIDTH; level++) {
      const hashes = this.edges[level] as Buffer[];
      const at = Math.floor(index / WIDTH ** level);
      writeTile(this.dir, level, at, WIDTH, Buffer.concat(hashes), this.durable);
      const above = this.edges[level + 1] ?? [];
      above.push(subtreeOf(hashes)(8, 0));
      this.edges[level + 1] = above;
      this.edges[level] = [];
    }
    this.base += WIDTH;
    this.tail = [];
    for (const [level, hashes] of this.edges.entries()) this.writeEdge(level, hashes);
    replaceWhole(join(this.dir, 'journal'), journalHeader(this.base), 0o644, this.durable);
    closeSync(this.journal);
    this.journal = openSync(join(this.dir, 'journal'), 'a');
    this.journalSize = journalHeader(this.base).length;
  }
}

/** Files a killed process was about to rename. */
function removeTemporary(dir: string): void {
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    if (isTemporary(name)) rmSync(join(dir, name), { force: true });
  }
}
