import { afterAll, expect, test } from 'vitest';
import { type CryptoObservation, exitOf, judge, loadCryptoPolicy, scanTls } from '../../src/crypto/index.ts';
import { registry } from '../../src/crypto/registry.ts';
import { respond, type Script, serve } from './responder.ts';

const policy = loadCryptoPolicy('nist-800-131a-r2');
const verdicts = (observations: CryptoObservation[]) => judge(observations, policy, '2026-11-23');
const open: { close: () => void }[] = [];
afterAll(() => {
  for (const server of open) server.close();
});

async function start(script: Script | Parameters<typeof serve>[0], host?: string) {
  const served = await serve(script, host);
  open.push(served.server);
  return served;
}

async function scan(script: Script): Promise<CryptoObservation[]> {
  const { port } = await start(script);
  return scanTls([`127.0.0.1:${port}`], { timeout: 2 });
}

function suites(observations: CryptoObservation[]): string[] {
  return observations
    .filter(({ layer, role, state }) => layer === 'tls' && role === 'select' && state === 'observed')
    .map(({ version, suite }) => `${version} ${suite}`);
}
const groups = (observations: CryptoObservation[], version: string): string[] =>
  observations.filter((one) => one.role === 'kex' && one.version === version).map(({ params }) => params?.group ?? '');
const feature = (observations: CryptoObservation[], alg: string) => observations.find((one) => one.alg === alg)?.state;

test('every suite of the registry is found, under each version', async () => {
  const all = [...registry().suites.values()].filter(
    ({ id, kx, code }) => id.length === 4 && kx !== 'any' && code !== 0 && !(code >= 0xc103 && code <= 0xc106),
  );
  const codes = all.map(({ code }) => code);
  const found = suites(await scan({ versions: { 771: codes }, exchange: 'rsa' }));
  expect(found).toEqual(all.map(({ id }) => `TLSv1.2 ${id}`).sort());
});

test('SSLv3 with RC4, EXPORT and DES', async () => {
  const seen = await scan({ versions: { 768: [0x0003, 0x0004, 0x0009, 0x0014] }, exchange: 'export' });
  expect(suites(seen)).toEqual(['SSLv3 0003', 'SSLv3 0004', 'SSLv3 0009', 'SSLv3 0014']);
  expect(seen.find(({ suite }) => suite === '0003')?.params).toEqual({ bits: 512 });
  expect(
    verdicts(seen).find(({ observation }) => observation === seen.find(({ suite }) => suite === '0003')?.id)?.word,
  ).toBe('disallowed');
  expect(exitOf(verdicts(seen))).toBe(1);
});

test('SSLv2 alone', async () => {
  const seen = await scan({ versions: {}, sslv2: [0x010080, 0x020080, 0x0700c0] });
  expect(suites(seen)).toEqual(['SSLv2 010080', 'SSLv2 020080', 'SSLv2 0700c0']);
  expect(
    new Set(
      verdicts(seen)
        .filter(({ what }) => what.startsWith('SSLv2 SSL_CK'))
        .map(({ word }) => word),
    ),
  ).toEqual(new Set(['disallowed']));
});

test('GOST and SM4', async () => {
  const seen = await scan({
    versions: { 771: [0xc102, 0x0081, 0xff85, 0xe011], 772: [0x00c6, 0x00c7] },
    groups13: [41],
    exchange: 'rsa',
  });
  expect(suites(seen)).toEqual([
    'TLSv1.2 0081',
    'TLSv1.2 c102',
    'TLSv1.2 e011',
    'TLSv1.2 ff85',
    'TLSv1.3 00c6',
    'TLSv1.3 00c7',
  ]);
  expect(groups(seen, 'TLSv1.3')).toEqual(['curveSM2']);
  expect(exitOf(verdicts(seen))).toBe(1);
});

test('ML-KEM and hybrid groups only', async () => {
  const seen = await scan({ versions: { 772: [0x1302] }, groups13: [0x11ec, 0x0201, 0x11ed] });
  expect(suites(seen)).toEqual(['TLSv1.3 1302']);
  expect(groups(seen, 'TLSv1.3')).toEqual(['MLKEM768', 'X25519MLKEM768', 'SecP384r1MLKEM1024']);
  const words = verdicts(seen);
  expect(words.filter(({ what }) => what.includes('MLKEM')).map(({ word }) => word)).toEqual([
    'acceptable',
    'acceptable',
    'acceptable',
  ]);
  // Its certificate cannot be seen: that is not a pass.
  expect(exitOf(words)).toBe(3);
});

test('TLS 1.3 on P-521 alone', async () => {
  const seen = await scan({ versions: { 772: [0x1301] }, groups13: [25] });
  expect(groups(seen, 'TLSv1.3')).toEqual(['secp521r1']);
});

