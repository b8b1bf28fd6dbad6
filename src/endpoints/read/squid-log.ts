import { parseRange } from '../address.ts';
import type { BadLine, Connection, Reading } from './reading.ts';

const LINE = /^(\d+\.\d+)\s+(-?\d+)\s+(\S+)\s+([A-Z_]+)\/(\d+)\s+(\d+)\s+([A-Za-z-]+)\s+(\S+)\s+\S+\s+\S+/;

export function looksLikeSquidLog(text: string): boolean {
  return text.split('\n', 50).some((line) => LINE.test(line));
}

/** squid's native access log: one request a line. `clients` narrows to the requests of these addresses. */
export function readSquidLog(text: string, clients: readonly string[]): Reading {
  const bad: BadLine[] = [];
  const connections: Connection[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = LINE.exec(line);
    const target = match && readTarget(match[7] as string, match[8] as string);
    if (match === null || target === undefined || target === null) {
      bad.push({
        line: index + 1,
        why: match === null ? 'not a line of an access log' : 'no host and port in the request',
      });
      continue;
    }
    if (clients.length > 0 && !clients.includes(match[3] as string)) continue;
    connections.push({
      line: index + 1,
      transport: 'tcp',
      direction: 'outbound',
      peer: parseRange(target.host),
      host: target.host,
      port: target.port,
      allowed: !/DENIED/.test(match[4] as string),
      method: match[7] as string,
    });
  }
  return { format: 'squid access log', kind: 'connections', bad, connections, listeners: [] };
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
