import { isLocal, parseRange, shownRange } from './address.ts';
import { type Expected, findEndpoint, type Situation, transportOf } from './expected.ts';
import type { EndpointFinding } from './finding.ts';
import { shownEndpoint, where } from './judge-firewall.ts';
import type { Endpoint, EndpointCatalog } from './load.ts';
import type { Connection, Listener, ProxyRules } from './read/reading.ts';

type Report = (finding: Omit<EndpointFinding, 'file' | 'count'>) => void;

/** Connections and attempts that were seen, against what is documented. Own networks are none of the vendor's. */
export function judgeConnections(
  connections: readonly Connection[],
  catalog: EndpointCatalog,
  expected: Expected,
  situation: Situation,
  report: Report,
  seen: (endpoint: Endpoint) => void,
): void {
  const everywhere = catalog.groups
    .flatMap(({ endpoints }) => endpoints)
    .filter(({ direction }) => direction !== 'inbound');
  for (const { line, transport, direction, peer, host, port, allowed, challenge, method } of connections) {
    if (challenge || (peer !== undefined && isLocal(peer))) continue;
    const address = host ?? (peer === undefined ? undefined : shownRange(peer));
    const place = { line, ...(port === undefined ? {} : { port }), ...(address === undefined ? {} : { address }) };
    if (direction === 'inbound') {
      const inSession = situation.session && expected.sessionPorts.some((endpoint) => endpoint.port === port);
      if (!allowed || inSession) continue;
      const message = `a connection from outside to port ${port}${situation.session ? ', which no service session opens' : ' without a service session'}`;
      report({ code: 'inbound-connection', level: 'violation', message, ...place });
      continue;
    }
    const to = { transport, range: peer, host, port };
    // A tunnel through a proxy is for what is spoken inside TLS; plain HTTP needs none.
    const usable = method === 'CONNECT' ? (endpoint: Endpoint) => endpoint.protocol !== 'http' : () => true;
    const documented = findEndpoint(expected.outbound.filter(usable), to);
    if (documented !== undefined) {
      seen(documented);
      if (allowed || documented.optional) continue;
      const message = `${shownEndpoint(documented)} is documented but was refused`;
      report({ code: 'required-blocked', level: 'violation', message, ...where(documented), line });
      continue;
    }
    const elsewhere = findEndpoint(everywhere.filter(usable), to);
    if (elsewhere !== undefined) seen(elsewhere);
    const target = `${method === undefined ? '' : `${method} to `}${transport}${port === undefined ? '' : ` ${port}`}`;
    if (!allowed) {
      const message = `${target}: an attempt to reach an undocumented address was refused`;
      report({ code: 'attempt-blocked', level: 'notice', message, ...place });
    } else if (elsewhere !== undefined) {
      const message = `${shownEndpoint(elsewhere)} is documented for another profile or platform than the one given`;
      report({ code: 'endpoint-of-other-profile', level: 'violation', message, ...where(elsewhere), line });
    } else {
      report({
        code: 'endpoint-undocumented',
        level: 'violation',
        message: `${target}: no documented endpoint`,
        ...place,
      });
    }
  }
}

/** Ports that are open to others, loopback left out by the reader. */
export function judgeListeners(
  listeners: readonly Listener[],
  expected: Expected,
  situation: Situation,
  report: Report,
  seen: (endpoint: Endpoint) => void,
): void {
  for (const { line, transport, port } of listeners) {
    // High UDP ports without a peer are clients that wait for an answer.
    if (transport === 'udp' && port >= 32768) continue;
    const at = (endpoint: Endpoint): boolean => endpoint.port === port && transportOf(endpoint.protocol) === transport;
    if (expected.inbound.some(at)) continue;
    const session = expected.sessionPorts.find(at);
    if (session !== undefined) seen(session);
    const message =
      session === undefined
        ? `${transport} ${port} is open, and no documented port`
        : `${transport} ${port} is open without a service session`;
    const group = session === undefined ? {} : { group: session.group };
    if (session === undefined || !situation.session) {
      report({ code: 'inbound-open', level: 'violation', message, line, port, ...group });
    }
  }
}

/** A name and an address that no allow list can name by intent (RFC 2606, RFC 5737). */
const PROBE = { host: 'clearance-probe.invalid', range: parseRange('203.0.113.77') };

/** The allow list of a proxy: each documented host has to pass, nothing else may. */
export function judgeProxy(rules: ProxyRules, expected: Expected, situation: Situation, report: Report): void {
  const hosts = new Map<string, { endpoint: Endpoint; answers: (boolean | undefined)[] }>();
  for (const group of expected.groups) {
    if (group.need === 'none' || !group.profiles?.includes(situation.profile)) continue;
    for (const endpoint of group.endpoints) {
      if (endpoint.protocol !== 'https') continue;
      const host = endpoint.host ?? (endpoint.address as string);
      const answer = rules.allows({ host, range: endpoint.range, port: endpoint.port ?? 443, method: 'CONNECT' });
      const entry = hosts.get(host) ?? { endpoint, answers: [] };
      entry.answers.push(answer);
      hosts.set(host, entry);
    }
  }
  for (const [host, { endpoint, answers }] of hosts) {
    if (answers.includes(true)) continue;
    const unknown = answers.includes(undefined);
    const message = `CONNECT to ${host} ${unknown ? 'depends on something that is not understood' : 'is refused'}`;
    report({
      code: unknown ? 'proxy-undecided' : 'required-blocked',
      level: unknown ? 'unknown' : 'violation',
      message,
      ...where(endpoint),
    });
  }
  const ports = [...new Set([443, 80, 8443, 22, ...rules.ports])];
  const open = ports.filter((port) => rules.allows({ ...PROBE, port, method: 'CONNECT' }) === true);
  if (open.length > 0) {
    const message = `CONNECT to any host passes on ${open.length > 3 ? `${open.length} ports` : `port ${open.join(', ')}`}`;
    report({ code: 'open-beyond-documented', level: 'violation', message });
    return;
  }
  if (rules.allows({ ...PROBE, port: 443, method: 'CONNECT' }) === undefined) {
    const message = 'whether CONNECT to any host passes depends on something that is not understood';
    report({ code: 'proxy-undecided', level: 'unknown', message });
  }
  for (const { line, host, range } of rules.named) {
    const name = host.replace(/^\./, '').toLowerCase();
    for (const port of ports) {
      const allowed = rules.allows({ host: name, range, port, method: 'CONNECT' });
      if (allowed === false) continue;
      const usable = expected.outbound.filter(({ protocol }) => protocol !== 'http');
      const found = findEndpoint(usable, {
        transport: 'tcp',
        range,
        host: host.startsWith('.') ? undefined : name,
        port,
      });
      if (found !== undefined) continue;
      const [code, level, passes] = allowed
        ? (['open-beyond-documented', 'violation', 'passes'] as const)
        : (['proxy-undecided', 'unknown', 'perhaps passes'] as const);
      const message = `CONNECT on port ${port} ${passes} to a host or range that is not documented`;
      report({ code, level, message, line, port });
      if (allowed) break;
    }
  }
}
