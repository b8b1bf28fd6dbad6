import type { Sighting } from '../observation.ts';
import { registry } from '../registry.ts';
import { EndpointDetails } from './endpoint-details.ts';
import { EndpointRecord, OLDER, suiteOf } from './endpoint-record.ts';
import { unknownEndpoint } from './endpoint-sightings.ts';
import { type RecordVersion, sslv2Hello } from './hello.ts';
import { type Answer, helloBase, menu, type Prober } from './prober.ts';

const PROTOCOL_VERSION = 70;

/** Everything one endpoint shows from outside. A version is `absent` only where the server itself declined it. */
export class EndpointScan {
  readonly #prober: Prober;
  readonly #record = new EndpointRecord();
  /** By version: whether suites were declined with an alert. */
  readonly #manners = new Map<string, boolean>();

  constructor(prober: Prober) {
    this.#prober = prober;
  }

  async run(): Promise<Sighting[]> {
    const silence = await this.#contact();
    if (silence) return [silence];
    await Promise.all([this.#tls13(), ...OLDER.map((version) => this.#older(version)), this.#sslv2()]);
    if (this.#record.accepted.length === 0 && this.#record.versions.get('SSLv2') !== 'observed') {
      return [unknownEndpoint('the server answers but accepts no version or suite that was offered')];
    }
    await new EndpointDetails(this.#prober, this.#record).run();
    await this.#stillThere();
    return this.#record.sightings(this.#prober.incomplete || this.#prober.stopped);
  }

  /** Two hellos that any server of the last thirty years would answer in some way. */
  async #contact(): Promise<Sighting | undefined> {
    const { curves, chunks, schemes } = menu();
    const hello = (version: RecordVersion) =>
      this.#prober.ask(
        { ...helloBase(this.#prober, version), groups: curves, signatureSchemes: schemes, suites: chunks[0]! },
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

  async #older(version: RecordVersion): Promise<void> {
    const [first, ...rest] = menu().chunks;
    const before = this.#prober.incomplete;
    const supported = await this.#chunk(version, first!, menu().curves);
    if (supported === false) {
      this.#record.versions.set(version, 'absent');
      return;
    }
    await Promise.all(rest.map((chunk) => this.#chunk(version, chunk, menu().curves)));
    if (version !== 'SSLv3') await this.#fieldsOnly(version);
    const found = this.#record.accepts(version);
    this.#record.versions.set(
      version,
      found ? 'observed' : this.#prober.incomplete && !before ? 'not-tested' : 'absent',
    );
  }

  /** A server may do finite fields only where the client names them (RFC 7919 s.4). */
  async #fieldsOnly(version: RecordVersion): Promise<void> {
    const known = new Set(
      this.#record.accepted.filter((one) => one.version === version).map(({ suite }) => suite.code),
    );
    if (known.size === 0) return;
    const left = menu()
      .chunks.flat()
      .filter((code) => suiteOf(code)?.kx === 'DHE' && !known.has(code));
    const { curves, fields } = menu();
    for (let at = 0; at < left.length; at += 64)
      await this.#chunk(version, left.slice(at, at + 64), [...curves, ...fields]);
  }

  /** Offers, takes the chosen suite out, offers again. False where the server does not do the version at all. */
  async #chunk(version: RecordVersion, suites: readonly number[], groups: readonly number[]): Promise<boolean> {
    const offered = new Set(suites);
    let accepted = false;
    while (offered.size > 0) {
      const answer = await this.#prober.ask(
        { ...helloBase(this.#prober, version), suites: [...offered], groups },
        'done',
      );
      if (answer.kind !== 'accepted') {
        this.#declines(version, answer);
        const never =
          answer.kind === 'other-version' || (answer.kind === 'declined' && answer.alert === PROTOCOL_VERSION);
        return accepted || !never;
      }
      accepted = true;
      offered.delete(answer.suite);
      this.#record.take(version, answer.suite, answer.result);
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
    const [one] = this.#record.accepted;
    if (one === undefined || ![...this.#manners.values()].includes(false)) return;
    const groups = one.version === 'TLSv1.3' ? menu().allGroups : [...menu().curves, ...menu().fields];
    const answer = await this.#prober.ask(
      { ...helloBase(this.#prober, one.version), suites: [one.suite.code], groups },
      'hello',
    );
    if (answer.kind !== 'accepted') this.#prober.incomplete = true;
  }

  /** Suites and groups of TLS 1.3 from HelloRetryRequests. */
  async #tls13(): Promise<void> {
    const { tls13, allGroups } = menu();
    const suites = new Set(tls13);
    const groups = new Set(allGroups);
    const ask = (codes: Iterable<number>, named: Iterable<number>): Promise<Answer> =>
      this.#prober.ask({ ...helloBase(this.#prober, 'TLSv1.3'), suites: [...codes], groups: [...named] }, 'hello');
    const before = this.#prober.incomplete;
    let last: Answer | undefined;
    while (suites.size > 0) {
      last = await ask(suites, allGroups);
      this.#declines('TLSv1.3', last);
      if (last.kind !== 'accepted') break;
      suites.delete(last.suite);
      const suite = suiteOf(last.suite);
      if (suite) this.#record.accepted.push({ version: 'TLSv1.3', suite });
      const group = last.result.reader.flight.retryGroup;
      if (group !== undefined) {
        this.#record.group('TLSv1.3', group);
        groups.delete(group);
      }
    }
    const found = suites.size < tls13.length;
    this.#record.versions.set(
      'TLSv1.3',
      found ? 'observed' : this.#prober.incomplete && !before ? 'not-tested' : 'absent',
    );
    if (!found) return;
    while (groups.size > 0) {
      const answer = await ask(tls13, groups);
      const group = answer.kind === 'accepted' ? answer.result.reader.flight.retryGroup : undefined;
      if (group === undefined || !groups.delete(group)) break;
      this.#record.group('TLSv1.3', group);
    }
  }

  async #sslv2(): Promise<void> {
    if (this.#prober.stopped) {
      this.#record.versions.set('SSLv2', 'not-tested');
      return;
    }
    const result = await this.#prober.send(() => sslv2Hello(menu().sslv2), 'sslv2');
    const hello = result?.reader.sslv2;
    if (hello === undefined) {
      const answered = result !== undefined && result.end !== 'timeout' && result.end !== 'refused';
      this.#record.versions.set('SSLv2', answered ? 'absent' : 'not-tested');
      return;
    }
    this.#record.versions.set('SSLv2', 'observed');
    if (hello.certificate) this.#record.chain([hello.certificate]);
    for (const code of hello.ciphers) {
      const id = code.toString(16).padStart(6, '0');
      this.#record.further.push({
        layer: 'tls',
        role: 'select',
        version: 'SSLv2',
        suite: id,
        alg: registry().suites.get(id)?.name ?? 'SSLv2 cipher',
      });
    }
  }
}
