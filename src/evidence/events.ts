import { canonicalJson } from '../model/index.ts';
import type { Event } from './decision.ts';
import { sha256, strictBase64 } from './digest.ts';
import { openEnvelope, parseCanonical } from './dsse.ts';
import { broken, type EntryType, type LedgerEntry, type LedgerReader } from './ledger-reader.ts';
import { leafHash, rangeRoot, subtreeOf } from './merkle.ts';
import { ACT, type ActPredicate, AUDIT, type AuditPredicate, predicateOf, type Subject } from './statement.ts';
import type { Role, TrustStore } from './trust.ts';
import { keyEvent } from './trust-record.ts';

const ROLE: Readonly<Record<Exclude<EntryType, 'key'>, Role>> = {
  audit: 'auditor',
  submit: 'submitter',
  approve: 'approver',
  reject: 'approver',
  revoke: 'approver',
  release: 'releaser',
  export: 'auditor',
};

/**
 * Reads the whole ledger, compares it with its checkpoint and gives the events `wanted` asks for, their signatures
 * checked. @throws DataError where the ledger is broken
 */
export function readEvents(
  ledger: LedgerReader,
  trust: TrustStore,
  wanted: (subject: Subject, type: EntryType) => boolean = () => true,
): Event[] {
  const sealed = ledger.checkpoint();
  const leaves: Buffer[] = [];
  const events: Event[] = [];
  const seen = new Set<string>();
  let [prev, time] = ['', 0];
  for (const bytes of ledger.allBytes()) {
    const entry = parse<LedgerEntry>(bytes);
    if (entry?.v !== 1 || entry.seq !== leaves.length || entry.prev !== prev || !(entry.time >= time)) {
      throw broken(ledger.dir, `entry ${leaves.length} does not follow the one before`);
    }
    const leaf = leafHash(bytes);
    leaves.push(leaf);
    [prev, time] = [leaf.toString('hex'), entry.time];
    // The root below answers for the bytes of the others; whoever reads an entry also asks for its form.
    if (!wanted(subjectOf(entry), entry.type)) continue;
    if (canonicalJson(entry) !== bytes.toString('utf8'))
      throw broken(ledger.dir, `entry ${entry.seq} is not canonical`);
    const envelope = Buffer.from(canonicalJson(entry.envelope));
    const digest = sha256(envelope);
    // The same signed act twice is a replay: only the first counts.
    if (seen.has(digest)) continue;
    seen.add(digest);
    events.push(toEvent(entry, envelope, ledger, trust));
  }
  if (!rangeRoot(subtreeOf(leaves), 0, sealed.size).equals(sealed.root)) {
    throw broken(ledger.dir, 'its entries do not give the root that was signed');
  }
  return events;
}

/** The subject as it stands, for choosing entries before any signature is looked at. */
function subjectOf(entry: LedgerEntry): Subject {
  const payload = Buffer.from(String(entry.envelope?.payload), 'base64');
  const subject = parse<{ subject?: readonly Subject[] }>(payload)?.subject?.[0];
  return typeof subject?.digest?.sha256 === 'string' ? subject : { name: '', digest: { sha256: '' } };
}

function parse<T>(bytes: Buffer): T | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as T;
  } catch {
    return undefined;
  }
}

function toEvent(entry: LedgerEntry, envelope: Buffer, ledger: LedgerReader, trust: TrustStore): Event {
  if (entry.type === 'key') return toKeyEvent(entry, ledger, trust);
  const subject = subjectOf(entry);
  const opened = openEnvelope(envelope, (id) => trust.publicKey(id));
  const base = { seq: entry.seq, time: entry.time, payload: { name: subject.name, sha256: subject.digest.sha256 } };
  if (opened === 'bad-signature' || opened === 'not-canonical' || opened === 'wrong-type') {
    throw broken(ledger.dir, `entry ${entry.seq} has no valid signature (${opened})`);
  }
  const payload = strictBase64(entry.envelope.payload) as Buffer;
  const value = typeof opened === 'string' ? parseCanonical(payload) : opened.value;
  const trusted = typeof opened !== 'string' && trust.allows(opened.keyid, ROLE[entry.type], entry.time);
  const person = trusted ? trust.person(opened.keyid) : undefined;
  if (entry.type === 'audit') {
    const audit = predicateOf<AuditPredicate>(value, AUDIT)?.predicate;
    if (!audit) throw broken(ledger.dir, `entry ${entry.seq} is no audit`);
    return { ...base, type: 'audit', person, audit };
  }
  const act = predicateOf<ActPredicate>(value, ACT)?.predicate;
  if (act?.act !== entry.type) throw broken(ledger.dir, `entry ${entry.seq} is not what its type says`);
  // An act signed for another ledger says nothing here.
  return { ...base, type: act.act, person: act.ledger === ledger.identity.origin ? person : undefined, act };
}

/** That the administrator of its time signed it was seen when the trust store was chosen. */
function toKeyEvent(entry: LedgerEntry, ledger: LedgerReader, trust: TrustStore): Event {
  const by = entry.envelope.signatures[0]?.keyid ?? '';
  const { subject, predicate } = keyEvent(ledger, entry, by);
  const payload = { name: subject.name, sha256: subject.digest.sha256 };
  return { seq: entry.seq, time: entry.time, type: 'key', person: trust.person(by), payload, key: predicate };
}
