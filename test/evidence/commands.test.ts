import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { validate } from '../../src/catalog/index.ts';
import {
  addKey,
  generateKey,
  openSigner,
  publicPem,
  type Role,
  sha256,
  updateTrust,
  verifyProof,
  writePrivateKey,
} from '../../src/evidence/index.ts';
import { entry, resultFile, scratch } from './fixture.ts';

const dir = scratch();
const bin = new URL('../../bin/run.js', import.meta.url).pathname;
const at = (name: string): string => join(dir, name);

/** Runs the real command; `--json` answers come back parsed. */
function clearance(...args: string[]) {
  const done = spawnSync(process.execPath, [bin, ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: {
      ...process.env,
      CLEARANCE_LEDGER: at('ledger'),
      CLEARANCE_TRUST: at('trust.json'),
      CLEARANCE_PASSPHRASE_FILE: at('pass'),
    },
  });
  const json =
    args.includes('--json') && args[1] !== 'show' && done.stdout !== '' ? JSON.parse(done.stdout) : undefined;
  return { status: done.status, out: done.stdout, err: done.stderr, json };
}
const ok = (...args: string[]) => {
  const done = clearance(...args);
  expect([args[0], done.status, done.err, done.out]).toEqual([args[0], 0, done.err, done.out]);
  return done;
};
const as = (name: string): string[] => ['--key', at(`${name}.pem`)];
const submit = (result: string) => ok('submit', result, ...as('audra'), '--json').json;
const approve = (result: string, name: string, ...more: string[]) => {
  const { payloads } = JSON.parse(readFileSync(result, 'utf8'));
  return clearance(
    'approve',
    result,
    ...as(name),
    '--digest',
    payloads[0].sha256,
    '--reason',
    'looked at every entry',
    '--json',
    ...more,
  );
};
let number = 0;
/** A payload of its own for every test. */
function payload(change: Parameters<typeof resultFile>[2] = {}, entries = [entry(['bundle.tgz', 'a'])]) {
  const name = `bundle-${number++}.tgz`;
  const bytes = Buffer.from(`payload ${name}`);
  writeFileSync(at(name), bytes);
  const result = resultFile(
    dir,
    bytes,
    { payloads: [{ name, size: bytes.length, sha256: sha256(bytes) }], catalog: CATALOG, ...change },
    entries,
  );
  return { name, file: at(name), bytes, result };
}
// Ids that no installed catalog has: what is installed must not decide these tests.
const CATALOG = {
  inventory: { id: 'own', version: '1', sha256: 'a'.repeat(64) },
  packs: [{ id: 'own-pack', version: '1', sha256: 'b'.repeat(64) }],
  policy: { id: 'own-policy', version: '1', sha256: 'c'.repeat(64) },
};
const HELD = {
  verdict: {
    outcome: 'held',
    level: 'L2',
    reasons: [{ code: 'undocumented-file', severity: 'medium', path: null, message: 'm', count: 1 }],
    notices: [],
  },
} as const;

beforeAll(() => {
  writeFileSync(at('pass'), 'a long passphrase\n', { mode: 0o600 });
  // Keys and trust are made in this process; the commands for them run once, below and in the test of rotation.
  const people: [string, string, Role[]][] = [
    ['root', 'R. Root', ['admin']],
    ['audra', 'Audra', ['auditor', 'submitter', 'approver']],
    ['ann', 'Ann', ['approver']],
    ['ben', 'Ben', ['approver']],
  ];
  const pairs = people.map(([name, person, roles]) => {
    const key = generateKey('ecdsa-p256');
    writePrivateKey(at(`${name}.pem`), key, 'a long passphrase');
    writeFileSync(at(`${name}.pem.pub`), publicPem(key));
    return { key, person, roles, validFrom: Date.now() - 1000, validTo: Date.now() + 1e9 };
  });
  const root = openSigner({ key: at('root.pem'), passphrase: 'a long passphrase' });
  updateTrust(at('trust.json'), root, (content) => pairs.reduce(addKey, content));
  ok('key', 'generate', at('gate.pem'));
  ok(
    'key',
    'trust',
    at('trust.json'),
    '--add',
    at('gate.pem.pub'),
    '--person',
    'gate',
    '--role',
    'releaser',
    ...as('root'),
  );
  ok('ledger', 'init', at('ledger'), '--admin', at('root.pem.pub'));
  mkdirSync(at('out'));
}, 60_000);

