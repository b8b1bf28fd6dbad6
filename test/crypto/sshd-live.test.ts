import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sshSightings } from '../../src/crypto/adapters/ssh-wire.ts';
import { type CryptoObservation, judge, loadCryptoPolicy, observe } from '../../src/crypto/index.ts';
import { asObservations } from '../../src/crypto/observation.ts';
import { file, folder, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);
const policy = loadCryptoPolicy('nist-800-131a-r2');

/** What the server offers in its KEXINIT. */
function offer(port: number): Promise<CryptoObservation[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const chunks: Buffer[] = [];
    socket.write('SSH-2.0-clearance\r\n');
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const seen = [...sshSightings(Buffer.concat(chunks), {}, 'server')];
      if (seen.some(({ state }) => state === 'not-tested')) return;
      socket.destroy();
      resolve(asObservations(seen, { adapter: 'live', version: '1' }, 'o'));
    });
  });
}

/** Roles, algorithms and words, without the version, which a configuration does not state. */
function gist(observations: CryptoObservation[]): string[] {
  const known = observations.filter(({ version, state }) => version === undefined && state === 'observed');
  const words = new Map(judge(known, policy, '2026-11-23').map(({ observation, word }) => [observation, word]));
  return known.map(({ id, role, alg }) => `${role} ${alg} ${words.get(id)}`).sort();
}

const CIPHERS = [
  'aes128-ctr',
  'aes256-gcm@openssh.com,aes128-gcm@openssh.com',
  'chacha20-poly1305@openssh.com,aes256-ctr',
  '3des-cbc,aes128-cbc',
  'aes192-ctr,aes256-cbc',
];
const KEX = [
  'ecdh-sha2-nistp256',
  'diffie-hellman-group14-sha1,diffie-hellman-group1-sha1',
  'curve25519-sha256,diffie-hellman-group16-sha512',
  'sntrup761x25519-sha512@openssh.com,ecdh-sha2-nistp521',
];
const MACS = [
  'hmac-sha2-256',
  'hmac-sha1,hmac-md5',
  'hmac-sha2-512-etm@openssh.com,umac-128@openssh.com',
  'hmac-sha1-96',
];

describe.skipIf(!has('sshd') || !has('ssh-keygen'))(
  'sshd: what the file says is what the server offers (needs sshd)',
  () => {
    test('20 configurations', async () => {
      const key = join(folder, 'host');
      execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', key]);
      const sshd = execFileSync('sh', ['-c', 'command -v sshd'], { encoding: 'utf8' }).trim();
      const cases = CIPHERS.flatMap((ciphers, at) =>
        KEX.map((kex, and) => ({ ciphers, kex, macs: MACS[(at + and) % MACS.length]! })),
      );
      expect(cases.length).toBe(20);
      for (const { ciphers, kex, macs } of cases) {
        const lists = `Ciphers ${ciphers}\nKexAlgorithms ${kex}\nMACs ${macs}\nHostKeyAlgorithms rsa-sha2-512,rsa-sha2-256\n`;
        const port = await freePort();
        const config = file(
          `sshd-${port}`,
          `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${key}\nPidFile none\nUsePAM no\n${lists}`,
        );
        await launch(sshd, ['-D', '-e', '-f', config], port);
        const said = await observe(Buffer.from(lists), 'sshd_config');
        expect(said.every(({ state }) => state === 'observed')).toBe(true);
        expect(gist(said)).toEqual(gist(await offer(port)));
      }
    });
  },
);
