import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { UsageError } from '../../model/index.ts';
import { asObservations, type CryptoObservation, type ObservationSubject } from '../observation.ts';
import type { Target } from './dial.ts';
import { EndpointScan } from './endpoint.ts';
import { unknownEndpoint } from './endpoint-sightings.ts';
import { Prober } from './prober.ts';
import { STARTTLS, STARTTLS_PROTOCOLS, type StarttlsProtocol } from './starttls.ts';

export interface ScanOptions {
  /** Sent as SNI instead of the host's name. */
  readonly servername?: string | undefined;
  readonly starttls?: string | undefined;
  /** `http://[user:password@]host:port`, for HTTP CONNECT. */
  readonly proxy?: string | undefined;
  /** Endpoints at a time; default 16. */
  readonly concurrency?: number;
  /** Seconds without an answer after which a handshake is given up; default 4. */
  readonly timeout?: number;
  /** Handshakes a second to one endpoint; default no limit. */
  readonly rate?: number;
  /** Sockets to one endpoint at a time; default 4. */
  readonly sockets?: number;
  /** Seconds for one endpoint in all; default 120. */
  readonly total?: number;
}

const DEFAULT_PORT: Readonly<Record<StarttlsProtocol, number>> = {
  smtp: 25,
  imap: 143,
  pop3: 110,
  ftp: 21,
  ldap: 389,
  postgres: 5432,
  mysql: 3306,
  xmpp: 5222,
};

/**
 * Scans endpoints, every address of each, and nothing else. An endpoint that does not answer is one observation of state
 * `not-tested`.
 * @param targets `host`, `host:port`, `[address]:port` or a bare IPv6 address
 * @throws UsageError for a target or option that cannot be used
 */
export async function scanTls(targets: readonly string[], options: ScanOptions = {}): Promise<CryptoObservation[]> {
  const starttls = options.starttls === undefined ? undefined : starttlsProtocol(options.starttls);
  const port = starttls === undefined ? 443 : DEFAULT_PORT[starttls];
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  const parsed = targets.map((target) => parseTarget(target, port));
  const dialOptions = {
    timeout: (options.timeout ?? 4) * 1000,
    starttls: starttls === undefined ? undefined : STARTTLS[starttls],
    proxy,
  };
  const limits = { sockets: options.sockets ?? 4, rate: options.rate ?? 0, total: (options.total ?? 120) * 1000 };
  const endpoints = (await Promise.all(parsed.map((target) => addresses(target, options, proxy !== undefined)))).flat();
  const results = new Array<CryptoObservation[]>(endpoints.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < endpoints.length; at = next++) {
      const { target, failure } = endpoints[at]!;
      const sightings = failure
        ? [unknownEndpoint(failure)]
        : await new EndpointScan(new Prober(target, dialOptions, limits)).run();
      const source = { adapter: 'tls-scan', version: '1' };
      results[at] = asObservations(sightings, source, `e${at + 1}.`, subjectOf(target, failure !== undefined));
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 16, endpoints.length) }, worker));
  return results.flat();
}

function starttlsProtocol(text: string): StarttlsProtocol {
  const known = STARTTLS_PROTOCOLS.find(
    (protocol) => protocol === text || (text === 'postgresql' && protocol === 'postgres'),
  );
  if (known) return known;
  throw new UsageError(`unknown STARTTLS protocol "${text}"`, [`known: ${STARTTLS_PROTOCOLS.join(', ')}`]);
}

function subjectOf({ host, port, address, servername }: Target, unresolved: boolean): ObservationSubject {
  const sni = servername !== undefined && servername !== '' && isIP(servername) === 0 ? { sni: servername } : {};
  return { host, port, ...(!unresolved && { address }), ...sni };
}

/** @throws UsageError */
export function parseTarget(text: string, defaultPort: number): { host: string; port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = isIP(text) === 6 ? [text, text, undefined] : /^([^\s:/@]+)(?::(\d+))?$/.exec(text);
  const found = bracketed ?? plain;
  const port = found?.[2] === undefined ? defaultPort : Number(found[2]);
  if (!found?.[1] || (bracketed && isIP(bracketed[1]!.replace(/%.*$/, '')) !== 6) || port < 1 || port > 65_535) {
    throw new UsageError(`not an endpoint: ${text}`, ['write host, host:port or [IPv6 address]:port']);
  }
  return { host: found[1], port };
}

function parseProxy(text: string): { host: string; port: number; authorization: string | undefined } {
  let url: URL;
  try {
    url = new URL(text.includes('://') ? text : `http://${text}`);
  } catch {
    throw new UsageError('the proxy is not a URL', ['write it as http://host:port']);
  }
  if (url.protocol !== 'http:') throw new UsageError('only http:// proxies can be used');
  const user = decodeURIComponent(url.username);
  const credential = user === '' ? undefined : `${user}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    authorization: credential === undefined ? undefined : Buffer.from(credential, 'utf8').toString('base64'),
  };
}

async function addresses(
  { host, port }: { host: string; port: number },
  { servername }: ScanOptions,
  proxied: boolean,
): Promise<{ target: Target; failure?: string }[]> {
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  const target = (address: string): Target => ({ host, port, address, servername: name });
  // Behind a proxy it is the proxy that resolves names.
  if (proxied || isIP(host.replace(/%.*$/, '')) !== 0) return [{ target: target(host) }];
  try {
    const found = await lookup(host, { all: true });
    const unique = [...new Set(found.map(({ address }) => address))].sort();
    return unique.map((address) => ({ target: target(address) }));
  } catch {
    return [{ target: target(host), failure: 'the name could not be resolved' }];
  }
}
