import type { Doc, Draft } from './draft.ts';
import type { Rng } from './rng.ts';
import { escapeXml } from './xml-files.ts';

export interface Spot {
  readonly doc: Doc;
  /** Path inside the bundle: one segment per container. */
  readonly chain: readonly string[];
}

/** The document of an id, wherever it lies. */
export function spot(draft: Draft, id: string): Spot | undefined {
  for (const [docs, chain] of [
    [draft.top, []],
    [draft.acuppd, ['acuppd.tgz']],
    ...draft.dumps.map((dump) => [dump.members, [dump.path]] as const),
  ] as const) {
    const doc = docs.find((candidate) => candidate.id === id);
    // A dump that is plain memory has no members: what is planted lies in the dump itself.
    if (doc) return { doc, chain: doc.path === 'memory' ? chain : [...chain, doc.path] };
  }
  return undefined;
}

export const places = (draft: Draft): string[] =>
  [...draft.top, ...draft.acuppd, ...draft.dumps.flatMap((dump) => dump.members)].map((doc) => doc.id);

/** Puts `value` where a file of this form would have it: a line, an element, or a run of bytes in memory. */
export function plant(doc: Doc, value: string | Buffer, rng: Rng): void {
  if (doc.form === 'binary') {
    const bytes = Buffer.concat([Buffer.from(value as string), Buffer.alloc(2)]);
    const first = Math.ceil(doc.body.length / 3 / 4096) * 4096;
    const taken = doc.taken ?? [];
    let at: number;
    do at = first + rng.int((doc.body.length - first - bytes.length) / 2) * 2;
    while (taken.some(([from, to]) => at < to && at + bytes.length > from));
    doc.taken = [...taken, [at, at + bytes.length]];
    bytes.copy(doc.body, at);
    return;
  }
  const all = doc.body.toString('latin1').split('\n');
  const line = value.toString('latin1');
  // The last line is the empty one after the final newline, and in XML the one before it closes the document.
  if (doc.form === 'xml') all.splice(all.length - 2, 0, `  <note>${escapeXml(line)}</note>`);
  else all.splice(Math.floor(all.length / 3) + rng.int(Math.max(1, Math.floor(all.length / 3))), 0, line);
  doc.body = Buffer.from(all.join('\n'), 'latin1');
}

/** Puts raw lines of XML before the closing tag of the document. */
export function plantXml(doc: Doc, lines: readonly string[]): void {
  const all = doc.body.toString('utf8').split('\n');
  all.splice(all.length - 2, 0, ...lines);
  doc.body = Buffer.from(all.join('\n'));
}
