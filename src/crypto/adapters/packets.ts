import { MalformedEvidence } from '../der.ts';

/** One TCP segment or UDP datagram of a capture. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly udp: boolean;
  /** TCP sequence number of the first payload byte. */
  readonly sequence: number;
  readonly syn: boolean;
  readonly payload: Buffer;
}

/** What was passed over: fragments, captures cut short, link types that are not known. */
export interface CaptureLosses {
  cut: number;
  fragments: number;
  links: number;
}

const PCAP = new Map<number, [little: boolean]>([
  [0xa1b2c3d4, [false]],
  [0xa1b23c4d, [false]],
  [0xd4c3b2a1, [true]],
  [0x4d3cb2a1, [true]],
]);
const PCAPNG = 0x0a0d0d0a;

export function isCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 24) return false;
  const magic = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
  if (magic !== PCAPNG) return PCAP.has(magic);
  const order = [...bytes.subarray(8, 12)].map((byte) => byte.toString(16)).join();
  return order === '1a,2b,3c,4d' || order === '4d,3c,2b,1a';
}

/** Packets of a pcap (libpcap savefile) or pcapng (draft-ietf-opsawg-pcapng) file, in order. @throws MalformedEvidence */
export function* packets(bytes: Uint8Array, losses: CaptureLosses): Generator<Packet> {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { link, frame } of data.readUInt32BE(0) === PCAPNG ? blocks(data, losses) : records(data, losses)) {
    const ip = network(link, frame);
    if (ip === undefined) losses.links++;
    else yield* transport(ip, losses);
  }
}

interface Frame {
  readonly link: number;
  readonly frame: Buffer;
}

function* records(data: Buffer, losses: CaptureLosses): Generator<Frame> {
  const little = PCAP.get(data.readUInt32BE(0))?.[0];
  if (little === undefined) throw new MalformedEvidence('no capture');
  const u32 = (at: number): number => (little ? data.readUInt32LE(at) : data.readUInt32BE(at));
  const link = u32(20) & 0xffff;
  for (let at = 24; at < data.length; ) {
    if (at + 16 > data.length) {
      losses.cut++;
      return;
    }
    const [captured, original] = [u32(at + 8), u32(at + 12)];
    if (captured < original) losses.cut++;
    if (captured > 0x400000 || at + 16 + captured > data.length) {
      losses.cut++;
      return;
    }
    yield { link, frame: data.subarray(at + 16, at + 16 + captured) };
    at += 16 + captured;
  }
}

function* blocks(data: Buffer, losses: CaptureLosses): Generator<Frame> {
  let little = false;
  let links: number[] = [];
  for (let at = 0; at + 12 <= data.length; ) {
    const section = data.readUInt32BE(at) === PCAPNG;
    if (section) {
      little = data.readUInt32BE(at + 8) === 0x4d3c2b1a;
      links = [];
    }
    const u32 = (offset: number): number => (little ? data.readUInt32LE(offset) : data.readUInt32BE(offset));
    const type = section ? PCAPNG : u32(at);
    const length = u32(at + 4);
    if (length < 12 || length % 4 !== 0 || at + length > data.length) {
      losses.cut++;
      return;
    }
    if (type === 1 && length >= 20) links.push(little ? data.readUInt16LE(at + 8) : data.readUInt16BE(at + 8));
    else if (type === 6 && length >= 32) {
      const captured = u32(at + 20);
      if (captured < u32(at + 24)) losses.cut++;
      if (captured <= length - 32)
        yield { link: links[u32(at + 8)] ?? -1, frame: data.subarray(at + 28, at + 28 + captured) };
      else losses.cut++;
    } else if (type === 3 && length >= 16) {
      const captured = Math.min(u32(at + 8), length - 16);
      if (captured < u32(at + 8)) losses.cut++;
      yield { link: links[0] ?? -1, frame: data.subarray(at + 12, at + 12 + captured) };
    }
    at += length;
  }
}

/** The IP packet in a frame, by link type (tcpdump.org/linktypes). */
function network(link: number, frame: Buffer): Buffer | undefined {
  const isIp = (type: number): boolean => type === 0x0800 || type === 0x86dd;
  if (link === 1) {
    let at = 12;
    while (at + 4 <= frame.length && [0x8100, 0x88a8].includes(frame.readUInt16BE(at))) at += 4;
    return at + 2 <= frame.length && isIp(frame.readUInt16BE(at)) ? frame.subarray(at + 2) : undefined;
  }
  if (link === 113) return frame.length > 16 && isIp(frame.readUInt16BE(14)) ? frame.subarray(16) : undefined;
  if (link === 276) return frame.length > 20 && isIp(frame.readUInt16BE(0)) ? frame.subarray(20) : undefined;
  if (link === 0 || link === 108) return frame.length > 4 ? frame.subarray(4) : undefined;
  return [12, 14, 101, 228, 229].includes(link) ? frame : undefined;
}