describe('from result to release', () => {
  test('a cleared payload, one approver, one use', () => {
    const { name, file, bytes, result } = payload();
    const release = () => clearance('release', file, '--to', at('out'), ...as('gate'), '--json');
    expect(release()).toMatchObject({ status: 1, json: { code: 'no-approval' } });
    expect(submit(result)).toMatchObject({ ok: true, payload: { sha256: sha256(bytes) } });
    expect(release()).toMatchObject({ status: 1, json: { code: 'no-approval' } });
    expect(approve(result, 'audra')).toMatchObject({ status: 1, json: { code: 'self-approved' } });
    expect(approve(result, 'gate')).toMatchObject({ status: 1, json: { code: 'untrusted-key' } });
    expect(clearance('verify', file, '--json')).toMatchObject({ status: 1, json: { code: 'no-approval' } });
    expect(approve(result, 'ann')).toMatchObject({ status: 0, json: { ok: true } });
    expect(clearance('verify', file, '--json')).toMatchObject({ status: 0, json: { ok: true } });
    expect(release()).toMatchObject({ status: 0, json: { ok: true, payload: { sha256: sha256(bytes) } } });
    expect(readFileSync(at(`out/${name}`))).toEqual(bytes);
    expect(statSync(at(`out/${name}`)).mode & 0o777).toBe(0o440);
    expect(release()).toMatchObject({ status: 1, json: { code: 'used-up' } });
    // The uploader asks about the published file, and again after a revocation.
    expect(clearance('verify', at(`out/${name}`)).out).toMatch(/^ok\n/);
    ok('revoke', result, ...as('ben'), '--reason', 'found a name');
    expect(clearance('verify', at(`out/${name}`))).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^refused: revoked/),
    });
    expect(readdirSync(at('out')).filter((file) => file.startsWith('.'))).toEqual([]);
  }, 60_000);

  test('a held payload needs two persons; changed bytes, a link and a second name are refused', () => {
    const { name, file, result } = payload(HELD);
    submit(result);
    expect(approve(result, 'ann', '--uses', '3').status).toBe(0);
    const release = (path = file) => clearance('release', path, '--exec', 'cat > got', ...as('gate'), '--json').json;
    expect(release()).toMatchObject({ code: 'quorum' });
    expect(approve(result, 'ben', '--uses', '3').status).toBe(0);
    symlinkSync(file, at('link'));
    expect(release(at('link'))).toMatchObject({ code: 'unsafe-payload' });
    linkSync(file, at('second'));
    expect(release()).toMatchObject({ code: 'unsafe-payload' });
    spawnSync('rm', [at('second')]);
    mkdirSync(at('changed'));
    writeFileSync(at(`changed/${name}`), 'other bytes');
    expect(release(at(`changed/${name}`))).toMatchObject({ code: 'digest-mismatch' });
    expect(release()).toMatchObject({ ok: true });
    expect(readFileSync(at('got'), 'utf8')).toBe(`payload ${name}`);
    expect(clearance('release', file, '--exec', 'exit 7', ...as('gate'), '--json').json).toMatchObject({
      code: 'command-failed',
    });
    writeFileSync(at(`out/${name}`), 'was here before');
    expect(clearance('release', file, '--to', at('out'), ...as('gate'), '--json').json).toMatchObject({
      code: 'target-exists',
    });
    ok('reject', result, ...as('ann'), '--reason', 'on second thought');
    expect(release()).toMatchObject({ code: 'rejected' });
  }, 60_000);

  test('forbidden content and unread content cannot be approved', () => {
    const forbidden = payload({
      verdict: { ...HELD.verdict, reasons: [{ ...HELD.verdict.reasons[0], code: 'forbidden-file' }] },
    });
    submit(forbidden.result);
    expect(approve(forbidden.result, 'ann').json).toMatchObject({ code: 'forbidden' });
    const unread = payload({ verdict: { ...HELD.verdict, outcome: 'incomplete' } }, [
      entry(['b', 'x.zip'], { coverage: 'unread', gaps: [{ code: 'encrypted', detail: '' }] }),
    ]);
    submit(unread.result);
    expect(approve(unread.result, 'ann').json).toMatchObject({ code: 'incomplete' });
    writeFileSync(
      at('open.yaml'),
      readFileSync(new URL('../../catalog/approvals/default.yaml', import.meta.url), 'utf8').replace(
        'acceptedGaps: []',
        'acceptedGaps: [encrypted]',
      ),
    );
    expect(approve(unread.result, 'ann', '--approval-policy', './open.yaml').status).toBe(0);
    expect(approve(unread.result, 'ben', '--approval-policy', './open.yaml').status).toBe(0);
    expect(clearance('verify', unread.file, '--approval-policy', './open.yaml').status).toBe(0);
    expect(clearance('verify', unread.file, '--json').json).toMatchObject({ code: 'incomplete' });
  }, 60_000);
});

