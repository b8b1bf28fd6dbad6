import { isLoopback, parseRange } from '../address.ts';
import type { BadLine, Connection, Listener, Reading } from './reading.ts';

export function looksLikeSockets(text: string): boolean {
  return (
    /^(?:tcp|udp)(?:4|6|46)?\s+\d+\s+\d+\s+\S+[:.](?:\d+|\*)\s/m.test(text) ||
    /^(?:tcp|udp)\s+[A-Z][A-Z0-9-]+\s+\d+\s+\d+\s+\S+:(?:\d+|\*)\s/m.test(text) ||
    /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q/m.test(text) ||
    /^Active Internet connections/m.test(text)
  );
}

interface Socket {
  readonly line: number;
  readonly transport: 'tcp' | 'udp';
  readonly listening: boolean;
  readonly local: End;
  readonly peer: End;
}

interface End {
  readonly address: string;
  readonly port: number | undefined;
}

/** `netstat -an` (with or without p, o, e; of AIX and BSD, too) and `ss -an`: TCP and UDP sockets; everything else in them is left out. */
export function readSockets(text: string): Reading {
  const bad: BadLine[] = [];
  const sockets: Socket[] = [];
  // `ss -t` and `ss -u` leave the first column out.
  const bare = /^State\s+Recv-Q/m.test(text);
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.trim().split(/\s+/);
    if (bare && words[0] === 'UNCONN') words.unshift('udp');
    if (bare && /^(?:LISTEN|ESTAB|SYN-|FIN-|CLOS|LAST-ACK|TIME-WAIT)/.test(words[0] ?? '')) words.unshift('tcp');
    if (!/^(?:tcp|udp)(?:4|6|46)?$/.test(words[0] ?? '')) {
      if (/^(?:tcp|udp)/.test(words[0] ?? '')) bad.push({ line: index + 1, why: 'not a socket' });
      continue;
    }
    const socket = readSocket(words, index + 1);
    if (socket === undefined)
      bad.push({ line: index + 1, why: 'not a socket: too few columns, or no address and port' });
    else sockets.push(socket);
  }
  const listening = new Set(
    sockets.filter((socket) => socket.listening).map(({ transport, local }) => `${transport} ${local.port}`),
  );
  const connections: Connection[] = [];
  const listeners: Listener[] = [];
  for (const socket of sockets) {
    const { line, transport, local, peer } = socket;
    const bound = parseRange(local.address);
    if (bound !== undefined && isLoopback(bound)) continue;
    if (socket.listening) {
      if (local.port !== undefined) {
        const all = ['*', '0.0.0.0', '::', '[::]'].includes(local.address);
        listeners.push({ line, transport, address: all ? undefined : bound, port: local.port });
      }
      continue;
    }
    const direction = listening.has(`${transport} ${local.port}`) ? 'inbound' : 'outbound';
    const port = direction === 'inbound' ? local.port : peer.port;
    connections.push({
      line,
      transport,
      direction,
      peer: parseRange(peer.address),
      host: undefined,
      port,
      allowed: true,
    });
  }
  return { format: 'sockets', kind: 'connections', bad, connections, listeners };
}

function readSocket(words: readonly string[], line: number): Socket | undefined {
  const transport = (words[0] as string).startsWith('tcp') ? 'tcp' : 'udp';
  // ss: netid state recv-q send-q local peer; netstat: proto recv-q send-q local peer state
  const ss = /^[A-Z]/.test(words[1] ?? '');
  const [local, peer] = (ss ? [words[4], words[5]] : [words[3], words[4]]).map(readEnd);
  if (local === undefined || peer === undefined) return undefined;
  const state = ss ? words[1] : words[5];
  const listening = /^LISTEN/.test(state ?? '') || (transport === 'udp' && peer.port === undefined);
  return { line, transport, listening, local, peer };
}

/** `address:port` with `*` for any; IPv6 with or without brackets, an interface after `%`. AIX and BSD: `address.port`. */
function readEnd(text: string | undefined): End | undefined {
  const match =
    /^(.*):(\d{1,5}|\*)$/.exec(text ?? '') ??
    /^(\*|\d+\.\d+\.\d+\.\d+|[\da-f:%.]*:[\da-f:%\w.]*)\.(\d{1,5}|\*)$/i.exec(text ?? '');
  if (match === null) return undefined;
  // An interface stands inside or behind the brackets: [fe80::1%eth0] or [fe80::1]%eth0.
  const address = (match[1] as string).replace(/%[\w.-]+(?=\]?$)/, '').replace(/^\[(.*)\]$/, '$1');
  if (!['*', ''].includes(address) && parseRange(address) === undefined) return undefined;
  return { address, port: match[2] === '*' || match[2] === '0' ? undefined : Number(match[2]) };
}
