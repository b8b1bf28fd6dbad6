import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import {
  addKey,
  canonicalJson,
  generateKey,
  keyId,
  LedgerReader,
  publicPem,
  type Role,
  readEvents,
  recordTrust,
  rotateKey,
  type Signer,
  seal,
  standingTrust,
  type TrustContent,
  TrustStore,
  updateRecorded,
  updateTrust,
  verifyLedger,
} from '../../src/evidence/index.ts';
import { signWith } from '../../src/evidence/keys.ts';
import { office, START, scratch } from './fixture.ts';

const newSigner = (): Signer => {
  const key = generateKey('ecdsa-p256');
  return { keyid: keyId(key), publicKey: key, sign: (bytes) => signWith(key, bytes) };
};
const added = (signer: Signer, person: string) => (content: Parameters<typeof addKey>[0]) =>
  addKey(content, { key: signer.publicKey, person, roles: ['approver'], validFrom: START, validTo: START + 1e9 });
const terms = (now: number, more = {}) => ({ now, reason: 'a change', ...more });

test('until a store is recorded any one the administrator signed holds; afterwards only that one', async () => {
  const { people, path, trustFile, open } = await office(scratch());
  const first = readFileSync(trustFile);
  updateTrust(trustFile, people.root, added(newSigner(), 'Dora'));
  const second = readFileSync(trustFile);
  const holds = (bytes: Uint8Array) => {
    writeFileSync(trustFile, bytes);
    return standingTrust(new LedgerReader(path), trustFile).content.version;
  };
  expect([holds(first), holds(second)]).toEqual([1, 2]);
  const ledger = await open();
  expect(recordTrust(ledger, trustFile, people.root, START, 'Dora came')).toMatchObject({ seq: 0, version: 2 });
  ledger.close();
  expect(holds(second)).toBe(2);
  expect(() => holds(first)).toThrow(/version 1 .* not the one the ledger recorded last \(version 2\)/);
  // Nothing is built upon an old store either.
  const again = await open();
  expect(() => updateRecorded(again, trustFile, people.root, added(newSigner(), 'Eve'), terms(START))).toThrow(
    /version 1; the ledger has recorded version 2/,
  );
  expect(readFileSync(trustFile)).toEqual(first);
  expect(() => recordTrust(again, trustFile, people.root, START, 'r')).toThrow(/version 1/);
  again.close();
});

test('the event is in the ledger, by its schema, and the ledger is whole', async () => {
  const { people, path, trustFile, open } = await office(scratch());
  const ledger = await open();
  expect(updateRecorded(ledger, trustFile, people.root, added(newSigner(), 'Dora'), terms(START))).toBe(2);
  ledger.close();
  const reader = new LedgerReader(path);
  const trust = standingTrust(reader, trustFile);
  expect(readEvents(reader, trust)).toMatchObject([
    { type: 'key', person: 'root', payload: { name: 'trust.json', sha256: trust.sha256 }, key: { version: 2 } },
  ]);
  const { envelope } = JSON.parse(reader.entryBytes(0).toString());
  expect(validate('statement-key', JSON.parse(Buffer.from(envelope.payload, 'base64').toString()))).toEqual([]);
  expect(verifyLedger(path, (found) => standingTrust(found, trustFile)).problems).toEqual([]);
});

test('only the administrator changes the store, and a forged event breaks the ledger', async () => {
  const { people, path, trustFile, origin, open } = await office(scratch());
  const ledger = await open();
  expect(() => updateRecorded(ledger, trustFile, people.ann, added(newSigner(), 'X'), terms(START))).toThrow(
    /only the administrator/,
  );
  expect(() => recordTrust(ledger, trustFile, people.ann, START, 'r')).toThrow(/only the administrator/);
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'trust.json', digest: { sha256: '0'.repeat(64) } }],
    predicateType: 'https://clearance.invalid/predicate/key/v1',
    predicate: {
      ledger: origin,
      time: START,
      reason: 'r',
      version: 9,
      previous: '',
      signer: publicPem(people.ann.publicKey),
      administrator: people.ann.keyid,
    },
  };
  ledger.append('key', seal(statement, people.ann), START);
  ledger.close();
  expect(() => standingTrust(new LedgerReader(path), trustFile)).toThrow(/not signed by the administrator of its time/);
  expect(verifyLedger(path, (found) => standingTrust(found, trustFile)).problems).toHaveLength(1);
});