test('operators err with exit code 2: digest, reason, result, policy, key, ledger', () => {
  const { result } = payload();
  submit(result);
  const wrong = (...args: string[]) => {
    const done = clearance(...args);
    expect([args, done.status, done.out]).toEqual([args, 2, '']);
    return done.err;
  };
  const flags = ['--reason', 'r', ...as('ann')];
  expect(wrong('approve', result, ...flags, '--digest', '0'.repeat(64))).toMatch(/not the digest/);
  expect(wrong('approve', result, ...flags)).toMatch(/nobody is there to ask/);
  writeFileSync(at('pretty.json'), JSON.stringify(JSON.parse(readFileSync(result, 'utf8')), undefined, 1));
  expect(wrong('submit', at('pretty.json'), ...as('audra'))).toMatch(/not the canonical form/);
  writeFileSync(at('bad.yaml'), 'id: x\n');
  expect(wrong('verify', at('pass'), '--approval-policy', './bad.yaml')).toMatch(/bad\.yaml:1/);
  expect(wrong('reject', result, '--reason', ' ', ...as('ann'))).toMatch(/reason is needed/);
  expect(wrong('verify', at('pass'), '--ledger', at('nowhere'))).toMatch(/is no ledger/);
  expect(wrong('release', at('nowhere'), '--to', at('out'), ...as('gate'))).toMatch(/cannot read/);
  expect(wrong('release', result, ...as('gate'))).toMatch(/--to DIR or --exec/);
}, 60_000);

test('the attestation binds payload, result and report, and a flipped bit in any of them is found', () => {
  const { file, result } = payload(HELD);
  writeFileSync(at('report.pdf'), '%PDF-1.7 report');
  ok(
    'submit',
    result,
    ...as('audra'),
    '--report',
    at('report.pdf'),
    '--attestation',
    at('a.dsse.json'),
    '--vsa',
    at('vsa.dsse.json'),
  );
  const verify = () =>
    clearance(
      'verify',
      at('a.dsse.json'),
      '--public-key',
      at('audra.pem.pub'),
      '--payload',
      file,
      '--result',
      result,
      '--report',
      at('report.pdf'),
      '--json',
    );
  expect(verify()).toMatchObject({
    status: 0,
    json: { ok: true, checks: [{ what: 'signature' }, { what: 'payload' }, { what: 'result' }, { what: 'report' }] },
  });
  for (const path of [at('a.dsse.json'), file, result, at('report.pdf')]) {
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1] = (changed[bytes.length >> 1] as number) ^ 4;
    writeFileSync(path, changed);
    expect([path, verify().status]).toEqual([path, 1]);
    writeFileSync(path, bytes);
  }
  expect(clearance('verify', at('a.dsse.json'), '--public-key', at('ann.pem.pub'), '--json').json).toMatchObject({
    code: 'unknown-key',
  });
  const vsa = JSON.parse(
    Buffer.from(JSON.parse(readFileSync(at('vsa.dsse.json'), 'utf8')).payload, 'base64').toString(),
  );
  expect(vsa).toMatchObject({
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verificationResult: 'FAILED',
      verifiedLevels: [],
      inputAttestations: [{ digest: { sha256: sha256(readFileSync(at('a.dsse.json'))) } }],
    },
  });
}, 60_000);

