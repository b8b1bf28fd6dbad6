import { spawnSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { UsageError } from '../model/index.ts';
import { keyId, readPrivateKey, readPublicKey, signWith, verifyWith } from './keys.ts';

/** Something that signs: a key file, or a command that reaches an HSM or a key service. */
export interface Signer {
  readonly keyid: string;
  readonly publicKey: KeyObject;
  sign(bytes: Uint8Array): Buffer;
}

export interface SignerOptions {
  /** A PKCS#8 PEM file, or `exec:COMMAND`. */
  readonly key: string;
  readonly passphrase?: string | undefined;
  /** For `exec:`, the public key the signatures must verify with. */
  readonly publicKey?: string | undefined;
}

export function openSigner({ key, passphrase, publicKey }: SignerOptions): Signer {
  if (key.startsWith('exec:')) {
    if (publicKey === undefined) {
      throw new UsageError('exec: needs the public key', ['name its PEM file by --public-key']);
    }
    return execSigner(key.slice('exec:'.length), readPublicKey(publicKey));
  }
  const secret = readPrivateKey(key, passphrase);
  return { keyid: keyId(secret), publicKey: secret, sign: (bytes) => signWith(secret, bytes) };
}

/**
 * Runs `command` by the shell: the bytes to sign on its stdin, the raw signature (ECDSA in DER) on its stdout. What comes
 * back is verified before it is used, so a wrong slot or mechanism cannot produce an attestation.
 */
function execSigner(command: string, publicKey: KeyObject): Signer {
  return {
    keyid: keyId(publicKey),
    publicKey,
    sign(bytes) {
      const done = spawnSync('/bin/sh', ['-c', command], { input: bytes, maxBuffer: 1 << 20, timeout: 120_000 });
      if (done.status !== 0) throw new UsageError(`the signer command failed (exit ${done.status ?? done.signal})`);
      if (!accepts(publicKey, bytes, done.stdout)) {
        throw new UsageError('the signer command gave a signature that does not verify with the public key');
      }
      return done.stdout;
    },
  };
}

function accepts(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifyWith(key, bytes, signature);
  } catch {
    return false;
  }
}
