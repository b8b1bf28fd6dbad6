import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/catalog/index.ts';
import { type CryptoObservation, scanTls } from '../../src/crypto/index.ts';
import { canUnshare, certificate, file, folder, freePort, has, launch, scanApart, stopAll } from './servers.ts';

afterAll(stopAll);

const suites = (observations: CryptoObservation[]): string[] =>
  observations
    .filter(({ layer, role, state }) => layer === 'tls' && role === 'select' && state === 'observed')
    .map(({ version, suite }) => `${version} ${suite}`);
const groups = (observations: CryptoObservation[], version: string): string[] =>
  observations
    .filter((one) => one.role === 'kex' && one.version === version && one.alg === 'group')
    .map(({ params }) => params!.group!);
const fields = (observations: CryptoObservation[]): number[] =>
  observations.filter((one) => one.role === 'kex' && one.alg === 'DHE').map(({ params }) => params!.bits!);
const leaves = (observations: CryptoObservation[]): string[] =>
  observations
    .filter(({ layer, role, note }) => layer === 'cert' && role === 'key' && note?.includes('leaf'))
    .map(({ alg, params }) => `${alg} ${params?.curve ?? params?.bits ?? ''}`.trim())
    .sort();

/** What OpenSSL itself says a cipher string means under a version, for an RSA server without PSK, SRP or DSA. */
function openssl(version: string, flag: string, ciphers: string): string[] {
  const text = execFileSync('openssl', ['ciphers', '-V', '-s', flag, ciphers], { encoding: 'utf8' });
  return text
    .split('\n')
    .filter((line) => line.includes(' - ') && !/Kx=(?:\w*PSK|SRP)|Au=(?:PSK|SRP|DSS|ECDSA)/.test(line))
    .filter((line) => version === 'TLSv1.3' || !line.includes('TLSv1.3'))
    .map((line) => `${version} ${line.trim().slice(0, 9).replaceAll(/0x|,/g, '').toLowerCase()}`)
    .sort();
}

/** Suites that other scanners found: id by version. */
function sslscan(port: number): string[] {
  const xml = execFileSync('sslscan', ['--xml=-', '--no-fallback', `127.0.0.1:${port}`], { encoding: 'utf8' });
  return [...xml.matchAll(/<cipher [^>]*sslversion="(TLSv1\.\d|SSLv3)"[^>]* id="0x([0-9A-F]{4})"/g)].map(
    (match) => `${match[1]} ${match[2]!.toLowerCase()}`,
  );
}
function nmap(port: number): string[] {
  const text = execFileSync('nmap', ['-Pn', '-n', '-p', String(port), '--script', 'ssl-enum-ciphers', '127.0.0.1'], {
    encoding: 'utf8',
  });
  return [...text.matchAll(/\bTLS_[A-Za-z0-9_]+/g)].map(([name]) => name);
}

