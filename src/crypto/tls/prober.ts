import type { Socket } from 'node:net';
import { registry } from '../registry.ts';
import { type DialOptions, type DialResult, dial, open, type Target } from './dial.ts';
import { clientHello, type HelloShape, type RecordVersion, WIRE_VERSION } from './hello.ts';

export interface ProbeLimits {
  /** Sockets to one endpoint at a time. */
  readonly sockets: number;
  /** Handshakes a second to one endpoint; 0 means no limit. */
  readonly rate: number;
  /** Milliseconds after which no further handshake with the endpoint is begun. */
  readonly total: number;
}

/** Sends hellos to one endpoint within its limits and remembers what was left undone. */
export class Prober {
  readonly target: Target;
  handshakes = 0;
  /** Something was asked and not answered: what was not seen is then not known to be absent. */
  incomplete = false;
  /** The endpoint stopped answering, or its time is used up. */
  stopped = false;
  readonly #options: DialOptions;
  readonly #limits: ProbeLimits;
  readonly #deadline: number;
  #running = 0;
  #silent = 0;
  #nextSlot = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(target: Target, options: DialOptions, limits: ProbeLimits) {
    this.target = target;
    this.#options = options;
    this.#limits = limits;
    this.#deadline = performance.now() + limits.total;
  }

  /** One hello; a refused or reset connection is tried again, since servers drop connections under load. */
  async send(bytes: () => Buffer, until: 'hello' | 'done' | 'sslv2'): Promise<DialResult | undefined> {
    for (let attempt = 0; ; attempt++) {
      await this.#enter();
      let result: DialResult;
      try {
        if (this.stopped || performance.now() > this.#deadline) {
          this.stopped = true;
          this.incomplete = true;
          return undefined;
        }
        this.handshakes++;
        result = await dial(this.target, bytes(), until, this.#options);
      } finally {
        this.#leave();
      }
      // A server of today may wait for the rest of what it takes for a record: SSL 2.0 says for itself what silence means.
      if (until === 'sslv2') return result;
      if (result.end === 'timeout') {
        this.incomplete = true;
        // Three silences in a row: a tarpit, or a server that went away.
        if (++this.#silent >= 3) this.stopped = true;
        return result;
      }
      this.#silent = 0;
      if (result.end === 'garbage') this.incomplete = true;
      const again = result.end === 'refused' || (result.end === 'closed' && result.received === 0 && attempt === 0);
      if (!again || attempt >= 2) {
        if (result.end === 'refused') this.incomplete = true;
        return result;
      }
      await new Promise((resolve) => setTimeout(resolve, 50 * (attempt + 1)));
    }
  }

  get timeout(): number {
    return this.#options.timeout;
  }

  /** A connection at the point where TLS begins, within the endpoint's limits; undefined where there is none. */
  async open(): Promise<{ socket: Socket; release: () => void } | undefined> {
    await this.#enter();
    try {
      this.handshakes++;
      const { socket } = await open(this.target, this.#options);
      return { socket, release: () => this.#leave() };
    } catch {
      this.#leave();
      return undefined;
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= this.#limits.sockets) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    if (this.#limits.rate > 0) {
      const now = performance.now();
      const slot = Math.max(now, this.#nextSlot);
      this.#nextSlot = slot + 1000 / this.#limits.rate;
      if (slot > now) await new Promise((resolve) => setTimeout(resolve, slot - now));
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }

  /** A hello whose answer must be of the version asked for; undefined where the server would not. */
  async ask(shape: HelloShape, until: 'hello' | 'done'): Promise<Answer> {
    const result = await this.send(() => clientHello(shape), until);
    if (result === undefined) return { kind: 'unanswered' };
    const { flight, alert } = result.reader;
    if (flight.suite === undefined || flight.version === undefined) {
      // Part of an answer is none.
      const cut = result.end === 'closed' && result.reader.received > 0;
      if (cut) this.incomplete = true;
      const unanswered = cut || ['timeout', 'refused', 'starttls', 'garbage'].includes(result.end);
      return unanswered ? { kind: 'unanswered', result } : { kind: 'declined', alert, result };
    }
    if (flight.version !== WIRE_VERSION[shape.version]) return { kind: 'other-version', result };
    if (!shape.suites.includes(flight.suite)) {
      this.incomplete = true;
      return { kind: 'unanswered', result };
    }
    return { kind: 'accepted', suite: flight.suite, result };
  }
}

export type Answer =
  | { readonly kind: 'accepted'; readonly suite: number; readonly result: DialResult }
  | { readonly kind: 'declined'; readonly alert: number | undefined; readonly result: DialResult }
  | { readonly kind: 'other-version'; readonly result: DialResult }
  | { readonly kind: 'unanswered'; readonly result?: DialResult };

/** What is offered, from the registry: derived once. */
export interface Menu {
  /** Suites of TLS 1.2 and before, common ones first, in chunks that no server chokes on. */
  readonly chunks: readonly (readonly number[])[];
  readonly tls13: readonly number[];
  readonly sslv2: readonly number[];
  readonly curves: readonly number[];
  readonly fields: readonly number[];
  readonly allGroups: readonly number[];
  readonly schemes: readonly number[];
}

const CHUNK = 64;
let composed: Menu | undefined;

/** What every hello of a version has in common. */
export function helloBase(prober: Prober, version: RecordVersion) {
  return { version, servername: prober.target.servername, groups: [], signatureSchemes: menu().schemes };
}

export function menu(): Menu {
  composed ??= compose();
  return composed;
}

function compose(): Menu {
  const { suites, groups, signatureSchemes } = registry();
  const all = [...suites.values()].filter(({ id }) => id.length === 4);
  // TLS 1.3 suites have no key exchange of their own; two of RFC 9367 are written like older ones.
  const is13 = ({ kx, code }: { kx: string; code: number }) => kx === 'any' || (code >= 0xc103 && code <= 0xc106);
  const common = (code: number): number =>
    suites.get(code.toString(16).padStart(4, '0'))?.flags.includes('o') ? 0 : 1;
  const older = all
    .filter((suite) => !is13(suite) && suite.code !== 0)
    .map(({ code }) => code)
    .sort((a, b) => common(a) - common(b) || a - b);
  const chunks: number[][] = [];
  for (let at = 0; at < older.length; at += CHUNK) chunks.push(older.slice(at, at + CHUNK));
  const named = [...groups.values()].filter(({ kind }) => kind !== 'explicit');
  const prefer = [29, 23, 24, 25, 30];
  const byHabit = (a: number, b: number): number => habit(a) - habit(b) || a - b;
  const habit = (code: number): number => (prefer.includes(code) ? prefer.indexOf(code) : prefer.length);
  const codes = (...kinds: string[]): number[] =>
    named
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ code }) => code)
      .sort(byHabit);
  return {
    chunks,
    tls13: all.filter(is13).map(({ code }) => code),
    sslv2: [...suites.values()].filter(({ id }) => id.length === 6).map(({ code }) => code),
    curves: codes('ec'),
    fields: codes('ff'),
    allGroups: [...codes('ec'), ...codes('ff', 'kem', 'hybrid', 'draft')],
    schemes: [...signatureSchemes.keys()],
  };
}
