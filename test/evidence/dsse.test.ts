import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ALGORITHMS,
  envelopeBytes,
  generateKey,
  keyId,
  openEnvelope,
  openSigner,
  publicPem,
  seal,
  writePrivateKey,
} from '../../src/evidence/index.ts';
import { scratch } from './fixture.ts';

const dir = scratch();
const missing = (tool: string): boolean => spawnSync(tool, ['--version']).error !== undefined;

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const key = generateKey(algorithm);
  const file = join(dir, `${algorithm}.pem`);
  writePrivateKey(file, key, 'correct horse');
  const signer = openSigner({ key: file, passphrase: 'correct horse' });
  const bytes = envelopeBytes(seal({ hello: 'Gru\u00df' }, signer));

  test('signs and verifies', () => {
    expect(openEnvelope(bytes, () => key)).toEqual({ value: { hello: 'Gru\u00df' }, keyid: keyId(key) });
    expect(openEnvelope(bytes, () => undefined)).toBe('unknown-key');
    expect(openEnvelope(bytes, () => generateKey(algorithm))).toBe('bad-signature');
  });

  // The commands of docs/verify-offline.md, to the letter.
  test.skipIf(missing('openssl'))('verifies with openssl and coreutils alone (needs openssl)', () => {
    writeFileSync(join(dir, 'attestation.dsse.json'), bytes);
    writeFileSync(join(dir, 'auditor.pub'), publicPem(key));
    const options = {
      'ecdsa-p256': '-sha256',
      'ecdsa-p384': '-sha384',
      'rsa-3072-pss': '-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest',
      ed25519: '',
    }[algorithm];
    const script = `
      sed 's/.*"payload":"\\([^"]*\\)".*/\\1/' attestation.dsse.json | base64 -d > statement.json
      sed 's/.*"sig":"\\([^"]*\\)".*/\\1/' attestation.dsse.json | base64 -d > signature.bin
      { printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c < statement.json)"; cat statement.json; } > signed.bin
    `;
    const verify =
      algorithm === 'ed25519'
        ? 'openssl pkeyutl -verify -pubin -inkey auditor.pub -rawin -in signed.bin -sigfile signature.bin'
        : `openssl dgst ${options} -verify auditor.pub -signature signature.bin signed.bin`;
    const run = (): string => execFileSync('sh', ['-c', `${script}\n${verify}`], { cwd: dir, encoding: 'utf8' });
    expect(run()).toMatch(/Verified OK|Signature Verified Successfully/);
    writeFileSync(join(dir, 'attestation.dsse.json'), bytes.toString().replace('"payload":"ey', '"payload":"eg'));
    expect(run).toThrow();
  });

  test('every one-byte change is refused', () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      expect(typeof openEnvelope(changed, (id) => (id === keyId(key) ? key : undefined))).toBe('string');
    }
    for (const more of ['\n', ' ', '{}'])
      expect(openEnvelope(Buffer.concat([bytes, Buffer.from(more)]), () => key)).toBe('not-canonical');
  });
});

test('a key file that others can read is refused, whatever it is called', () => {
  const file = join(dir, 'open.pem');
  writePrivateKey(file, generateKey('ed25519'), undefined);
  chmodSync(file, 0o640);
  expect(() => openSigner({ key: file })).toThrow(/open to others \(mode 0640\)/);
  chmodSync(file, 0o600);
  expect(openSigner({ key: file }).sign(Buffer.from('x'))).toHaveLength(64);
  expect(() => writePrivateKey(file, generateKey('ed25519'), undefined)).toThrow(/exists already/);
});

test('a wrong passphrase says so and shows nothing of the key', () => {
  const file = join(dir, 'locked.pem');
  writePrivateKey(file, generateKey('ecdsa-p256'), 'one');
  expect(() => openSigner({ key: file, passphrase: 'two' })).toThrow(/cannot be used/);
  expect(() => openSigner({ key: file })).toThrow(/cannot be used/);
});

test('a signer command is believed only if its signature verifies', () => {
  const key = generateKey('ecdsa-p256');
  writePrivateKey(join(dir, 'plain.pem'), key, undefined);
  writeFileSync(join(dir, 'plain.pub'), publicPem(key));
  const publicKey = join(dir, 'plain.pub');
  const good = openSigner({ key: `exec:openssl dgst -sha256 -sign ${join(dir, 'plain.pem')}`, publicKey });
  expect(openEnvelope(envelopeBytes(seal({ a: 1 }, good)), () => key)).toEqual({ value: { a: 1 }, keyid: keyId(key) });
  expect(() => openSigner({ key: 'exec:printf nonsense', publicKey }).sign(Buffer.from('x'))).toThrow(
    /does not verify/,
  );
  expect(() => openSigner({ key: 'exec:exit 3', publicKey }).sign(Buffer.from('x'))).toThrow(/exit 3/);
  expect(() => openSigner({ key: 'exec:true' })).toThrow(/needs the public key/);
});

const SOFTHSM = ['softhsm2-util', 'pkcs11-tool'].some(missing);
test.skipIf(SOFTHSM)('a key in a token signs through pkcs11-tool (needs softhsm2, opensc)', () => {
  const module = execFileSync(
    'sh',
    ['-c', 'ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1'],
    { encoding: 'utf8' },
  ).trim();
  execFileSync('mkdir', ['-p', join(dir, 'tokens')]);
  writeFileSync(join(dir, 'softhsm2.conf'), `directories.tokendir = ${join(dir, 'tokens')}\n`);
  const env = { ...process.env, SOFTHSM2_CONF: join(dir, 'softhsm2.conf') };
  const sh = (script: string): Buffer =>
    execFileSync('sh', ['-c', script], { env, cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  sh('softhsm2-util --init-token --free --label t --pin 1234 --so-pin 5678');
  const tool = `pkcs11-tool --module ${module} --token-label t --login --pin 1234`;
  sh(`${tool} --keypairgen --key-type EC:prime256v1 --id 01 --label k`);
  sh(
    `${tool} --read-object --type pubkey --id 01 -o hsm.der && openssl pkey -pubin -inform DER -in hsm.der -out hsm.pub`,
  );
  // A child's stdin is a socket here, which cannot be opened by name as a pipe can: hence the pipes.
  const command = `openssl dgst -sha256 -binary | SOFTHSM2_CONF=${join(dir, 'softhsm2.conf')} ${tool} --sign --mechanism ECDSA --signature-format openssl --id 01 -i /dev/stdin 2>/dev/null`;
  const hsm = openSigner({ key: `exec:${command}`, publicKey: join(dir, 'hsm.pub') });
  expect(openEnvelope(envelopeBytes(seal({ from: 'token' }, hsm)), () => hsm.publicKey)).toEqual({
    value: { from: 'token' },
    keyid: hsm.keyid,
  });
});
