import { createHash } from 'node:crypto';
import { certificateFacts } from '../certificate.ts';
import type { Sighting } from '../observation.ts';
import { registry, type Suite } from '../registry.ts';
import type { DialResult } from './dial.ts';
import { type Accepted, endpointSightings, unknownEndpoint } from './endpoint-sightings.ts';
import { fieldFacts } from './field.ts';
import { keyExchangeFacts, type ServerFlight } from './flight.ts';
import { type RecordVersion, sslv2Hello, WIRE_VERSION } from './hello.ts';
import { type Answer, menu, type Prober } from './prober.ts';

const OLDER: readonly RecordVersion[] = ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'];
const PROTOCOL_VERSION = 70;
const INAPPROPRIATE_FALLBACK = 86;
const FALLBACK_SCSV = 0x5600;

/** Everything one endpoint shows from outside. A version is `absent` only where the server itself declined it. */
export class EndpointScan {
  readonly #prober: Prober;
  readonly #accepted: Accepted[] = [];
  readonly #versions = new Map<string, 'observed' | 'absent' | 'not-tested'>();
  /** Named groups, by version. */
  readonly #groups = new Map<string, Set<number>>();
  readonly #dh = new Map<string, { version: RecordVersion; bits: number; group: string }>();
  readonly #chains = new Map<string, Buffer[]>();
  readonly #schemes = new Set<number>();
  readonly #features = new Map<string, boolean>();
  readonly #gaps: Sighting[] = [];
  /** By version: whether suites were declined with an alert. */
  readonly #manners = new Map<string, boolean>();

  constructor(prober: Prober) {
    this.#prober = prober;
  }

