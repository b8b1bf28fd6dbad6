import { createHash } from 'node:crypto';
import { certificateFacts } from '../certificate.ts';
import type { Sighting } from '../observation.ts';
import { registry, type Suite } from '../registry.ts';
import type { DialResult } from './dial.ts';
import { type Accepted, endpointSightings } from './endpoint-sightings.ts';
import { fieldFacts } from './field.ts';
import { keyExchangeFacts, type ServerFlight } from './flight.ts';
import { type RecordVersion, WIRE_VERSION } from './hello.ts';

/** The versions before TLS 1.3 that a ClientHello can offer, best first. */
export const OLDER: readonly RecordVersion[] = ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'];

export function suiteOf(code: number): Suite | undefined {
  return registry().suites.get(code.toString(16).padStart(4, '0'));
}

/** What one endpoint has shown so far, whoever asked. */
export class EndpointRecord {
  readonly accepted: Accepted[] = [];
  readonly versions = new Map<string, 'observed' | 'absent' | 'not-tested'>();
  readonly schemes = new Set<number>();
  readonly features = new Map<string, boolean>();
  readonly further: Sighting[] = [];
  /** Something was shown in part only: what was not seen is then not known to be absent. */
  incomplete = false;
  /** Named groups, by version. */
  readonly #groups = new Map<string, Set<number>>();
  readonly #fields = new Map<string, { version: RecordVersion; bits: number; group: string }>();
  readonly #chains = new Map<string, Buffer[]>();

  sightings(incomplete: boolean): Sighting[] {
    return endpointSightings({
      accepted: this.accepted,
      versions: this.versions,
      groups: this.#groups,
      fields: [...this.#fields.values()],
      chains: this.#chains,
      schemes: this.schemes,
      features: this.features,
      further: this.further,
      incomplete: incomplete || this.incomplete,
    });
  }

  accepts(version: string): boolean {
    return this.accepted.some((suite) => suite.version === version);
  }

  take(version: RecordVersion, code: number, { reader: { flight } }: DialResult): void {
    const suite = suiteOf(code);
    if (suite === undefined) return;
    // What comes after the ServerHello holds the size of the key exchange.
    if (!flight.done) this.incomplete = true;
    const facts = this.#exchange(version, suite, flight);
    this.accepted.push({ version, suite, ...facts });
    this.chain(flight.certificates);
    this.#note('extended-master-secret', flight.extensions.has(23), version !== 'SSLv3');
    this.#note('secure-renegotiation', flight.extensions.has(0xff01), version !== 'SSLv3');
    this.#note('encrypt-then-mac', flight.extensions.has(22), suite.mode === 'CBC' && version !== 'SSLv3');
    if (flight.done)
      this.#note('status-request', flight.stapled === true, version !== 'SSLv3' && flight.certificates.length > 0);
  }

  /** A property counts as there only if every handshake that could show it did; a staple, if any did. */
  #note(feature: string, there: boolean, could: boolean): void {
    if (!could) return;
    const before = this.features.get(feature);
    const any = feature === 'status-request';
    this.features.set(feature, before === undefined ? there : any ? before || there : before && there);
  }

  #exchange(version: RecordVersion, suite: Suite, flight: ServerFlight): { bits?: number; group?: string } {
    if (flight.keyExchange === undefined) return {};
    const facts = keyExchangeFacts(flight.keyExchange, suite.kx, suite.auth, WIRE_VERSION[version]);
    if (facts === undefined) {
      this.incomplete = true;
      return {};
    }
    if (facts.scheme !== undefined) this.schemes.add(facts.scheme);
    if (facts.curve !== undefined) this.group('TLSv1.2', facts.curve);
    if (facts.rsaBits !== undefined) return { bits: facts.rsaBits };
    return facts.prime === undefined ? {} : this.field(version, facts.prime);
  }

  field(version: RecordVersion, prime: Buffer): { bits: number; group: string } {
    const { bits, group } = fieldFacts(prime);
    this.#fields.set(`${version} ${bits} ${group}`, { version, bits, group });
    return { bits, group };
  }

  group(version: string, code: number): void {
    const known = this.#groups.get(version) ?? new Set<number>();
    known.add(code);
    this.#groups.set(version, known);
  }

  chain(certificates: readonly Buffer[]): void {
    const [leaf] = certificates;
    if (leaf) this.#chains.set(createHash('sha256').update(leaf).digest('hex'), [...certificates]);
  }

  /** The best of the older versions that was accepted with a suite of this kind. */
  example(fits: (suite: Suite) => boolean): { version: RecordVersion; suites: number[] } | undefined {
    for (const version of OLDER) {
      const suites = this.accepted
        .filter((one) => one.version === version && fits(one.suite))
        .map(({ suite }) => suite.code);
      if (suites.length > 0) return { version, suites };
    }
    return undefined;
  }

  ownCurve(): number | undefined {
    const names: Readonly<Record<string, string>> = {
      'P-192': 'secp192r1',
      'P-224': 'secp224r1',
      'P-256': 'secp256r1',
      'P-384': 'secp384r1',
      'P-521': 'secp521r1',
    };
    for (const [leaf] of this.#chains.values()) {
      try {
        const { curve } = certificateFacts(leaf!).key;
        const name = curve === undefined ? undefined : (names[curve] ?? curve);
        const group = [...registry().groups.values()].find((one) => one.name === name);
        if (group) return group.code;
      } catch {
        // reported with the certificate
      }
    }
    return undefined;
  }
}