test('an event of another ledger is refused', async () => {
  const [one, two] = [await office(scratch()), await office(scratch())];
  const ledger = await one.open();
  recordTrust(ledger, one.trustFile, one.people.root, START, 'r');
  const { envelope } = JSON.parse(ledger.entryBytes(0).toString());
  ledger.close();
  const other = await two.open();
  other.append('key', envelope, START);
  other.close();
  expect(() => standingTrust(new LedgerReader(two.path), two.trustFile)).toThrow(/administrator of its time/);
});

test('an administrator is replaced: the old key signs that, and nothing after it', async () => {
  const { people, path, trustFile, open } = await office(scratch());
  const next = newSigner();
  const ledger = await open();
  const rotate = (content: Parameters<typeof addKey>[0]) =>
    rotateKey(content, people.root.keyid, next.publicKey, START, START + 1e9);
  expect(() =>
    updateRecorded(ledger, join(trustFile, '..', 'none.json'), people.root, (content) => content, terms(START)),
  ).toThrow(/no administrator/);
  expect(updateRecorded(ledger, trustFile, people.root, rotate, terms(START, { successor: next.keyid }))).toBe(2);
  expect(standingTrust(ledger, trustFile).content.version).toBe(2);
  expect(() => updateRecorded(ledger, trustFile, people.root, added(newSigner(), 'X'), terms(START + 1))).toThrow(
    /only the administrator/,
  );
  expect(updateRecorded(ledger, trustFile, next, added(newSigner(), 'Dora'), terms(START + 1))).toBe(3);
  expect(updateRecorded(ledger, trustFile, next, added(newSigner(), 'Emil'), terms(START + 2))).toBe(4);
  ledger.close();
  const reader = new LedgerReader(path);
  expect(readEvents(reader, standingTrust(reader, trustFile)).map((event) => event.person)).toEqual([
    'root',
    'root',
    'root',
  ]);
});

test('killed between store and ledger: said, and mended by recording', async () => {
  const { people, path, trustFile, open } = await office(scratch());
  const ledger = await open();
  recordTrust(ledger, trustFile, people.root, START, 'first');
  updateTrust(trustFile, people.root, added(newSigner(), 'Dora'));
  expect(() => standingTrust(ledger, trustFile)).toThrow(/version 2 .*\(version 1\)/);
  recordTrust(ledger, trustFile, people.root, START + 1, 'Dora came');
  ledger.close();
  expect(standingTrust(new LedgerReader(path), trustFile).content.version).toBe(2);
  expect(canonicalJson(new LedgerReader(path).identity)).toContain('trustRoot');
});

test('a role that a key is given later does not make good what it signed before', () => {
  const key = generateKey('ecdsa-p256');
  const at = (validFrom: number, roles: Role[]) => ({ key, person: 'Ann', roles, validFrom, validTo: validFrom + 1e9 });
  const empty: TrustContent = { schema: 'clearance.trust/1', version: 1, previous: '', keys: [] };
  const content = addKey(addKey(empty, at(START, ['submitter'])), at(START + 500, ['approver', 'submitter']));
  const store = new TrustStore(content, '', 'trust');
  const [id] = content.keys.map(({ keyid }) => keyid);
  expect(content.keys.map(({ roles }) => roles)).toEqual([['submitter'], ['approver']]);
  expect([START, START + 499, START + 500].map((time) => store.allows(id!, 'approver', time))).toEqual([
    false,
    false,
    true,
  ]);
  expect(store.allows(id!, 'submitter', START)).toBe(true);
  const stolen = { ...content, keys: content.keys.map((entry, index) => ({ ...entry, person: `P${index}` })) };
  expect(() => new TrustStore(stolen, '', 'trust')).toThrow(/two persons/);
});
