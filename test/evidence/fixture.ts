import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  type ApprovalPolicy,
  canonicalJson,
  generateKey,
  initLedger,
  keyId,
  Ledger,
  publicPem,
  type Role,
  readTrust,
  type Signer,
  sealTrust,
  sha256,
  type TrustedKey,
} from '../../src/evidence/index.ts';
import { signWith } from '../../src/evidence/keys.ts';
import type { ResultEntry, ResultHead } from '../../src/model/index.ts';

/** A directory that goes when the tests of the file are done. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'clearance-evidence-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export const POLICY: ApprovalPolicy = {
  id: 'test',
  version: '1.0.0',
  title: 'Test',
  quorum: { cleared: 1, info: 1, low: 1, medium: 2, high: 2, critical: 3 },
  never: ['forbidden-file'],
  acceptedGaps: [],
  validHours: { default: 72, longest: 720 },
  uses: { default: 1, most: 10 },
};
export const POLICY_SHA256 = sha256(canonicalJson(POLICY));
export const START = Date.UTC(2026, 10, 23);

function signer(): Signer {
  const key = generateKey('ecdsa-p256');
  return { keyid: keyId(key), publicKey: key, sign: (bytes) => signWith(key, bytes) };
}

const trusted = (who: Signer, person: string, roles: readonly Role[]): TrustedKey => ({
  keyid: who.keyid,
  publicKey: publicPem(who.publicKey),
  person,
  roles,
  validFrom: START - 1e9,
  validTo: START + 1e12,
});

/** A ledger with an administrator, an auditor who submits, three approvers and a gate. */
export async function office(dir: string) {
  const people = { root: signer(), audra: signer(), ann: signer(), ben: signer(), cleo: signer(), gate: signer() };
  const keys = [
    trusted(people.root, 'root', ['admin']),
    trusted(people.audra, 'audra', ['auditor', 'submitter', 'approver']),
    ...(['ann', 'ben', 'cleo'] as const).map((name) => trusted(people[name], name, ['approver'])),
    trusted(people.gate, 'gate', ['releaser']),
  ];
  const path = join(dir, 'ledger');
  const { origin } = initLedger(path, people.root.keyid, 'clearance/test');
  const trustFile = join(dir, 'trust.json');
  writeFileSync(trustFile, sealTrust({ schema: 'clearance.trust/1', version: 1, previous: '', keys }, people.root));
  const trust = readTrust(trustFile, people.root.keyid);
  return { people, path, origin, trust, trustFile, keys, open: (durable = false) => Ledger.open(path, durable) };
}

/** A result of a payload, as `audit --json` would write it. */
export function resultFile(
  dir: string,
  payload: Uint8Array,
  change: Partial<ResultHead> = {},
  entries: readonly ResultEntry[] = [],
): string {
  const zero = { seen: 0, decoded: 0, raw: 0, opened: 0, unread: 0 };
  const head: ResultHead = {
    schema: 'clearance.result/1',
    asOf: '2026-11-23',
    tool: { name: 'clearance', version: '0.1.0', engine: 'e'.repeat(64) },
    catalog: {
      inventory: { id: 'ibm-hmc-860', version: '1.0.0', sha256: 'a'.repeat(64) },
      packs: [{ id: 'credentials', version: '1.0.0', sha256: 'b'.repeat(64) }],
      policy: { id: 'default', version: '1.0.0', sha256: 'c'.repeat(64) },
    },
    optionsSha256: 'd'.repeat(64),
    payloads: [{ name: 'bundle.tgz', size: payload.length, sha256: sha256(payload) }],
    coverage: { entries: zero, bytes: zero },
    transport: { observations: [], verdicts: [] },
    verdict: { outcome: 'cleared', level: 'L3', reasons: [], notices: [] },
    reproducible: true,
    ...change,
  };
  const path = join(dir, `result-${sha256(canonicalJson(head)).slice(0, 12)}.json`);
  writeFileSync(path, canonicalJson({ ...head, entries }));
  return path;
}

export const entry = (path: readonly string[], more: Partial<ResultEntry> = {}): ResultEntry => ({
  path,
  kind: 'file',
  size: 3,
  sha256: sha256(path.join('/')),
  media: 'text/plain',
  coverage: 'decoded',
  gaps: [],
  findings: [],
  ...more,
});
