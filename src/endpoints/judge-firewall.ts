import { LOCAL_RANGES, parseRange, shownRange, wholeFamily } from './address.ts';
import { blockOf, type Expected, type Situation } from './expected.ts';
import type { EndpointFinding } from './finding.ts';
import { type Hook, type Passing, passing, type Ruleset } from './firewall.ts';
import type { Endpoint, EndpointGroup } from './load.ts';
import { type Block, intersect, subtract, TooComplex } from './traffic.ts';

type Report = (finding: Omit<EndpointFinding, 'file' | 'count'>) => void;

/** What one machine's rules let out and in, against what is documented: both ways. */
export function judgeFirewall(ruleset: Ruleset, expected: Expected, situation: Situation, report: Report): void {
  const own = situation.own.flatMap((text) => parseRange(text) ?? []);
  const routes = !limits(ruleset, 'output') && limits(ruleset, 'forward');
  try {
    judgeOutbound(ruleset, routes ? 'forward' : 'output', expected, situation, own, report);
    judgeInbound(ruleset, routes ? 'forward' : 'input', expected, situation, own, report);
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    report({
      code: 'unreadable',
      level: 'unknown',
      message: `the rules are too many to reason about: ${error.message}`,
    });
  }
  if (!situation.session) {
    for (const { line, ports, to } of ruleset.forwarded) {
      if (own.length > 0 && to !== undefined && !own.some((range) => range.from === to.from)) continue;
      const message = `port ${shownPorts(ports)} is forwarded to a machine inside (DNAT) without a service session`;
      report({ code: 'inbound-open', level: 'violation', message, line, port: ports[0] });
    }
  }
}

/** Whether the file has anything to say about a hook: a policy of drop, or a rule that decides. */
function limits(ruleset: Ruleset, hook: Hook): boolean {
  return ruleset.bases.some(({ hook: of, chain }) => {
    const found = ruleset.chains.get(chain);
    return of === hook && (found?.policy === 'drop' || found?.rules.some((rule) => rule.action.type !== 'continue'));
  });
}

function judgeOutbound(
  ruleset: Ruleset,
  hook: Hook,
  expected: Expected,
  situation: Situation,
  own: Parameters<typeof passing>[3],
  report: Report,
): void {
  if (!limits(ruleset, hook)) {
    const message = 'these rules do not limit outgoing connections; the firewall that does has to be checked';
    report({ code: 'outbound-not-limited', level: 'unknown', message });
    return;
  }
  const passed = passing(ruleset, hook, 'outbound', own);
  const families = new Set(ruleset.bases.filter((base) => base.hook === hook).flatMap((base) => base.families));
  for (const group of expected.groups) judgeRequired(group, passed, families, situation, report);
  const documented = [
    ...expected.outbound.flatMap((endpoint) =>
      endpoint.range === undefined ? [] : [blockOf(endpoint, endpoint.range)],
    ),
    ...localBlocks(),
  ];
  reportOpen(subtract(passed.surely, documented), 'open-beyond-documented', 'violation', 'open to', report);
  const perhaps = subtract(subtract(passed.possibly, passed.surely), documented);
  reportOpen(
    perhaps,
    'open-beyond-documented',
    'unknown',
    'perhaps open, under a condition that is not understood, to',
    report,
  );
}

type Reach = 'open' | 'unknown' | 'blocked';

function reach(endpoint: Endpoint, passed: Passing): Reach {
  if (endpoint.range === undefined) return 'open';
  const wanted = [blockOf(endpoint, endpoint.range)];
  // Where no port is stated, some open port is all that can be asked for.
  const reached = (blocks: readonly Block[]): boolean =>
    endpoint.port === null && endpoint.protocol !== 'esp'
      ? intersect(blocks, wanted).length > 0
      : subtract(wanted, blocks).length === 0;
  return reached(passed.surely) ? 'open' : reached(passed.possibly) ? 'unknown' : 'blocked';
}

