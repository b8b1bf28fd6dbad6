import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileSink, syslogSink, webhookSink } from '../../src/staging/index.ts';
import { clearance } from '../cli/process.ts';
import { digest, judge, newStage, once } from './stage.ts';

let root: string;
const closing: (() => void)[] = [];
const at = (...parts: string[]) => join(root, ...parts);
beforeEach(() => {
  root = newStage();
  writeFileSync(at('incoming', 'a.tgz'), 'plain');
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(root, { recursive: true, force: true });
});

const event = `{"severity_id":4,"of":"${digest(readResult())}"}`;
const sent = () =>
  readdirSync(at('.state', 'outbox'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());

/** The canonical result that the quick judge writes for `plain` is asked of it once. */
function readResult(): Buffer {
  const stage = newStage();
  mkdirSync(join(stage, 'x'));
  writeFileSync(join(stage, 'a.tgz'), 'plain');
  judge().examination.examine(join(stage, 'a.tgz'), join(stage, 'r'), new AbortController().signal);
  const bytes = readFileSync(join(stage, 'r'));
  rmSync(stage, { recursive: true });
  return bytes;
}

/** RFC 5424 section 6: version 1, facility 13 (13 * 8 + 3 = 107), no structured data. */
const MESSAGE = /^<107>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ clearance \d+ ocsf - (\{.*\})$/;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Octet counting, RFC 6587 section 3.4.1. */
function frames(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let done = 0; done < bytes.length; ) {
    const space = bytes.indexOf(' ', done);
    const end = space + 1 + Number(bytes.toString('latin1', done, space));
    found.push(bytes.toString('utf8', space + 1, end));
    done = end;
  }
  return found;
}

function collector(into: Buffer[]): (socket: Socket) => void {
  return (socket) => socket.on('data', (chunk: Buffer) => into.push(chunk)).on('error', () => undefined);
}

describe('events', () => {
  test('to a file', async () => {
    await once(root, judge().examination, { sinks: [fileSink(at('events.ndjson'))] });
    expect(readFileSync(at('events.ndjson'), 'utf8')).toBe(`${event}\n`);
    expect(sent()).toEqual([]);
  });

  test('to syslog over UDP', async () => {
    const socket = createSocket('udp4');
    closing.push(() => socket.close());
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const got = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString('utf8'))));
    await once(root, judge().examination, { sinks: [syslogSink(new URL(`udp://127.0.0.1:${socket.address().port}`))] });
    expect(MESSAGE.exec(await got)?.[1]).toBe(event);
  });

  test('to syslog over TCP, and text that is not ASCII stays JSON', async () => {
    const chunks: Buffer[] = [];
    const port = await listening(createTcp(collector(chunks)));
    const sink = syslogSink(new URL(`tcp://127.0.0.1:${port}`));
    const wide = JSON.stringify({ severity_id: 4, name: 'Zoë\u2028' });
    await sink.send({ id: '1', sidecar: '{}', events: [event, wide] });
    const got = frames(Buffer.concat(chunks)).map((message) => JSON.parse(MESSAGE.exec(message)![1]!));
    expect(got).toEqual([JSON.parse(event), JSON.parse(wide)]);
    expect(Buffer.concat(chunks).every((byte) => byte < 0x80)).toBe(true);
  });

  test('to syslog over TLS only to a server that proves its name', async () => {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', at('key.pem'), '-out', at('cert.pem')],
      ],
      { stdio: 'pipe' },
    );
    const chunks: Buffer[] = [];
    const server = createTls(
      { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) },
      collector(chunks),
    );
    server.on('tlsClientError', () => undefined);
    const port = await listening(server);
    const url = `tls://localhost:${port}`;
    await expect(syslogSink(new URL(url)).send({ id: '1', sidecar: '{}', events: [event] })).rejects.toThrow();
    expect(chunks).toEqual([]);
    const args = ['watch', root, '--once', '--inventory', 'none', '--settle', '0.1', '--syslog', url];
    await clearance(args, { env: { NODE_EXTRA_CA_CERTS: at('cert.pem') } });
    const got = frames(Buffer.concat(chunks)).map((message) => message.replace(/^<\d+>.*? - (?=\{)/, ''));
    expect(got.map((line) => JSON.parse(line).class_uid)).toContain(2003);
  });
});

describe('the webhook', () => {
  const SECRET = 's'.repeat(32);
  test('signed; tried again until it is taken, over restarts, each time under the same id', async () => {
    const requests: { body: string; signature: string; delivery: string }[] = [];
    let answer = 500;
    const server = createHttp((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { 'clearance-signature': signature, 'clearance-delivery': delivery } = request.headers;
        requests.push({ body, signature: String(signature), delivery: String(delivery) });
        response.writeHead(answer, { location: '/elsewhere' }).end();
      });
    });
    const port = await listening(server);
    const sinks = [webhookSink(new URL(`http://127.0.0.1:${port}/`), SECRET)];
    const first = await once(root, judge().examination, { sinks });
    expect(first.tally).toMatchObject({ cleared: 1, troubles: 0 });
    expect(first.events.filter(({ event }) => event === 'undelivered').length).toBe(3);
    expect(sent()).toHaveLength(1);
    answer = 302;
    await once(root, judge().examination, { sinks });
    expect(sent()).toHaveLength(1);
    answer = 204;
    await once(root, judge().examination, { sinks });
    expect(sent()).toEqual([]);
    expect(requests).toHaveLength(7);
    expect(new Set(requests.map(({ delivery }) => delivery)).size).toBe(1);
    for (const { body, signature } of requests) {
      const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature)!;
      expect(mac).toBe(createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex'));
      expect(JSON.parse(body)).toMatchObject({ schema: 'clearance.sidecar/1', verdict: { outcome: 'cleared' } });
    }
  });

  test('bad addresses and secrets are refused before anything is looked at', async () => {
    writeFileSync(at('short'), 'short', { mode: 0o600 });
    writeFileSync(at('open'), SECRET, { mode: 0o644 });
    writeFileSync(at('secret'), SECRET, { mode: 0o600 });
    const codes = [];
    for (const more of [
      ['--syslog', 'http://siem.example.com'],
      ['--webhook', 'https://hooks.example.com'],
      ['--webhook', 'http://hooks.example.com', '--webhook-secret', at('secret')],
      ['--webhook', 'https://user:word@hooks.example.com', '--webhook-secret', at('secret')],
      ['--webhook', 'https://hooks.example.com', '--webhook-secret', at('short')],
      ['--webhook', 'https://hooks.example.com', '--webhook-secret', at('open')],
    ]) {
      const { code, stderr } = await clearance(['watch', root, '--once', ...more]);
      codes.push(code);
      expect(stderr).not.toContain('word@');
    }
    expect(codes).toEqual([2, 2, 2, 2, 2, 2]);
    expect(readdirSync(at('incoming'))).toEqual(['a.tgz']);
  });
});
