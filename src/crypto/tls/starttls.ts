import { DialogueError } from './dialogue-error.ts';
import type { SocketLines } from './lines.ts';

export const STARTTLS_PROTOCOLS = ['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres', 'mysql', 'xmpp'] as const;
export type StarttlsProtocol = (typeof STARTTLS_PROTOCOLS)[number];

/** One dialogue each, up to the byte after which TLS begins. They throw `DialogueError` where the server declines. */
export const STARTTLS: Readonly<Record<StarttlsProtocol, (lines: SocketLines, host: string) => Promise<void>>> = {
  // RFC 3207
  async smtp(lines) {
    await reply(lines, '220');
    lines.write('EHLO clearance.invalid\r\n');
    await reply(lines, '250');
    lines.write('STARTTLS\r\n');
    await reply(lines, '220');
  },
  // RFC 9051 s.6.2.1
  async imap(lines) {
    await lines.line();
    lines.write('a1 STARTTLS\r\n');
    for (;;) {
      const text = await lines.line();
      if (!text.startsWith('a1 ')) continue;
      if (/^a1 OK/i.test(text)) return;
      throw new DialogueError('STARTTLS was declined');
    }
  },
  // RFC 2595
  async pop3(lines) {
    await positive(lines, /^\+OK/);
    lines.write('STLS\r\n');
    await positive(lines, /^\+OK/);
  },
  // RFC 4217
  async ftp(lines) {
    await reply(lines, '220');
    lines.write('AUTH TLS\r\n');
    await reply(lines, '234');
  },
  // RFC 4511 s.4.14: extended request 1.3.6.1.4.1.1466.20037
  async ldap(lines) {
    const name = Buffer.from('1.3.6.1.4.1.1466.20037');
    lines.write(Buffer.concat([Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, name.length]), name]));
    const head = await lines.bytes(2);
    if (head[0] !== 0x30) throw new DialogueError('the answer is not LDAP');
    let length = head[1]!;
    if (length > 0x80) length = (await lines.bytes(length & 0x7f)).reduce((sum, byte) => sum * 256 + byte, 0);
    if (length > 4096) throw new DialogueError('the answer is too long');
    const body = await lines.bytes(length);
    const result = body.indexOf(Buffer.from([0x0a, 0x01]));
    if (result < 0 || body[result + 2] !== 0) throw new DialogueError('STARTTLS was declined');
  },
  // PostgreSQL protocol, SSLRequest
  async postgres(lines) {
    lines.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
    if ((await lines.bytes(1))[0] !== 0x53) throw new DialogueError('STARTTLS was declined');
  },
  // MySQL protocol, SSLRequest after the greeting; capability CLIENT_SSL
  async mysql(lines) {
    const header = await lines.bytes(4);
    const greeting = await lines.bytes(header.readUIntLE(0, 3));
    const versionEnd = greeting.indexOf(0, 1);
    const capabilities =
      versionEnd < 0 || versionEnd + 16 > greeting.length ? 0 : greeting.readUInt16LE(versionEnd + 14);
    if (greeting[0] !== 10 || (capabilities & 0x0800) === 0) throw new DialogueError('the server does not offer TLS');
    const request = Buffer.alloc(36);
    request.writeUIntLE(32, 0, 3);
    request[3] = 1;
    request.writeUInt32LE(0x0800 | 0x8000 | 0x0200 | 0x0001, 4);
    request.writeUInt32LE(0x01000000, 8);
    request[12] = 0x21;
    lines.write(request);
  },
  // RFC 6120 s.5
  async xmpp(lines, host) {
    const to = host.replaceAll(/[^A-Za-z0-9.:_-]/g, '');
    const open = (space: string) =>
      `<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='${space}' to='${to}' version='1.0'>`;
    lines.write(open('jabber:client'));
    await lines.until(/<\/stream:features>|<stream:features\s*\/>/);
    lines.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    const answer = await lines.until(/<(?:proceed|failure)[^>]*>(?:<\/proceed>)?/);
    if (!answer.includes('<proceed')) throw new DialogueError('STARTTLS was declined');
  },
};

/** A numbered reply, all of its lines (RFC 5321 s.4.2.1, RFC 959 s.4.2). */
async function reply(lines: SocketLines, code: string): Promise<void> {
  for (;;) {
    const text = await lines.line();
    if (/^\d{3}-/.test(text) || !/^\d{3}/.test(text)) continue;
    if (!text.startsWith(code)) throw new DialogueError('STARTTLS was declined');
    return;
  }
}

async function positive(lines: SocketLines, pattern: RegExp): Promise<void> {
  if (!pattern.test(await lines.line())) throw new DialogueError('STARTTLS was declined');
}

/** HTTP CONNECT (RFC 9110 s.9.3.6), with basic authentication (RFC 7617) where given. */
export async function proxyConnect(
  lines: SocketLines,
  host: string,
  port: number,
  authorization?: string,
): Promise<void> {
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const credential = authorization === undefined ? '' : `Proxy-Authorization: Basic ${authorization}\r\n`;
  lines.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credential}\r\n`);
  const status = await lines.line();
  if (!/^HTTP\/1\.[01] 2\d\d/.test(status)) {
    const code = /^HTTP\/1\.[01] (\d{3})/.exec(status)?.[1];
    throw new DialogueError(code === undefined ? 'the proxy does not speak HTTP' : `the proxy answered ${code}`);
  }
  while ((await lines.line()) !== '') {
    // headers of the answer
  }
}
