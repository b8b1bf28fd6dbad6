import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, judge, loadCryptoPolicy, observe, scanTls } from '../../src/crypto/index.ts';
import { registry } from '../../src/crypto/registry.ts';
import { certificate, file, folder, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);
const policy = loadCryptoPolicy('nist-800-131a-r2');

/** What a client of an RSA server can get: suites by version, and the words they are given. */
function gist(observations: CryptoObservation[]): { suites: string[]; words: string[] } {
  const suites = observations.filter(
    ({ layer, suite, state }) =>
      layer === 'tls' && state === 'observed' && suite && registry().suites.get(suite)?.auth !== 'ECDSA',
  );
  const words = judge(suites, policy, '2026-11-23').map(({ word }) => word);
  return {
    suites: [...new Set(suites.map(({ version, suite }) => `${version} ${suite}`))].sort(),
    words: [...new Set(words)].sort(),
  };
}
const groups = (observations: CryptoObservation[]): string[] => [
  ...new Set(
    observations
      .filter(({ role, alg, state }) => role === 'kex' && alg === 'group' && state === 'observed')
      .map(({ params }) => params!.group!),
  ),
];
const openssl: Record<string, string> = {
  x25519: 'X25519',
  secp256r1: 'prime256v1',
  x448: 'X448',
  secp384r1: 'secp384r1',
  secp521r1: 'secp521r1',
};

const PROTOCOLS = ['TLSv1.2', 'TLSv1.2 TLSv1.3', 'TLSv1 TLSv1.1 TLSv1.2', 'TLSv1.3', 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'];
const CIPHERS = [
  'ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0',
  'HIGH:!aNULL:!MD5:@SECLEVEL=0',
  'ALL:COMPLEMENTOFALL:@SECLEVEL=0',
  'AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0',
  'ECDHE+AESGCM:ECDHE+CHACHA20:!PSK:@SECLEVEL=0',
  'kRSA+AES:NULL-SHA256:@SECLEVEL=0',
  'ALL:!aNULL:!kRSA:-SHA1:@SECLEVEL=0',
  'DEFAULT:@SECLEVEL=0',
];
const CURVES = ['secp384r1', 'X25519:prime256v1', 'secp521r1:secp384r1:prime256v1'];

describe.skipIf(!has('nginx') || !has('openssl'))(
  'nginx: what the file says is what the server does (needs nginx)',
  () => {
    const cases = PROTOCOLS.flatMap((protocols) => CIPHERS.map((ciphers) => ({ protocols, ciphers })));
    let live: CryptoObservation[][];
    beforeAll(async () => {
      const { cert, key } = certificate('c-rsa', ['-newkey', 'rsa:2048']);
      const ports = await Promise.all(cases.map(freePort));
      const servers = cases.map((_, at) =>
        serverText(at, `127.0.0.1:${ports[at]}`, `ssl_certificate ${cert}; ssl_certificate_key ${key};`),
      );
      const config = file(
        'many.conf',
        `daemon off; pid ${folder}/p.pid; error_log ${folder}/e.log; events {} http { access_log off; ${servers.join('\n')} }`,
      );
      await launch('nginx', ['-p', folder, '-c', config], ports.at(-1)!);
      const seen = await scanTls(
        ports.map((port) => `127.0.0.1:${port}`),
        { concurrency: 8 },
      );
      live = ports.map((port) => seen.filter(({ subject }) => subject.port === port));
    });

    function serverText(at: number, listen: string, certificates: string): string {
      const { protocols, ciphers } = cases[at]!;
      return `server { listen ${listen} ssl; ${certificates} ssl_protocols ${protocols}; ssl_ciphers ${ciphers}; ssl_ecdh_curve ${CURVES[at % CURVES.length]}; }`;
    }

    test.each(cases.map((one, at) => ({ ...one, at })))('$protocols, $ciphers', async ({ at }) => {
      const said = await observe(Buffer.from(`http {\n${serverText(at, '443', '')}\n}`), 'nginx.conf');
      const done = gist(live[at]!);
      expect(gist(said)).toEqual(done);
      const elliptic = done.suites.some((one) => /TLSv1\.3|c0|cca8/.test(one));
      if (elliptic)
        expect(groups(said).sort()).toEqual(
          groups(live[at]!)
            .map((name) => openssl[name])
            .sort(),
        );
    });
  },
);

describe.skipIf(!has('haproxy') || !has('openssl'))(
  'HAProxy: what the file says is what the server does (needs haproxy)',
  () => {
    const ranges = [
      'ssl-min-ver TLSv1.2',
      'ssl-min-ver TLSv1.0',
      'ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1',
      'ssl-min-ver TLSv1.3',
      'force-tlsv12',
    ];
    const cases = ranges.flatMap((range) => CIPHERS.slice(0, 4).map((ciphers) => ({ range, ciphers })));
    const head =
      'global\n  ssl-default-bind-ciphers AES256-SHA:@SECLEVEL=0\ndefaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n';
    const bind = (at: number, listen: string, crt: string): string => {
      const { range, ciphers } = cases[at]!;
      // Every fourth leaves its ciphers to the default of the global section.
      const own = at % 4 === 3 ? '' : `ciphers ${ciphers.replace('ALL:', 'ALL:!DH:').replace('HIGH:', 'HIGH:!DH:')}`;
      return `frontend f${at}\n  bind ${listen} ssl crt ${crt} ${range} ${own} curves P-256:P-384\n`;
    };

    test('20 configurations', async () => {
      const { cert, key } = certificate('h-rsa', ['-newkey', 'rsa:2048']);
      const { readFileSync } = await import('node:fs');
      const pem = file('h.pem', readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
      const ports = await Promise.all(cases.map(freePort));
      const config = file('haproxy.cfg', head + cases.map((_, at) => bind(at, `127.0.0.1:${ports[at]}`, pem)).join(''));
      await launch('haproxy', ['-db', '-f', config], ports.at(-1)!);
      const seen = await scanTls(
        ports.map((port) => `127.0.0.1:${port}`),
        { concurrency: 8 },
      );
      for (const [at, port] of ports.entries()) {
        const said = await observe(Buffer.from(head + bind(at, '*:443', 'x.pem')), 'haproxy.cfg');
        const live = seen.filter(({ subject }) => subject.port === port);
        expect({ ...cases[at], ...gist(said) }).toEqual({ ...cases[at], ...gist(live) });
      }
    });
  },
);