describe.skipIf(!has('openssl'))('OpenSSL (needs openssl)', () => {
  let rsa: { cert: string; key: string };
  let ec: { cert: string; key: string };
  let ed: { cert: string; key: string };
  beforeAll(() => {
    rsa = certificate('rsa', ['-newkey', 'rsa:2048']);
    ec = certificate('ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']);
    ed = certificate('ed', ['-newkey', 'ed25519']);
  });

  async function serve(args: string[]): Promise<number> {
    const port = await freePort();
    await launch('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', ...args], port);
    return port;
  }

  test('everything it can do, in every version', async () => {
    const all = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';
    const port = await serve(['-cert', rsa.cert, '-key', rsa.key, '-cipher', all]);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(suites(seen)).toEqual([
      ...openssl('TLSv1.0', '-tls1', all),
      ...openssl('TLSv1.1', '-tls1_1', all),
      ...openssl('TLSv1.2', '-tls1_2', all),
      'TLSv1.3 1301',
      'TLSv1.3 1302',
      'TLSv1.3 1303',
    ]);
    expect(leaves(seen)).toEqual(['RSA 2048']);
    if (has('sslscan')) expect(sslscan(port).filter((one) => !suites(seen).includes(one))).toEqual([]);
    if (has('nmap')) {
      const names = new Set(seen.map(({ alg }) => alg));
      expect(nmap(port).filter((name) => !names.has(name) && !name.startsWith('TLS_AKE_'))).toEqual([]);
    }
  });

  test('two certificates, chosen curves and suites', async () => {
    const wanted = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-SHA256';
    const port = await serve([
      '-cert',
      rsa.cert,
      '-key',
      rsa.key,
      '-dcert',
      ec.cert,
      '-dkey',
      ec.key,
      '-cipher',
      wanted,
      '-groups',
      'P-384:P-256:X448',
      '-ciphersuites',
      'TLS_AES_128_CCM_SHA256',
    ]);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(suites(seen)).toEqual(['TLSv1.2 0067', 'TLSv1.2 c02c', 'TLSv1.2 c02f', 'TLSv1.3 1304']);
    expect(groups(seen, 'TLSv1.2')).toEqual(['secp256r1', 'secp384r1', 'x448']);
    expect(groups(seen, 'TLSv1.3')).toEqual(['secp256r1', 'secp384r1', 'x448']);
    expect(leaves(seen)).toEqual(['ECDSA P-384', 'RSA 2048']);
  });

  test('an Ed25519 server, TLS 1.2', async () => {
    const port = await serve(['-cert', ed.cert, '-key', ed.key, '-tls1_2']);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(leaves(seen)).toEqual(['Ed25519']);
    expect(suites(seen)).toContain('TLSv1.2 c02c');
  });

  test('a TLS 1.3 server with a group of its own, and its certificate', async () => {
    const port = await serve(['-cert', ec.cert, '-key', ec.key, '-tls1_3', '-groups', 'P-521']);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(groups(seen, 'TLSv1.3')).toEqual(['secp521r1']);
    expect(leaves(seen)).toEqual(['ECDSA P-384']);
    expect(suites(seen)).toEqual(['TLSv1.3 1301', 'TLSv1.3 1302', 'TLSv1.3 1303']);
  });

  test('fields per suite, with a small one of its own', async () => {
    const params = join(folder, 'dh1024.pem');
    execFileSync(
      'openssl',
      ['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', 'dh_paramgen_prime_len:1024', '-out', params],
      { stdio: 'ignore' },
    );
    const port = await serve([
      '-cert',
      rsa.cert,
      '-key',
      rsa.key,
      '-dhparam',
      params,
      '-cipher',
      'DHE:@SECLEVEL=0',
      '-tls1_2',
    ]);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(fields(seen)).toContain(1024);
  });
});