test('a small field is seen although the client could do better', async () => {
  const seen = await scan({ versions: { 771: [0x009e] }, exchange: 'dhe', ownPrime: 1024 });
  expect(seen.find(({ suite }) => suite === '009e')?.params).toEqual({ bits: 1024, group: 'custom' });
  expect(verdicts(seen).filter(({ word }) => word === 'disallowed').length).toBeGreaterThanOrEqual(2);
});

test('curves of TLS 1.2, compression, extended master secret', async () => {
  const seen = await scan({
    versions: { 771: [0xc02f] },
    exchange: 'ecdhe',
    curves: [24, 21, 30],
    compression: true,
    ems: false,
  });
  expect(groups(seen, 'TLSv1.2')).toEqual(['secp224r1', 'secp384r1', 'x448']);
  expect(feature(seen, 'compression-deflate')).toBe('observed');
  expect(feature(seen, 'extended-master-secret')).toBe('absent');
  const strict = judge(seen, loadCryptoPolicy('nist-800-52r2'), '2026-11-23');
  expect(strict.find(({ what }) => what === 'extended-master-secret')?.word).toBe('disallowed');
  expect(strict.find(({ what }) => what === 'compression-deflate')?.word).toBe('disallowed');
});

test('a server that demands extended master secret is not dead', async () => {
  const seen = await scan({ versions: { 771: [0xc02f] }, exchange: 'ecdhe', demandEms: true });
  expect(suites(seen)).toEqual(['TLSv1.2 c02f']);
});

test('versions that are declined are absent', async () => {
  const seen = await scan({ versions: { 771: [0xc02f] }, exchange: 'ecdhe' });
  const absent = seen.filter(({ state, role, alg }) => state === 'absent' && role === 'offer' && alg?.includes('v'));
  expect(absent.map(({ version }) => version)).toEqual(['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.3']);
});

