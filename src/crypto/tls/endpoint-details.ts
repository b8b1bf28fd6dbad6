import { registry } from '../registry.ts';
import { type EndpointRecord, OLDER, suiteOf } from './endpoint-record.ts';
import { keyExchangeFacts } from './flight.ts';
import { WIRE_VERSION } from './hello.ts';
import { helloBase, menu, type Prober } from './prober.ts';

const INAPPROPRIATE_FALLBACK = 86;
const FALLBACK_SCSV = 0x5600;

/** What a server that does at least one suite shows of curves, fields, signatures, leaves and extensions. */
export class EndpointDetails {
  readonly #prober: Prober;
  readonly #record: EndpointRecord;

  constructor(prober: Prober, record: EndpointRecord) {
    this.#prober = prober;
    this.#record = record;
  }

  async run(): Promise<void> {
    await Promise.all([
      this.#curves(),
      this.#fields(),
      this.#signatureSchemes(),
      this.#specialLeaves(),
      this.#compression(),
      this.#fallback(),
      this.#leaves13(),
    ]);
  }

  /** Curves of TLS 1.2 and before: take out the chosen one until none is left. */
  async #curves(): Promise<void> {
    await Promise.all(['RSA', 'ECDSA', 'anon', 'PSK'].map((auth) => this.#curvesOf(auth)));
  }

  async #curvesOf(auth: string): Promise<void> {
    const example = this.#record.example((suite) => suite.kx === 'ECDHE' && suite.auth === auth);
    if (!example || example.version === 'SSLv3') return;
    const own = auth === 'ECDSA' ? this.#record.ownCurve() : undefined;
    // An ECDSA server refuses a client that cannot do its certificate's curve: that one stays, at the end.
    const left = new Set(menu().curves.filter((code) => code !== own));
    for (;;) {
      const groups = own === undefined ? [...left] : [...left, own];
      if (groups.length === 0) return;
      const answer = await this.#prober.ask(
        { ...helloBase(this.#prober, example.version), suites: example.suites, groups },
        'done',
      );
      if (answer.kind !== 'accepted') return;
      const { keyExchange } = answer.result.reader.flight;
      const suite = suiteOf(answer.suite);
      if (!keyExchange || !suite) return;
      const curve = keyExchangeFacts(keyExchange, suite.kx, suite.auth, WIRE_VERSION[example.version])?.curve;
      if (curve === undefined) return;
      this.#record.group('TLSv1.2', curve);
      if (!left.delete(curve)) return;
    }
  }

  /** The same DHE server with the named fields offered: a server with a small field of its own may hide it then. */
  async #fields(): Promise<void> {
    const example = this.#record.example((suite) => suite.kx === 'DHE');
    if (!example || example.version === 'SSLv3') return;
    const left = new Set(menu().fields);
    while (left.size > 0) {
      const groups = [...menu().curves, ...left];
      const answer = await this.#prober.ask(
        { ...helloBase(this.#prober, example.version), suites: example.suites, groups },
        'done',
      );
      if (answer.kind !== 'accepted') return;
      const suite = suiteOf(answer.suite);
      const { keyExchange } = answer.result.reader.flight;
      if (!suite || !keyExchange) return;
      const prime = keyExchangeFacts(keyExchange, suite.kx, suite.auth, WIRE_VERSION[example.version])?.prime;
      if (prime === undefined) return;
      const { group } = this.#record.field(example.version, prime);
      const named = [...registry().groups.values()].find((one) => one.name === group)?.code;
      if (named === undefined || !left.delete(named)) return;
    }
  }

  /** Signature schemes of TLS 1.2, one certificate kind at a time. */
  async #signatureSchemes(): Promise<void> {
    await Promise.all(
      ['RSA', 'ECDSA', 'DSA'].map(async (auth) => {
        const example = this.#record.example(
          (suite) => (suite.kx === 'ECDHE' || suite.kx === 'DHE') && suite.auth === auth,
        );
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
    const answer = await this.#prober.ask(
      { ...helloBase(this.#prober, 'TLSv1.2'), suites, groups, signatureSchemes },
      'done',
    );
    if (answer.kind !== 'accepted') return undefined;
    const suite = suiteOf(answer.suite);
    const { keyExchange, certificates } = answer.result.reader.flight;
    if (!suite || !keyExchange) return undefined;
    this.#record.chain(certificates);
    const scheme = keyExchangeFacts(keyExchange, suite.kx, suite.auth, 0x0303)?.scheme;
    if (scheme !== undefined) this.#record.schemes.add(scheme);
    return scheme;
  }

  /** Leaves that a server shows only to clients that can do nothing else: RSA-PSS and EdDSA keys. */
  async #specialLeaves(): Promise<void> {
    const rsa = this.#record.example((suite) => (suite.kx === 'ECDHE' || suite.kx === 'DHE') && suite.auth === 'RSA');
    const ec = this.#record.example((suite) => suite.kx === 'ECDHE' && suite.auth === 'ECDSA');
    await Promise.all([
      rsa?.version === 'TLSv1.2' ? this.#schemeOf(rsa.suites, [0x0809, 0x080a, 0x080b]) : undefined,
      ec?.version === 'TLSv1.2' ? this.#schemeOf(ec.suites, [0x0807, 0x0808]) : undefined,
    ]);
  }

  async #leaves13(): Promise<void> {
    if (this.#record.versions.get('TLSv1.3') !== 'observed') return;
    const { tls13Leaves } = await import('./leaf13.ts');
    const chains = await tls13Leaves(this.#prober);
    for (const chain of chains) this.#record.chain(chain);
    if (chains.length > 0) return;
    this.#record.further.push({
      layer: 'cert',
      role: 'key',
      version: 'TLSv1.3',
      alg: 'certificate',
      state: 'not-tested',
      note: 'no TLS 1.3 handshake could be finished, so its certificate was not seen',
    });
  }

  async #compression(): Promise<void> {
    const example = this.#record.example(() => true);
    if (!example) return;
    const groups = [...menu().curves, ...menu().fields];
    const shape = { ...helloBase(this.#prober, example.version), suites: example.suites, groups, compression: true };
    const answer = await this.#prober.ask(shape, 'hello');
    if (answer.kind === 'accepted')
      this.#record.features.set('compression-deflate', answer.result.reader.flight.compression === 1);
  }

  /** RFC 7507: a client that fell back below the server's best version is turned away. */
  async #fallback(): Promise<void> {
    const done = (version: string) => this.#record.versions.get(version) === 'observed';
    const best = ['TLSv1.3', ...OLDER].find(done);
    const lower = OLDER.find((version) => version !== best && done(version));
    if (!lower) return;
    const suites = this.#record.accepted.filter((one) => one.version === lower).map(({ suite }) => suite.code);
    const groups = [...menu().curves, ...menu().fields];
    const answer = await this.#prober.ask(
      { ...helloBase(this.#prober, lower), suites: [...suites, FALLBACK_SCSV], groups },
      'hello',
    );
    if (answer.kind === 'unanswered') return;
    this.#record.features.set('fallback-scsv', answer.kind === 'declined' && answer.alert === INAPPROPRIATE_FALLBACK);
  }
}