describe.skipIf(!has('nginx') || !has('openssl'))('nginx with two certificates (needs nginx)', () => {
  test('leaves, suites and sessions', async () => {
    const rsa = certificate('n-rsa', ['-newkey', 'rsa:2048']);
    const ec = certificate('n-ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    const port = await freePort();
    const config = file(
      'nginx.conf',
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} http { access_log off;
       server { listen 127.0.0.1:${port} ssl; ssl_certificate ${rsa.cert}; ssl_certificate_key ${rsa.key};
       ssl_certificate ${ec.cert}; ssl_certificate_key ${ec.key}; ssl_protocols TLSv1.2 TLSv1.3;
       ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA; ssl_ecdh_curve secp384r1; } }`,
    );
    await launch('nginx', ['-p', folder, '-c', config], port);
    const seen = await scanTls([`127.0.0.1:${port}`]);
    expect(suites(seen).filter((one) => !one.startsWith('TLSv1.3'))).toEqual([
      'TLSv1.2 002f',
      'TLSv1.2 c02b',
      'TLSv1.2 c030',
    ]);
    expect(groups(seen, 'TLSv1.3')).toEqual(['secp384r1']);
    expect(leaves(seen)).toEqual(['ECDSA P-256', 'RSA 2048']);
  });
});

describe.skipIf(!has('stunnel') || !has('openssl'))('stunnel (needs stunnel)', () => {
  test('STARTTLS smtp', async () => {
    const { cert, key } = certificate('s-rsa', ['-newkey', 'rsa:2048']);
    const [port, back] = [await freePort(), await freePort()];
    const { createServer } = await import('node:net');
    const mail = createServer((socket) => void socket.on('error', () => undefined).write('220 mail ESMTP\r\n'));
    await new Promise<void>((resolve) => mail.listen(back, '127.0.0.1', resolve));
    const config = file(
      'stunnel.conf',
      `foreground = yes\npid =\n[smtp]\naccept = 127.0.0.1:${port}\nconnect = 127.0.0.1:${back}\nprotocol = smtp\ncert = ${cert}\nkey = ${key}\nciphers = ECDHE-RSA-AES128-GCM-SHA256\nsslVersionMax = TLSv1.2\n`,
    );
    await launch('stunnel', [config], port);
    const seen = await scanTls([`127.0.0.1:${port}`], { starttls: 'smtp' });
    mail.close();
    expect(suites(seen)).toEqual(['TLSv1.2 c02f']);
    expect(leaves(seen)).toEqual(['RSA 2048']);
  });
});

const cli = (port: number): string =>
  `${process.execPath} ${join(packageRoot, 'bin/run.js')} tls scan 127.0.0.1:${port} --json`;
const apart = (start: string, port: number): CryptoObservation[] =>
  (JSON.parse(scanApart(start, port, cli(port))) as { observations: CryptoObservation[] }).observations;

describe.skipIf(!has('gnutls-serv') || !canUnshare)('GnuTLS (needs gnutls-serv and user namespaces)', () => {
  test('RC4, 3DES, NULL and old versions', () => {
    const { cert, key } = certificate('g-rsa', ['-newkey', 'rsa:2048']);
    const priority =
      'NONE:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2:+ARCFOUR-128:+3DES-CBC:+AES-128-CBC:+NULL:+SHA1:+MD5:+RSA:+ECDHE-RSA:+GROUP-SECP256R1:+SIGN-ALL:+COMP-NULL:%NO_ETM';
    const seen = apart(
      `gnutls-serv --echo -p 4433 --x509certfile ${cert} --x509keyfile ${key} --priority '${priority}'`,
      4433,
    );
    const expected = ['0001', '0002', '0004', '0005', '000a', '002f', 'c010', 'c011', 'c012', 'c013'];
    expect(suites(seen)).toEqual(
      ['TLSv1.0', 'TLSv1.1', 'TLSv1.2'].flatMap((version) => expected.map((id) => `${version} ${id}`)),
    );
    expect(groups(seen, 'TLSv1.2')).toEqual(['secp256r1']);
    expect(seen.find(({ alg }) => alg === 'encrypt-then-mac')?.state).toBe('absent');
  });
});

describe.skipIf(!has('selfserv') || !has('certutil') || !canUnshare)(
  'NSS (needs selfserv, certutil and user namespaces)',
  () => {
    test('SSLv3', () => {
      const db = `sql:${folder}`;
      const noise = file('noise', 'x'.repeat(4096));
      execFileSync('certutil', ['-N', '-d', db, '--empty-password']);
      execFileSync(
        'certutil',
        [
          '-S',
          '-d',
          db,
          '-n',
          'server',
          '-s',
          'CN=localhost',
          '-x',
          '-t',
          'CTu,u,u',
          '-z',
          noise,
          '-g',
          '2048',
          '-m',
          '1',
        ],
        { stdio: 'ignore' },
      );
      const seen = apart(`selfserv -d ${db} -n server -p 4434 -V ssl3:tls1.2 -c :0005:000A:002F:C02F -w ''`, 4434);
      expect(suites(seen)).toContain('SSLv3 0005');
      expect(suites(seen)).toContain('TLSv1.2 c02f');
      expect(suites(seen)).not.toContain('SSLv3 c02f');
    });
  },
);
