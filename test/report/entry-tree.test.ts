import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { leafHash, verifyInclusion } from '../../src/evidence/index.ts';
import { inclusionProof, rangeRoot, subtreeOf } from '../../src/evidence/merkle.ts';
import { canonicalJson } from '../../src/model/index.ts';
import { EntryTree } from '../../src/report/entry-tree.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { cleared, collect } from './samples.ts';
import { missing, run } from './tool.ts';

test('the root is that of the tree in an attestation, at every size', () => {
  const tree = new EntryTree();
  expect(tree.root()).toBe(createHash('sha256').digest('hex'));
  const leaves: Buffer[] = [];
  for (let size = 1; size <= 140; size += 1) {
    tree.add(`entry ${size}`);
    leaves.push(leafHash(Buffer.from(`entry ${size}`)));
    expect(tree.root()).toBe(rangeRoot(subtreeOf(leaves), 0, size).toString('hex'));
  }
  expect(tree.size).toBe(140);
});

const lacking = missing('pdftotext');
(lacking.length > 0 ? test.skip : test)(
  `the printed root proves one entry${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  async () => {
    const entries: string[] = [];
    for await (const entry of cleared().entries()) entries.push(canonicalJson(entry));
    const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
    const pdf = await collect(render('pdf', cleared(), DEFAULT_OPTIONS));
    const text = run('pdftotext', ['-layout', '-', '-'], pdf).out;
    const printed = /Entry tree((?:\s+[0-9a-f]{8}){8})/.exec(text)?.[1]?.replace(/\s/g, '') ?? '';
    const proof = inclusionProof(subtreeOf(leaves), 7, leaves.length);
    expect(verifyInclusion(leaves[7] as Buffer, 7, leaves.length, proof, Buffer.from(printed, 'hex'))).toBe(true);
    expect(verifyInclusion(leaves[8] as Buffer, 7, leaves.length, proof, Buffer.from(printed, 'hex'))).toBe(false);
  },
);
