import type { Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type CryptoObservation, exitOf, judge, loadCryptoPolicy, scanTls } from '../../src/crypto/index.ts';
import { answer, respond, type Script, serve } from './responder.ts';

const policy = loadCryptoPolicy('nist-800-131a-r2');
const open: { close: () => void }[] = [];
afterAll(() => {
  for (const server of open) server.close();
});

async function scan(handler: (socket: Socket) => void): Promise<CryptoObservation[]> {
  const { port, server } = await serve(handler);
  open.push(server);
  return scanTls([`127.0.0.1:${port}`], { timeout: 1 });
}
const suites = (seen: CryptoObservation[]): string[] =>
  seen.filter(({ suite, state }) => suite && state === 'observed').map(({ version, suite }) => `${version} ${suite}`);
const exit = (seen: CryptoObservation[]) => exitOf(judge(seen, policy, '2026-11-23'));

/** Acceptable throughout, so that only what was left unasked keeps it from passing. */
const good: Script = { versions: { 771: [0xc02f, 0xc030] }, exchange: 'ecdhe', curves: [23], ems: true };

/** Gives a server's manners what it was asked and what it would answer. */
const asked =
  (script: Script, act: (socket: Socket, hello: Buffer, reply: Buffer) => void) =>
  (socket: Socket): void =>
    void socket.once('data', (hello: Buffer) => act(socket, hello, answer(hello, script) ?? Buffer.alloc(0)));

test('the well-mannered one passes, so that the others fail for their manners', async () => {
  const seen = await scan((socket) => respond(socket, good));
  expect(suites(seen)).toEqual(['TLSv1.2 c02f', 'TLSv1.2 c030']);
  expect(exit(seen)).toBe(0);
});

describe('what was not answered is not passed', () => {
  test.each([3, 5, 8, 12])('a server that hangs up on every caller after the first %i', async (limit) => {
    let calls = 0;
    const seen = await scan((socket) => {
      if (++calls > limit) socket.destroy();
      else respond(socket, { ...good, versions: { ...good.versions, 769: [0x0005], 768: [0x0004] } });
    });
    expect(exit(seen)).not.toBe(0);
  });

  test('a server that stalls after its ServerHello', async () => {
    const dhe: Script = { versions: { 771: [0x009e] }, exchange: 'dhe', ownPrime: 1024, ems: true };
    const seen = await scan(
      asked(dhe, (socket, _, reply) => {
        if (reply[0] !== 22) return void socket.write(reply);
        const hello = Buffer.from(reply.subarray(0, 9 + reply.readUIntBE(6, 3)));
        hello.writeUInt16BE(hello.length - 5, 3);
        socket.write(hello);
      }),
    );
    expect(suites(seen)).toEqual(['TLSv1.2 009e']);
    expect(exit(seen)).not.toBe(0);
    expect(seen.some(({ note }) => note?.startsWith('some handshakes had no answer'))).toBe(true);
  });

  test('a server that cuts its answers short', async () => {
    const seen = await scan(asked(good, (socket, _, reply) => void socket.end(reply.subarray(0, 4))));
    expect([suites(seen), exit(seen)]).toEqual([[], 3]);
  });

  test('a server that cannot stand hellos of 256 bytes and more', async () => {
    const seen = await scan(
      asked(good, (socket, hello, reply) => void (hello.length < 256 ? socket.write(reply) : socket.destroy())),
    );
    expect([suites(seen), exit(seen)]).toEqual([[], 3]);
  });
});

test('a server that dribbles is understood', async () => {
  const seen = await scan(
    asked(good, (socket, _, reply) => {
      let at = 0;
      const timer = setInterval(() => {
        if (at < reply.length && socket.writable) socket.write(reply.subarray(at, ++at));
        else clearInterval(timer);
      }, 1);
    }),
  );
  expect(suites(seen)).toEqual(['TLSv1.2 c02f', 'TLSv1.2 c030']);
});

test('a server that hangs up on TLS 1.3 alone is judged by the rest', async () => {
  const offer13 = Buffer.from([0, 43, 0, 3, 2, 3, 4]);
  const seen = await scan(
    asked(good, (socket, hello, reply) => void (hello.includes(offer13) ? socket.destroy() : socket.write(reply))),
  );
  expect(suites(seen)).toEqual(['TLSv1.2 c02f', 'TLSv1.2 c030']);
  expect(exit(seen)).toBe(0);
});
