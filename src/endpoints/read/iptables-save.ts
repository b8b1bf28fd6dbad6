import { type AddressRange, parseRange } from '../address.ts';
import type { BaseChain, Chain, FirewallRule, Ruleset } from '../firewall.ts';
import type { PortRange } from '../traffic.ts';
import type { BadLine, Reading } from './reading.ts';
import {
  draft,
  finished,
  narrow,
  otherAddresses,
  otherPorts,
  parsePorts,
  type RuleDraft,
  transportsOf,
} from './rule-draft.ts';

export function looksLikeIptablesSave(text: string): boolean {
  return /^\*(?:filter|nat|mangle|raw|security)\s*$/m.test(text) || /^-[AP] [A-Za-z]/m.test(text);
}

/** `iptables-save`, `ip6tables-save` and `iptables -S`: the rules of the table `filter`, and DNAT of the table `nat`. */
export function readIptablesSave(text: string): Reading {
  const family: 4 | 6 = /ip6tables|ipv6-icmp|icmp6|[\s,][0-9a-f]*::?[0-9a-f:]*\/\d/i.test(text) ? 6 : 4;
  const bad: BadLine[] = [];
  const chains = new Map<string, { policy: 'accept' | 'drop' | undefined; rules: FirewallRule[] }>();
  const forwarded: { line: number; ports: PortRange; to: AddressRange | undefined }[] = [];
  const chain = (name: string) => {
    const found = chains.get(name) ?? { policy: undefined, rules: [] };
    chains.set(name, found);
    return found;
  };
  let table = 'filter';
  const tables = new Set<string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line === 'COMMIT') continue;
    const policy = /^(?::(\S+) (ACCEPT|DROP|REJECT|-)(?: \[\d+:\d+\])?|-P (\S+) (ACCEPT|DROP)|-N (\S+))$/.exec(line);
    try {
      if (line.startsWith('*')) {
        table = line.slice(1);
        if (tables.has(table)) throw new Error('a second rule set begins here: give each a file of its own');
        tables.add(table);
      } else if (policy) {
        if (table !== 'filter') continue;
        const word = policy[2] ?? policy[4];
        chain((policy[1] ?? policy[3] ?? policy[5]) as string).policy =
          word === 'ACCEPT' ? 'accept' : word === 'DROP' || word === 'REJECT' ? 'drop' : undefined;
      } else {
        const words = splitWords(line.replace(/^\[\d+:\d+\] /, ''));
        if (words[0] !== '-A' || words[1] === undefined) throw new Error('no rule, chain or table');
        const rule = readRule(words.slice(2), index + 1, family);
        if (table === 'filter') chain(words[1]).rules.push(finished(rule.rule));
        else if (table === 'nat' && rule.dnat !== undefined && rule.rule.ports !== undefined) {
          for (const ports of rule.rule.ports) forwarded.push({ line: index + 1, ports, to: parseRange(rule.dnat) });
        }
      }
    } catch (error) {
      bad.push({ line: index + 1, why: (error as Error).message });
    }
  }
  return {
    format: family === 4 ? 'iptables-save' : 'ip6tables-save',
    kind: 'firewall',
    bad,
    ruleset: { chains, bases: builtInBases(chains, family), forwarded } satisfies Ruleset,
  };
}

export function builtInBases(chains: ReadonlyMap<string, Chain>, family: 4 | 6): BaseChain[] {
  return (['input', 'output', 'forward'] as const)
    .map((hook) => ({ hook, chain: hook.toUpperCase(), families: [family], priority: 0 }))
    .filter((base) => chains.has(base.chain));
}

/** Shell-like words: blanks separate, double quotes hold together. */
function splitWords(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words.map((word) => (word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1) : word));
}

/** Options that say nothing about which traffic is matched, with the number of their arguments. */
const HARMLESS: Readonly<Record<string, number>> = { '--comment': 1, '-c': 2 };
/** Matches that say nothing without options of their own. */
const SILENT_MATCHES = new Set([
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'state',
  'conntrack',
  'multiport',
  'comment',
  'iprange',
]);

