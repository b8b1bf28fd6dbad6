import { canonicalJson, UsageError } from '../model/index.ts';
import type { LedgerReader } from './ledger-reader.ts';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  rangeRoot,
  subtreeOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';
import { entryLeaves, type ResultFile } from './result-file.ts';

/** Proofs of RFC 6962 trees (`schemas/proof.schema.json`): hashes in base64, from the leaf upwards. */
export type Proof =
  | {
      readonly schema: 'clearance.proof/1';
      readonly type: 'inclusion' | 'entry';
      readonly index: number;
      readonly size: number;
      readonly root: string;
      readonly hashes: readonly string[];
      readonly leaf: string;
    }
  | {
      readonly schema: 'clearance.proof/1';
      readonly type: 'consistency';
      readonly oldSize: number;
      readonly oldRoot: string;
      readonly size: number;
      readonly root: string;
      readonly hashes: readonly string[];
    };

const base64 = (hash: Buffer): string => hash.toString('base64');

/** `leaf` is the entry's canonical JSON as text. */
export function proveInclusion(reader: LedgerReader, seq: number): Proof {
  const { size, root } = reader.checkpoint();
  if (seq >= size)
    throw new UsageError(`entry ${seq} is not under the checkpoint`, [`it covers ${size} entries, counted from 0`]);
  const hashes = inclusionProof(reader.subtree, seq, size).map(base64);
  return {
    schema: 'clearance.proof/1',
    type: 'inclusion',
    index: seq,
    size,
    root: base64(root),
    hashes,
    leaf: reader.entryBytes(seq).toString('utf8'),
  };
}

export function proveConsistency(reader: LedgerReader, old: number): Proof {
  const { size, root } = reader.checkpoint();
  if (old > size) throw new UsageError(`the ledger has ${size} entries, not ${old}`);
  const hashes = consistencyProof(reader.subtree, old, size).map(base64);
  return {
    schema: 'clearance.proof/1',
    type: 'consistency',
    oldSize: old,
    oldRoot: base64(reader.root(old)),
    size,
    root: base64(root),
    hashes,
  };
}

/** What one file of a result was judged, against the root in its attestation; the other names stay unknown. */
export function proveEntry(result: ResultFile, index: number): Proof {
  const leaves = entryLeaves(result);
  const entry = result.entries[index];
  if (!entry) throw new UsageError(`the result has ${leaves.length} entries, counted from 0`);
  const subtree = subtreeOf(leaves);
  const hashes = inclusionProof(subtree, index, leaves.length).map(base64);
  return {
    schema: 'clearance.proof/1',
    type: 'entry',
    index,
    size: leaves.length,
    root: base64(rangeRoot(subtree, 0, leaves.length)),
    hashes,
    leaf: canonicalJson(entry),
  };
}

/** Whether a proof holds for the roots it names; whether these are the right roots, a checkpoint or attestation says. */
export function verifyProof(proof: Proof): boolean {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const hashes = proof.hashes.map(bytes);
  return proof.type === 'consistency'
    ? verifyConsistency(proof.oldSize, proof.size, bytes(proof.oldRoot), bytes(proof.root), hashes)
    : verifyInclusion(leafHash(Buffer.from(proof.leaf)), proof.index, proof.size, hashes, bytes(proof.root));
}