function judgeRequired(
  group: EndpointGroup,
  passed: Passing,
  families: ReadonlySet<4 | 6>,
  situation: Situation,
  report: Report,
): void {
  if (group.need === 'none' || group.direction === 'inbound') return;
  if (group.alsoFor?.includes(situation.profile) && !group.profiles?.includes(situation.profile)) return;
  const required = !(group.region !== undefined && situation.region === undefined);
  const judged = group.endpoints.filter(({ range }) => range !== undefined && families.has(range.family));
  const reaches = judged.map((endpoint) => ({ endpoint, state: reach(endpoint, passed) }));
  const tunnel = judged.some(({ protocol }) => protocol === 'esp');
  // Endpoints that stand for each other: of an `any` group all of them, else those of a host, else each by itself.
  const sets = new Map<string, typeof reaches>();
  for (const entry of reaches) {
    const { host, address, optional } = entry.endpoint;
    const key = optional
      ? `optional ${address}`
      : group.need === 'any'
        ? ''
        : group.need === 'each-host'
          ? `${host}`
          : `${address}`;
    sets.set(key, [...(sets.get(key) ?? []), entry]);
  }
  for (const [key, set] of sets) {
    const states = tunnel ? tunnelStates(set, situation.nat) : set.map(({ state }) => state);
    const level = key.startsWith('optional') || !required ? 'notice' : 'violation';
    const blocked = set.filter(({ state }) => state === 'blocked');
    if (states.every((state) => state === 'blocked')) {
      for (const { endpoint } of set) {
        report({
          code: level === 'notice' ? 'recommended-blocked' : 'required-blocked',
          level,
          message: `${shownEndpoint(endpoint)} is ${level === 'notice' ? 'documented' : 'required'} (${group.title}) but blocked`,
          ...where(endpoint),
          cite: group.cite,
        });
      }
    } else if (!states.includes('open')) {
      for (const { endpoint } of set.filter(({ state }) => state === 'unknown')) {
        const message = `${shownEndpoint(endpoint)} is open under a condition that is not understood`;
        report({
          code: 'required-blocked',
          level: required ? 'unknown' : 'notice',
          message,
          ...where(endpoint),
          cite: group.cite,
        });
      }
    } else if (!tunnel) {
      for (const { endpoint } of blocked) {
        const message = `${shownEndpoint(endpoint)} is blocked; another address of the group is open, all are recommended`;
        report({ code: 'recommended-blocked', level: 'notice', message, ...where(endpoint), cite: group.cite });
      }
    }
  }
}

/** A tunnel needs UDP 500, and ESP or, behind a NAT, UDP 4500 to the same server. */
function tunnelStates(set: readonly { endpoint: Endpoint; state: Reach }[], nat: boolean | undefined): Reach[] {
  const servers = new Set(set.map(({ endpoint }) => endpoint.address));
  return [...servers].map((address) => {
    const of = (test: (endpoint: Endpoint) => boolean): Reach =>
      set.find(({ endpoint }) => endpoint.address === address && test(endpoint))?.state ?? 'blocked';
    const esp = of(({ protocol }) => protocol === 'esp');
    const traversal = of(({ port }) => port === 4500);
    const carrier = nat === undefined ? better(esp, traversal) : nat ? traversal : esp;
    return worse(
      of(({ port }) => port === 500),
      carrier,
    );
  });
}

const ORDER: readonly Reach[] = ['open', 'unknown', 'blocked'];
const better = (a: Reach, b: Reach): Reach => (ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b);
const worse = (a: Reach, b: Reach): Reach => (better(a, b) === a ? b : a);