test('a pack that strangers verify with coreutils and openssl, labelled partial until it is not', () => {
  const { file, result } = payload();
  submit(result);
  const pack = (to: string) =>
    ok('export', result, '--to', at(to), '--report', at('pass.pdf'), ...as('audra'), '--json').json;
  writeFileSync(at('pass.pdf'), '%PDF report');
  expect(pack('pack-1').missing).toEqual(['an approval', 'a release']);
  expect(readFileSync(at('pack-1/README.md'), 'utf8')).toMatch(/PARTIAL. It lacks: an approval, a release\./);
  approve(result, 'ann');
  ok('release', file, '--exec', 'cat > /dev/null', ...as('gate'));
  expect(pack('pack-2').missing).toEqual([]);
  const json = (name: string) => JSON.parse(readFileSync(at(`pack-2/${name}`), 'utf8'));
  const statement = (name: string) => JSON.parse(Buffer.from(json(name).payload, 'base64').toString());
  expect(validate('evidence-pack', json('MANIFEST.json'))).toEqual([]);
  expect(validate('trust', json('keys/trust.json'))).toEqual([]);
  expect(validate('approval-policy', json('approval-policy.json'))).toEqual([]);
  expect(validate('statement-audit', statement('attestation.dsse.json'))).toEqual([]);
  const acts = readdirSync(at('pack-2/ledger')).filter((name) => name.includes('-'));
  expect(acts.map((name) => name.replace(/^\d+-|\.\w+\.json$/g, '')).filter((_, i) => i % 2 === 0)).toEqual([
    'audit',
    'submit',
    'export',
    'approve',
    'release',
    'export',
  ]);
  for (const name of acts) {
    if (name.endsWith('.dsse.json'))
      expect(
        validate(name.includes('audit') ? 'statement-audit' : 'statement-act', statement(`ledger/${name}`)),
      ).toEqual([]);
    else {
      expect(validate('proof', json(`ledger/${name}`))).toEqual([]);
      expect(validate('ledger-entry', JSON.parse(json(`ledger/${name}`).leaf))).toEqual([]);
      expect(verifyProof(json(`ledger/${name}`))).toBe(true);
      expect(verifyProof({ ...json(`ledger/${name}`), leaf: 'x' })).toBe(false);
    }
  }
  const commands = readFileSync(at('pack-2/README.md'), 'utf8').match(/```\n([\s\S]+?)```/)?.[1] as string;
  const done = spawnSync('sh', ['-ec', `sha256sum --quiet -c SHA256SUMS\n${commands}`], {
    cwd: at('pack-2'),
    encoding: 'utf8',
  });
  expect([done.status, done.stdout]).toEqual([0, 'Verified OK\n']);
  expect(clearance('export', result, '--to', at('pack-2'), ...as('audra')).status).toBe(2);
}, 60_000);

test('ledger: show, checkpoint, verify against a witness, proofs', () => {
  writeFileSync(at('witness'), ok('ledger', 'checkpoint').out);
  submit(payload().result);
  expect(clearance('ledger', 'verify', '--witness', at('witness'), '--json')).toMatchObject({
    status: 0,
    json: { ok: true, problems: [], notices: [] },
  });
  const shown = ok('ledger', 'show', '--json')
    .out.trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(shown.at(-1)).toMatchObject({ type: 'submit', person: 'Audra' });
  expect(ok('ledger', 'show').out.trim().split('\n')).toHaveLength(shown.length);
  expect(JSON.parse(ok('ledger', 'prove', '--seq', '0').out)).toMatchObject({ schema: 'clearance.proof/1', index: 0 });
  expect(JSON.parse(ok('ledger', 'prove', '--from', '1').out)).toMatchObject({ type: 'consistency', oldSize: 1 });
  expect(clearance('ledger', 'prove', '--seq', '99999').status).toBe(2);
  const journal = readFileSync(at('ledger/journal'));
  writeFileSync(at('ledger/journal'), journal.toString().replace('"v":1', '"v":2'));
  expect(clearance('ledger', 'verify', '--json')).toMatchObject({
    status: 1,
    json: { ok: false, code: 'ledger-broken' },
  });
  expect(clearance('verify', at('pass'), '--json')).toMatchObject({ status: 1, json: { code: 'ledger-broken' } });
  writeFileSync(at('ledger/journal'), journal);
  ok('ledger', 'verify');
}, 60_000);

