import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DataError, UsageError } from '../model/index.ts';
import { sha256, strictBase64 } from './digest.ts';
import { envelopeBytes, envelopeOf, openEnvelope, parseCanonical, seal } from './dsse.ts';
import { keyId, parsePublicKey, publicPem } from './keys.ts';
import type { Signer } from './signer.ts';
import { replaceWhole } from './whole-file.ts';

const ROLES = ['admin', 'auditor', 'submitter', 'approver', 'releaser'] as const;
export type Role = (typeof ROLES)[number];
const TYPE = 'application/vnd.clearance.trust+json';

export interface TrustedKey {
  readonly keyid: string;
  readonly publicKey: string;
  /** Who holds the key: four eyes are two persons, not two keys. */
  readonly person: string;
  readonly roles: readonly Role[];
  /** Milliseconds since 1970; a signature counts if the ledger took it in this interval, the end excluded. */
  readonly validFrom: number;
  readonly validTo: number;
}

export interface TrustContent {
  readonly schema: 'clearance.trust/1';
  readonly version: number;
  /** SHA-256 of the version before; empty for the first. */
  readonly previous: string;
  readonly keys: readonly TrustedKey[];
}

/** Keys that may speak, with roles and times, under the signature of an administrator. */
export class TrustStore {
  readonly content: TrustContent;
  /** SHA-256 of the file. */
  readonly sha256: string;
  private readonly keys = new Map<string, { entry: TrustedKey; key: KeyObject }>();

  constructor(content: TrustContent, digest: string, file: string) {
    this.content = content;
    this.sha256 = digest;
    for (const entry of content.keys) {
      const key = parsePublicKey(entry.publicKey, file);
      if (keyId(key) !== entry.keyid) throw new DataError(`${file}: a key id does not fit its key`, []);
      this.keys.set(entry.keyid, { entry, key });
    }
  }

  publicKey(id: string): KeyObject | undefined {
    return this.keys.get(id)?.key;
  }

  person(id: string): string | undefined {
    return this.keys.get(id)?.entry.person;
  }

  allows(id: string, role: Role, time: number): boolean {
    const entry = this.keys.get(id)?.entry;
    if (!entry?.roles.includes(role)) return false;
    return time >= entry.validFrom && time < entry.validTo;
  }
}

/** @param root key id of the administrator, pinned where the ledger was made */
export function readTrust(path: string, root: string): TrustStore {
  const bytes = readBytes(path);
  const content = unsignedContent(bytes);
  if (content?.schema !== 'clearance.trust/1' || !Array.isArray(content.keys) || !content.keys.every(isKey))
    throw new DataError(`${path} is no trust store`, []);
  const store = new TrustStore(content, sha256(bytes), path);
  // The root may sign for ever, so that a store whose other keys have expired can be renewed; but it must be listed.
  const opened = openEnvelope(bytes, (id) => (id === root ? store.publicKey(id) : undefined), TYPE);
  if (typeof opened === 'string') {
    throw new DataError(
      `${path} is not signed by the administrator the ledger names (${opened})`,
      [],
      [`expected the key ${root}`],
    );
  }
  return store;
}

export function sealTrust(content: TrustContent, admin: Signer): Buffer {
  if (!content.keys.some((key) => key.keyid === admin.keyid && key.roles.includes('admin'))) {
    throw new UsageError('the signing key is no administrator of this trust store');
  }
  return envelopeBytes(seal(content, admin, TYPE));
}

function isKey(value: unknown): value is TrustedKey {
  const { keyid, publicKey, person, roles, validFrom, validTo } = (value ?? {}) as Partial<TrustedKey>;
  if (![keyid, publicKey, person].every((text) => typeof text === 'string') || !Array.isArray(roles)) return false;
  return typeof validFrom === 'number' && typeof validTo === 'number';
}

/** The content of a store before its signature was looked at: only for making the next version, which is signed anew. */
function unsignedContent(bytes: Uint8Array): TrustContent | undefined {
  const payload = strictBase64(envelopeOf(bytes)?.payload ?? '');
  return payload && (parseCanonical(payload) as TrustContent | undefined);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

export interface NewKey {
  readonly key: KeyObject;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly validFrom: number;
  readonly validTo: number;
}

/** @throws UsageError where the key is listed already */
export function addKey(content: TrustContent, { key, ...more }: NewKey): TrustContent {
  const entry = { keyid: keyId(key), publicKey: publicPem(key), ...more };
  if (content.keys.some(({ keyid }) => keyid === entry.keyid))
    throw new UsageError('the trust store has this key already');
  return { ...content, keys: [...content.keys, entry] };
}

/** Ends `old` at `now` and lists `next` with its person and roles. @throws UsageError where `old` is not valid now */
export function rotateKey(
  content: TrustContent,
  old: string,
  next: KeyObject,
  now: number,
  validTo: number,
): TrustContent {
  const before = content.keys.find(({ keyid, validTo: end }) => keyid === old && end > now);
  if (!before) throw new UsageError('the trust store has no such key that is still valid', [`looked for ${old}`]);
  const ended = content.keys.map((entry) => (entry === before ? { ...entry, validTo: now } : entry));
  return addKey(
    { ...content, keys: ended },
    { key: next, person: before.person, roles: before.roles, validFrom: now, validTo },
  );
}

/**
 * Writes the next version of a store, or the first, signed by `admin`. The version before must carry the signature of
 * `signer`, the same administrator unless the ledger named a new one since: nobody else's changes are taken over.
 * @returns its number
 */
export function updateTrust(
  path: string,
  admin: Signer,
  change: (content: TrustContent) => TrustContent,
  signer = admin.keyid,
): number {
  const bytes = existsSync(path) ? readBytes(path) : undefined;
  const before: TrustContent = bytes
    ? readTrust(path, signer).content
    : { schema: 'clearance.trust/1', version: 0, previous: '', keys: [] };
  const next = { ...change(before), version: before.version + 1, previous: bytes ? sha256(bytes) : '' };
  replaceWhole(path, sealTrust(next, admin));
  return next.version;
}
