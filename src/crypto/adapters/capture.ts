import { certificateSightings } from '../certificate.ts';
import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { fieldFacts, WIRE_NAME } from '../tls/field.ts';
import { FlightReader, keyExchangeFacts } from '../tls/flight.ts';
import { ikeSightings } from './ike.ts';
import { type CaptureLosses, isCapture, type Packet, packets, Reassembly, type Stream } from './packets.ts';
import { sshSightings } from './ssh-wire.ts';

/** pcap and pcapng: TLS hellos and certificates, IKE proposals, SSH key exchange. */
export const captureAdapter: Adapter = {
  type: 'pcap',
  version: '1',
  detect: ({ bytes }) => isCapture(bytes),
  read: ({ bytes }) => [...read(bytes)],
};

function* read(bytes: Uint8Array): Generator<Sighting> {
  const losses: CaptureLosses = { cut: 0, fragments: 0, links: 0 };
  const tcp = new Reassembly();
  const seen = new Set<string>();
  const once = function* (sightings: Iterable<Sighting>): Generator<Sighting> {
    for (const sighting of sightings) {
      const key = JSON.stringify(sighting);
      if (!seen.has(key)) yield sighting;
      seen.add(key);
    }
  };
  for (const packet of packets(bytes, losses)) {
    if (!packet.udp) tcp.add(packet);
    else if ([500, 4500].some((port) => packet.fromPort === port || packet.toPort === port)) yield* once(ike(packet));
  }
  const streams = [...tcp.streams()];
  for (const stream of streams) yield* once(streamSightings(stream));
  if (losses.cut > 0 || losses.fragments > 0 || losses.links > 0) {
    const note = `not read: ${losses.cut} cut packets, ${losses.fragments} fragments, ${losses.links} frames without IP`;
    if (losses.cut + losses.fragments > 0)
      yield { layer: 'plain', role: 'offer', alg: 'capture', state: 'not-tested', note };
  }
}

/** The service end of a packet's flow: the lower port, as captures show both directions. */
function subjectOf(
  { from, to, fromPort, toPort }: Pick<Stream, 'from' | 'to' | 'fromPort' | 'toPort'>,
  server: 'from' | 'to',
) {
  return server === 'from' ? { host: from, address: from, port: fromPort } : { host: to, address: to, port: toPort };
}

function* ike(packet: Packet): Generator<Sighting> {
  const { payload, fromPort, toPort } = packet;
  const shifted = fromPort === 4500 || toPort === 4500;
  // RFC 3948 s.2.2: four zero bytes tell IKE from ESP on port 4500.
  if (shifted && (payload.length < 4 || payload.readUInt32BE(0) !== 0)) return;
  yield* ikeSightings(shifted ? payload.subarray(4) : payload, (responds) =>
    subjectOf(packet, responds ? 'from' : 'to'),
  );
}

function* streamSightings(stream: Stream): Generator<Sighting> {
  const { bytes, whole } = stream;
  if (bytes.length < 6) return;
  if (bytes.subarray(0, 4).toString('latin1') === 'SSH-') {
    const server = stream.fromPort < stream.toPort;
    yield* sshSightings(bytes, subjectOf(stream, server ? 'from' : 'to'), server ? 'server' : 'client');
  } else if (bytes[0] === 22 && bytes[1] === 3) {
    if (bytes[5] === 1) yield* clientHello(bytes, stream);
    else if (bytes[5] === 2) yield* serverFlight(bytes, stream, whole);
  }
}

/** GREASE (RFC 8701) and signalling values are no suites. */
const isSignal = (code: number): boolean =>
  ((code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff)) || code === 0x00ff || code === 0x5600;

function* clientHello(bytes: Buffer, stream: Stream): Generator<Sighting> {
  const subject = subjectOf(stream, 'to');
  try {
    const body = handshakeBody(bytes);
    const legacy = body.readUInt16BE(0);
    let at = 35 + body.readUInt8(34);
    const suites: number[] = [];
    const end = at + 2 + body.readUInt16BE(at);
    for (at += 2; at < end; at += 2) suites.push(body.readUInt16BE(at));
    at += 1 + body.readUInt8(at);
    const groups: number[] = [];
    let versions: number[] = [legacy];
    if (at + 2 <= body.length) {
      for (at += 2; at + 4 <= body.length; ) {
        const type = body.readUInt16BE(at);
        const value = body.subarray(at + 4, at + 4 + body.readUInt16BE(at + 2));
        if (type === 10) for (let i = 2; i + 2 <= value.length; i += 2) groups.push(value.readUInt16BE(i));
        if (type === 43)
          versions = Array.from({ length: value.readUInt8(0) >> 1 }, (_, i) => value.readUInt16BE(1 + i * 2));
        at += 4 + value.length;
      }
    }
    const highest = Math.max(...versions.filter((code) => !isSignal(code)));
    for (const code of suites.filter((one) => !isSignal(one))) {
      const id = code.toString(16).padStart(4, '0');
      const suite = registry().suites.get(id);
      const version = suite?.kx === 'any' ? 'TLSv1.3' : WIRE_NAME[Math.min(highest, 0x0303)];
      yield {
        layer: 'tls',
        role: 'offer',
        ...(version && { version }),
        suite: id,
        ...(suite && { alg: suite.name }),
        subject,
        note: 'client',
      };
    }
    for (const code of groups.filter((one) => !isSignal(one)))
      yield groupSighting(code, undefined, subject, 'offered by the client');
  } catch {
    yield {
      layer: 'tls',
      role: 'offer',
      alg: 'ClientHello',
      state: 'not-tested',
      subject,
      note: 'a hello that could not be read',
    };
  }
}

