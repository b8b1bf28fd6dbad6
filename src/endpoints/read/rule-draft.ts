import { type AddressRange, parseRange } from '../address.ts';
import type { FirewallRule, RuleAction } from '../firewall.ts';
import type { PortRange, Transport } from '../traffic.ts';

/** A rule while its matches are being read. */
export interface RuleDraft {
  line: number;
  families: readonly (4 | 6)[];
  transports: readonly Transport[] | undefined;
  source: readonly AddressRange[] | undefined;
  destination: readonly AddressRange[] | undefined;
  ports: readonly PortRange[] | undefined;
  irrelevant: boolean;
  conditional: boolean;
  /** Bound to an interface other than loopback: an accept is taken as it is, a drop may be for another one. */
  onInterface: boolean;
  action: RuleAction;
}

export function draft(line: number, families: readonly (4 | 6)[]): RuleDraft {
  return {
    line,
    families,
    transports: undefined,
    source: undefined,
    destination: undefined,
    ports: undefined,
    irrelevant: false,
    conditional: false,
    onInterface: false,
    action: { type: 'continue' },
  };
}

export function finished({ onInterface, ...rule }: RuleDraft): FirewallRule {
  return { ...rule, conditional: rule.conditional || (onInterface && rule.action.type !== 'accept') };
}

/** Several matches of one rule hold together: each narrows what those before it left. */
export function narrow(
  rule: RuleDraft,
  by: Partial<Pick<RuleDraft, 'transports' | 'source' | 'destination' | 'ports'>>,
): void {
  if (by.transports) {
    const { transports } = by;
    rule.transports = rule.transports?.filter((transport) => transports.includes(transport)) ?? transports;
  }
  if (by.source) rule.source = commonAddresses(rule.source, by.source);
  if (by.destination) rule.destination = commonAddresses(rule.destination, by.destination);
  if (by.ports) rule.ports = commonPorts(rule.ports, by.ports);
}

function commonAddresses(before: RuleDraft['source'], next: readonly AddressRange[]): readonly AddressRange[] {
  if (before === undefined) return next;
  return before.flatMap((a) =>
    next.flatMap((b) => {
      const [from, to] = [a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to];
      return a.family === b.family && from <= to ? [{ family: a.family, from, to }] : [];
    }),
  );
}

function commonPorts(before: RuleDraft['ports'], next: readonly PortRange[]): readonly PortRange[] {
  if (before === undefined) return next;
  return before.flatMap(([from, to]) =>
    next.flatMap(([low, high]): PortRange[] =>
      Math.max(from, low) <= Math.min(to, high) ? [[Math.max(from, low), Math.min(to, high)]] : [],
    ),
  );
}

const PROTOCOLS: Readonly<Record<string, readonly Transport[]>> = {
  tcp: ['tcp'],
  6: ['tcp'],
  udp: ['udp'],
  17: ['udp'],
  esp: ['esp'],
  50: ['esp'],
  icmp: [],
  icmpv6: [],
  'ipv6-icmp': [],
  1: [],
  58: [],
};

/** `undefined` for every protocol; a protocol that has no name here is one of the others. */
export function transportsOf(name: string): readonly Transport[] | undefined {
  if (name === 'all' || name === '0' || name === 'ip') return undefined;
  return PROTOCOLS[name.toLowerCase()] ?? ['other'];
}

const SERVICES: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  www: 80,
  ntp: 123,
  snmp: 161,
  https: 443,
  isakmp: 500,
  'ipsec-nat-t': 4500,
  'http-alt': 8080,
  websm: 9090,
};

/** `443`, `30000:30009`, `30000-30009`, or a name of a service. */
export function parsePorts(text: string): PortRange | undefined {
  const [low = '', high = low, ...rest] = text.split(/[:-](?=\d|$)/);
  if (rest.length > 0) return undefined;
  const number = (part: string, open: number): number =>
    part === '' ? open : /^\d{1,5}$/.test(part) ? Number(part) : (SERVICES[part] ?? Number.NaN);
  const [from, to] = text === '' ? [Number.NaN, Number.NaN] : [number(low, 0), number(high, 65535)];
  return from <= to && to <= 65535 ? [from, to] : undefined;
}

/** The ports that are in none of the ranges. */
export function otherPorts(ranges: readonly PortRange[]): PortRange[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const result: PortRange[] = [];
  let next = 0;
  for (const [from, to] of sorted) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 65535) result.push([next, 65535]);
  return result;
}

/** All addresses of the families that are in none of the ranges. */
export function otherAddresses(ranges: readonly AddressRange[], families: readonly (4 | 6)[]): AddressRange[] {
  return families.flatMap((family) => {
    const sorted = ranges.filter((range) => range.family === family).sort((a, b) => (a.from < b.from ? -1 : 1));
    const last = (parseRange(family === 4 ? '0.0.0.0/0' : '::/0') as AddressRange).to;
    const result: AddressRange[] = [];
    let next = 0n;
    for (const { from, to } of sorted) {
      if (from > next) result.push({ family, from: next, to: from - 1n });
      if (to + 1n > next) next = to + 1n;
    }
    if (next <= last) result.push({ family, from: next, to: last });
    return result;
  });
}
