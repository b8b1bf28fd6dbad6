import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ActContext,
  attest,
  readResultFile,
  recordApproval,
  recordSubmit,
  release,
  verifyPayload,
} from '../../src/evidence/index.ts';
import { office, POLICY, POLICY_SHA256, resultFile, START, scratch } from './fixture.ts';

const dir = scratch();
// A thousand tries were made by hand; every one reads the whole ledger, so a suite makes fewer.
const TRIES = Number(process.env['RELEASE_RACES'] ?? 120);

/** A payload that is submitted and approved for a thousand uses. */
async function approved(home: string, bytes: Buffer) {
  const desk = await office(home);
  const policy = { ...POLICY, uses: { default: 1, most: 2000 } };
  const file = join(home, 'bundle.tgz');
  writeFileSync(file, bytes);
  mkdirSync(join(home, 'out'));
  const result = readResultFile(resultFile(home, bytes));
  const ledger = await desk.open();
  const context = (signer: keyof typeof desk.people, now = START): ActContext => ({
    ledger,
    signer: desk.people[signer],
    trust: desk.trust,
    policy,
    policySha256: POLICY_SHA256,
    now,
  });
  expect(recordSubmit(context('audra'), result, attest(result, [], desk.people.audra), 'r')).toMatchObject({
    ok: true,
  });
  expect(
    recordApproval(context('ann'), result, 'r', { validFrom: START, expires: START + 1e6, maxUses: 2000 }),
  ).toMatchObject({ ok: true });
  const options = { trust: desk.trust, policy, policySha256: POLICY_SHA256, now: START + 1, payload: file };
  return {
    ...desk,
    ledger,
    file,
    options,
    published: join(home, 'out', 'bundle.tgz'),
    target: { dir: join(home, 'out') },
  };
}

test('a payload swapped all the time while it is released never goes out wrong', async () => {
  const good = Buffer.alloc(70_000, 'good ');
  const desk = await approved(join(dir, 'swap'), good);
  const script = `const fs = require('fs'); const [file, dir] = process.argv.slice(1); const good = fs.readFileSync(file);
    const evil = Buffer.alloc(70000, 'evil '); const half = Buffer.concat([good.subarray(0, 40000), evil.subarray(40000)]);
    process.send('ready');
    for (let i = 0; ; i++) {
      if (i % 4 === 3) fs.writeFileSync(file, [good, evil, half][i % 3]);
      else { fs.writeFileSync(dir + '/new', [good, half, evil][i % 3]); fs.renameSync(dir + '/new', file); }
    }`;
  const swapper = spawn(process.execPath, ['-e', script, desk.file, join(dir, 'swap')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise((resolve) => swapper.once('message', resolve));
  const answers = new Map<string, number>();
  try {
    for (let i = 0; i < TRIES; i++) {
      const answer = release(desk.ledger, desk.people.gate, 'r', desk.target, desk.options);
      const code = answer.ok ? 'ok' : answer.code;
      answers.set(code, (answers.get(code) ?? 0) + 1);
      if (answer.ok) expect(readFileSync(desk.published).equals(good)).toBe(true);
      expect(existsSync(desk.published)).toBe(answer.ok);
      rmSync(desk.published, { force: true });
    }
  } finally {
    swapper.kill('SIGKILL');
    desk.ledger.close();
  }
  // Both outcomes must have happened, or nothing was raced.
  expect(answers.get('ok')).toBeGreaterThan(3);
  expect(answers.get('digest-mismatch')).toBeGreaterThan(3);
  expect(readdirSync(desk.target.dir)).toEqual([]);
}, 120_000);

test('the use is recorded before anything is published, and nothing stays behind', async () => {
  const desk = await approved(join(dir, 'order'), Buffer.from('x'));
  const before = desk.ledger.size;
  const command = `test "$(cat)" = x && grep -c . ${desk.path}/journal > ${join(dir, 'order', 'count')}`;
  expect(release(desk.ledger, desk.people.gate, 'r', { command }, desk.options)).toMatchObject({ ok: true });
  // Header and entries: the release was in the journal while the command ran.
  expect(Number(readFileSync(join(dir, 'order', 'count'), 'utf8'))).toBe(before + 2);
  desk.ledger.close();
});

test('a gate key without the role cannot make a release that an uploader believes', async () => {
  const desk = await approved(join(dir, 'role'), Buffer.from('y'));
  expect(release(desk.ledger, desk.people.ben, 'r', desk.target, desk.options)).toMatchObject({
    ok: false,
    code: 'untrusted-key',
  });
  expect(existsSync(desk.published)).toBe(false);
  expect(verifyPayload(desk.ledger, { ...desk.options, now: START + 2e6 })).toMatchObject({
    ok: false,
    code: 'expired',
  });
  desk.ledger.close();
});
