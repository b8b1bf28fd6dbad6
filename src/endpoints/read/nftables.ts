import { type AddressRange, parseRange } from '../address.ts';
import type { BaseChain, FirewallRule, Hook, RuleAction, Ruleset } from '../firewall.ts';
import type { PortRange } from '../traffic.ts';
import type { BadLine, Reading } from './reading.ts';
import { draft, finished, narrow, otherAddresses, otherPorts, type RuleDraft, transportsOf } from './rule-draft.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function looksLikeNftables(text: string): boolean {
  return /^\s*\{\s*"nftables"\s*:/.test(text);
}

/** `nft -j list ruleset` (libnftables-json(5)). `line` is the handle of the rule. */
export function readNftables(text: string): Reading {
  const bad: BadLine[] = [];
  const chains = new Map<string, { policy: 'accept' | 'drop' | undefined; rules: FirewallRule[] }>();
  const bases: BaseChain[] = [];
  const sets = new Map<string, unknown[]>();
  const forwarded: Ruleset['forwarded'][number][] = [];
  const parsed: unknown = JSON.parse(text);
  const objects = isObject(parsed) && Array.isArray(parsed['nftables']) ? parsed['nftables'].filter(isObject) : [];
  const nameOf = (of: Json, name: unknown): string => `${of['family']} ${of['table']} ${name}`;
  for (const object of objects) {
    const [set, chain] = [object['set'] ?? object['map'], object['chain']];
    if (isObject(set)) sets.set(nameOf(set, set['name']), Array.isArray(set['elem']) ? set['elem'] : []);
    if (!isObject(chain)) continue;
    const policy = chain['policy'] === 'drop' ? 'drop' : chain['hook'] === undefined ? undefined : 'accept';
    const name = nameOf(chain, chain['name']);
    chains.set(name, { policy, rules: [] });
    if (chain['type'] !== 'filter' || !['input', 'output', 'forward'].includes(String(chain['hook']))) continue;
    bases.push({
      hook: chain['hook'] as Hook,
      chain: name,
      families: familiesOf(chain['family']),
      priority: Number(chain['prio'] ?? 0),
    });
  }
  for (const object of objects) {
    const rule = object['rule'];
    if (!isObject(rule) || !Array.isArray(rule['expr'])) continue;
    const handle = Number(rule['handle'] ?? 0);
    try {
      const reader = new RuleReader(rule, handle, (name) => sets.get(nameOf(rule, name)));
      const read = reader.read(rule['expr'].filter(isObject));
      chains.get(nameOf(rule, rule['chain']))?.rules.push(...read.map(finished));
      if (reader.dnat !== undefined) {
        for (const ports of read[0]?.ports ?? []) forwarded.push({ line: handle, ports, to: parseRange(reader.dnat) });
      }
    } catch (error) {
      bad.push({ line: handle, why: (error as Error).message });
    }
  }
  return { format: 'nftables', kind: 'firewall', bad, ruleset: { chains, bases, forwarded } };
}

function familiesOf(family: unknown): readonly (4 | 6)[] {
  return family === 'ip' ? [4] : family === 'ip6' ? [6] : family === 'inet' ? [4, 6] : [];
}

class RuleReader {
  readonly rule: Json;
  readonly handle: number;
  readonly set: (name: string) => unknown[] | undefined;
  dnat: string | undefined;

  constructor(rule: Json, handle: number, set: (name: string) => unknown[] | undefined) {
    this.rule = rule;
    this.handle = handle;
    this.set = set;
  }

  /** One rule, or one for each verdict of a verdict map. */
  read(expressions: readonly Json[]): RuleDraft[] {
    const rule = draft(this.handle, familiesOf(this.rule['family']));
    const mapped: RuleDraft[] = [];
    for (const expression of expressions) {
      const [key = '', value] = Object.entries(expression)[0] ?? [];
      if (['counter', 'log', 'comment', 'meter', 'snat', 'masquerade', 'redirect', 'mangle', 'notrack'].includes(key))
        continue;
      if (key === 'match' && isObject(value)) this.match(rule, value['left'], String(value['op']), value['right']);
      else if (key === 'dnat' && isObject(value)) this.dnat = String(value['addr'] ?? '');
      else if (key === 'vmap' && isObject(value)) mapped.push(...this.verdictMap(rule, value));
      else {
        const action = actionOf(key, value, this.rule);
        if (action === undefined) rule.conditional = true;
        else rule.action = action;
      }
    }
    return mapped.length > 0 ? mapped : [rule];
  }

  private verdictMap(rule: RuleDraft, map: Json): RuleDraft[] {
    const data = this.values(map['data']);
    return data.flatMap((pair) => {
      if (!Array.isArray(pair) || !isObject(pair[1])) return [];
      const [key = '', value] = Object.entries(pair[1])[0] ?? [];
      const copy = { ...rule, action: actionOf(key, value, this.rule) ?? rule.action };
      this.match(copy, map['key'], '==', pair[0]);
      return [copy];
    });
  }

