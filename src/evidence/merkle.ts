import { createHash } from 'node:crypto';

/** RFC 6962 section 2.1: leaves and inner nodes are hashed under different prefixes. */
export const leafHash = (data: Uint8Array): Buffer => createHash('sha256').update('\0').update(data).digest();
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update('\x01').update(left).update(right).digest();
export const EMPTY_ROOT: Buffer = createHash('sha256').digest();

/** The hash of the complete subtree at `level` whose first leaf is `index << level`. */
export type Subtree = (level: number, index: number) => Buffer;

/** Root over leaves [from, to), where `from` is a multiple of the largest power of two below the range. */
export function rangeRoot(subtree: Subtree, from: number, to: number): Buffer {
  const size = to - from;
  if (size === 0) return EMPTY_ROOT;
  const level = Math.log2(size);
  if (Number.isInteger(level)) return subtree(level, from / size);
  const split = from + largestPowerBelow(size);
  return nodeHash(rangeRoot(subtree, from, split), rangeRoot(subtree, split, to));
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1: from the leaf upwards. */
export function inclusionProof(subtree: Subtree, leaf: number, size: number): Buffer[] {
  const walk = (from: number, to: number): Buffer[] => {
    if (to - from === 1) return [];
    const split = from + largestPowerBelow(to - from);
    return leaf < split
      ? [...walk(from, split), rangeRoot(subtree, split, to)]
      : [...walk(split, to), rangeRoot(subtree, from, split)];
  };
  return walk(0, size);
}

/** PROOF(m, D[n]) of RFC 6962 section 2.1.2. */
export function consistencyProof(subtree: Subtree, old: number, size: number): Buffer[] {
  const walk = (from: number, to: number, whole: boolean): Buffer[] => {
    if (old === to) return whole ? [] : [rangeRoot(subtree, from, to)];
    const split = from + largestPowerBelow(to - from);
    return old <= split
      ? [...walk(from, split, whole), rangeRoot(subtree, split, to)]
      : [...walk(split, to, false), rangeRoot(subtree, from, split)];
  };
  return old === 0 || old === size ? [] : walk(0, size, true);
}

/** RFC 9162 section 2.1.3.2. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.equals(root);
}

/** RFC 9162 section 2.1.4.2. */
export function verifyConsistency(
  old: number,
  size: number,
  oldRoot: Buffer,
  root: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (old > size) return false;
  if (old === size) return proof.length === 0 && oldRoot.equals(root);
  if (old === 0) return proof.length === 0;
  const path = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let [at, last] = [old - 1, size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [oldHash, newHash] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else newHash = nodeHash(newHash, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && oldHash.equals(oldRoot) && newHash.equals(root);
}

/** Subtrees of a list that is in memory. */
export function subtreeOf(leaves: readonly Buffer[]): Subtree {
  const levels: (readonly Buffer[])[] = [leaves];
  return (level, index) => {
    for (let next = levels.length; next <= level; next++) {
      const below = levels[next - 1] as readonly Buffer[];
      levels.push(
        Array.from({ length: below.length >> 1 }, (_, i) =>
          nodeHash(below[2 * i] as Buffer, below[2 * i + 1] as Buffer),
        ),
      );
    }
    return levels[level]?.[index] as Buffer;
  };
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
