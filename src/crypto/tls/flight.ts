import { createHash } from 'node:crypto';

/** What a server answered to a hello, as far as it was read. */
export interface ServerFlight {
  version?: number;
  suite?: number;
  compression?: number;
  extensions: Map<number, Buffer>;
  /** RFC 8446 s.4.1.3: a ServerHello that asks for another key share. */
  retry?: boolean;
  /** Group named by a HelloRetryRequest. */
  retryGroup?: number;
  certificates: Buffer[];
  stapled?: boolean;
  /** Body of ServerKeyExchange. */
  keyExchange?: Buffer;
  done?: boolean;
}

export interface SslV2Hello {
  readonly ciphers: readonly number[];
  readonly certificate: Buffer | undefined;
}

const RETRY_RANDOM = createHash('sha256').update('HelloRetryRequest').digest();
const MAX_FLIGHT = 512 * 1024;

export type FlightState = 'more' | 'done' | 'alert' | 'garbage';

/** Reads a server's first flight as it arrives. Hostile bytes end in `garbage`, never in an exception. */
export class FlightReader {
  readonly flight: ServerFlight = { extensions: new Map(), certificates: [] };
  sslv2: SslV2Hello | undefined;
  alert: number | undefined;
  received = 0;
  #raw: Buffer = Buffer.alloc(0);
  #handshake: Buffer = Buffer.alloc(0);
  readonly #untilHello: boolean;
  readonly #acceptV2: boolean;

  /** @param until `hello` stops at ServerHello, `done` reads to ServerHelloDone */
  constructor(until: 'hello' | 'done' | 'sslv2') {
    this.#untilHello = until === 'hello';
    this.#acceptV2 = until === 'sslv2';
  }

