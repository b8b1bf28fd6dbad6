import { createHash } from 'node:crypto';
import type { StoredResult } from '../model/index.ts';
import { renderJson } from './json.ts';

/** SHA-256 of the canonical result, lower-case hex: the name of the evidence in every format. */
export async function resultDigest(result: StoredResult): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of renderJson(result)) hash.update(chunk);
  return hash.digest('hex');
}

/** Namespace of our identifiers: the UUIDv5 of "clearance.invalid" under the DNS namespace of RFC 9562, 6.6. */
const DNS = '6ba7b8109dad11d180b400c04fd430c8';

/** A name-based UUID (RFC 9562, 5.5): the same name, the same identifier, on every machine. */
export function uuid5(name: string, namespace: string = NAMESPACE): string {
  const bytes = createHash('sha1').update(Buffer.from(namespace, 'hex')).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const NAMESPACE: string = uuid5('clearance.invalid', DNS).replaceAll('-', '');
