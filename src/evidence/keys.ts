import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { DataError, UsageError } from '../model/index.ts';
import { sha256 } from './digest.ts';
import { createWhole } from './whole-file.ts';

/** Signature algorithms of FIPS 186-5; ECDSA P-256 with SHA-256 is the default. */
export const ALGORITHMS = ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-3072-pss'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** SHA-256 of the SubjectPublicKeyInfo in DER, lower-case hex. */
export const keyId = (key: KeyObject): string => sha256(publicPart(key).export({ type: 'spki', format: 'der' }));

export const publicPem = (key: KeyObject): string => publicPart(key).export({ type: 'spki', format: 'pem' }).toString();

const publicPart = (key: KeyObject): KeyObject => (key.type === 'private' ? createPublicKey(key) : key);

/** What a key signs with. @throws DataError for a kind or strength that we do not use */
export function algorithmOf(key: KeyObject): Algorithm {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ecdsa-p256';
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'secp384r1') return 'ecdsa-p384';
  if (key.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) >= 3072) return 'rsa-3072-pss';
  throw new DataError(
    `a key of type ${key.asymmetricKeyType ?? 'unknown'} cannot be used`,
    [],
    [`use one of: ${ALGORITHMS.join(', ')} (RSA of 3072 bits and over)`],
  );
}

/** ECDSA signatures are DER, RSA is PSS with a salt as long as the hash: what `openssl dgst -verify` expects. */
export function signWith(key: KeyObject, bytes: Uint8Array): Buffer {
  return signBytes(hashOf(algorithmOf(key)), bytes, signingOptions(key));
}

export function verifyWith(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verifyBytes(hashOf(algorithmOf(key)), bytes, signingOptions(key), signature);
}

const hashOf = (algorithm: Algorithm): string | null =>
  algorithm === 'ed25519' ? null : algorithm === 'ecdsa-p384' ? 'sha384' : 'sha256';

const signingOptions = (key: KeyObject) =>
  key.asymmetricKeyType === 'rsa'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, dsaEncoding: 'der' as const };

export function generateKey(algorithm: Algorithm): KeyObject {
  if (algorithm === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (algorithm === 'rsa-3072-pss') return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: algorithm === 'ecdsa-p256' ? 'prime256v1' : 'secp384r1' }).privateKey;
}

/**
 * Writes a private key as encrypted PKCS#8 (mode 0600), never over an existing file. Without a passphrase it is not
 * encrypted: only for keys of machines, whose protection is the mode of the file.
 */
export function writePrivateKey(path: string, key: KeyObject, passphrase: string | undefined): void {
  const pem = key.export({
    type: 'pkcs8',
    format: 'pem',
    ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
  });
  createWhole(path, pem.toString(), 0o600);
}

/** @throws DataError where the file is open to others, cannot be read or cannot be decrypted */
export function readPrivateKey(path: string, passphrase: string | undefined): KeyObject {
  const pem = readSecretFile(path);
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new DataError(
      `the private key ${path} cannot be used`,
      [],
      [
        passphrase === undefined
          ? 'it may be encrypted: name its passphrase file by --passphrase-file or CLEARANCE_PASSPHRASE_FILE'
          : 'the passphrase does not fit, or the file is no PKCS#8 PEM',
      ],
    );
  }
}

/** A file that only its owner may read; the mode is taken from the open file, not from its name. */
export function readSecretFile(path: string): string {
  const fd = openExisting(path);
  try {
    const { mode } = fstatSync(fd);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new DataError(
        `${path} is open to others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
        [],
        [`run: chmod 600 ${path}`],
      );
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function openExisting(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new UsageError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

/** A public key from a PEM file (SPKI). A private key is refused: it has no business there. */
export function readPublicKey(path: string): KeyObject {
  const fd = openExisting(path);
  try {
    return parsePublicKey(readFileSync(fd, 'utf8'), path);
  } finally {
    closeSync(fd);
  }
}

/** @throws DataError naming `file` */
export function parsePublicKey(pem: string, file: string): KeyObject {
  try {
    if (!/^-----BEGIN PUBLIC KEY-----/.test(pem)) throw new Error('no public key');
    const key = createPublicKey({ key: pem, format: 'pem' });
    algorithmOf(key);
    return key;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(`${file} holds no public key`, [], ['give a PEM file that begins with BEGIN PUBLIC KEY']);
  }
}
