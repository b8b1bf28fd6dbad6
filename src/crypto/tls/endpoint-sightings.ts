import { certificateSightings } from '../certificate.ts';
import type { Sighting } from '../observation.ts';
import { registry, type Suite } from '../registry.ts';
import type { RecordVersion } from './hello.ts';

/** A suite a server chose. */
export interface Accepted {
  readonly version: RecordVersion;
  readonly suite: Suite;
  /** Size and name of the field of a DHE suite; modulus of an export key. */
  readonly bits?: number;
  readonly group?: string;
}

/** What a scan of one endpoint found, in whatever order the answers came. */
export interface EndpointFindings {
  readonly accepted: readonly Accepted[];
  readonly versions: ReadonlyMap<string, 'observed' | 'absent' | 'not-tested'>;
  /** Codes of named groups, by version. */
  readonly groups: ReadonlyMap<string, ReadonlySet<number>>;
  readonly fields: readonly { readonly version: RecordVersion; readonly bits: number; readonly group: string }[];
  /** Chains in DER, by the digest of their leaf. */
  readonly chains: ReadonlyMap<string, readonly Buffer[]>;
  readonly schemes: ReadonlySet<number>;
  readonly features: ReadonlyMap<string, boolean>;
  readonly further: readonly Sighting[];
  readonly incomplete: boolean;
}

/** Findings as sightings, in an order that does not depend on which answer came first. */
export function endpointSightings(found: EndpointFindings): Sighting[] {
  const { groups, signatureSchemes } = registry();
  const out: Sighting[] = [];
  const order = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  for (const version of order) {
    const state = found.versions.get(version) ?? 'not-tested';
    if (state !== 'observed') out.push({ layer: 'tls', role: 'offer', version, alg: version, state });
  }
  const suites = found.accepted.toSorted(
    (a, b) => order.indexOf(a.version) - order.indexOf(b.version) || a.suite.code - b.suite.code,
  );
  let before = '';
  for (const { version, suite, bits, group } of suites) {
    if (`${version} ${suite.id}` === before) continue;
    before = `${version} ${suite.id}`;
    const params = bits === undefined ? undefined : { bits, ...(group !== undefined && { group }) };
    out.push({ layer: 'tls', role: 'select', version, suite: suite.id, alg: suite.name, ...(params && { params }) });
  }
  out.push(...found.further);
  for (const [version, codes] of [...found.groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const code of [...codes].sort((a, b) => a - b)) {
      const name = groups.get(code)?.name ?? `group ${code.toString(16).padStart(4, '0')}`;
      const bits = groups.get(code)?.bits;
      out.push({ layer: 'tls', role: 'kex', version, alg: 'group', params: { group: name, ...(bits && { bits }) } });
    }
  }
  for (const { version, bits, group } of [...found.fields].sort(
    (a, b) => a.bits - b.bits || (`${a.group} ${a.version}` < `${b.group} ${b.version}` ? -1 : 1),
  )) {
    out.push({ layer: 'tls', role: 'kex', version, alg: 'DHE', params: { bits, group } });
  }
  for (const code of [...found.schemes].sort((a, b) => a - b)) {
    const scheme = signatureSchemes.get(code);
    const hash = scheme?.hash;
    out.push({
      layer: 'tls',
      role: 'signature',
      version: 'TLSv1.2',
      alg: scheme?.alg ?? `scheme ${code.toString(16)}`,
      ...(hash && { params: { hash } }),
      note: scheme?.name ?? 'unassigned signature scheme',
    });
  }
  for (const [feature, there] of [...found.features].sort(([a], [b]) => (a < b ? -1 : 1))) {
    out.push({ layer: 'tls', role: 'offer', alg: feature, state: there ? 'observed' : 'absent' });
  }
  out.push(...certificates(found.chains));
  if (found.incomplete) out.push(unknownEndpoint('some handshakes had no answer; what they asked for is not known'));
  return out;
}

function certificates(chains: EndpointFindings['chains']): Sighting[] {
  return [...chains]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, chain], number) =>
      chain.flatMap((der, depth): Sighting[] => {
        const place = `certificate ${number + 1}, ${depth === 0 ? 'leaf' : `chain ${depth}`}`;
        try {
          return certificateSightings(der, place);
        } catch {
          return [
            {
              layer: 'cert',
              role: 'key',
              alg: 'certificate',
              state: 'not-tested',
              note: `${place} could not be read`,
            },
          ];
        }
      }),
    );
}

/** What stands for an endpoint, or a part of it, of which nothing is known. */
export function unknownEndpoint(note: string): Sighting {
  return { layer: 'tls', role: 'offer', alg: 'TLS', state: 'not-tested', note };
}