/** Each of these must end as unknown, and soon. */
const silent: [string, Parameters<typeof serve>[0]][] = [
  ['a mute server', () => undefined],
  ['a server that speaks HTTP', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['a server that closes', (socket) => void socket.end()],
  ['a server that resets', (socket) => void socket.resetAndDestroy()],
  ['a server that sends half a record', (socket) => void socket.write(Buffer.from([22, 3, 3, 1, 0, 2]))],
  ['a server that floods', (socket) => void socket.write(Buffer.alloc(2_000_000, 22))],
];
test.each(silent)('%s ends as unknown within 10 s', async (what, script) => {
  const { port } = await start(script);
  const began = performance.now();
  // The mute server meets the default wait, the others a shorter one.
  const seen = await scanTls([`127.0.0.1:${port}`], what === 'a mute server' ? {} : { timeout: 1 });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(suites(seen)).toEqual([]);
  expect(verdicts(seen).map(({ word }) => word)).toEqual(['unknown']);
  expect(exitOf(verdicts(seen))).toBe(3);
});

test('a closed port is unknown', async () => {
  const { port, server } = await start({ versions: {} });
  await new Promise((resolve) => server.close(resolve));
  expect(verdicts(await scanTls([`127.0.0.1:${port}`])).map(({ word }) => word)).toEqual(['unknown']);
});

test('a server that falls silent leaves the rest unknown, not absent', async () => {
  let count = 0;
  const { port } = await start((socket) => {
    if (++count > 6) return;
    respond(socket, { versions: { 771: [0xc02f], 770: [0xc013] }, exchange: 'ecdhe' });
  });
  const seen = await scanTls([`127.0.0.1:${port}`], { timeout: 1 });
  expect(exitOf(verdicts(seen))).toBe(3);
});

test('many endpoints, in the order given, IPv6 among them', async () => {
  const script: Script = { versions: { 771: [0xc02f] }, exchange: 'ecdhe' };
  const four = await start(script);
  const six = await start(script, '::1').catch(() => undefined);
  const targets = [`127.0.0.1:${four.port}`, ...(six ? [`[::1]:${six.port}`] : []), `127.0.0.1:${four.port}`];
  const seen = await scanTls(targets, { concurrency: 2 });
  const places = [...new Set(seen.map(({ id, subject }) => `${id.split('.')[0]} ${subject.host}:${subject.port}`))];
  expect(places.map((place) => place.split(' ')[1])).toEqual(targets.map((target) => target.replace(/[[\]]/g, '')));
  expect(suites(seen).length).toBe(targets.length);
});

test('only what was named is connected to, and no more often than needed', async () => {
  const { port, connections } = await start({ versions: { 771: [0xc02f, 0xc030, 0x002f] }, exchange: 'rsa' });
  await scanTls([`127.0.0.1:${port}`]);
  expect(connections()).toBeLessThanOrEqual(3 + 6 * 8);
});

const CRLF = '\r\n';
/** The server's half of each dialogue: what it says first, then what it answers to which request. */
const dialogues: Record<string, { greeting?: string | Buffer; turns: [RegExp, string | Buffer][] }> = {
  smtp: {
    greeting: `220-a${CRLF}220 b${CRLF}`,
    turns: [
      [/^EHLO/, `250-x${CRLF}250 STARTTLS${CRLF}`],
      [/^STARTTLS/, `220 go${CRLF}`],
    ],
  },
  imap: { greeting: `* OK hi${CRLF}`, turns: [[/STARTTLS/, `* x${CRLF}a1 OK go${CRLF}`]] },
  pop3: { greeting: `+OK hi${CRLF}`, turns: [[/^STLS/, `+OK go${CRLF}`]] },
  ftp: { greeting: `220 hi${CRLF}`, turns: [[/^AUTH TLS/, `234 go${CRLF}`]] },
  ldap: {
    turns: [[/1\.3\.6\.1\.4\.1\.1466\.20037/, Buffer.from([0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0])]],
  },
  postgres: { turns: [[/\x04\xd2\x16\x2f/, 'S']] },
  mysql: {
    greeting: Buffer.concat([
      Buffer.from([46, 0, 0, 0, 10]),
      Buffer.from('8.0.30\0'),
      Buffer.alloc(13, 1),
      Buffer.from([0xff, 0xff, 8, 2, 0]),
      Buffer.alloc(20, 1),
    ]),
    turns: [[/^\x20\x00\x00\x01/, '']],
  },
  xmpp: {
    turns: [
      [/version='1.0'>$/, '<stream:stream><stream:features><starttls/></stream:features>'],
      [/<starttls/, "<proceed xmlns='x'/>"],
    ],
  },
};
const overTls: Script = { versions: { 771: [0xc02f, 0x002f] }, exchange: 'rsa' };

test.each(Object.entries(dialogues))('STARTTLS %s', async (protocol, { greeting, turns }) => {
  const { port } = await start((socket) => {
    if (greeting !== undefined) socket.write(greeting);
    const left = [...turns];
    const talk = (chunk: Buffer): void => {
      if (!left[0]?.[0].test(chunk.toString('latin1'))) return;
      const [, reply] = left.shift()!;
      if (left.length === 0) {
        socket.off('data', talk);
        respond(socket, overTls);
        // MySQL's request has no answer, so that the hello may come with it.
        if (protocol === 'mysql' && chunk.length > 36) socket.unshift(chunk.subarray(36));
      }
      socket.write(reply);
    };
    socket.on('data', talk);
  });
  const seen = await scanTls([`127.0.0.1:${port}`], { starttls: protocol, timeout: 2 });
  expect(suites(seen)).toEqual(['TLSv1.2 002f', 'TLSv1.2 c02f']);
});

test('STARTTLS that is declined is unknown', async () => {
  const { port } = await start((socket) => {
    socket.write(`220 hi${CRLF}`);
    socket.on('data', () => socket.write(`502 no${CRLF}`));
  });
  const seen = await scanTls([`127.0.0.1:${port}`], { starttls: 'smtp', timeout: 2 });
  expect(verdicts(seen).map(({ word }) => word)).toEqual(['unknown']);
});

test('through a proxy, with basic authentication', async () => {
  const asked: string[] = [];
  const { port } = await start((socket) => {
    socket.once('data', (chunk: Buffer) => {
      asked.push(chunk.toString('latin1'));
      const known = /Proxy-Authorization: Basic dXNlcjpnZWhlaW0=/.test(chunk.toString('latin1'));
      if (!known) return void socket.end('HTTP/1.1 407 no\r\n\r\n');
      respond(socket, overTls);
      socket.write('HTTP/1.1 200 yes\r\nVia: x\r\n\r\n');
    });
  });
  const seen = await scanTls(['esupport.example.com:443'], {
    proxy: `http://user:geheim@127.0.0.1:${port}`,
    timeout: 2,
  });
  expect(suites(seen)).toEqual(['TLSv1.2 002f', 'TLSv1.2 c02f']);
  expect(asked[0]).toMatch(/^CONNECT esupport\.example\.com:443 HTTP\/1\.1\r\n/);
  const refused = await scanTls(['esupport.example.com:443'], { proxy: `http://127.0.0.1:${port}`, timeout: 2 });
  expect(verdicts(refused).map(({ word }) => word)).toEqual(['unknown']);
  expect(JSON.stringify(seen)).not.toContain('geheim');
});

test('unusable targets and options are operator errors', async () => {
  await expect(scanTls(['127.0.0.1:99999'])).rejects.toThrow(/not an endpoint/);
  await expect(scanTls(['a b'])).rejects.toThrow(/not an endpoint/);
  await expect(scanTls(['127.0.0.1:1'], { starttls: 'gopher' })).rejects.toThrow(/unknown STARTTLS/);
  await expect(scanTls(['127.0.0.1:1'], { proxy: 'https://x' })).rejects.toThrow(/http/);
});
