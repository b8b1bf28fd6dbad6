import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, exitOf, judge, loadCryptoPolicy, observe, scanTls } from '../../src/crypto/index.ts';
import { certificate, folder, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);
const policy = loadCryptoPolicy('nist-800-131a-r2');
const read = (text: string, type?: string): Promise<CryptoObservation[]> => observe(Buffer.from(text), 'file', type);
const short = (seen: CryptoObservation[]): string[] =>
  seen.map(({ role, version, suite, alg, params, state }) =>
    [state === 'observed' ? role : `${role}?`, version, suite ?? alg, params?.group ?? params?.bits]
      .filter((part) => part !== undefined)
      .join(' '),
  );

/** A file of each kind: what it must be taken for, and what must be seen in it. */
const files: [string, string, string[]][] = [
  [
    'nginx',
    'server {\n  listen 443 ssl;\n  ssl_protocols TLSv1.2;\n  ssl_ciphers AES128-SHA;\n}\n',
    ['offer TLSv1.2 002f'],
  ],
  [
    'apache',
    '<VirtualHost *:443>\nSSLEngine on\nSSLProtocol all -TLSv1 -TLSv1.1 -TLSv1.3\nSSLCipherSuite AES256-SHA256\n</VirtualHost>\n',
    ['offer TLSv1.2 003d'],
  ],
  [
    'apache',
    'SSLEnable\nSSLProtocolDisable SSLv2 SSLv3 TLSv10 TLSv11\nSSLCipherSpec TLSv12 TLS_RSA_WITH_AES_128_GCM_SHA256\n',
    ['offer TLSv1.2 009c'],
  ],
  ['haproxy', 'frontend x\n  bind :443 ssl crt a.pem force-tlsv12 ciphers AES128-SHA\n', ['offer TLSv1.2 002f']],
  [
    'postfix',
    'smtpd_tls_security_level = encrypt\nsmtpd_tls_mandatory_protocols = >=TLSv1.2, <=TLSv1.2\nsmtpd_tls_mandatory_ciphers = high\ntls_high_cipherlist = AES128-SHA\n',
    ['offer TLSv1.2 002f'],
  ],
  [
    'postfix',
    'smtpd_tls_security_level = may\nsmtpd_tls_protocols = !SSLv2, !SSLv3,\n  !TLSv1, !TLSv1.1, !TLSv1.3\ntls_medium_cipherlist = AES128-SHA\n',
    ['offer SMTP', 'offer TLSv1.2 002f'],
  ],
  [
    'stunnel',
    '[https]\naccept = 443\nconnect = 80\nsslVersion = TLSv1.2\nciphers = AES128-SHA\n',
    ['offer TLSv1.2 002f'],
  ],
  [
    'openssl.cnf',
    'openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = sys\n[sys]\nMinProtocol = TLSv1.2\nMaxProtocol = TLSv1.2\nCipherString = AES128-SHA\n',
    ['offer TLSv1.2 002f'],
  ],
  [
    'java.security',
    'jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, RC4, DES, \\\n    MD5withRSA, DH keySize < 1024, EC keySize < 224, RSA keySize < 2048, 3DES_EDE_CBC, NULL\n',
    ['offer TLSv1.2 TLSv1.2', 'offer TLSv1.3 TLSv1.3', 'kex DH 1024', 'kex ECDH 224', 'key RSA 2048'],
  ],
  [
    'ssl.client.props',
    'com.ibm.ssl.protocol=SSL_TLSv2\ncom.ibm.ssl.enabledCipherSuites=SSL_RSA_WITH_RC4_128_SHA\n',
    ['offer SSLv3 SSLv3', 'offer SSLv3 0005', 'offer TLSv1.2 0005'],
  ],
  [
    'sshd',
    'Ciphers aes128-ctr,3des-cbc\nMACs hmac-md5\nKexAlgorithms diffie-hellman-group1-sha1\nHostKeyAlgorithms ssh-dss\n',
    ['offer aes128-ctr', 'offer 3des-cbc', 'mac hmac-md5', 'kex diffie-hellman-group1-sha1', 'signature ssh-dss'],
  ],
  [
    'sshd',
    'PermitRootLogin no\nHostKey /etc/ssh/k\nMACs +hmac-md5\n',
    ['mac hmac-md5', 'offer? MACs', 'offer? ciphers', 'offer? kexalgorithms', 'offer? hostkeyalgorithms'],
  ],
  [
    'ipsec.conf',
    'config setup\nconn %default\n  keyexchange=ikev1\n  authby=secret\nconn ibm\n  ike=3des-md5-modp1024!\n  esp=3des-md5!\n',
    ['offer v1', 'key PSK', 'offer 3des', 'mac md5', 'prf md5', 'kex modp1024 modp1024', 'pfs'],
  ],
  [
    'swanctl.conf',
    'connections {\n  ibm {\n    version = 2\n    proposals = aes256gcm16-prfsha384-ecp384\n    local { auth = psk }\n    children { net { esp_proposals = aes256-sha256-modp2048 } }\n  }\n}\n',
    [
      'offer v2',
      'offer aes256gcm16',
      'prf sha384',
      'kex ecp384 ecp384',
      'key PSK',
      'offer aes256',
      'mac sha256',
      'kex modp2048 modp2048',
    ],
  ],
  [
    'lshmc',
    'ssh=enable,sshprotocol=,remotewebui=enable,xntp=disable,"xntpserver=",security=legacy\n',
    ['offer SSLv3 SSLv3', 'offer TLSv1.2 TLSv1.2'],
  ],
  ['lshmc', 'ssh=enable,security=nist_sp800_131a\n', ['offer TLSv1.2 TLSv1.2']],
];
test.each(files)('%s by its content: %#', async (type, text, expected) => {
  const seen = await read(text);
  expect(seen[0]?.source.adapter).toBe(type);
  for (const one of expected) expect(short(seen).some((line) => line.includes(one))).toBe(true);
  const forced = await read(text, type);
  expect(forced).toEqual(seen);
  // Lines are those of the file.
  const lines = text.split('\n').length;
  for (const { subject } of seen) if (subject.line !== undefined) expect(subject.line).toBeLessThanOrEqual(lines);
});

