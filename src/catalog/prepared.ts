import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** Written by the build: built-in YAML that was read and validated then, so that no run has to do it again. */
const FOLDER = join(packageRoot, 'dist', 'catalog', 'prepared');

/** Named for the bytes of both the file and its schema: a change to either makes it unknown, and the YAML is read. */
function preparedFile(bytes: Uint8Array, schema: string): string {
  const rules = readFileSync(join(packageRoot, 'schemas', `${schema}.schema.json`));
  const digest = [bytes, rules].map((part) => createHash('sha256').update(part).digest('hex')).join('');
  return join(FOLDER, `${createHash('sha256').update(digest).digest('hex')}.json`);
}

/** The value of a file of these bytes as the build read it; `undefined` if it did not. */
export function readPrepared(bytes: Uint8Array, schema: string): unknown {
  try {
    return JSON.parse(readFileSync(preparedFile(bytes, schema), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Keeps a value that was read from `bytes` and found valid. */
export function keepPrepared(bytes: Uint8Array, schema: string, value: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(preparedFile(bytes, schema), JSON.stringify(value));
}
