import type { ByteSource } from '../model/index.ts';

/** Standard input: its size is not known, and it can be read once, from the start. */
export function stdinSource(): ByteSource {
  return { size: undefined, stream: () => process.stdin as AsyncIterable<Uint8Array> };
}