/** Body of the first handshake message, over as many records as it takes. */
function handshakeBody(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 5 <= bytes.length && bytes[at] === 22) {
    parts.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)));
    at += 5 + bytes.readUInt16BE(at + 3);
  }
  const all = Buffer.concat(parts);
  const length = all.readUIntBE(1, 3);
  if (all.length < 4 + length) throw new RangeError('hello ends early');
  return all.subarray(4, 4 + length);
}

function groupSighting(
  code: number,
  version: string | undefined,
  subject: Sighting['subject'],
  note: string,
): Sighting {
  const group = registry().groups.get(code)?.name ?? `group ${code.toString(16)}`;
  return {
    layer: 'tls',
    role: 'kex',
    ...(version && { version }),
    alg: 'group',
    params: { group },
    ...(subject && { subject }),
    note,
  };
}

function* serverFlight(bytes: Buffer, stream: Stream, whole: boolean): Generator<Sighting> {
  const subject = subjectOf(stream, 'from');
  const reader = new FlightReader('done');
  reader.push(bytes);
  let { flight } = reader;
  if (flight.retry) {
    // The choice that counts is the second hello; it follows the retry and a change of cipher spec.
    const again = new FlightReader('done');
    const next = bytes.indexOf(Buffer.from([22, 3, 3]), 5);
    if (next > 0) again.push(bytes.subarray(next));
    if (again.flight.suite !== undefined) flight = again.flight;
  }
  const version = WIRE_NAME[flight.version ?? 0];
  if (flight.suite === undefined || version === undefined) {
    yield {
      layer: 'tls',
      role: 'select',
      alg: 'ServerHello',
      state: 'not-tested',
      subject,
      note: 'a hello that could not be read',
    };
    return;
  }
  const id = flight.suite.toString(16).padStart(4, '0');
  const suite = registry().suites.get(id);
  const note = 'chosen by the server';
  const facts =
    flight.keyExchange && suite
      ? keyExchangeFacts(flight.keyExchange, suite.kx, suite.auth, flight.version ?? 0)
      : undefined;
  const field = facts?.prime && fieldFacts(facts.prime);
  const params = field ?? (facts?.rsaBits !== undefined ? { bits: facts.rsaBits } : undefined);
  yield {
    layer: 'tls',
    role: 'select',
    version,
    suite: id,
    ...(suite && { alg: suite.name }),
    ...(params && { params }),
    subject,
    note,
  };
  if (field) yield { layer: 'tls', role: 'kex', version, alg: 'DHE', params: field, subject, note };
  const curve = facts?.curve ?? (version === 'TLSv1.3' ? flight.retryGroup : undefined);
  if (curve !== undefined) yield groupSighting(curve, version, subject, note);
  for (const [depth, der] of flight.certificates.entries()) {
    const place = depth === 0 ? 'leaf' : `chain ${depth}`;
    try {
      for (const sighting of certificateSightings(der, place)) yield { ...sighting, subject };
    } catch {
      yield {
        layer: 'cert',
        role: 'key',
        alg: 'certificate',
        state: 'not-tested',
        subject,
        note: `${place} could not be read`,
      };
    }
  }
  if (version === 'TLSv1.3') {
    yield {
      layer: 'cert',
      role: 'key',
      alg: 'certificate',
      state: 'not-tested',
      subject,
      note: 'TLS 1.3 encrypts the certificate',
    };
  } else if (!flight.done && flight.certificates.length === 0 && suite?.auth !== 'anon' && suite?.auth !== 'PSK') {
    const why = whole ? 'the session was resumed' : 'the capture has a gap';
    yield {
      layer: 'cert',
      role: 'key',
      alg: 'certificate',
      state: 'not-tested',
      subject,
      note: `${why}: no certificate was seen`,
    };
  }
}
