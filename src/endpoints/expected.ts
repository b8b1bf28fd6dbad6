import { type AddressRange, contains, parseRange } from './address.ts';
import type { Protocol } from './definition.ts';
import type { ProductFacts } from './lifecycle.ts';
import type { Endpoint, EndpointCatalog, EndpointGroup } from './load.ts';
import { ALL_PORTS, type Block, type PortRange, type Transport } from './traffic.ts';

/** What decides which endpoints are documented and required. */
export interface Situation extends ProductFacts {
  readonly profile: string;
  readonly region?: string | undefined;
  /** A remote service session is open. */
  readonly session: boolean;
  /** A NAT lies between the console and the VPN servers; `undefined` where that is not known. */
  readonly nat?: boolean | undefined;
  /** The console's own addresses. */
  readonly own: readonly string[];
  /** Targets that the customer entered: proxies, own servers. Documented by them, not by the vendor. */
  readonly declared: readonly Endpoint[];
}

/** The part of a catalog that applies. */
export interface Expected {
  readonly groups: readonly EndpointGroup[];
  /** May be connected to. */
  readonly outbound: readonly Endpoint[];
  /** May be open to others. */
  readonly inbound: readonly Endpoint[];
  /** Inbound ports that a remote service session would open. */
  readonly sessionPorts: readonly Endpoint[];
}

export function expectedFor(catalog: EndpointCatalog, situation: Situation): Expected {
  const { profile, platform, region, session, declared } = situation;
  const groups = catalog.groups.filter(
    (group) =>
      (group.profiles === undefined || group.profiles.includes(profile) || group.alsoFor?.includes(profile)) &&
      (group.platforms === undefined || platform === undefined || group.platforms.includes(platform)) &&
      (group.region === undefined || region === undefined || group.region === region),
  );
  const of = (direction: 'outbound' | 'inbound'): Endpoint[] =>
    groups
      .filter((group) => group.session !== true || session)
      .flatMap(({ endpoints }) => endpoints)
      .concat(declared)
      .filter((endpoint) => endpoint.direction === direction || endpoint.direction === 'both');
  return {
    groups,
    outbound: of('outbound'),
    inbound: of('inbound'),
    sessionPorts: groups.filter((group) => group.session === true).flatMap(({ endpoints }) => endpoints),
  };
}

export function transportOf(protocol: Protocol): Transport {
  return protocol === 'udp' || protocol === 'esp' ? protocol : 'tcp';
}

/** The traffic an endpoint stands for. A port that is not stated stands for any, as nothing narrower is documented. */
export function blockOf(endpoint: Endpoint, range: AddressRange): Block {
  const transport = transportOf(endpoint.protocol);
  const ports: PortRange = endpoint.port === null ? ALL_PORTS : [endpoint.port, endpoint.port];
  return { transport, peer: range, ports };
}

/** The documented endpoint that a connection goes to. */
export function findEndpoint(
  endpoints: readonly Endpoint[],
  to: {
    readonly transport: Transport;
    readonly range: AddressRange | undefined;
    readonly host: string | undefined;
    readonly port: number | undefined;
  },
): Endpoint | undefined {
  return endpoints.find(
    (endpoint) =>
      transportOf(endpoint.protocol) === to.transport &&
      (endpoint.port === null || endpoint.port === to.port) &&
      ((endpoint.host !== null && endpoint.host === to.host) ||
        (endpoint.range !== undefined && to.range !== undefined && contains(endpoint.range, to.range))),
  );
}

/**
 * A target that the customer entered: `host-or-address:port[/tcp|udp]`, or `in:port[/tcp|udp]` for an open port of the
 * console's own.
 */
export function parseDeclared(text: string): Endpoint | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})(?:\/(tcp|udp))?$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535) return undefined;
  const name = (match[1] ?? match[2]) as string;
  const range = parseRange(name);
  return {
    group: 'declared',
    host: range === undefined && name !== 'in' ? name.toLowerCase() : null,
    address: range === undefined ? null : name,
    range,
    port,
    protocol: match[4] === 'udp' ? 'udp' : 'tcp',
    optional: true,
    direction: name === 'in' ? 'inbound' : 'outbound',
    purpose: 'declared by the customer',
    ambiguous: false,
  };
}
