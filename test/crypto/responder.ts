import { createServer, type Server, type Socket } from 'node:net';

/** What a scripted server does; it computes nothing, it only answers hellos. */
export interface Script {
  /** Wire versions with the suites accepted under each, in the server's order of preference. */
  readonly versions: Readonly<Record<number, readonly number[]>>;
  /** Groups of TLS 1.3. */
  readonly groups13?: readonly number[];
  readonly curves?: readonly number[];
  /** Bits of the server's own field, and the named fields it also has. */
  readonly ownPrime?: number;
  readonly certificate?: Buffer;
  readonly sslv2?: readonly number[];
  readonly ems?: boolean;
  readonly compression?: boolean;
  readonly exchange?: 'ecdhe' | 'dhe' | 'rsa' | 'export';
  /** Refuse a client without extended_master_secret. */
  readonly demandEms?: boolean;
}

const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const record = (type: number, version: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, ...u16(version), ...u16(body.length)]), body]);
const message = (type: number, body: readonly number[] | Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, 0, ...u16(body.length)]), Buffer.from(body)]);

interface Hello {
  readonly version: number;
  readonly suites: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly compression: readonly number[];
}

function parseHello(raw: Buffer): Hello | undefined {
  if (raw.length < 5 || raw[0] !== 22 || raw.length < 5 + raw.readUInt16BE(3)) return undefined;
  const body = raw.subarray(9);
  let at = 35 + body[34]!;
  const suites: number[] = [];
  const count = body.readUInt16BE(at);
  for (let i = 0; i < count; i += 2) suites.push(body.readUInt16BE(at + 2 + i));
  at += 2 + count;
  const compression = [...body.subarray(at + 1, at + 1 + body[at]!)];
  at += 1 + body[at]!;
  const extensions = new Map<number, Buffer>();
  if (at + 2 <= body.length) {
    for (at += 2; at + 4 <= body.length; ) {
      const length = body.readUInt16BE(at + 2);
      extensions.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
  }
  const versions = extensions.get(43);
  return { version: versions ? versions.readUInt16BE(1) : body.readUInt16BE(0), suites, extensions, compression };
}

function list16(extension: Buffer | undefined): number[] {
  if (!extension) return [];
  return Array.from({ length: extension.readUInt16BE(0) / 2 }, (_, i) => extension.readUInt16BE(2 + i * 2));
}

const RETRY = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** The answer to the first record of a connection; `undefined` while it is not whole. */
export function answer(raw: Buffer, script: Script): Buffer | undefined {
  if (raw.length > 2 && (raw[0]! & 0x80) !== 0) return sslv2Answer(script);
  const hello = parseHello(raw);
  if (!hello) return undefined;
  const alert = (code: number): Buffer => record(21, 0x0301, Buffer.from([2, code]));
  const accepted = script.versions[hello.version];
  if (!accepted) return alert(70);
  const suite = accepted.find((code) => hello.suites.includes(code));
  if (suite === undefined) return alert(40);
  if (script.demandEms && !hello.extensions.has(23)) return alert(40);
  const wire = Math.min(hello.version, 0x0303);
  if (hello.version === 0x0304) {
    const group = (script.groups13 ?? [29]).find((code) => list16(hello.extensions.get(10)).includes(code));
    if (group === undefined) return alert(40);
    const extensions = [...u16(43), 0, 2, 3, 4, ...u16(51), 0, 2, ...u16(group)];
    return record(
      22,
      0x0303,
      message(2, [3, 3, ...RETRY, 0, ...u16(suite), 0, ...u16(extensions.length), ...extensions]),
    );
  }
  const extensions: number[] = [];
  if (script.ems !== false && hello.extensions.has(23)) extensions.push(...u16(23), 0, 0);
  if (hello.extensions.has(0xff01)) extensions.push(...u16(0xff01), 0, 1, 0);
  const compressed = script.compression && hello.compression.includes(1) ? 1 : 0;
  const tail = extensions.length > 0 ? [...u16(extensions.length), ...extensions] : [];
  const messages = [message(2, [...u16(wire), ...Buffer.alloc(32, 7), 0, ...u16(suite), compressed, ...tail])];
  if (script.certificate) {
    const der = script.certificate;
    const entry = Buffer.concat([Buffer.from([0, ...u16(der.length)]), der]);
    messages.push(message(11, Buffer.concat([Buffer.from([0, ...u16(entry.length)]), entry])));
  }
  const exchange = keyExchange(hello, script, wire);
  if (exchange === 'none') return alert(40);
  if (exchange) messages.push(message(12, exchange));
  messages.push(message(14, []));
  return record(22, wire, Buffer.concat(messages));
}

function keyExchange(hello: Hello, script: Script, wire: number): number[] | 'none' | undefined {
  const signed = [...(wire === 0x0303 ? [4, 1] : []), 0, 4, 1, 2, 3, 4];
  const vector = (bytes: readonly number[]): number[] => [...u16(bytes.length), ...bytes];
  if (script.exchange === 'ecdhe') {
    const curve = (script.curves ?? [23]).find((code) => list16(hello.extensions.get(10)).includes(code));
    return curve === undefined ? 'none' : [3, ...u16(curve), 4, 4, 1, 2, 3, ...signed];
  }
  const number = (bits: number): number[] => [0x80, ...new Array<number>(bits / 8 - 1).fill(0xab)];
  if (script.exchange === 'dhe')
    return [...vector(number(script.ownPrime ?? 1024)), ...vector([2]), ...vector([5]), ...signed];
  if (script.exchange === 'export') return [...vector(number(512)), ...vector([1, 0, 1]), ...signed];
  return undefined;
}

function sslv2Answer({ sslv2, certificate }: Script): Buffer {
  if (!sslv2) return record(21, 0x0300, Buffer.from([2, 40]));
  const der = certificate ?? Buffer.alloc(0);
  const specs = sslv2.flatMap((code) => [code >> 16, ...u16(code)]);
  const body = Buffer.from([
    4,
    0,
    1,
    0,
    2,
    ...u16(der.length),
    ...u16(specs.length),
    0,
    16,
    ...der,
    ...specs,
    ...Buffer.alloc(16),
  ]);
  return Buffer.concat([Buffer.from(u16(0x8000 | body.length)), body]);
}

/** Serves a script on a loopback port. */
export async function serve(
  script: Script | ((socket: Socket) => void),
  host = '127.0.0.1',
): Promise<{ port: number; server: Server; connections: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    socket.on('error', () => undefined);
    if (typeof script === 'function') script(socket);
    else respond(socket, script);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as { port: number }).port, server, connections: () => count };
}

/** Answers the first hello on a socket, then waits for the client to go. */
export function respond(socket: Socket, script: Script): void {
  let raw = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    raw = Buffer.concat([raw, chunk]);
    const bytes = answer(raw, script);
    if (bytes) {
      raw = Buffer.alloc(0);
      socket.write(bytes);
    }
  });
}
