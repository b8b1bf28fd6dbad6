import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { canonicalJson, DataError, UsageError } from '../model/index.ts';
import { envelopeOf, openEnvelope, seal } from './dsse.ts';
import { keyId, parsePublicKey, publicPem } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { broken, type LedgerEntry, type LedgerReader } from './ledger-reader.ts';
import type { Signer } from './signer.ts';
import { KEY, type KeyPredicate, predicateOf, statement } from './statement.ts';
import { readTrust, type TrustContent, type TrustStore, updateTrust } from './trust.ts';

/** Which trust store holds now, by the ledger's key events. */
interface Standing {
  /** Key id of who may change the store. */
  readonly administrator: string;
  /** The store recorded last, and who signed it; nothing while no key event was recorded. */
  readonly recorded?: { readonly sha256: string; readonly signer: string; readonly version: number };
}

/**
 * The key event of an entry, if the administrator `by` signed it for this ledger. It carries its own public key, bound
 * by the key id, so that it can be read before any trust store is.
 */
export function keyEvent(ledger: LedgerReader, entry: LedgerEntry, by: string) {
  const bytes = Buffer.from(canonicalJson(entry.envelope));
  const payload = JSON.parse(Buffer.from(entry.envelope.payload, 'base64').toString('utf8'));
  const pem = predicateOf<KeyPredicate>(payload, KEY)?.predicate.signer;
  if (typeof pem !== 'string') throw broken(ledger.dir, `entry ${entry.seq} is no key event`);
  const key = parsePublicKey(pem, `entry ${entry.seq}`);
  const opened = openEnvelope(bytes, (id) => (id === by && id === keyId(key) ? key : undefined));
  const found = typeof opened === 'string' ? undefined : predicateOf<KeyPredicate>(opened.value, KEY);
  if (found?.predicate.ledger !== ledger.identity.origin)
    throw broken(ledger.dir, `entry ${entry.seq} is not signed by the administrator of its time`);
  return { subject: found.subject[0] as { name: string; digest: { sha256: string } }, predicate: found.predicate };
}

/** Follows the key events from the administrator the ledger was made with. @throws DataError for a forged one */
function standing(ledger: LedgerReader): Standing {
  let now: Standing = { administrator: ledger.identity.trustRoot };
  for (const bytes of ledger.allBytes()) {
    // Canonical JSON has one way to write this; entries of other types need no parsing here.
    if (!bytes.includes('"type":"key"')) continue;
    const entry = JSON.parse(bytes.toString('utf8')) as LedgerEntry;
    if (entry.type !== 'key') continue;
    const { subject, predicate } = keyEvent(ledger, entry, now.administrator);
    const recorded = { sha256: subject.digest.sha256, signer: now.administrator, version: predicate.version };
    now = { administrator: predicate.administrator, recorded };
  }
  return now;
}

/**
 * The trust store of a ledger: signed by the administrator and, once stores are recorded, exactly the one recorded last,
 * so that an older store, in which a removed key is still valid, cannot be put in its place.
 */
export function standingTrust(ledger: LedgerReader, path: string): TrustStore {
  const { administrator, recorded } = standing(ledger);
  const store = readTrust(path, recorded?.signer ?? administrator);
  if (recorded && recorded.sha256 !== store.sha256) {
    throw new DataError(
      `${path} is version ${store.content.version} of the trust store, and not the one the ledger recorded last (version ${recorded.version})`,
      [],
      [
        'use that file; or, if this one is newer, record it: clearance key record FILE --ledger DIR --key ADMINISTRATOR',
      ],
    );
  }
  return store;
}

/**
 * Records the store at `path` as the one that holds, and `successor`, where given, as the administrator from now on.
 * @throws UsageError where the signer is not the administrator or the store is older than the one recorded last
 */
export function recordTrust(
  ledger: Ledger,
  path: string,
  signer: Signer,
  now: number,
  reason: string,
  successor?: string,
): { readonly seq: number; readonly version: number } {
  const { administrator, recorded } = standing(ledger);
  if (signer.keyid !== administrator) throw notAdministrator(administrator);
  const store = readTrust(path, signer.keyid);
  notOlder(store, path, recorded);
  const { version, previous } = store.content;
  if (successor !== undefined && !store.allows(successor, 'admin', now))
    throw new UsageError('the next administrator is not listed as one in the trust store');
  const subject = [{ name: basename(path), digest: { sha256: store.sha256 } }];
  const body: KeyPredicate = {
    ledger: ledger.identity.origin,
    time: now,
    reason,
    version,
    previous,
    signer: publicPem(signer.publicKey),
    administrator: successor ?? administrator,
  };
  const seq = ledger.append('key', seal(statement(KEY, subject, body), signer), now);
  ledger.seal();
  return { seq, version };
}

/**
 * Writes the next version of the store at `path` and records it. A store older than the one recorded last is not built
 * upon. Killed between the two, the new store is on disk and not recorded: recording it is all that is left to do.
 */
export function updateRecorded(
  ledger: Ledger,
  path: string,
  signer: Signer,
  change: (content: TrustContent) => TrustContent,
  {
    now,
    reason,
    successor,
  }: { readonly now: number; readonly reason: string; readonly successor?: string | undefined },
): number {
  const { administrator, recorded } = standing(ledger);
  if (signer.keyid !== administrator) throw notAdministrator(administrator);
  // The last store of an administrator who was replaced is still that one's.
  const before = [administrator, recorded?.signer ?? administrator].find((id) => signedBy(path, id)) ?? administrator;
  if (existsSync(path)) notOlder(readTrust(path, before), path, recorded);
  const version = updateTrust(path, signer, change, before);
  recordTrust(ledger, path, signer, now, reason, successor);
  return version;
}

function signedBy(path: string, id: string): boolean {
  const keyid = existsSync(path) ? envelopeOf(readFileSync(path))?.signatures[0]?.keyid : undefined;
  return keyid === id;
}

function notOlder({ sha256, content: { version } }: TrustStore, path: string, recorded: Standing['recorded']): void {
  if (recorded && recorded.sha256 !== sha256 && version <= recorded.version) {
    throw new UsageError(`${path} is version ${version}; the ledger has recorded version ${recorded.version}`, [
      'use the store that was recorded last',
    ]);
  }
}

const notAdministrator = (administrator: string): UsageError =>
  new UsageError('only the administrator of the ledger changes its trust store', [`expected the key ${administrator}`]);