test('weak settings hold, whatever the kind of file', async () => {
  const weak = ['haproxy', 'lshmc', 'sshd', 'ipsec.conf', 'java.security', 'ssl.client.props'];
  for (const [type, text] of files.filter(([type]) => weak.includes(type))) {
    if (text.includes('nist_sp800') || text.startsWith('Permit')) continue;
    expect([type, exitOf(judge(await read(text), policy, '2026-11-23'))]).toEqual([type, 1]);
  }
});

test('settings that are left to a default are unknown', async () => {
  const seen = await read('Ciphers aes128-ctr\nMACs hmac-sha2-256\nHostKeyAlgorithms rsa-sha2-256\n');
  expect(exitOf(judge(seen, policy, '2026-11-23'))).toBe(3);
});

test('detection is linear, whatever the text', async () => {
  const size = 500_000;
  const began = performance.now();
  for (const piece of [
    '\n',
    ' ',
    '[',
    'ssl_ciphers ',
    'server{listen ',
    '\n ',
    '# ',
    'a=',
    '{',
    '-----BEGIN CERTIFICATE-----',
    '\nCiphers ',
  ]) {
    await read(piece.repeat(size / piece.length));
  }
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('inheritance: a server overrides, a sibling does not', async () => {
  const seen = await read(
    'http {\n ssl_protocols TLSv1.2;\n ssl_ciphers AES128-SHA;\n server { listen 1 ssl; }\n server { listen 2 ssl; ssl_ciphers AES256-SHA; }\n}\n',
  );
  expect(seen.filter(({ suite }) => suite).map(({ suite }) => suite)).toEqual(['002f', '0035']);
});

test('evidence that was cut short never passes', async () => {
  const fine = (suite: string) => ({ layer: 'tls', role: 'select', version: 'TLSv1.2', suite, state: 'observed' });
  const pem = has('openssl') ? readFileSync(certificate('cut', ['-newkey', 'rsa:2048']).cert, 'utf8') : undefined;
  const whole: string[] = [
    JSON.stringify([
      { id: 'a', ...fine('c02f') },
      { id: 'b', ...fine('c030') },
    ]),
    'http {\n server {\n  listen 443 ssl;\n  ssl_protocols TLSv1.2;\n  ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;\n  ssl_ecdh_curve prime256v1;\n }\n}',
    ...(pem === undefined ? [] : [pem.trimEnd(), `${pem}${pem}`.trimEnd()]),
  ];
  for (const text of whole) {
    expect(exitOf(judge(await read(text), policy, '2026-11-23')), text.slice(0, 30)).toBe(0);
    for (let length = 0; length < text.length; length += 3) {
      const cut = text.slice(0, length);
      // The end of the first of two certificates is the end of a file, too.
      if (pem !== undefined && cut.trimEnd() === pem.trimEnd()) continue;
      expect(exitOf(judge(await read(cut), policy, '2026-11-23')), cut.slice(-40)).not.toBe(0);
    }
  }
});

test('text that is no evidence gives nothing', async () => {
  for (const text of [
    '',
    'hello world\n',
    '{"a": 1}',
    '<xml/>',
    'Nov 23 10:00:00 hmc sshd[1]: Server listening on port 22\n',
  ]) {
    expect(await read(text)).toEqual([]);
  }
});

test('bytes of any kind never throw, and forced types end as unknown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => void (await observe(bytes, 'x'))),
    { numRuns: 300 },
  );
  const types = [
    ...new Set(files.map(([type]) => type)),
    'certificate',
    'pkcs12',
    'jks',
    'pcap',
    'testssl',
    'sslyze',
    'sslscan',
    'nmap',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...types),
      fc.oneof(fc.string(), fc.constantFrom(...files.map(([, text]) => text))),
      async (type, text) => {
        const seen = await read(text, type);
        expect(seen.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
});

describe.skipIf(!has('openssl'))('certificates and key stores (needs openssl)', () => {
  const facts = async (path: string): Promise<string[]> =>
    (await observe(readFileSync(path), path)).map(({ role, alg, params, state }) =>
      `${state === 'observed' ? role : `${role}?`} ${alg} ${params?.curve ?? params?.bits ?? params?.hash ?? ''}`.trim(),
    );
  const kinds: [string, string[], string[]][] = [
    ['rsa1024', ['-newkey', 'rsa:1024', '-sha1'], ['key RSA 1024', 'signature RSA SHA-1']],
    [
      'pss',
      ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sha384'],
      ['key RSA 2048', 'signature RSA SHA-384'],
    ],
    [
      'p384',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha512'],
      ['key ECDSA P-384', 'signature ECDSA SHA-512'],
    ],
    ['ed448', ['-newkey', 'ed448'], ['key Ed448', 'signature Ed448']],
    [
      'explicit',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
      ['key ECDSA explicit', 'signature ECDSA SHA-256'],
    ],
  ];
  test.each(kinds)('%s', async (name, request, expected) => {
    const { cert } = certificate(name, request);
    expect((await facts(cert)).slice(0, 2)).toEqual(expected);
    const der = join(folder, `${name}.der`);
    execFileSync('openssl', ['x509', '-in', cert, '-outform', 'DER', '-out', der]);
    expect((await facts(der)).slice(0, 2)).toEqual(expected);
  });

  test('PKCS#12: how it is sealed, and what lies open', async () => {
    const { cert, key } = certificate('p12', ['-newkey', 'rsa:2048']);
    const make = (name: string, options: string[]): string => {
      const out = join(folder, name);
      execFileSync('openssl', [
        'pkcs12',
        '-export',
        '-in',
        cert,
        '-inkey',
        key,
        '-out',
        out,
        '-passout',
        'pass:x',
        ...options,
      ]);
      return out;
    };
    expect(await facts(make('new.p12', []))).toEqual(
      expect.arrayContaining(['prf HMAC-SHA256', 'offer AES-256-CBC', 'mac HMAC-SHA256', 'key? PKCS#12']),
    );
    const old = await facts(make('old.p12', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'NONE', '-macalg', 'sha1']));
    expect(old).toEqual(expect.arrayContaining(['key RSA 2048', 'offer 3DES-CBC', 'mac HMAC-SHA1']));
  });

  test.skipIf(!has('keytool'))('JKS (needs keytool)', async () => {
    const path = join(folder, 'k.jks');
    execFileSync(
      'keytool',
      [
        '-genkeypair',
        '-keystore',
        path,
        '-storetype',
        'JKS',
        '-storepass',
        'changeit',
        '-keypass',
        'changeit',
        '-alias',
        'a',
        '-keyalg',
        'RSA',
        '-keysize',
        '1024',
        '-dname',
        'CN=x',
      ],
      { stdio: 'ignore' },
    );
    expect(await facts(path)).toEqual(expect.arrayContaining(['key RSA 1024', 'mac JKS-DIGEST']));
    expect(exitOf(judge(await observe(readFileSync(path), path), policy, '2026-11-23'))).toBe(1);
  });
});

describe.skipIf(!has('openssl'))('results of other scanners (needs openssl)', () => {
  const suites = (seen: CryptoObservation[]): string[] =>
    seen
      .filter(({ role, suite, state }) => role === 'select' && suite && state === 'observed')
      .map(({ version, suite }) => `${version} ${suite}`)
      .sort();

  test('sslscan, nmap: the same suites as our own scan', async () => {
    const { cert, key } = certificate('peer', ['-newkey', 'rsa:2048']);
    const port = await freePort();
    await launch(
      'openssl',
      [
        's_server',
        '-accept',
        `127.0.0.1:${port}`,
        '-cert',
        cert,
        '-key',
        key,
        '-quiet',
        '-cipher',
        'ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA:AES128-SHA',
      ],
      port,
    );
    const own = suites(await scanTls([`127.0.0.1:${port}`]));
    expect(own.length).toBe(6);
    if (has('sslscan')) {
      const xml = execFileSync('sslscan', ['--xml=-', `127.0.0.1:${port}`]);
      const seen = await observe(xml, 'r.xml');
      expect(suites(seen)).toEqual(own);
      expect(short(seen)).toContain('key RSA 2048');
    }
    if (has('nmap')) {
      const xml = execFileSync('nmap', [
        '-Pn',
        '-n',
        '-p',
        String(port),
        '--script',
        'ssl-enum-ciphers',
        '-oX',
        '-',
        '127.0.0.1',
      ]);
      const seen = await observe(xml, 'n.xml');
      expect(suites(seen)).toEqual(own);
      // It tells the group that was chosen, not those accepted: that is not a pass.
      expect(seen.filter(({ state }) => state === 'not-tested').map(({ alg }) => alg)).toEqual([
        'ECDHE',
        'DHE',
        'certificate',
      ]);
    }
  });

  test('testssl.sh and sslyze', async () => {
    const { cert } = certificate('import', ['-newkey', 'rsa:1024']);
    const pem = readFileSync(cert, 'utf8');
    const row = (id: string, finding: string) => ({
      id,
      ip: 'h.example/192.0.2.1',
      port: '443',
      severity: 'OK',
      finding,
    });
    const rows = [
      row('SSLv2', 'not offered'),
      row('TLS1_2', 'offered'),
      row('cipher-tls1_2_xc02f', 'TLS 1.2   xc02f  ECDHE-RSA-AES128-GCM-SHA256 ECDH 256'),
      row('cipher-tls1_2_x39', 'x39 DHE-RSA-AES256-SHA  DH 1024 AES'),
      row('cipher-ssl3_x05', 'x05 RC4-SHA'),
      row('PFS_ECDHE_curves', 'prime256v1 X25519'),
      row('cert', pem.replaceAll('\n', ' ')),
    ];
    for (const document of [rows, { scanResult: [{ ip: '192.0.2.1', port: '443', protocols: rows }] }]) {
      const seen = await read(JSON.stringify(document));
      expect(seen[0]?.source.adapter).toBe('testssl');
      expect(suites(seen)).toEqual(['SSLv3 0005', 'TLSv1.2 0039', 'TLSv1.2 c02f']);
      expect(short(seen)).toEqual(
        expect.arrayContaining(['select TLSv1.2 0039 1024', 'kex group X25519', 'key RSA 1024']),
      );
    }
    // As testssl.sh 3.0.8 writes it: of its own run at no place, and TLS 1.3 offered without its suites.
    const real = [
      { ...row('engine_problem', 'No engine or GOST support'), ip: '/' },
      row('TLS1_3', 'offered with final'),
      ...rows,
    ];
    const told = await read(JSON.stringify(real));
    expect(told.filter(({ state }) => state === 'not-tested').map(({ alg, note }) => `${alg}: ${note}`)).toEqual([
      'TLSv1.3: the result holds no cipher of TLSv1.3',
    ]);
    expect(new Set(told.map(({ subject }) => subject.host))).toEqual(new Set(['h.example']));
    const accepted = [
      { cipher_suite: { name: 'TLS_DHE_RSA_WITH_AES_256_CBC_SHA' }, ephemeral_key: { size: 2048 } },
      {
        cipher_suite: { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' },
        ephemeral_key: { size: 253, curve_name: 'X25519' },
      },
    ];
    const sslyze = {
      server_scan_results: [
        {
          server_location: { hostname: 'h', port: 443, ip_address: '192.0.2.1' },
          scan_result: {
            tls_1_2_cipher_suites: { status: 'COMPLETED', result: { accepted_cipher_suites: accepted } },
            ssl_3_0_cipher_suites: { status: 'ERROR', result: null },
          },
        },
      ],
    };
    const seen = await read(JSON.stringify(sslyze));
    expect(seen[0]?.source.adapter).toBe('sslyze');
    expect(suites(seen)).toEqual(['TLSv1.2 0039', 'TLSv1.2 c02f']);
    expect(seen.filter(({ state }) => state === 'not-tested').length).toBe(6);
    expect(exitOf(judge(seen, policy, '2026-11-23'))).toBe(1);
  });
});
