import { expectedFor, type Situation } from './expected.ts';
import type { EndpointCheck, EndpointFinding } from './finding.ts';
import { judgeConnections, judgeListeners, judgeProxy } from './judge-connections.ts';
import { judgeFirewall } from './judge-firewall.ts';
import { judgeLifecycle } from './lifecycle.ts';
import type { Endpoint, EndpointCatalog } from './load.ts';
import { readEvidence } from './read/read.ts';
import type { Reading } from './read/reading.ts';

/** A file that says how a console connects, or may: firewall rules, sockets, proxy logs, flow records. */
export interface Evidence {
  readonly file: string;
  readonly text: string;
}

/**
 * Judges evidence against the documented endpoints: what is required but blocked, what is open or was used beyond them,
 * and which features may not exist on such a product. A pure function; a line that cannot be read is a finding.
 */
export function checkEndpoints(
  catalog: EndpointCatalog,
  evidence: readonly Evidence[],
  situation: Situation,
): EndpointCheck {
  const expected = expectedFor(catalog, situation);
  const collected = new Findings();
  const files: { file: string; format: string | null; examined: number }[] = [];
  const features = new Set(featuresOfProfile(situation.profile));
  for (const { file, text } of evidence) {
    const reading = readEvidence(text, situation.own);
    const report = (finding: Omit<EndpointFinding, 'file' | 'count'>): void => collected.add({ ...finding, file });
    files.push({ file, format: reading?.format ?? null, examined: reading === undefined ? 0 : sizeOf(reading) });
    if (reading === undefined) {
      report({ code: 'unreadable', level: 'unknown', message: 'no format that is known' });
      continue;
    }
    for (const { line, why } of reading.bad) report({ code: 'bad-line', level: 'unknown', message: why, line });
    const seen = (endpoint: Endpoint): void => noteFeature(features, catalog, endpoint);
    if (reading.kind === 'firewall') {
      judgeFirewall(reading.ruleset, expected, situation, report);
      for (const endpoint of opened(reading, catalog)) noteFeature(features, catalog, endpoint);
    } else if (reading.kind === 'connections') {
      judgeConnections(reading.connections, catalog, expected, situation, report, seen);
      judgeListeners(reading.listeners, expected, situation, report, seen);
    } else {
      judgeProxy(reading.rules, expected, situation, report);
    }
    if (sizeOf(reading) === 0)
      report({ code: 'nothing-examined', level: 'unknown', message: 'nothing in it to examine' });
  }
  const findings = collected.all();
  const lifecycle = judgeLifecycle(catalog, known(features, catalog), situation);
  for (const answer of lifecycle) {
    if (answer.outcome === 'allowed') continue;
    const level = answer.outcome === 'question' ? 'unknown' : answer.outcome === 'note' ? 'notice' : 'violation';
    const ask = answer.unknown.length > 0 ? `; not known: ${answer.unknown.join(', ')}` : '';
    const message = `${answer.rule} ${answer.feature}: ${answer.title}${ask}`;
    findings.push({ code: 'lifecycle', level, message, file: '', count: 1, cite: answer.cite });
  }
  const outcome = findings.some(({ level }) => level === 'violation')
    ? 'violation'
    : files.length === 0 || findings.some(({ level }) => level === 'unknown')
      ? 'unknown'
      : 'clear';
  return {
    schema: 'clearance.endpoint-check/1',
    endpoints: catalog.identity,
    profile: situation.profile,
    outcome,
    files,
    findings,
    lifecycle,
  };
}

/** More than this many different findings are not told apart by address any more. */
const MOST_FINDINGS = 10_000;

/** Collects findings: the same said of the same file and address is counted, at its first line. */
class Findings {
  private readonly byKey = new Map<string, EndpointFinding>();

  add(finding: Omit<EndpointFinding, 'count'>): void {
    const { address, ...rest } = finding;
    const crowded = this.byKey.size >= MOST_FINDINGS;
    const key = JSON.stringify([finding.file, finding.code, finding.message, crowded ? null : address]);
    const before = this.byKey.get(key);
    if (before === undefined) this.byKey.set(key, { ...(crowded ? rest : finding), count: 1 });
    else this.byKey.set(key, { ...before, count: before.count + 1 });
  }

  all(): EndpointFinding[] {
    return [...this.byKey.values()];
  }
}

function sizeOf(reading: Reading): number {
  if (reading.kind === 'connections') return reading.connections.length + reading.listeners.length;
  if (reading.kind === 'proxy') return 1;
  return reading.ruleset.bases.length;
}

function featuresOfProfile(profile: string): string[] {
  const features = profile === 'simplified' ? [] : ['traditional-connectivity'];
  return profile === 'vpn' ? [...features, 'outbound-vpn'] : features;
}

/** What the use of an endpoint tells about the product. */
function noteFeature(features: Set<string>, catalog: EndpointCatalog, endpoint: Endpoint): void {
  const group = catalog.groups.find(({ id }) => id === endpoint.group);
  if (group?.profiles !== undefined && !group.profiles.includes('simplified')) features.add('traditional-connectivity');
  if (group?.profiles?.includes('vpn')) features.add('outbound-vpn');
  if (endpoint.group === 'session-power5') features.add('power5-ports');
  if (endpoint.group === 'fix-download' || endpoint.group === 'firmware') features.add('fix-download');
}

function known(features: ReadonlySet<string>, catalog: EndpointCatalog): string[] {
  return [...features].filter((feature) => catalog.lifecycle.some((rule) => rule.feature === feature)).sort();
}

/** Endpoints of VPN servers and inbound ports that rules open by name, not as part of everything. */
function opened(reading: Extract<Reading, { kind: 'firewall' }>, catalog: EndpointCatalog): Endpoint[] {
  const rules = [...reading.ruleset.chains.values()].flatMap((chain) => chain.rules);
  const accepting = rules.filter((rule) => rule.action.type === 'accept' && !rule.irrelevant);
  return catalog.groups
    .filter((group) => group.profiles?.includes('vpn') || group.id === 'session-power5')
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) =>
      accepting.some(({ ports, destination, transports }) => {
        const inbound = endpoint.direction === 'inbound';
        const port = ports?.some(([from, to]) => from === endpoint.port && to === endpoint.port) === true;
        if (inbound) return port;
        const named = destination?.some(({ from, to }) => from === endpoint.range?.from && to === endpoint.range.to);
        return named === true && (port || transports?.includes('esp') === true || ports === undefined);
      }),
    );
}
