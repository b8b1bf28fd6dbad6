import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  subtreeOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/evidence/index.ts';
import { EMPTY_ROOT, nodeHash, rangeRoot } from '../../src/evidence/merkle.ts';

/** MTH of RFC 6962 section 2.1, word for word. */
function referenceRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)));
}
const leaves = Array.from({ length: 300 }, (_, i) => leafHash(Buffer.from(String(i))));
const rootOf = (size: number): Buffer => rangeRoot(subtreeOf(leaves.slice(0, size)), 0, size);

test('known values', () => {
  expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
  // Certificate Transparency's own test vector: the root over its eight inputs.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const eight = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));
  expect(rangeRoot(subtreeOf(eight), 0, 8).toString('hex')).toBe(
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  );
});

test('roots are those of the definition at every size', () => {
  for (let size = 0; size <= 300; size++) expect(rootOf(size).equals(referenceRoot(leaves.slice(0, size)))).toBe(true);
});

test('inclusion: every proof holds, and for nothing else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (size, a, b) => {
      const [index, other] = [a % size, b % size];
      const proof = inclusionProof(subtreeOf(leaves.slice(0, size)), index, size);
      expect(proof.length).toBeLessThanOrEqual(9);
      const holds = (leaf: number, at: number, from = size): boolean =>
        verifyInclusion(leaves[leaf] as Buffer, at, from, proof, rootOf(from));
      expect(holds(index, index)).toBe(true);
      if (other !== index) expect([holds(other, index), holds(index, other)]).toEqual([false, false]);
      if (proof[0])
        expect(verifyInclusion(leaves[index] as Buffer, index, size, proof.slice(1), rootOf(size))).toBe(false);
      expect(verifyInclusion(leaves[index] as Buffer, index, size, [...proof, EMPTY_ROOT], rootOf(size))).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test('consistency: every proof holds, and not for a changed past', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, a) => {
      const old = a % (size + 1);
      const proof = consistencyProof(subtreeOf(leaves.slice(0, size)), old, size);
      expect(verifyConsistency(old, size, rootOf(old), rootOf(size), proof)).toBe(true);
      if (old > 0 && old < size) {
        expect(verifyConsistency(old, size, EMPTY_ROOT, rootOf(size), proof)).toBe(false);
        expect(verifyConsistency(old, size, rootOf(old), EMPTY_ROOT, proof)).toBe(false);
        expect(verifyConsistency(old, size, rootOf(old), rootOf(size), proof.slice(1))).toBe(false);
      }
    }),
    { numRuns: 150 },
  );
});
