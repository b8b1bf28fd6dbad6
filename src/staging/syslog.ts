import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Sink } from './outbox.ts';

/** Facility 13, log audit (RFC 5424, table 1). */
const FACILITY = 13;
const TIMEOUT_MS = 10_000;
/** With six ASCII characters for each that is not ASCII, and the header, what a datagram over IPv4 carries (65,507). */
const LONGEST_EVENT = 10_000;

/** OCSF severity_id to RFC 5424, table 2: informational 6 to critical 2. */
const SEVERITY: Readonly<Record<number, number>> = { 1: 6, 2: 5, 3: 4, 4: 3, 5: 2 };

/**
 * Sends each event as one message of RFC 5424: `udp:` by RFC 5426, `tcp:` by RFC 6587 (octet counting), `tls:` by RFC
 * 5425, where the server must prove its name by the system's roots or NODE_EXTRA_CA_CERTS. Syslog has no answer: a message counts
 * as sent once the connection was closed in order.
 */
export function syslogSink(url: URL): Sink {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'tls:' ? 6514 : 514));
  return {
    name: 'syslog',
    async send({ events }) {
      const fitting = url.protocol === 'udp:' ? events.map(fitted) : events;
      const messages = fitting.map((event) => message(event, new Date()));
      if (url.protocol === 'udp:') await sendDatagrams(host, port, messages);
      else await sendStream(url.protocol, host, port, messages);
    },
  };
}

/** What no datagram carries is told of, not cut off. */
function fitted(event: string): string {
  if (event.length <= LONGEST_EVENT) return event;
  const { severity_id, class_uid, metadata } = JSON.parse(event) as Record<string, unknown>;
  return JSON.stringify({ severity_id, class_uid, metadata, message: 'too long for UDP: use tcp or tls' });
}

function message(event: string, time: Date): Buffer {
  const { severity_id } = JSON.parse(event) as { severity_id?: number };
  const priority = FACILITY * 8 + (SEVERITY[severity_id ?? 1] ?? 6);
  // ASCII only, so that the text needs no byte order mark (RFC 5424 section 6.4), which many readers of JSON refuse.
  const ascii = event.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-';
  return Buffer.from(
    `<${priority}>1 ${time.toISOString()} ${host.slice(0, 255)} clearance ${process.pid} ocsf - ${ascii}`,
  );
}

async function sendDatagrams(host: string, port: number, messages: readonly Buffer[]): Promise<void> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  failed.catch(() => undefined);
  try {
    for (const text of messages) {
      const sent = new Promise<void>((resolve, reject) =>
        socket.send(text, port, address, (error) => (error ? reject(error) : resolve())),
      );
      await Promise.race([sent, failed]);
    }
  } finally {
    socket.close();
  }
}

async function sendStream(protocol: string, host: string, port: number, messages: readonly Buffer[]): Promise<void> {
  const socket: Socket =
    protocol === 'tls:'
      ? (await import('node:tls')).connect({ host, port, servername: host, minVersion: 'TLSv1.2' })
      : connectTcp({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
    socket.once('close', (hadError) => hadError || resolve());
    socket.once(protocol === 'tls:' ? 'secureConnect' : 'connect', () => {
      for (const text of messages) socket.write(Buffer.concat([Buffer.from(`${text.length} `), text]));
      socket.end();
    });
    socket.resume();
  });
}
