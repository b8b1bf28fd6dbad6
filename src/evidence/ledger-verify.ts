import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../model/index.ts';
import { openCheckpoint } from './checkpoint.ts';
import { readEvents } from './events.ts';
import { LedgerReader } from './ledger-reader.ts';
import { leafHash, subtreeOf } from './merkle.ts';
import { packEntries, tilePath, WIDTH } from './tile-files.ts';
import type { TrustStore } from './trust.ts';
import { isTemporary } from './whole-file.ts';

export interface LedgerCheck {
  readonly size: number;
  readonly sealed: number;
  readonly root: string;
  readonly problems: readonly string[];
  /** What was compared, and what a ledger alone cannot show. */
  readonly notices: readonly string[];
}

/**
 * Compares every byte of a ledger with what its entries give: signatures, chain, bundles, tiles, checkpoint, and the
 * checkpoints witnesses kept.
 */
export function verifyLedger(
  dir: string,
  trust: (reader: LedgerReader) => TrustStore,
  witnesses: readonly string[] = [],
): LedgerCheck {
  const problems: string[] = [];
  const notices: string[] = [];
  let reader: LedgerReader;
  try {
    reader = new LedgerReader(dir);
    readEvents(reader, trust(reader));
    compareFiles(reader, problems, notices);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    return { size: 0, sealed: 0, root: '', problems: [...problems, cause.message], notices };
  }
  const sealed = reader.checkpoint();
  for (const note of witnesses) {
    const seen = openCheckpoint(note, reader.identity.origin, reader.publicKey);
    if (!seen) problems.push('a witness checkpoint is not signed by this ledger');
    else if (seen.size > reader.size) problems.push(`${seen.size - reader.size} entries a witness has seen are gone`);
    else if (!reader.root(seen.size).equals(seen.root))
      problems.push(`the first ${seen.size} entries differ from what a witness has seen`);
  }
  if (sealed.size < reader.size) notices.push(`${reader.size - sealed.size} entries are not under a checkpoint yet`);
  if (witnesses.length === 0) {
    notices.push(
      'no witness checkpoint was given: whoever holds the checkpoint key could have written the ledger anew or cut its end',
    );
  }
  return { size: reader.size, sealed: sealed.size, root: reader.root().toString('hex'), problems, notices };
}

/** Makes all tiles and bundles anew from the entries and compares; nothing else may lie in the ledger. */
function compareFiles(reader: LedgerReader, problems: string[], notices: string[]): void {
  const entries = [...reader.allBytes()];
  const levels: Buffer[][] = [entries.map(leafHash)];
  for (let below = levels[0] as Buffer[]; below.length >= WIDTH; below = levels.at(-1) as Buffer[]) {
    const subtree = subtreeOf(below);
    levels.push(Array.from({ length: Math.floor(below.length / WIDTH) }, (_, index) => subtree(8, index)));
  }
  const sealed = reader.checkpoint().size === reader.size;
  const missing = new Set<string>();
  for (const [level, items] of [['entries', entries] as const, ...levels.entries()]) {
    for (let index = 0; index * WIDTH < items.length; index++) {
      const width = Math.min(WIDTH, items.length - index * WIDTH);
      if (width === WIDTH || sealed) missing.add(tilePath(level, index, width));
    }
  }
  for (const name of readdirSync(reader.dir, { recursive: true, encoding: 'utf8' })) {
    const known = name.replaceAll('\\', '/');
    if (OWN.has(known) || known.startsWith('lock.') || statSync(join(reader.dir, name)).isDirectory()) continue;
    if (isTemporary(known)) {
      notices.push(`${known} was left by a process that was killed`);
      continue;
    }
    missing.delete(known);
    const [, level = '', number = '', width = String(WIDTH)] =
      /^tile\/(entries|\d)\/([x\d/]+)(?:\.p\/(\d+))?$/.exec(known) ?? [];
    const first = Number(number.replaceAll(/[x/]/g, '')) * WIDTH;
    const items = (level === 'entries' ? entries : (levels[Number(level)] ?? [])).slice(first, first + Number(width));
    const bytes = level === 'entries' ? packEntries(items) : Buffer.concat(items);
    const named =
      items.length === Number(width) &&
      known === tilePath(level === 'entries' ? level : Number(level), first / WIDTH, items.length);
    if (level === '' || !named) problems.push(`${known} does not belong to the ledger`);
    else if (!bytes.equals(readFileSync(join(reader.dir, name)))) problems.push(`${known} differs from the entries`);
  }
  for (const path of missing) problems.push(`${path} is missing`);
}

const OWN: ReadonlySet<string> = new Set(['lock', 'private/checkpoint.pem', 'checkpoint', 'ledger.json', 'journal']);
