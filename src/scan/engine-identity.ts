import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * SHA-256 over the compiled kernels of the engine, lower-case hex: which engine made a result is part of the evidence.
 * Without a kernel (a build for machines without SIMD) it is the digest of nothing.
 */
export function engineIdentity(): string {
  const folder = new URL('./', import.meta.url);
  const hash = createHash('sha256');
  const kernels = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  for (const name of kernels.sort()) hash.update(readFileSync(new URL(name, folder)));
  return hash.digest('hex');
}