function judgeInbound(
  ruleset: Ruleset,
  hook: Hook,
  expected: Expected,
  situation: Situation,
  own: Parameters<typeof passing>[3],
  report: Report,
): void {
  if (!ruleset.bases.some((base) => base.hook === hook)) return;
  if (!limits(ruleset, hook)) {
    const message = 'these rules do not limit incoming connections; the firewall that does has to be checked';
    report({ code: 'inbound-not-limited', level: 'unknown', message });
    return;
  }
  const passed = passing(ruleset, hook, 'inbound', own);
  const documented = expected.inbound.flatMap((endpoint) => {
    const local = expected.groups.find(({ id }) => id === endpoint.group)?.local === true;
    const peers =
      endpoint.range !== undefined ? [endpoint.range] : local ? LOCAL_RANGES : [wholeFamily(4), wholeFamily(6)];
    return peers.map((peer) => blockOf(endpoint, peer));
  });
  const what = situation.session ? 'open from' : 'open without a service session from';
  const sure = subtract(passed.surely, documented);
  reportOpen(subtract(sure, localBlocks()), 'inbound-open', 'violation', what, report);
  const localOnly = subtract(intersect(sure, localBlocks()), anywhere(subtract(sure, localBlocks())));
  reportOpen(localOnly, 'inbound-local', 'notice', 'open to own networks:', report);
  const perhaps = subtract(subtract(subtract(passed.possibly, passed.surely), documented), localBlocks());
  reportOpen(perhaps, 'inbound-open', 'unknown', `perhaps ${what}`, report);
}

/** The same transports and ports from every address. */
function anywhere(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => ({ ...block, peer: wholeFamily(block.peer.family) }));
}

function localBlocks(): Block[] {
  return (['tcp', 'udp', 'esp', 'other'] as const).flatMap((transport) =>
    LOCAL_RANGES.map((peer) => ({ transport, peer, ports: [0, 65535] as const })),
  );
}

/** One finding for each transport and range of ports, naming the widest ranges of addresses first. */
function reportOpen(
  blocks: readonly Block[],
  code: EndpointFinding['code'],
  level: EndpointFinding['level'],
  what: string,
  report: Report,
): void {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const portless = block.transport === 'esp' || block.transport === 'other';
    const key = portless ? `${block.transport} protocol` : `${block.transport} ${shownPorts(block.ports)}`;
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  for (const [key, members] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { text, widest } = shownPeers(members);
    const [from, to] = members[0]?.ports ?? [0, 65535];
    report({
      code,
      level,
      message: `${key}: ${what} ${text}`,
      address: widest,
      ...(from === to ? { port: from } : {}),
    });
  }
}

/** Ranges of addresses, widest first; most of a family is called any address. */
function shownPeers(blocks: readonly Block[]): { text: string; widest: string } {
  const names: string[] = [];
  for (const family of [4, 6] as const) {
    const peers = blocks.map(({ peer }) => peer).filter((peer) => peer.family === family);
    const size = peers.reduce((sum, { from, to }) => sum + to - from + 1n, 0n);
    if (size > 1n << (family === 4 ? 31n : 127n)) names.push(`any IPv${family} address`);
    else
      names.push(
        ...peers.sort((a, b) => Number(b.to - b.from - (a.to - a.from)) || Number(a.from - b.from)).map(shownRange),
      );
  }
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return { text: `${names.slice(0, 3).join(', ')}${more}`, widest: names[0] ?? '' };
}

function shownPorts([from, to]: readonly [number, number]): string {
  return from === to ? `${from}` : from === 0 && to === 65535 ? 'any port' : `${from}-${to}`;
}

export function shownEndpoint({ host, address, port, protocol }: Endpoint): string {
  const name = host === null ? (address ?? 'any address') : address === null ? host : `${host} (${address})`;
  return `${name} ${protocol}${port === null ? '' : ` ${port}`}`;
}

export function where(endpoint: Endpoint): { group: string; address?: string; port?: number } {
  return {
    group: endpoint.group,
    ...(endpoint.address === null ? {} : { address: endpoint.address }),
    ...(endpoint.port === null ? {} : { port: endpoint.port }),
  };
}
