import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseRange } from '../../src/endpoints/address.ts';
import { passing } from '../../src/endpoints/firewall.ts';
import { readEvidence } from '../../src/endpoints/read/read.ts';
import { intersect, type Transport } from '../../src/endpoints/traffic.ts';

/**
 * Drawn rule sets, followed by us and by the kernel: each is loaded in a network of its own, and packets are sent. A packet
 * that OUTPUT drops is an error of `sendto`.
 */
const script = String.raw`
import json, socket, struct, subprocess, sys
jobs = json.load(open(sys.argv[1]))
for command in ('ip link set lo up', 'ip addr add 10.9.9.9/24 dev lo', 'ip route add default dev lo'):
    subprocess.run(command.split(), check=True, capture_output=True)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
out = []
for job in jobs:
    done = subprocess.run(job['load'], input=job['rules'], text=True, capture_output=True)
    if done.returncode != 0:
        out.append(done.stderr)
        continue
    passed = []
    for n, (transport, address, port) in enumerate(job['probes']):
        protocol = {'tcp': 6, 'udp': 17, 'esp': 50}[transport]
        source = 40000 + n
        body = {'tcp': struct.pack('!HHIIBBHHH', source, port, n + 1, 0, 0x50, 2, 1024, 0, 0),
                'udp': struct.pack('!HHHH', source, port, 8, 0), 'esp': b'\0' * 16}[transport]
        head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(body), n, 0, 64, protocol, 0, socket.inet_aton('10.9.9.9'), socket.inet_aton(address))
        try:
            raw.sendto(head + body, (address, 0))
            passed.append(True)
        except PermissionError:
            passed.append(False)
    out.append({'passed': passed, 'listing': subprocess.run(job['list'], text=True, capture_output=True).stdout})
print(json.dumps(out))
`;

const runs = (command: string): boolean => spawnSync('unshare', ['-rn', 'sh', '-c', command]).status === 0;
const missing = [
  ...(runs('iptables-save') ? [] : ['iptables in a network namespace']),
  ...(runs('nft list ruleset') ? [] : ['nftables in a network namespace']),
  ...(runs('ip link set lo up') ? [] : ['ip']),
  ...(runs('python3 -c 0') ? [] : ['python3']),
];

