import { canonicalJson, type StoredResult } from '../model/index.ts';

const CHUNK = 1 << 16;

/**
 * The result itself: one canonical JSON object (RFC 8785), entries streamed, no line end after it.
 * @param passing gets the canonical JSON of each entry on its way
 */
export async function* renderJson(result: StoredResult, passing?: (entry: string) => void): AsyncGenerator<Uint8Array> {
  const members: Record<string, unknown> = { ...result.head, entries: null };
  let text = '';
  for (const [index, key] of Object.keys(members).sort().entries()) {
    text += `${index === 0 ? '{' : ','}${canonicalJson(key)}:`;
    if (key !== 'entries') {
      text += canonicalJson(members[key]);
      continue;
    }
    let separator = '[';
    for await (const entry of result.entries()) {
      const written = canonicalJson(entry);
      passing?.(written);
      text += separator + written;
      separator = ',';
      if (text.length > CHUNK) {
        yield Buffer.from(text);
        text = '';
      }
    }
    text += separator === '[' ? '[]' : ']';
  }
  yield Buffer.from(`${text}}`);
}