test('a rotated key speaks no more, what it said before stays', () => {
  const { file, result } = payload();
  submit(result);
  expect(approve(result, 'ann').status).toBe(0);
  ok('key', 'generate', at('ann-2.pem'));
  ok('key', 'rotate', at('trust.json'), '--old', at('ann.pem.pub'), '--new', at('ann-2.pem.pub'), ...as('root'));
  expect(clearance('verify', file).status).toBe(0);
  expect(clearance('reject', result, ...as('ann'), '--reason', 'r', '--json').json).toMatchObject({
    code: 'untrusted-key',
  });
  expect(clearance('reject', result, ...as('ann-2'), '--reason', 'r', '--json').json).toMatchObject({ ok: true });
  expect(clearance('verify', file, '--json').json).toMatchObject({ code: 'rejected' });
  // Only the administrator's signature makes a trust store.
  const forged = clearance(
    'key',
    'trust',
    at('trust.json'),
    '--add',
    at('gate.pem.pub'),
    '--person',
    'x',
    '--role',
    'admin',
    ...as('ben'),
  );
  expect([forged.status, forged.err]).toEqual([2, expect.stringMatching(/only the administrator of the ledger/)]);
}, 60_000);

test('a key without its roles is told all of them at once; they are added to it, from now on', () => {
  const { file, bytes, result } = payload();
  ok('key', 'generate', at('zoe.pem'));
  const trust = (person: string, ...roles: string[]) => {
    const named = roles.flatMap((role) => ['--role', role]);
    return clearance(
      'key',
      'trust',
      at('trust.json'),
      '--add',
      at('zoe.pem.pub'),
      '--person',
      person,
      ...named,
      ...as('root'),
    );
  };
  const refused = clearance('submit', result, ...as('zoe'), '--json');
  expect([refused.status, refused.json]).toEqual([1, expect.objectContaining({ code: 'untrusted-key' })]);
  expect(refused.json.detail).toBe('the trust store does not list this key; it needs the role auditor and submitter');
  expect(refused.json.next).toMatch(/--add PUBLIC-KEY --person NAME --role auditor --role submitter/);

  expect(trust('Zoe', 'auditor').status).toBe(0);
  const half = clearance('submit', result, ...as('zoe'));
  expect(half.out).toMatch(
    /^refused: untrusted-key \(.*act as submitter now\)\nnext: .*--person "Zoe" --role submitter --key/,
  );

  const other = trust('Bob', 'submitter');
  expect([other.status, other.err]).toEqual([2, expect.stringMatching(/as that of Zoe\n.*--person "Zoe"/)]);
  const again = trust('Zoe', 'auditor');
  expect([again.status, again.err]).toEqual([2, expect.stringMatching(/act as auditor already/)]);
  const { previous: _, ...before } = JSON.parse(readFileSync(at('trust.json'), 'utf8'));
  expect(trust('Zoe', 'auditor', 'submitter').status).toBe(0);
  expect(JSON.parse(readFileSync(at('trust.json'), 'utf8'))).not.toEqual(before);
  expect(clearance('submit', result, ...as('zoe'), '--json').json).toMatchObject({ ok: true });
  expect(approve(result, 'ben')).toMatchObject({ status: 0, json: { ok: true } });
  const release = clearance('release', file, '--to', at('out'), ...as('zoe'), '--json');
  expect([release.status, release.json.detail]).toEqual([1, expect.stringContaining('act as releaser now')]);
  expect(clearance('release', file, '--to', at('out'), ...as('gate'), '--json').json.payload.sha256).toBe(
    sha256(bytes),
  );

  ok('key', 'generate', at('zoe-2.pem'));
  ok('key', 'rotate', at('trust.json'), '--old', at('zoe.pem.pub'), '--new', at('zoe-2.pem.pub'), ...as('root'));
  const next = payload();
  expect(clearance('submit', next.result, ...as('zoe'), '--json').json.next).toMatch(
    /the key that the trust store lists/,
  );
  expect(clearance('submit', next.result, ...as('zoe-2'), '--json').json).toMatchObject({ ok: true });
  expect(trust('Zoe', 'releaser').err).toMatch(/the time of this key has ended/);
}, 60_000);
