import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../model/index.ts';

const LEAST_BYTES = 32;

/**
 * The key under which findings get fingerprints (HMAC-SHA-256); without one there are none.
 * @throws UsageError if the file is missing, too short, or open to group or others
 */
export function readFingerprintKey(path: string): Uint8Array {
  let bytes: Uint8Array;
  let mode: number;
  try {
    bytes = readFileSync(path);
    mode = statSync(path).mode;
  } catch (cause) {
    throw new UsageError(`cannot read the fingerprint key ${path} (${(cause as NodeJS.ErrnoException).code})`, [
      `make one: (umask 077; head -c 32 /dev/urandom > ${path})`,
    ]);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UsageError(`the fingerprint key ${path} is open to group or others`, [`chmod 600 ${path}`]);
  }
  if (bytes.length < LEAST_BYTES) {
    throw new UsageError(`the fingerprint key ${path} has ${bytes.length} bytes; at least ${LEAST_BYTES} are needed`, [
      `make one: (umask 077; head -c 32 /dev/urandom > ${path})`,
    ]);
  }
  return bytes;
}