  push(chunk: Buffer): FlightState {
    this.received += chunk.length;
    if (this.received > MAX_FLIGHT) return 'garbage';
    this.#raw = this.#raw.length === 0 ? chunk : Buffer.concat([this.#raw, chunk]);
    if (this.#acceptV2) return this.#readV2();
    for (;;) {
      if (this.#raw.length < 5)
        return this.#raw.length > 0 && ![20, 21, 22].includes(this.#raw[0]!) ? 'garbage' : 'more';
      const type = this.#raw[0]!;
      const length = this.#raw.readUInt16BE(3);
      if (![20, 21, 22, 23].includes(type) || this.#raw[1] !== 3 || length > 18_432) return 'garbage';
      if (this.#raw.length < 5 + length) return 'more';
      const body = this.#raw.subarray(5, 5 + length);
      this.#raw = this.#raw.subarray(5 + length);
      if (type === 21) {
        if (body.length < 2) return 'garbage';
        // A warning (unrecognized_name) does not end the handshake.
        if (body[0] === 1 && body[1] !== 0) continue;
        this.alert = body[1];
        return 'alert';
      }
      if (type !== 22) return this.flight.suite === undefined ? 'garbage' : 'done';
      this.#handshake = Buffer.concat([this.#handshake, body]);
      const state = this.#readMessages();
      if (state !== 'more') return state;
    }
  }

  #readMessages(): FlightState {
    while (this.#handshake.length >= 4) {
      const type = this.#handshake[0]!;
      const length = this.#handshake.readUIntBE(1, 3);
      if (length > MAX_FLIGHT) return 'garbage';
      if (this.#handshake.length < 4 + length) return 'more';
      const body = this.#handshake.subarray(4, 4 + length);
      this.#handshake = this.#handshake.subarray(4 + length);
      try {
        if (type === 2) {
          this.#serverHello(body);
          const retry = this.flight.retry === true;
          if (this.#untilHello || retry || this.flight.version === 0x0304) return 'done';
        } else if (type === 11) this.flight.certificates = certificateList(body);
        else if (type === 12) this.flight.keyExchange = Buffer.from(body);
        else if (type === 22) this.flight.stapled = body[0] === 1 && body.length > 4;
        else if (type === 14) {
          this.flight.done = true;
          return 'done';
        }
      } catch {
        return 'garbage';
      }
    }
    return 'more';
  }

  #serverHello(body: Buffer): void {
    const { flight } = this;
    flight.version = body.readUInt16BE(0);
    flight.retry = body.subarray(2, 34).equals(RETRY_RANDOM);
    let at = 35 + body[34]!;
    flight.suite = body.readUInt16BE(at);
    flight.compression = body.readUInt8(at + 2);
    at += 3;
    if (at + 2 > body.length) return;
    const end = at + 2 + body.readUInt16BE(at);
    for (at += 2; at + 4 <= end; ) {
      const type = body.readUInt16BE(at);
      const length = body.readUInt16BE(at + 2);
      if (at + 4 + length > body.length) throw new RangeError('extension reaches past the hello');
      flight.extensions.set(type, Buffer.from(body.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    const selected = flight.extensions.get(43);
    if (selected?.length === 2) flight.version = selected.readUInt16BE(0);
    const share = flight.extensions.get(51);
    if (share !== undefined && share.length >= 2) flight.retryGroup = share.readUInt16BE(0);
  }

  #readV2(): FlightState {
    const raw = this.#raw;
    if (raw.length < 2) return 'more';
    if (raw[0] === 21 && raw[1] === 3) {
      this.alert = raw[6] ?? 0;
      return 'alert';
    }
    if ((raw[0]! & 0x80) === 0) return 'garbage';
    const length = raw.readUInt16BE(0) & 0x7fff;
    if (raw.length < 2 + length) return 'more';
    const body = raw.subarray(2, 2 + length);
    // SERVER-HELLO: type 4, session hit, certificate type, version 0.2, three lengths
    if (body.length < 11 || body[0] !== 4 || body.readUInt16BE(3) !== 2) return 'garbage';
    const [certificate, specs, connection] = [body.readUInt16BE(5), body.readUInt16BE(7), body.readUInt16BE(9)];
    if (11 + certificate + specs + connection > body.length || specs % 3 !== 0) return 'garbage';
    const ciphers: number[] = [];
    for (let at = 11 + certificate; at < 11 + certificate + specs; at += 3) ciphers.push(body.readUIntBE(at, 3));
    this.sslv2 = {
      ciphers,
      certificate: certificate > 0 ? Buffer.from(body.subarray(11, 11 + certificate)) : undefined,
    };
    return 'done';
  }
}

/** Certificates of a TLS 1.2 (or older) Certificate message, leaf first. */
function certificateList(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  const end = 3 + body.readUIntBE(0, 3);
  for (let at = 3; at + 3 <= end; ) {
    const length = body.readUIntBE(at, 3);
    if (at + 3 + length > body.length) throw new RangeError('certificate reaches past its list');
    found.push(Buffer.from(body.subarray(at + 3, at + 3 + length)));
    at += 3 + length;
  }
  return found;
}

/** Parameters a ServerKeyExchange carries, by the kind of key exchange of the suite (RFC 5246 s.7.4.3, RFC 8422 s.5.4). */
export interface KeyExchangeFacts {
  readonly curve?: number;
  readonly prime?: Buffer;
  /** Modulus of an export suite's temporary RSA key. */
  readonly rsaBits?: number;
  /** SignatureScheme, TLS 1.2 only. */
  readonly scheme?: number;
}

export function keyExchangeFacts(
  body: Buffer,
  kx: string,
  auth: string,
  version: number,
): KeyExchangeFacts | undefined {
  try {
    let at = 0;
    if (auth === 'PSK' && kx !== 'RSA') at = 2 + body.readUInt16BE(0);
    const facts: { curve?: number; prime?: Buffer; rsaBits?: number; scheme?: number } = {};
    const vector = (): Buffer => {
      const length = body.readUInt16BE(at);
      const value = body.subarray(at + 2, at + 2 + length);
      if (value.length !== length) throw new RangeError('vector ends early');
      at += 2 + length;
      return Buffer.from(value);
    };
    if (kx === 'ECDHE') {
      if (body[at] === 3) {
        facts.curve = body.readUInt16BE(at + 1);
        at += 4 + body.readUInt8(at + 3);
      } else facts.curve = body[at] === 1 ? 0xff01 : 0xff02;
    } else if (kx === 'DHE') {
      facts.prime = vector();
      vector();
      vector();
    } else if (kx === 'RSA') {
      facts.rsaBits = bitLength(vector());
      vector();
    } else return undefined;
    const signed = auth === 'RSA' || auth === 'ECDSA' || auth === 'DSA';
    if (version === 0x0303 && signed && at + 4 <= body.length) facts.scheme = body.readUInt16BE(at);
    return facts;
  } catch {
    return undefined;
  }
}

export function bitLength(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at === bytes.length ? 0 : (bytes.length - at) * 8 - Math.clz32(bytes[at]!) + 24;
}
