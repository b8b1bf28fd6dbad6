import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, scanTls } from '../../src/crypto/index.ts';
import { certificate, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);

/** Leaves, with the authentication of suites that they can do: up to TLS 1.1, and in TLS 1.2. */
const LEAVES: Readonly<Record<string, { request: string[]; shown: string; old: string[]; new: string[] }>> = {
  rsa1024: { request: ['-newkey', 'rsa:1024'], shown: 'RSA 1024', old: ['RSA'], new: ['RSA'] },
  rsa2048: { request: ['-newkey', 'rsa:2048'], shown: 'RSA 2048', old: ['RSA'], new: ['RSA'] },
  p256: {
    request: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    shown: 'ECDSA P-256',
    old: ['ECDSA'],
    new: ['ECDSA'],
  },
  p521: {
    request: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
    shown: 'ECDSA P-521',
    old: ['ECDSA'],
    new: ['ECDSA'],
  },
  ed25519: { request: ['-newkey', 'ed25519'], shown: 'Ed25519', old: [], new: ['ECDSA'] },
};
const SUITES_13: Readonly<Record<string, string>> = {
  TLS_AES_128_GCM_SHA256: '1301',
  TLS_AES_256_GCM_SHA384: '1302',
  TLS_CHACHA20_POLY1305_SHA256: '1303',
  TLS_AES_128_CCM_SHA256: '1304',
  TLS_AES_128_CCM_8_SHA256: '1305',
};
const VERSIONS = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const WITHOUT = ['-no_tls1', '-no_tls1_1', '-no_tls1_2', '-no_tls1_3'];
const GROUPS: Readonly<Record<string, string>> = {
  'P-256': 'secp256r1',
  'P-384': 'secp384r1',
  X25519: 'x25519',
  X448: 'x448',
};

function drawer(seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const some = <T>(list: readonly T[], most: number): T[] => {
    const left = [...list];
    return Array.from(
      { length: Math.min(1 + below(most), left.length) },
      () => left.splice(below(left.length), 1)[0] as T,
    );
  };
  return { below, pick, some };
}

const suites = (seen: CryptoObservation[]): string[] =>
  seen.filter(({ suite, state }) => suite && state === 'observed').map(({ version, suite }) => `${version} ${suite}`);

describe.skipIf(!has('openssl'))('drawn configurations of OpenSSL (needs openssl)', () => {
  const files = new Map<string, { cert: string; key: string }>();
  let all: { id: string; name: string; only12: boolean; exchange: string; auth: string }[] = [];
  beforeAll(() => {
    for (const [name, { request }] of Object.entries(LEAVES)) files.set(name, certificate(name, request));
    const text = execFileSync('openssl', ['ciphers', '-V', '-s', '-tls1_2', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
      encoding: 'utf8',
    });
    all = [...text.matchAll(/0x(..),0x(..) - (\S+)\s+(\S+)\s+Kx=(\S+)\s+Au=(\S+)/g)]
      .map(([, high, low, name, since, exchange, auth]) => ({
        id: `${high}${low}`.toLowerCase(),
        name: name ?? '',
        only12: since === 'TLSv1.2',
        exchange: exchange ?? '',
        auth: auth ?? '',
      }))
      .filter(({ name, exchange, auth }) => !/^TLS_|GOST/.test(name) && exchange !== 'SRP' && auth !== 'DSS');
  });

  test.each(Array.from({ length: Number(process.env['DRAWN_SERVERS'] ?? 12) }, (_, at) => at + 1))(
    'server %i',
    async (seed) => {
      const { below, pick, some } = drawer(seed * 7919);
      const [name, leaf] = pick(Object.entries(LEAVES));
      const { cert, key } = files.get(name) ?? { cert: '', key: '' };
      const first = below(4);
      const versions = VERSIONS.slice(first, first + 1 + below(4 - first));
      const ciphers = some(all, 12);
      const ciphers13 = some(Object.keys(SUITES_13), 4);
      const groups = some(Object.keys(GROUPS), 3);
      const psk = below(3) === 0;
      const port = await freePort();
      const args = [
        ...['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', '-cert', cert, '-key', key],
        ...[
          '-cipher',
          `${ciphers.map(({ name }) => name).join(':')}:@SECLEVEL=0`,
          '-ciphersuites',
          ciphers13.join(':'),
        ],
        ...['-groups', groups.join(':'), ...(psk ? ['-psk', 'c0ffee'] : [])],
        ...WITHOUT.filter((_, at) => !versions.includes(VERSIONS[at] as string)),
        ...pick([[], ['-Verify', '1'], ['-max_send_frag', '512'], ['-serverpref'], ['-alpn', 'h2']]),
      ];
      await launch('openssl', args, port);
      const wanted = versions.flatMap((version) => {
        if (version === 'TLSv1.3') return ciphers13.map((cipher) => `${version} ${SUITES_13[cipher]}`);
        const able = ['None', ...(version === 'TLSv1.2' ? leaf.new : leaf.old), ...(psk ? ['PSK'] : [])];
        return ciphers
          .filter(({ exchange, auth }) => able.includes(auth) && (psk || !exchange.includes('PSK')))
          .filter(({ only12 }) => !only12 || version === 'TLSv1.2')
          .map(({ id }) => `${version} ${id}`);
      });
      const seen = await scanTls([`127.0.0.1:${port}`]);
      expect(suites(seen), args.join(' ')).toEqual(wanted.sort());
      if (wanted.length === 0) expect(seen.map(({ state }) => state)).toEqual(['not-tested']);
      const shown = (version: string) =>
        seen.filter((one) => one.version === version && one.alg === 'group').map(({ params }) => params?.group);
      if (versions.includes('TLSv1.3'))
        expect(shown('TLSv1.3').sort()).toEqual(groups.map((group) => GROUPS[group]).sort());
      const leaves = seen.filter(
        ({ layer, role, note }) => layer === 'cert' && role === 'key' && note?.includes('leaf'),
      );
      const signed = wanted.some((one) => {
        const suite = all.find(({ id }) => id === one.slice(8));
        return suite === undefined || ['RSA', 'ECDSA'].includes(suite.auth);
      });
      if (signed)
        expect(leaves.map(({ alg, params }) => `${alg} ${params?.curve ?? params?.bits ?? ''}`.trim())).toEqual([
          leaf.shown,
        ]);
    },
  );
});