const folder = mkdtempSync(join(tmpdir(), 'clearance-kernel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Probe = readonly [transport: 'tcp' | 'udp' | 'esp', address: string, port: number];

/** A generator of our own, so that the same seed draws the same on every machine. */
function drawer(seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return { below, pick };
}

const ADDRESSES = ['129.42.56.189', '129.42.60.189', '129.42.63.255', '129.42.64.0', '198.51.100.7', '203.0.113.9'];
const PORTS = [21, 80, 442, 443, 444, 8443, 30000, 30009, 30010];

function drawRules(seed: number): string {
  const { below, pick } = drawer(seed);
  const chains = ['OUTPUT', 'A', 'B', 'C'];
  const lines: string[] = [];
  for (const [level, chain] of chains.entries()) {
    for (let rule = 1 + below(6); rule > 0; rule--) {
      const words = [`-A ${chain}`];
      const not = (): string => (below(4) === 0 ? '! ' : '');
      if (below(2) === 0)
        words.push(`${not()}-d ${pick([...ADDRESSES, '129.42.0.0/18', '198.51.100.0/24', '0.0.0.0/1'])}`);
      if (below(6) === 0) words.push(`-m iprange ${not()}--dst-range 129.42.60.0-129.42.64.0`);
      const protocol = pick(['tcp', 'tcp', 'udp', 'esp', '']);
      if (protocol !== '') words.push(`-p ${protocol}`);
      if (protocol === 'tcp' || protocol === 'udp') {
        const shape = below(5);
        if (shape === 0) words.push(`-m ${protocol} ${not()}--dport ${pick(PORTS)}`);
        if (shape === 1) words.push(`-m ${protocol} ${not()}--dport ${pick([':443', '443:', '30000:30009'])}`);
        if (shape === 2)
          words.push(`-m multiport ${not()}--dports ${pick(['80,443', '21,442:444', '443,30000:30009'])}`);
        if (protocol === 'tcp' && below(6) === 0) words.push(`-m tcp ${not()}--syn`);
      }
      if (below(6) === 0) words.push(`${not()}-s 10.9.9.9`);
      if (below(6) === 0)
        words.push(`-m conntrack ${not()}--ctstate ${pick(['NEW', 'ESTABLISHED,RELATED', 'NEW,INVALID'])}`);
      // Not understood by us, decided by the kernel.
      if (below(6) === 0) words.push(`-m ttl --ttl-${pick(['eq', 'lt', 'gt'])} 64`);
      const deeper = chains.slice(level + 1);
      const target = pick(['ACCEPT', 'ACCEPT', 'DROP', 'RETURN', 'LOG', 'chain', 'chain', 'goto']);
      if (target === 'chain' || target === 'goto') {
        if (deeper.length === 0) continue;
        words.push(`${target === 'goto' ? '-g' : '-j'} ${pick(deeper)}`);
      } else words.push(`-j ${target}`);
      lines.push(words.join(' '));
    }
  }
  const policy = pick(['ACCEPT', 'DROP']);
  return [
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    `:OUTPUT ${policy}`,
    ':A -',
    ':B -',
    ':C -',
    ...lines,
    'COMMIT',
    '',
  ].join('\n');
}

/** The same in nftables: sets, maps of verdicts, comparisons, rules for both families. */
function drawTable(seed: number): string {
  const { below, pick } = drawer(seed);
  const chains = ['out', 'a', 'b', 'c'];
  const sets = [
    'set peers { type ipv4_addr; flags interval; elements = { 129.42.56.189, 129.42.60.0/24, 198.51.100.1-198.51.100.9 } }',
    'set ports { type inet_service; flags interval; elements = { 80, 443, 30000-30009 } }',
    'map verdicts { type inet_service : verdict; elements = { 443 : accept, 80 : jump c, 21 : drop } }',
  ];
  const bodies = chains.map((chain, level) => {
    const lines: string[] = [];
    for (let rule = 1 + below(6); rule > 0; rule--) {
      const words: string[] = [];
      const not = (): string => (below(4) === 0 ? '!= ' : '');
      if (below(2) === 0)
        words.push(
          `ip daddr ${not()}${pick([...ADDRESSES, '@peers', '129.42.0.0/18', '{ 129.42.60.189, 203.0.113.0/24 }'])}`,
        );
      if (below(8) === 0) words.push(`ip daddr ${not()}129.42.60.0-129.42.64.0`);
      if (below(8) === 0) words.push('meta nfproto ipv4');
      const protocol = pick(['tcp', 'tcp', 'udp', 'th', 'esp', '']);
      if (protocol === 'th') words.push('meta l4proto { tcp, udp }');
      if (protocol === 'esp') words.push('meta l4proto esp');
      if (protocol === 'tcp' || protocol === 'udp' || protocol === 'th') {
        const match = pick([
          `${not()}443`,
          '@ports',
          '!= @ports',
          '{ 21, 442-444 }',
          '>= 443',
          '< 444',
          '> 80',
          `${not()}30000-30009`,
        ]);
        words.push(`${protocol} dport ${match}`);
        if (below(8) === 0 && level < 3) {
          lines.push([...words, `${protocol} dport vmap @verdicts`].join(' '));
          continue;
        }
      }
      if (below(6) === 0) words.push(`ip saddr ${not()}10.9.9.9`);
      if (below(6) === 0)
        words.push(`ct state ${pick(['new', '!= new', '{ established, related }', '{ new, untracked }'])}`);
      if (below(6) === 0) words.push(`ip ttl ${pick(['64', '< 64', '> 64', '!= 64'])}`);
      if (below(6) === 0) words.push('counter');
      const deeper = chains.slice(level + 1);
      const target = pick(['accept', 'accept', 'drop', 'return', 'log', 'chain', 'chain', 'goto']);
      if (target === 'chain' || target === 'goto') {
        if (deeper.length === 0) continue;
        words.push(`${target === 'goto' ? 'goto' : 'jump'} ${pick(deeper)}`);
      } else words.push(target);
      lines.push(words.join(' '));
    }
    const head = level === 0 ? [`type filter hook output priority 0; policy ${pick(['accept', 'drop'])};`] : [];
    return `chain ${chain} {\n${[...head, ...lines].join('\n')}\n}`;
  });
  const declared = chains.slice(1).map((chain) => `chain ${chain} { }`);
  return ['flush ruleset', 'table inet t {', ...declared, ...sets, ...bodies.reverse(), '}', ''].join('\n');
}

const probes: Probe[] = ADDRESSES.flatMap((address): Probe[] => [
  ...PORTS.flatMap((port): Probe[] => [
    ['tcp', address, port],
    ['udp', address, port],
  ]),
  ['esp', address, 0],
]);

const kinds: [string, (seed: number) => string, string[], string[]][] = [
  ['iptables', drawRules, ['iptables-restore'], ['iptables-save']],
  ['nftables', drawTable, ['nft', '-f', '-'], ['nft', '-j', 'list', 'ruleset']],
];

test.skipIf(missing.length > 0).each(kinds)(
  `%s: drawn rule sets pass what the kernel passes (needs iptables, nftables, iproute2, python3${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''})`,
  (_, draw, load, list) => {
    const count = Number(process.env['KERNEL_RULE_SETS'] ?? 40);
    const jobs = Array.from({ length: count }, (_, at) => ({ rules: draw(at + 1), probes, load, list }));
    const [program, input] = [join(folder, 'probe.py'), join(folder, 'jobs.json')];
    writeFileSync(program, script);
    writeFileSync(input, JSON.stringify(jobs));
    const done = spawnSync('unshare', ['-rn', 'python3', program, input], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const answers = JSON.parse(done.stdout) as ({ passed: boolean[]; listing: string } | string)[];
    const own = parseRange('10.9.9.9');
    let decided = 0;
    for (const [at, { rules }] of jobs.entries()) {
      const kernel = answers[at];
      if (kernel === undefined || typeof kernel === 'string') throw new Error(`not loaded: ${kernel}\n${rules}`);
      const reading = readEvidence(kernel.listing, []);
      if (reading?.kind !== 'firewall') throw new Error('not read');
      expect(reading.bad).toEqual([]);
      const { possibly, surely } = passing(reading.ruleset, 'output', 'outbound', own ? [own] : []);
      for (const [index, [transport, address, port]] of probes.entries()) {
        const peer = parseRange(address);
        if (peer === undefined) throw new Error('no address');
        const block = [{ transport: transport as Transport, peer, ports: [port, port] as const }];
        const [may, must] = [possibly, surely].map((blocks) => intersect(blocks, block).length > 0);
        const place = `${transport} ${address} ${port}\n${rules}`;
        if (must) expect(kernel.passed[index], place).toBe(true);
        if (!may) expect(kernel.passed[index], place).toBe(false);
        if (may === must) decided++;
      }
    }
    // An evaluator that never commits itself would pass the above.
    expect(decided / (jobs.length * probes.length)).toBeGreaterThan(0.6);
  },
  60_000,
);