function* transport(ip: Buffer, losses: CaptureLosses): Generator<Packet> {
  const version = ip.length > 0 ? ip[0]! >> 4 : 0;
  if (version === 4 && ip.length >= 20) {
    const head = (ip[0]! & 15) * 4;
    const total = ip.readUInt16BE(2) || ip.length;
    if (ip.readUInt16BE(6) & 0x3fff) losses.fragments++;
    else yield* segment(ip[9]!, ip.subarray(head, Math.min(total, ip.length)), dotted(ip, 12), dotted(ip, 16));
  } else if (version === 6 && ip.length >= 40) {
    let next = ip[6]!;
    let at = 40;
    while ([0, 43, 60].includes(next) && at + 8 <= ip.length) {
      next = ip[at]!;
      at += 8 + ip[at + 1]! * 8;
    }
    if (next === 44) losses.fragments++;
    else
      yield* segment(
        next,
        ip.subarray(at, Math.min(40 + ip.readUInt16BE(4), ip.length)),
        colons(ip, 8),
        colons(ip, 24),
      );
  }
}

const dotted = (ip: Buffer, at: number): string => ip.subarray(at, at + 4).join('.');
const colons = (ip: Buffer, at: number): string =>
  Array.from({ length: 8 }, (_, i) => ip.readUInt16BE(at + i * 2).toString(16)).join(':');

function* segment(protocol: number, body: Buffer, from: string, to: string): Generator<Packet> {
  if (protocol === 17 && body.length >= 8) {
    yield {
      from,
      to,
      fromPort: body.readUInt16BE(0),
      toPort: body.readUInt16BE(2),
      udp: true,
      sequence: 0,
      syn: false,
      payload: body.subarray(8),
    };
  } else if (protocol === 6 && body.length >= 20) {
    const head = (body[12]! >> 4) * 4;
    const syn = (body[13]! & 2) !== 0;
    const sequence = (body.readUInt32BE(4) + (syn ? 1 : 0)) >>> 0;
    yield {
      from,
      to,
      fromPort: body.readUInt16BE(0),
      toPort: body.readUInt16BE(2),
      udp: false,
      sequence,
      syn,
      payload: body.subarray(head),
    };
  }
}

/** The beginning of one direction of a TCP connection. */
export interface Stream {
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly bytes: Buffer;
  /** False where a gap stops the bytes, or the beginning was not captured. */
  readonly whole: boolean;
}

/** More than any handshake needs. */
const MAX_STREAM = 256 * 1024;
const MAX_STREAMS = 100_000;

/** Puts TCP segments in order, drops repeats, stops at a gap. */
export class Reassembly {
  readonly #flows = new Map<
    string,
    { first: Packet; begun: boolean; base: number; held: number; parts: { at: number; payload: Buffer }[] }
  >();

  add(packet: Packet): void {
    const key = `${packet.from} ${packet.fromPort} ${packet.to} ${packet.toPort}`;
    const known = this.#flows.get(key);
    if (!known || (packet.syn && known.begun && packet.sequence !== known.base)) {
      if (this.#flows.size >= MAX_STREAMS) return;
      // A port used again begins a new connection: the older one is kept under a name of its own.
      if (known) this.#flows.set(`${key} ${this.#flows.size}`, known);
      const parts = packet.payload.length > 0 ? [{ at: 0, payload: packet.payload }] : [];
      this.#flows.set(key, {
        first: packet,
        begun: packet.syn,
        base: packet.sequence,
        held: packet.payload.length,
        parts,
      });
      return;
    }
    if (packet.payload.length === 0 || known.held > MAX_STREAM) return;
    const at = (packet.sequence - known.base) | 0;
    known.held += packet.payload.length;
    known.parts.push({ at, payload: packet.payload });
  }

  *streams(): Generator<Stream> {
    for (const { first, begun, parts } of this.#flows.values()) {
      const ordered = parts.toSorted((a, b) => a.at - b.at);
      const chunks: Buffer[] = [];
      let next = begun ? 0 : (ordered[0]?.at ?? 0);
      let whole = begun;
      for (const { at, payload } of ordered) {
        if (at > next) {
          whole = false;
          break;
        }
        if (at + payload.length <= next) continue;
        chunks.push(payload.subarray(next - at));
        next = at + payload.length;
      }
      const { from, to, fromPort, toPort } = first;
      yield { from, to, fromPort, toPort, bytes: Buffer.concat(chunks), whole };
    }
  }
}
