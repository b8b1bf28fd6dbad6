import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CryptoObservation, scanTls } from '../../src/crypto/index.ts';
import { certificate, file, folder, freePort, has, launch, stopAll } from './servers.ts';

// A name with two addresses: the tests may change no hosts file.
vi.mock('node:dns/promises', () => ({
  lookup: async (host: string) => {
    if (host !== 'two.test' && !host.endsWith('.names.test')) throw new Error('ENOTFOUND');
    const addresses = host === 'two.test' ? ['127.0.0.2', '127.0.0.1', '127.0.0.2'] : ['127.0.0.1'];
    return addresses.map((address) => ({ address, family: 4 }));
  },
}));

afterAll(stopAll);

const leaves = (observations: CryptoObservation[]): string[] =>
  observations
    .filter(({ layer, role, note }) => layer === 'cert' && role === 'key' && note?.includes('leaf'))
    .map(({ alg, params }) => `${alg} ${params?.curve ?? params?.bits}`)
    .sort();

describe.skipIf(!has('nginx'))('nginx by name and by address (needs nginx)', () => {
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const keys = {
      rsa: certificate('rsa', ['-newkey', 'rsa:2048']),
      large: certificate('large', ['-newkey', 'rsa:3072']),
      ec: certificate('ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']),
    };
    const server = (address: string, name: string, { cert, key }: { cert: string; key: string }, further = '') =>
      `server { listen ${address}:${port} ssl; server_name ${name}; ssl_certificate ${cert};
       ssl_certificate_key ${key}; ${further} }`;
    const config = file(
      'nginx.conf',
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events {}
       http { access_log off; ssl_protocols TLSv1.2 TLSv1.3;
       ${server('127.0.0.1', 'a.names.test', keys.rsa)}
       ${server('127.0.0.1', 'b.names.test', keys.large)}
       ${server('127.0.0.2', 'two.test', keys.ec, 'ssl_protocols TLSv1.2;')} }`,
    );
    await launch('nginx', ['-c', config], port);
  });

  test('every address of a name is scanned, once, and told apart', async () => {
    const seen = await scanTls([`two.test:${port}`]);
    expect([...new Set(seen.map(({ subject }) => subject?.address))]).toEqual(['127.0.0.1', '127.0.0.2']);
    const at = (address: string) => seen.filter(({ subject }) => subject?.address === address);
    expect(leaves(at('127.0.0.1'))).toEqual(['RSA 2048']);
    expect(leaves(at('127.0.0.2'))).toEqual(['ECDSA P-256']);
    expect(at('127.0.0.2').find(({ alg, state }) => alg === 'TLSv1.3' && state === 'absent')).toBeDefined();
    expect(seen.every(({ subject }) => subject?.host === 'two.test')).toBe(true);
  });

  test('the certificate of the name that was asked for, and of --servername instead of it', async () => {
    expect(leaves(await scanTls([`a.names.test:${port}`]))).toEqual(['RSA 2048']);
    expect(leaves(await scanTls([`b.names.test:${port}`]))).toEqual(['RSA 3072']);
    expect(leaves(await scanTls([`127.0.0.1:${port}`]))).toEqual(['RSA 2048']);
    expect(leaves(await scanTls([`127.0.0.1:${port}`], { servername: 'b.names.test' }))).toEqual(['RSA 3072']);
  });

  test('a name without an address is unknown', async () => {
    const seen = await scanTls([`none.test:${port}`]);
    expect(seen.map(({ state }) => state)).toEqual(['not-tested']);
  });
});
