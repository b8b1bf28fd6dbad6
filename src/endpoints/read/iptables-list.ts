import { parseRange } from '../address.ts';
import type { FirewallRule } from '../firewall.ts';
import { builtInBases } from './iptables-save.ts';
import type { BadLine, Reading } from './reading.ts';
import { draft, finished, narrow, otherAddresses, parsePorts, type RuleDraft, transportsOf } from './rule-draft.ts';

const CHAIN = /^Chain (\S+) \((?:policy (ACCEPT|DROP)|\d+ references?)/;

export function looksLikeIptablesList(text: string): boolean {
  return /^Chain \S+ \((?:policy |\d+ references?)/m.test(text);
}

/** `iptables -L`, with or without `-n` and `-v`: the listing that the console's own `iptables` output holds. */
export function readIptablesList(text: string): Reading {
  const family: 4 | 6 = /::\/0|ipv6-icmp|icmp6/.test(text) ? 6 : 4;
  const chains = new Map<string, { policy: 'accept' | 'drop' | undefined; rules: FirewallRule[] }>();
  const bad: BadLine[] = [];
  let rules: FirewallRule[] | undefined;
  let verbose = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const head = CHAIN.exec(line);
    if (head) {
      rules = [];
      const policy = head[2] === 'ACCEPT' ? 'accept' : head[2] === 'DROP' ? 'drop' : undefined;
      chains.set(head[1] as string, { policy, rules });
    } else if (/^(?:num\s+)?(?:pkts\s+bytes\s+)?target\s+prot/.test(line)) {
      verbose = /\bpkts\b/.test(line);
    } else if (line !== '' && !line.startsWith('#')) {
      try {
        if (rules === undefined) throw new Error('no chain and no rule');
        rules.push(readRow(line, index + 1, family, verbose));
      } catch (error) {
        bad.push({ line: index + 1, why: (error as Error).message });
      }
    }
  }
  const ruleset = { chains, bases: builtInBases(chains, family), forwarded: [] };
  return { format: 'iptables listing', kind: 'firewall', bad, ruleset };
}

function readRow(line: string, at: number, family: 4 | 6, verbose: boolean): FirewallRule {
  const words = line.split(/\s+/);
  const rule = draft(at, [family]);
  if (verbose) words.splice(0, 2);
  // A rule without a target has no word there; its protocol moves to the front.
  if (
    transportsOf(words[0] as string)?.[0] !== 'other' &&
    /^(?:all|tcp|udp|icmp|esp|\d+|ipv6-icmp|icmpv6)$/.test(words[0] as string)
  ) {
    words.unshift('');
  }
  const [target = '', protocol = '', options, ...afterOptions] = words;
  const rest = options === '--' || /^(?:-f|!f|)$/.test(options ?? '') ? afterOptions : [options ?? '', ...afterOptions];
  if (verbose) {
    const [input, output] = rest.splice(0, 2);
    if (input === 'lo' || output === 'lo') rule.irrelevant = true;
    rule.onInterface = [input, output].some(
      (name) => name !== undefined && name !== '*' && name !== 'any' && name !== 'lo',
    );
  }
  const [source, destination, ...extra] = rest;
  if (source === undefined || destination === undefined) throw new Error('too few columns');
  rule.transports = transportsOf(protocol);
  rule.source = address(source, [family]);
  rule.destination = address(destination, [family]);
  rule.action = actionOf(target);
  readExtra(rule, extra.join(' ').replace(/\/\*.*?\*\//g, ''));
  // Without -v the interface is not shown: an accept of everything is most often the one for loopback.
  const everything = !verbose && rule.source === undefined && rule.destination === undefined;
  if (everything && rule.transports === undefined && rule.action.type === 'accept' && extra.length === 0) {
    rule.conditional = true;
  }
  return finished(rule);
}

function actionOf(target: string): RuleDraft['action'] {
  if (target === 'ACCEPT') return { type: 'accept' };
  if (target === 'DROP' || target === 'REJECT') return { type: 'drop' };
  if (target === 'RETURN') return { type: 'return' };
  if (target === '' || /^[A-Z]*LOG$|^(?:MARK|CONNMARK|TCPMSS|CT|TRACE|DSCP)$/.test(target)) return { type: 'continue' };
  return { type: 'jump', chain: target };
}

function address(text: string, families: readonly (4 | 6)[]): RuleDraft['source'] {
  if (['anywhere', '0.0.0.0/0', '::/0'].includes(text)) return undefined;
  const range = parseRange(text.replace(/^!/, ''));
  if (range === undefined) throw new Error('not an address or range; list the rules with -n');
  return text.startsWith('!') ? otherAddresses([range], families) : [range];
}

/** The words after the addresses. What is not understood makes the rule conditional. */
function readExtra(rule: RuleDraft, text: string): void {
  const state = /\b(?:state|ctstate) ([A-Z,]+)/.exec(text);
  if (state && !/NEW|UNTRACKED/.test(state[1] as string)) rule.irrelevant = true;
  for (const ports of text.matchAll(/\bdpts?:(\S+)|\bmultiport dports (\S+)/g)) {
    const ranges = ((ports[1] ?? ports[2]) as string).split(',').map(parsePorts);
    if (ranges.some((range) => range === undefined)) throw new Error('not a port or range of ports');
    narrow(rule, { ports: ranges.filter((range) => range !== undefined) });
  }
  const understood =
    /^(?:\s*(?:tcp|udp|state [A-Z,]+|ctstate [A-Z,]+|dpts?:\S+|multiport dports \S+|reject-with \S+|LOG .*|prefix .*|flags:0x17\/0x02))*\s*$/;
  if (!understood.test(text)) rule.conditional = true;
}
