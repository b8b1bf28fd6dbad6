import { createHash } from 'node:crypto';
import { auditStatement, canonicalJson, type StoredResult, UnreadCodes } from '../model/index.ts';
import { EntryTree } from './entry-tree.ts';
import { renderJson } from './json.ts';

/**
 * The in-toto Statement v1 on the payload (canonical JSON), as `submit` signs it in a DSSE envelope; not signed here. It
 * binds the result by the digest of what `json` writes.
 * @throws UsageError for a directory or several payloads: they have no digest of their own
 */
export async function* renderInToto(result: StoredResult): AsyncGenerator<Uint8Array> {
  const unread = new UnreadCodes();
  const tree = new EntryTree();
  for await (const entry of result.entries()) {
    unread.add(entry);
    tree.add(canonicalJson(entry));
  }
  const hash = createHash('sha256');
  let size = 0;
  for await (const bytes of renderJson(result)) {
    hash.update(bytes);
    size += bytes.length;
  }
  const seen = {
    result: { sha256: hash.digest('hex'), size },
    entries: { size: tree.size, root: tree.root() },
    unread: unread.list(),
    reports: [],
  };
  yield Buffer.from(canonicalJson(auditStatement(result.head, seen)));
}
