import { createHash } from 'node:crypto';
import { canonicalJson, type StoredResult } from '../model/index.ts';

/**
 * JSON Lines: a `header` line with everything but the entries, one `entry` line each, and a `footer` line with their
 * number and the SHA-256 over all entry lines (line ends included), so that a file cut short shows.
 */
export async function* renderJsonl(result: StoredResult): AsyncGenerator<Uint8Array> {
  yield line({ type: 'header', ...result.head });
  const hash = createHash('sha256');
  let entries = 0;
  for await (const entry of result.entries()) {
    const bytes = line({ type: 'entry', ...entry });
    hash.update(bytes);
    entries += 1;
    yield bytes;
  }
  yield line({ type: 'footer', entries, entriesSha256: hash.digest('hex') });
}

function line(value: unknown): Uint8Array {
  return Buffer.from(`${canonicalJson(value)}\n`);
}