  private match(rule: RuleDraft, left: unknown, op: string, right: unknown): void {
    const negated = op === '!=';
    const [kind = '', what] = isObject(left) ? (Object.entries(left)[0] ?? []) : [];
    const key = isObject(what) ? String(what['key'] ?? what['field'] ?? '') : '';
    const protocol = isObject(what) ? String(what['protocol'] ?? '') : '';
    if (!['==', '!=', 'in'].includes(op)) {
      const ports = kind === 'payload' && key === 'dport' ? comparedPorts(op, Number(right)) : undefined;
      if (ports === undefined) rule.conditional = true;
      else narrow(rule, { ports: [ports], ...(protocol !== 'th' && { transports: transportsOf(protocol) }) });
      return;
    }
    const values = this.values(right);
    if (kind === 'meta' && (key === 'iif' || key === 'oif' || key === 'iifname' || key === 'oifname')) {
      if (values.length === 1 && values[0] === 'lo') rule.irrelevant ||= !negated;
      else rule.onInterface = true;
    } else if (kind === 'ct' && key === 'state') {
      const fresh = values.flat().some((state) => state === 'new' || state === 'untracked');
      if (fresh === negated) rule.irrelevant = true;
    } else if (
      (kind === 'meta' && key === 'l4proto') ||
      (kind === 'payload' && (key === 'protocol' || key === 'nexthdr'))
    ) {
      this.transports(rule, values, negated);
    } else if (kind === 'meta' && key === 'nfproto') {
      const wanted: 4 | 6 = values[0] === 'ipv6' ? 6 : 4;
      rule.families = rule.families.filter((family) => (family === wanted) !== negated);
    } else if (kind === 'payload' && (key === 'saddr' || key === 'daddr')) {
      rule.families = rule.families.filter((family) => (family === 6) === (protocol === 'ip6'));
      const ranges = values.map(addressRange);
      const side = negated ? otherAddresses(ranges, rule.families) : ranges;
      narrow(rule, key === 'saddr' ? { source: side } : { destination: side });
    } else if (kind === 'payload' && key === 'dport') {
      if (protocol !== 'th') narrow(rule, { transports: transportsOf(protocol) });
      const ranges = values.map(portRange);
      narrow(rule, { ports: negated ? otherPorts(ranges) : ranges });
    } else if (kind === 'payload' && (protocol === 'icmp' || protocol === 'icmpv6')) {
      narrow(rule, { transports: [] });
    } else {
      rule.conditional = true;
    }
  }

  private transports(rule: RuleDraft, values: readonly unknown[], negated: boolean): void {
    if (negated) {
      rule.conditional = true;
      return;
    }
    const lists = values.map((value) => transportsOf(String(value)));
    if (lists.some((list) => list === undefined)) return;
    narrow(rule, { transports: [...new Set(lists.flatMap((list) => list ?? []))] });
  }

  private values(right: unknown): readonly unknown[] {
    if (typeof right === 'string' && right.startsWith('@')) {
      const found = this.set(right.slice(1));
      if (found === undefined) throw new Error('names a set that is not in the file');
      return found.map(element);
    }
    if (Array.isArray(right)) return right;
    if (isObject(right) && Array.isArray(right['set'])) return right['set'].map(element);
    return [right];
  }
}

/** An element of a set may carry a timeout or a comment. */
function element(value: unknown): unknown {
  return isObject(value) && isObject(value['elem']) ? value['elem']['val'] : value;
}

function actionOf(key: string, value: unknown, rule: Json): RuleAction | undefined {
  if (key === 'accept') return { type: 'accept' };
  if (key === 'drop' || key === 'reject') return { type: 'drop' };
  if (key === 'return') return { type: 'return' };
  if (key === 'continue') return { type: 'continue' };
  // Another program decides.
  if (['queue', 'synproxy', 'tproxy', 'xt'].includes(key)) return { type: 'jump', chain: '' };
  if ((key === 'jump' || key === 'goto') && isObject(value)) {
    return { type: key, chain: `${rule['family']} ${rule['table']} ${value['target']}` };
  }
  return undefined;
}

function addressRange(value: unknown): AddressRange {
  let text = String(value);
  if (isObject(value) && isObject(value['prefix'])) text = `${value['prefix']['addr']}/${value['prefix']['len']}`;
  if (isObject(value) && Array.isArray(value['range'])) text = value['range'].join('-');
  const range = parseRange(text);
  if (range === undefined) throw new Error('not an address or range');
  return range;
}

/** The ports below or above a number. */
function comparedPorts(op: string, port: number): PortRange | undefined {
  const [from, to] = op.startsWith('<') ? [0, op === '<' ? port - 1 : port] : [op === '>' ? port + 1 : port, 65535];
  return /^[<>]=?$/.test(op) && from <= to && to <= 65535 ? [from, to] : undefined;
}

function portRange(value: unknown): PortRange {
  const [from, to] =
    isObject(value) && Array.isArray(value['range']) ? value['range'].map(Number) : [Number(value), Number(value)];
  if (!(from !== undefined && to !== undefined && from >= 0 && from <= to && to <= 65535))
    throw new Error('not a port');
  return [from, to];
}
