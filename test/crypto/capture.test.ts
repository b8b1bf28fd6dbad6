import { execFileSync, spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, observe } from '../../src/crypto/index.ts';
import { certificate, file, freePort, has, launch, stopAll } from './servers.ts';

afterAll(stopAll);

interface Chunk {
  readonly fromClient: boolean;
  readonly bytes: Buffer;
}

/** Frames of a capture: Ethernet, IPv4, then TCP or UDP. Checksums are left at zero, as offloading cards leave them. */
function frame(payload: Buffer, ports: [number, number], sequence: number, flags: number, udp = false): Buffer {
  const l4 = udp ? Buffer.alloc(8) : Buffer.alloc(20);
  l4.writeUInt16BE(ports[0], 0);
  l4.writeUInt16BE(ports[1], 2);
  if (udp) l4.writeUInt16BE(8 + payload.length, 4);
  else {
    l4.writeUInt32BE(sequence >>> 0, 4);
    l4[12] = 0x50;
    l4[13] = flags;
  }
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip.writeUInt16BE(20 + l4.length + payload.length, 2);
  ip[8] = 64;
  ip[9] = udp ? 17 : 6;
  const server = ports[0] < ports[1];
  Buffer.from(server ? [192, 0, 2, 1, 192, 0, 2, 2] : [192, 0, 2, 2, 192, 0, 2, 1]).copy(ip, 12);
  const ethernet = Buffer.from([...new Array<number>(12).fill(2), 8, 0]);
  return Buffer.concat([ethernet, ip, l4, payload]);
}

function pcap(frames: Buffer[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(1, 20);
  const records = frames.map((one) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(one.length, 8);
    record.writeUInt32LE(one.length, 12);
    return Buffer.concat([record, one]);
  });
  return Buffer.concat([head, ...records]);
}

function pcapng(frames: Buffer[]): Buffer {
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(type, 0);
    head.writeUInt32LE(12 + padded.length, 4);
    return Buffer.concat([head, padded, head.subarray(4)]);
  };
  const section = Buffer.alloc(16, 0xff);
  section.writeUInt32LE(0x1a2b3c4d, 0);
  section.writeUInt32LE(1, 4);
  const packet = (one: Buffer): Buffer => {
    const head = Buffer.alloc(20);
    head.writeUInt32LE(one.length, 12);
    head.writeUInt32LE(one.length, 16);
    return block(6, Buffer.concat([head, one]));
  };
  return Buffer.concat([
    block(0x0a0d0d0a, section),
    block(1, Buffer.from([1, 0, 0, 0, 0, 0, 4, 0])),
    ...frames.map(packet),
  ]);
}

/** A TCP connection as frames: in order, cut into small segments, shuffled, one of them twice. */
function connection(chunks: Chunk[], server: number, client: number, shuffled = true): Buffer[] {
  const next = { true: 0xfffffff0, false: 5000 };
  const frames = [
    frame(Buffer.alloc(0), [client, server], next.true, 2),
    frame(Buffer.alloc(0), [server, client], next.false, 0x12),
  ];
  next.true++;
  next.false++;
  const data: Buffer[] = [];
  for (const { fromClient, bytes } of chunks) {
    const side = `${fromClient}` as 'true' | 'false';
    for (let at = 0; at < bytes.length; at += 500) {
      const piece = bytes.subarray(at, at + 500);
      data.push(frame(piece, fromClient ? [client, server] : [server, client], next[side], 0x18));
      next[side] = (next[side] + piece.length) >>> 0;
    }
  }
  return shuffled ? [...frames, ...data.toReversed(), ...data.slice(0, 1)] : [...frames, ...data];
}

/** Runs a client against a server through a relay that writes down what passes. */
async function record(server: number, client: (port: number) => Promise<void>): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const relay = createServer((socket: Socket) => {
    const back = connect({ port: server, host: '127.0.0.1' });
    const pass = (from: Socket, to: Socket, fromClient: boolean): void => {
      from.on('data', (bytes: Buffer) => {
        chunks.push({ fromClient, bytes });
        to.write(bytes);
      });
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    };
    pass(socket, back, true);
    pass(back, socket, false);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  await client((relay.address() as { port: number }).port);
  relay.close();
  return chunks;
}

const run = (command: string, args: string[]): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    child.on('exit', () => resolve());
    setTimeout(() => child.kill(), 5000).unref();
  });

const chosen = (seen: CryptoObservation[]): string[] =>
  seen
    .filter(({ role, suite, state }) => role === 'select' && suite && state === 'observed')
    .map(({ version, suite }) => `${version} ${suite}`);