  async run(): Promise<Sighting[]> {
    const silence = await this.#contact();
    if (silence) return [silence];
    await Promise.all([this.#tls13(), ...OLDER.map((version) => this.#older(version)), this.#sslv2()]);
    if (this.#accepted.length === 0 && this.#versions.get('SSLv2') !== 'observed') {
      return [unknownEndpoint('the server answers but accepts no version or suite that was offered')];
    }
    await Promise.all([
      this.#curves(),
      this.#fields(),
      this.#signatureSchemes(),
      this.#specialLeaves(),
      this.#compression(),
      this.#fallback(),
      this.#leaves13(),
    ]);
    await this.#stillThere();
    return endpointSightings({
      accepted: this.#accepted,
      versions: this.#versions,
      groups: this.#groups,
      fields: [...this.#dh.values()],
      chains: this.#chains,
      schemes: this.#schemes,
      features: this.#features,
      further: this.#gaps,
      incomplete: this.#prober.incomplete || this.#prober.stopped,
    });
  }

  /** Two hellos that any server of the last thirty years would answer in some way. */
  async #contact(): Promise<Sighting | undefined> {
    const { curves, chunks, schemes } = menu();
    const hello = (version: RecordVersion) =>
      this.#prober.ask(
        { ...this.#base(version), groups: curves, signatureSchemes: schemes, suites: chunks[0]! },
        'hello',
      );
    const [modern, old] = await Promise.all([hello('TLSv1.2'), hello('TLSv1.0')]);
    const results = [modern, old].flatMap((answer) =>
      answer && 'result' in answer && answer.result ? [answer.result] : [],
    );
    if (results.some(({ received, end }) => received > 0 && end !== 'starttls' && end !== 'garbage')) {
      this.#prober.incomplete = false;
      return undefined;
    }
    const [first] = results;
    if (results.every(({ end }) => end === 'closed')) {
      this.#prober.incomplete = false;
      return undefined;
    }
    if (first?.end === 'starttls') return unknownEndpoint(`before TLS: ${first.detail}`);
    if (first?.end === 'refused') return unknownEndpoint(`no connection (${first.detail})`);
    if (results.some(({ end }) => end === 'garbage')) return unknownEndpoint('the answer is not TLS');
    return unknownEndpoint('no answer in time');
  }

  #base(version: RecordVersion) {
    return { version, servername: this.#prober.target.servername, groups: [], signatureSchemes: menu().schemes };
  }

  async #older(version: RecordVersion): Promise<void> {
    const [first, ...rest] = menu().chunks;
    const before = this.#prober.incomplete;
    const supported = await this.#chunk(version, first!, menu().curves);
    if (supported === false) {
      this.#versions.set(version, 'absent');
      return;
    }
    await Promise.all(rest.map((chunk) => this.#chunk(version, chunk, menu().curves)));
    if (version !== 'SSLv3') await this.#fieldsOnly(version);
    const found = this.#accepted.some((suite) => suite.version === version);
    this.#versions.set(version, found ? 'observed' : this.#prober.incomplete && !before ? 'not-tested' : 'absent');
  }

  /** A server may do finite fields only where the client names them (RFC 7919 s.4). */
  async #fieldsOnly(version: RecordVersion): Promise<void> {
    const known = new Set(this.#accepted.filter((one) => one.version === version).map(({ suite }) => suite.code));
    if (known.size === 0) return;
    const left = menu()
      .chunks.flat()
      .filter((code) => this.#suite(code)?.kx === 'DHE' && !known.has(code));
    const { curves, fields } = menu();
    for (let at = 0; at < left.length; at += 64)
      await this.#chunk(version, left.slice(at, at + 64), [...curves, ...fields]);
  }

  #suite(code: number): Suite | undefined {
    return registry().suites.get(code.toString(16).padStart(4, '0'));
  }

  /** Offers, takes the chosen suite out, offers again. False where the server does not do the version at all. */
  async #chunk(version: RecordVersion, suites: readonly number[], groups: readonly number[]): Promise<boolean> {
    const offered = new Set(suites);
    let accepted = false;
    while (offered.size > 0) {
      const answer = await this.#prober.ask({ ...this.#base(version), suites: [...offered], groups }, 'done');
      if (answer.kind !== 'accepted') {
        this.#declines(version, answer);
        const never =
          answer.kind === 'other-version' || (answer.kind === 'declined' && answer.alert === PROTOCOL_VERSION);
        return accepted || !never;
      }
      accepted = true;
      offered.delete(answer.suite);
      this.#take(version, answer.suite, answer.result);
    }
    return true;
  }

  /** A server that says no with an alert and then hangs up without one may be turning away all further callers. */
  #declines(version: RecordVersion, answer: Answer): void {
    if (answer.kind !== 'declined') return;
    const before = this.#manners.get(version);
    const alerted = answer.alert !== undefined;
    this.#manners.set(version, alerted);
    if (before !== undefined && before !== alerted) this.#prober.incomplete = true;
  }

  /** Asks again for what was accepted: a server that has gone away meanwhile did not decline the rest. */
  async #stillThere(): Promise<void> {
    const [one] = this.#accepted;
    if (one === undefined || ![...this.#manners.values()].includes(false)) return;
    const groups = one.version === 'TLSv1.3' ? menu().allGroups : [...menu().curves, ...menu().fields];
    const answer = await this.#prober.ask({ ...this.#base(one.version), suites: [one.suite.code], groups }, 'hello');
    if (answer.kind !== 'accepted') this.#prober.incomplete = true;
  }

  #take(version: RecordVersion, code: number, { reader: { flight } }: DialResult): void {
    const suite = this.#suite(code);
    if (suite === undefined) return;
    // What comes after the ServerHello holds the size of the key exchange.
    if (!flight.done) this.#prober.incomplete = true;
    const facts = this.#exchange(version, suite, flight);
    this.#accepted.push({ version, suite, ...facts });
    this.#chain(flight.certificates);
    this.#note('extended-master-secret', flight.extensions.has(23), version !== 'SSLv3');
    this.#note('secure-renegotiation', flight.extensions.has(0xff01), version !== 'SSLv3');
    this.#note('encrypt-then-mac', flight.extensions.has(22), suite.mode === 'CBC' && version !== 'SSLv3');
    if (flight.done)
      this.#note('status-request', flight.stapled === true, version !== 'SSLv3' && flight.certificates.length > 0);
  }

  /** A property counts as there only if every handshake that could show it did; a staple, if any did. */
  #note(feature: string, there: boolean, could: boolean): void {
    if (!could) return;
    const before = this.#features.get(feature);
    const any = feature === 'status-request';
    this.#features.set(feature, before === undefined ? there : any ? before || there : before && there);
  }