function readRule(words: readonly string[], line: number, family: 4 | 6): { rule: RuleDraft; dnat?: string } {
  const rule = draft(line, [family]);
  let dnat: string | undefined;
  let negated = false;
  let target = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const value = (): string => {
      at++;
      if (words[at] === undefined) throw new Error(`nothing follows ${word}`);
      return words[at] as string;
    };
    if (word === '!') {
      negated = true;
      continue;
    }
    if (word === '-m' || word === '--match') rule.conditional ||= !SILENT_MATCHES.has(value());
    else if (word in HARMLESS) at += HARMLESS[word] as number;
    else if (word === '-j' || word === '--jump' || word === '-g' || word === '--goto') {
      const name = value();
      rule.action = actionOf(name, word === '-g' || word === '--goto');
      target = true;
    } else if (word === '--to-destination') dnat = destinationOf(value());
    else if (target) continue;
    else if (!readMatch(rule, word, value, negated)) rule.conditional = true;
    negated = false;
  }
  return dnat === undefined ? { rule } : { rule, dnat };
}

function actionOf(name: string, goto: boolean): RuleDraft['action'] {
  if (name === 'ACCEPT') return { type: 'accept' };
  if (name === 'DROP' || name === 'REJECT') return { type: 'drop' };
  if (name === 'RETURN') return { type: 'return' };
  if (
    /^(?:LOG|NFLOG|ULOG|MARK|CONNMARK|TCPMSS|TRACE|CT|NOTRACK|CLASSIFY|DSCP|TTL|HL|AUDIT|SET|SNAT|DNAT|MASQUERADE|REDIRECT|SECMARK|CONNSECMARK|CHECKSUM|RATEEST|TEE)$/.test(
      name,
    )
  ) {
    return { type: 'continue' };
  }
  return { type: goto ? 'goto' : 'jump', chain: name };
}

function destinationOf(text: string): string {
  return text.replace(/^\[([^\]]+)\].*$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):.*$/, '$1');
}

/** @returns false for a match that is not understood */
function readMatch(rule: RuleDraft, option: string, value: () => string, negated: boolean): boolean {
  switch (option) {
    case '-p':
    case '--protocol': {
      const transports = transportsOf(value());
      if (negated) return false;
      narrow(rule, { transports });
      return true;
    }
    case '-s':
    case '--source':
    case '--src-range':
      narrow(rule, { source: addresses(value(), negated, rule.families) });
      return true;
    case '-d':
    case '--destination':
    case '--dst-range':
      narrow(rule, { destination: addresses(value(), negated, rule.families) });
      return true;
    case '--dport':
    case '--destination-port':
    case '--dports':
    case '--destination-ports':
      narrow(rule, { ports: ports(value(), negated) });
      return true;
    case '--sport':
    case '--source-port':
    case '--sports':
    case '--source-ports':
      // Clients use high ports; a rule for low source ports is for answers, not for connections of ours.
      return ports(value(), negated).some(([, to]) => to >= 32768);
    case '-i':
    case '-o':
    case '--in-interface':
    case '--out-interface': {
      const loopback = value() === 'lo';
      if (loopback && !negated) rule.irrelevant = true;
      else if (!loopback) rule.onInterface = true;
      return true;
    }
    case '--state':
    case '--ctstate': {
      const fresh = value()
        .split(',')
        .some((state) => state === 'NEW' || state === 'UNTRACKED');
      if (fresh === negated) rule.irrelevant = true;
      return true;
    }
    case '--syn':
      if (negated) rule.irrelevant = true;
      return true;
    case '--tcp-flags': {
      const [mask, set] = [value(), value()];
      if (negated && set === 'SYN' && mask.includes('SYN')) rule.irrelevant = true;
      return (set === 'SYN' && mask.includes('SYN')) || rule.irrelevant;
    }
    default:
      // The arguments of an option that is not known are skipped as unknown words.
      return false;
  }
}

function addresses(text: string, negated: boolean, families: readonly (4 | 6)[]): readonly AddressRange[] {
  const ranges = text.split(',').map((part) => {
    const range = parseRange(part);
    if (range === undefined) throw new Error('not an address or range; save the rules with numbers');
    return range;
  });
  return negated ? otherAddresses(ranges, families) : ranges;
}

function ports(text: string, negated: boolean): readonly PortRange[] {
  const ranges = text.split(',').map((part) => {
    const range = parsePorts(part);
    if (range === undefined) throw new Error('not a port or range of ports');
    return range;
  });
  return negated ? otherPorts(ranges) : ranges;
}
