import { parseRange } from '../address.ts';
import type { BadLine, Connection, Reading } from './reading.ts';

/** squid's own format: time, duration, client, result/status, bytes, method, URL, user, hierarchy/peer, type. */
const NATIVE = /^\d+\.\d+\s+-?\d+\s+(\S+)\s+([A-Z_]+)\/(\d+)\s+\d+\s+([A-Za-z-]+)\s+(\S+)\s+\S+\s+\S+/;
/** The formats `common` and `combined`, which end with result:hierarchy. */
const COMMON = /^(\S+) \S+ \S+ \[[^\]]+\] "([A-Za-z-]+) (\S+) [^"]*" (\d{3}) \d+ (?:"[^"]*" "[^"]*" )?([A-Z_]+):/;

interface Request {
  readonly client: string;
  readonly result: string;
  readonly status: string;
  readonly method: string;
  readonly url: string;
}

export function looksLikeSquidLog(text: string): boolean {
  return text.split('\n', 50).some((line) => readLine(line) !== undefined);
}

/** An access log of squid: one request a line. `clients` narrows to the requests of these addresses. */
export function readSquidLog(text: string, clients: readonly string[]): Reading {
  const bad: BadLine[] = [];
  const connections: Connection[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const request = readLine(line);
    const target = request && readTarget(request.method, request.url);
    if (request === undefined || target === undefined) {
      const why = request === undefined ? 'not a line of an access log' : 'no host and port in the request';
      bad.push({ line: index + 1, why });
      continue;
    }
    if (clients.length > 0 && !clients.includes(request.client)) continue;
    connections.push({
      line: index + 1,
      transport: 'tcp',
      direction: 'outbound',
      peer: parseRange(target.host),
      host: target.host,
      port: target.port,
      allowed: !request.result.includes('DENIED'),
      // RFC 7235: the proxy asks for a login first; the request that follows is the one that counts.
      ...(request.status === '407' && { challenge: true }),
      method: request.method,
    });
  }
  return { format: 'squid access log', kind: 'connections', bad, connections, listeners: [] };
}

function readLine(line: string): Request | undefined {
  const native = NATIVE.exec(line);
  if (native) {
    const [, client = '', result = '', status = '', method = '', url = ''] = native;
    return { client, result, status, method, url };
  }
  const common = COMMON.exec(line);
  if (!common) return undefined;
  const [, client = '', method = '', url = '', status = '', result = ''] = common;
  return { client, result, status, method, url };
}

function readTarget(method: string, url: string): { host: string; port: number } | undefined {
  if (method === 'CONNECT') {
    const match = /^\[?([^\]/]+?)\]?:(\d{1,5})$/.exec(url);
    return match === null ? undefined : { host: (match[1] as string).toLowerCase(), port: Number(match[2]) };
  }
  const match = /^([a-z]+):\/\/(?:[^@/]*@)?(?:\[([^\]]+)\]|([^:/?#]+))(?::(\d{1,5}))?/i.exec(url);
  if (match === null) return undefined;
  const scheme = (match[1] as string).toLowerCase();
  const port = match[4] === undefined ? { http: 80, https: 443, ftp: 21 }[scheme] : Number(match[4]);
  return port === undefined ? undefined : { host: ((match[2] ?? match[3]) as string).toLowerCase(), port };
}