  #exchange(version: RecordVersion, suite: Suite, flight: ServerFlight): { bits?: number; group?: string } {
    if (flight.keyExchange === undefined) return {};
    const facts = keyExchangeFacts(flight.keyExchange, suite.kx, suite.auth, WIRE_VERSION[version]);
    if (facts === undefined) {
      this.#prober.incomplete = true;
      return {};
    }
    if (facts.scheme !== undefined) this.#schemes.add(facts.scheme);
    if (facts.curve !== undefined) this.#group('TLSv1.2', facts.curve);
    if (facts.rsaBits !== undefined) return { bits: facts.rsaBits };
    return facts.prime === undefined ? {} : this.#field(version, facts.prime);
  }

  #field(version: RecordVersion, prime: Buffer): { bits: number; group: string } {
    const { bits, group } = fieldFacts(prime);
    this.#dh.set(`${version} ${bits} ${group}`, { version, bits, group });
    return { bits, group };
  }

  #group(version: string, code: number): void {
    const known = this.#groups.get(version) ?? new Set<number>();
    known.add(code);
    this.#groups.set(version, known);
  }

  #chain(certificates: readonly Buffer[]): void {
    const [leaf] = certificates;
    if (leaf) this.#chains.set(createHash('sha256').update(leaf).digest('hex'), [...certificates]);
  }

  /** Suites and groups of TLS 1.3 from HelloRetryRequests. */
  async #tls13(): Promise<void> {
    const { tls13, allGroups } = menu();
    const suites = new Set(tls13);
    const groups = new Set(allGroups);
    const ask = (codes: Iterable<number>, named: Iterable<number>): Promise<Answer> =>
      this.#prober.ask({ ...this.#base('TLSv1.3'), suites: [...codes], groups: [...named] }, 'hello');
    const before = this.#prober.incomplete;
    let last: Answer | undefined;
    while (suites.size > 0) {
      last = await ask(suites, allGroups);
      this.#declines('TLSv1.3', last);
      if (last.kind !== 'accepted') break;
      suites.delete(last.suite);
      const suite = this.#suite(last.suite);
      if (suite) this.#accepted.push({ version: 'TLSv1.3', suite });
      const group = last.result.reader.flight.retryGroup;
      if (group !== undefined) {
        this.#group('TLSv1.3', group);
        groups.delete(group);
      }
    }
    const found = suites.size < tls13.length;
    this.#versions.set('TLSv1.3', found ? 'observed' : this.#prober.incomplete && !before ? 'not-tested' : 'absent');
    if (!found) return;
    while (groups.size > 0) {
      const answer = await ask(tls13, groups);
      const group = answer.kind === 'accepted' ? answer.result.reader.flight.retryGroup : undefined;
      if (group === undefined || !groups.delete(group)) break;
      this.#group('TLSv1.3', group);
    }
  }

  async #sslv2(): Promise<void> {
    if (this.#prober.stopped) {
      this.#versions.set('SSLv2', 'not-tested');
      return;
    }
    const result = await this.#prober.send(() => sslv2Hello(menu().sslv2), 'sslv2');
    const hello = result?.reader.sslv2;
    if (hello === undefined) {
      const answered = result !== undefined && result.end !== 'timeout' && result.end !== 'refused';
      this.#versions.set('SSLv2', answered ? 'absent' : 'not-tested');
      return;
    }
    this.#versions.set('SSLv2', 'observed');
    if (hello.certificate) this.#chain([hello.certificate]);
    for (const code of hello.ciphers) {
      const id = code.toString(16).padStart(6, '0');
      this.#gaps.push({
        layer: 'tls',
        role: 'select',
        version: 'SSLv2',
        suite: id,
        alg: registry().suites.get(id)?.name ?? 'SSLv2 cipher',
      });
    }
  }

  /** The best of the older versions that was accepted with a suite of this kind. */
  #example(fits: (suite: Suite) => boolean): { version: RecordVersion; suites: number[] } | undefined {
    for (const version of OLDER) {
      const suites = this.#accepted
        .filter((one) => one.version === version && fits(one.suite))
        .map(({ suite }) => suite.code);
      if (suites.length > 0) return { version, suites };
    }
    return undefined;
  }

  /** Curves of TLS 1.2 and before: take out the chosen one until none is left. */
  async #curves(): Promise<void> {
    await Promise.all(['RSA', 'ECDSA', 'anon', 'PSK'].map((auth) => this.#curvesOf(auth)));
  }

  async #curvesOf(auth: string): Promise<void> {
    const example = this.#example((suite) => suite.kx === 'ECDHE' && suite.auth === auth);
    if (!example || example.version === 'SSLv3') return;
    const own = auth === 'ECDSA' ? this.#ownCurve() : undefined;
    // An ECDSA server refuses a client that cannot do its certificate's curve: that one stays, at the end.
    const left = new Set(menu().curves.filter((code) => code !== own));
    for (;;) {
      const groups = own === undefined ? [...left] : [...left, own];
      if (groups.length === 0) return;
      const answer = await this.#prober.ask({ ...this.#base(example.version), suites: example.suites, groups }, 'done');
      if (answer.kind !== 'accepted') return;
      const { keyExchange } = answer.result.reader.flight;
      const suite = this.#suite(answer.suite);
      if (!keyExchange || !suite) return;
      const curve = keyExchangeFacts(keyExchange, suite.kx, suite.auth, WIRE_VERSION[example.version])?.curve;
      if (curve === undefined) return;
      this.#group('TLSv1.2', curve);
      if (!left.delete(curve)) return;
    }
  }

  #ownCurve(): number | undefined {
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

  /** The same DHE server with the named fields offered: a server with a small field of its own may hide it then. */
  async #fields(): Promise<void> {
    const example = this.#example((suite) => suite.kx === 'DHE');
    if (!example || example.version === 'SSLv3') return;
    const left = new Set(menu().fields);
    while (left.size > 0) {
      const groups = [...menu().curves, ...left];
      const answer = await this.#prober.ask({ ...this.#base(example.version), suites: example.suites, groups }, 'done');
      if (answer.kind !== 'accepted') return;
      const suite = this.#suite(answer.suite);
      const { keyExchange } = answer.result.reader.flight;
      if (!suite || !keyExchange) return;
      const prime = keyExchangeFacts(keyExchange, suite.kx, suite.auth, WIRE_VERSION[example.version])?.prime;
      if (prime === undefined) return;
      const { group } = this.#field(example.version, prime);
      const named = [...registry().groups.values()].find((one) => one.name === group)?.code;
      if (named === undefined || !left.delete(named)) return;
    }
  }

  /** Signature schemes of TLS 1.2, one certificate kind at a time. */
  async #signatureSchemes(): Promise<void> {
    await Promise.all(
      ['RSA', 'ECDSA', 'DSA'].map(async (auth) => {
        const example = this.#example((suite) => (suite.kx === 'ECDHE' || suite.kx === 'DHE') && suite.auth === auth);
        if (example?.version !== 'TLSv1.2') return;
        const left = new Set(menu().schemes);
        while (left.size > 0) {
          const scheme = await this.#schemeOf(example.suites, [...left]);
          if (scheme === undefined || !left.delete(scheme)) return;
        }
      }),
    );
  }

  async #schemeOf(suites: readonly number[], signatureSchemes: readonly number[]): Promise<number | undefined> {
    const { curves: groups } = menu();
    const answer = await this.#prober.ask({ ...this.#base('TLSv1.2'), suites, groups, signatureSchemes }, 'done');
    if (answer.kind !== 'accepted') return undefined;
    const suite = this.#suite(answer.suite);
    const { keyExchange, certificates } = answer.result.reader.flight;
    if (!suite || !keyExchange) return undefined;
    this.#chain(certificates);
    const scheme = keyExchangeFacts(keyExchange, suite.kx, suite.auth, 0x0303)?.scheme;
    if (scheme !== undefined) this.#schemes.add(scheme);
    return scheme;
  }

  /** Leaves that a server shows only to clients that can do nothing else: RSA-PSS and EdDSA keys. */
  async #specialLeaves(): Promise<void> {
    const rsa = this.#example((suite) => (suite.kx === 'ECDHE' || suite.kx === 'DHE') && suite.auth === 'RSA');
    const ec = this.#example((suite) => suite.kx === 'ECDHE' && suite.auth === 'ECDSA');
    await Promise.all([
      rsa?.version === 'TLSv1.2' ? this.#schemeOf(rsa.suites, [0x0809, 0x080a, 0x080b]) : undefined,
      ec?.version === 'TLSv1.2' ? this.#schemeOf(ec.suites, [0x0807, 0x0808]) : undefined,
    ]);
  }

  async #leaves13(): Promise<void> {
    if (this.#versions.get('TLSv1.3') !== 'observed') return;
    const { tls13Leaves } = await import('./leaf13.ts');
    const chains = await tls13Leaves(this.#prober);
    for (const chain of chains) this.#chain(chain);
    if (chains.length > 0) return;
    this.#gaps.push({
      layer: 'cert',
      role: 'key',
      version: 'TLSv1.3',
      alg: 'certificate',
      state: 'not-tested',
      note: 'no TLS 1.3 handshake could be finished, so its certificate was not seen',
    });
  }

  async #compression(): Promise<void> {
    const example = this.#example(() => true);
    if (!example) return;
    const groups = [...menu().curves, ...menu().fields];
    const shape = { ...this.#base(example.version), suites: example.suites, groups, compression: true };
    const answer = await this.#prober.ask(shape, 'hello');
    if (answer.kind === 'accepted')
      this.#features.set('compression-deflate', answer.result.reader.flight.compression === 1);
  }

  /** RFC 7507: a client that fell back below the server's best version is turned away. */
  async #fallback(): Promise<void> {
    const done = (version: string) => this.#versions.get(version) === 'observed';
    const best = ['TLSv1.3', ...OLDER].find(done);
    const lower = OLDER.find((version) => version !== best && done(version));
    if (!lower) return;
    const suites = this.#accepted.filter((one) => one.version === lower).map(({ suite }) => suite.code);
    const groups = [...menu().curves, ...menu().fields];
    const answer = await this.#prober.ask(
      { ...this.#base(lower), suites: [...suites, FALLBACK_SCSV], groups },
      'hello',
    );
    if (answer.kind === 'unanswered') return;
    this.#features.set('fallback-scsv', answer.kind === 'declined' && answer.alert === INAPPROPRIATE_FALLBACK);
  }
}