describe.skipIf(!has('openssl'))('TLS (needs openssl)', () => {
  test.each([
    ['-tls1_2', 'TLSv1.2 c02f', true],
    ['-tls1_3', 'TLSv1.3 1301', false],
  ])('%s', async (flag, suite, open) => {
    const { cert, key } = certificate(`p${flag}`, ['-newkey', 'rsa:2048']);
    const port = await freePort();
    await launch(
      'openssl',
      ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-quiet', '-groups', 'P-384'],
      port,
    );
    const chunks = await record(port, (relay) =>
      run('openssl', [
        's_client',
        '-connect',
        `127.0.0.1:${relay}`,
        flag,
        '-groups',
        'X25519:P-384',
        '-cipher',
        'ECDHE-RSA-AES128-GCM-SHA256',
        '-ciphersuites',
        'TLS_AES_128_GCM_SHA256',
      ]),
    );
    const frames = connection(chunks, 443, 50_000);
    for (const bytes of [pcap(frames), pcapng(frames)]) {
      const seen = await observe(bytes, 'capture.bin');
      expect(chosen(seen)).toEqual([suite]);
      expect(
        seen.some(
          (one) => one.role === 'kex' && one.params?.group === 'secp384r1' && one.note === 'chosen by the server',
        ),
      ).toBe(true);
      const keys = seen.filter(({ layer, role }) => layer === 'cert' && role === 'key');
      expect(keys.map(({ state, params }) => (state === 'observed' ? params?.bits : state))).toEqual([
        open ? 2048 : 'not-tested',
      ]);
      expect(seen.filter(({ role, suite: id }) => role === 'offer' && id).length).toBeGreaterThan(0);
    }
    if (has('tshark')) {
      const path = file('c.pcap', '');
      const { writeFileSync } = await import('node:fs');
      // tshark wants its segments in order.
      writeFileSync(path, pcap(connection(chunks, 443, 50_000, false)));
      const fields = execFileSync(
        'tshark',
        ['-r', path, '-Y', 'tls.handshake.type==2', '-T', 'fields', '-e', 'tls.handshake.ciphersuite'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(fields).toContain(`0x${suite.slice(-4)}`);
    }
  });
});

test('SSH: what both sides offer', async () => {
  const name = (text: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const lists = [
    'curve25519-sha256,diffie-hellman-group14-sha1,kex-strict-s-v00@openssh.com',
    'ssh-rsa,rsa-sha2-512',
    'aes128-ctr,3des-cbc',
    'aes128-ctr',
    'hmac-sha2-256',
    'hmac-md5',
    'none',
    'none',
    '',
    '',
  ];
  const body = Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16, 1),
    ...lists.map(name),
    Buffer.from([0, 0, 0, 0, 0]),
  ]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + body.length + 6, 0);
  head[4] = 6;
  const stream = Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), head, body, Buffer.alloc(6)]);
  const seen = await observe(pcap(connection([{ fromClient: false, bytes: stream }], 22, 50_001)), 'ssh.pcap');
  expect(seen.map(({ role, alg, version }) => `${role} ${alg ?? version}`)).toEqual([
    'offer 2.0',
    'kex curve25519-sha256',
    'kex diffie-hellman-group14-sha1',
    'signature ssh-rsa',
    'signature rsa-sha2-512',
    'offer aes128-ctr',
    'offer 3des-cbc',
    'mac hmac-sha2-256',
    'mac hmac-md5',
  ]);
});

/** One IKEv2 proposal of AES-CBC-256, 3DES, HMAC-SHA1, HMAC-SHA256-128, group 2. */
function ikeV2(): Buffer {
  const transform = (last: boolean, type: number, id: number, bits?: number): Buffer => {
    const attribute = bits === undefined ? [] : [0x80, 14, bits >> 8, bits & 255];
    return Buffer.from([last ? 0 : 3, 0, 0, 8 + attribute.length, type, 0, 0, id, ...attribute]);
  };
  const transforms = Buffer.concat([
    transform(false, 1, 12, 256),
    transform(false, 1, 3),
    transform(false, 2, 2),
    transform(false, 3, 12),
    transform(true, 4, 2),
  ]);
  const proposal = Buffer.concat([Buffer.from([0, 0, 0, 8 + transforms.length, 1, 1, 0, 5]), transforms]);
  const payload = Buffer.concat([Buffer.from([0, 0, 0, 4 + proposal.length]), proposal]);
  const head = Buffer.alloc(28);
  head[7] = 1;
  head[16] = 33;
  head[17] = 0x20;
  head[18] = 34;
  head[19] = 0x08;
  head.writeUInt32BE(28 + payload.length, 24);
  return Buffer.concat([head, payload]);
}

test('IKE proposals, on both ports', async () => {
  const expected = [
    'offer v2',
    'offer AES-CBC',
    'offer 3DES-CBC',
    'prf HMAC-SHA1',
    'mac HMAC-SHA256-128',
    'kex modp1024',
  ];
  const plain = frame(ikeV2(), [40_000, 500], 0, 0, true);
  const shifted = frame(Buffer.concat([Buffer.alloc(4), ikeV2()]), [40_000, 4500], 0, 0, true);
  for (const one of [plain, shifted]) {
    const seen = await observe(pcap([one]), 'ike.pcap');
    expect(seen.map(({ role, alg, version }) => `${role} ${alg ?? version}`)).toEqual(expected);
    expect(seen[1]?.params).toEqual({ bits: 256 });
  }
});

test('a cut capture says so', async () => {
  const whole = pcap([frame(ikeV2(), [40_000, 500], 0, 0, true), frame(ikeV2(), [40_000, 500], 0, 0, true)]);
  const seen = await observe(whole.subarray(0, whole.length - 30), 'cut.pcap');
  expect(seen.at(-1)).toMatchObject({ state: 'not-tested', alg: 'capture' });
});

test('hostile captures never throw', async () => {
  const good = pcap([
    frame(ikeV2(), [40_000, 500], 0, 0, true),
    ...connection([{ fromClient: true, bytes: Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 3]) }], 443, 50_000),
  ]);
  const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(flips, fc.nat(good.length), async (changes, length) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) if (at >= 4) bytes[at] = value;
      await observe(bytes.subarray(0, Math.max(24, length)), 'x.pcap');
    }),
    { numRuns: 300 },
  );
});
