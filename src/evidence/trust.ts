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
  /** A key that was given more roles later is listed once for each time. */
  private readonly keys = new Map<string, { readonly entries: TrustedKey[]; readonly key: KeyObject }>();

  constructor(content: TrustContent, digest: string, file: string) {
    this.content = content;
    this.sha256 = digest;
    for (const entry of content.keys) {
      const key = parsePublicKey(entry.publicKey, file);
      if (keyId(key) !== entry.keyid) throw new DataError(`${file}: a key id does not fit its key`, []);
      const before = this.keys.get(entry.keyid);
      if (before === undefined) this.keys.set(entry.keyid, { entries: [entry], key });
      else if (before.entries[0]?.person === entry.person) before.entries.push(entry);
      else throw new DataError(`${file}: one key is listed for two persons`, []);
    }
  }

  publicKey(id: string): KeyObject | undefined {
    return this.keys.get(id)?.key;
  }

  person(id: string): string | undefined {
    return this.keys.get(id)?.entries[0]?.person;
  }

  allows(id: string, role: Role, time: number): boolean {
    return this.keys.get(id)?.entries.some((entry) => holds(entry, role, time)) ?? false;
  }

  /** Whether the store gave the key this role once, or will, though not now. */
  knows(id: string, role: Role): boolean {
    return this.keys.get(id)?.entries.some(({ roles }) => roles.includes(role)) ?? false;
  }
}

const holds = ({ roles, validFrom, validTo }: TrustedKey, role: Role, time: number): boolean =>
  roles.includes(role) && time >= validFrom && time < validTo;

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

/**
 * Lists a key; one that is listed already gets the roles that it does not have at `validFrom`, from then on: what it signed
 * before under another role must not come to count.
 * @throws UsageError where it has them all, is another person's, or has ended
 */
export function addKey(content: TrustContent, { key, ...more }: NewKey): TrustContent {
  const keyid = keyId(key);
  const listed = content.keys.filter((entry) => entry.keyid === keyid);
  const other = listed.find(({ person }) => person !== more.person);
  if (other) {
    throw new UsageError(`the trust store has this key as that of ${other.person}`, [
      `give --person "${other.person}" to add roles to it; two persons need two keys`,
    ]);
  }
  if (listed.length > 0 && !listed.some(({ validTo }) => more.validFrom < validTo)) {
    throw new UsageError('the time of this key has ended, and it may have been replaced', [
      'add a new key of the same person: clearance key generate',
    ]);
  }
  const roles = more.roles.filter((role) => !listed.some((entry) => holds(entry, role, more.validFrom)));
  if (roles.length === 0) {
    throw new UsageError(`the trust store lets this key act as ${more.roles.join(' and ')} already`, [
      'name another --role, or give the person a new key: clearance key rotate',
    ]);
  }
  return { ...content, keys: [...content.keys, { keyid, publicKey: publicPem(key), ...more, roles }] };
}

/** Ends `old` at `now` and lists `next` with its person and roles. @throws UsageError where `old` is not valid now */
export function rotateKey(
  content: TrustContent,
  old: string,
  next: KeyObject,
  now: number,
  validTo: number,
): TrustContent {
  const before = content.keys.filter((entry) => entry.keyid === old && entry.validTo > now);
  const person = before[0]?.person;
  if (person === undefined)
    throw new UsageError('the trust store has no such key that is still valid', [`looked for ${old}`]);
  if (content.keys.some(({ keyid }) => keyid === keyId(next)))
    throw new UsageError('the trust store has the key that should follow already', ['make a new one: key generate']);
  const ended = content.keys.map((entry) => (before.includes(entry) ? { ...entry, validTo: now } : entry));
  const roles = ROLES.filter((role) => before.some((entry) => entry.roles.includes(role)));
  return addKey({ ...content, keys: ended }, { key: next, person, roles, validFrom: now, validTo });
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
