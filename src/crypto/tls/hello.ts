import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

/** Wire versions: RFC 8446 s.4.2.1 and before. */
export const WIRE_VERSION = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;
export type RecordVersion = keyof typeof WIRE_VERSION;

export interface HelloShape {
  readonly version: RecordVersion;
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly servername: string | undefined;
  /** Offer DEFLATE beside null. */
  readonly compression?: boolean;
}

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const list16 = (values: readonly number[]): number[] => [...u16(values.length * 2), ...values.flatMap(u16)];

function extension(type: number, body: readonly number[]): number[] {
  return [...u16(type), ...u16(body.length), ...body];
}

/**
 * A ClientHello in its record. SSLv3 has no extensions. For TLS 1.3 the key share is empty (RFC 8446 s.4.2.8): a server
 * that would agree names its suite and group in a HelloRetryRequest, and no key has to be computed.
 */
export function clientHello(shape: HelloShape): Buffer {
  const wire = WIRE_VERSION[shape.version];
  const legacy = Math.min(wire, 0x0303);
  const extensions = shape.version === 'SSLv3' ? [] : helloExtensions(shape);
  const session = shape.version === 'TLSv1.3' ? randomBytes(32) : Buffer.alloc(0);
  const body = Buffer.from([
    ...u16(legacy),
    ...randomBytes(32),
    session.length,
    ...session,
    ...list16(shape.suites),
    ...(shape.compression ? [2, 1, 0] : [1, 0]),
    ...(extensions.length > 0 ? [...u16(extensions.length), ...extensions] : []),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0, ...u16(body.length)]), body]);
  const recordVersion = wire === 0x0300 ? 0x0300 : 0x0301;
  return Buffer.concat([Buffer.from([22, ...u16(recordVersion), ...u16(message.length)]), message]);
}

function helloExtensions({ version, groups, signatureSchemes, servername }: HelloShape): number[] {
  const out: number[] = [];
  if (servername !== undefined && servername !== '' && isIP(servername) === 0) {
    const name = [...Buffer.from(servername, 'latin1')];
    out.push(...extension(0, [...u16(name.length + 3), 0, ...u16(name.length), ...name]));
  }
  if (groups.length > 0) out.push(...extension(10, list16(groups)), ...extension(11, [1, 0]));
  if (version === 'TLSv1.2' || version === 'TLSv1.3') out.push(...extension(13, list16(signatureSchemes)));
  out.push(...extension(5, [1, 0, 0, 0, 0])); // status_request: OCSP
  if (version === 'TLSv1.3') {
    out.push(...extension(43, [2, 3, 4]), ...extension(45, [1, 1]), ...extension(51, [0, 0]));
  } else {
    // encrypt_then_mac, extended_master_secret, renegotiation_info
    out.push(...extension(22, []), ...extension(23, []), ...extension(0xff01, [0]));
  }
  return out;
}

/** CLIENT-HELLO of SSL 2.0 (Netscape, 1995, s.2.5) with 3-byte cipher kinds. */
export function sslv2Hello(kinds: readonly number[]): Buffer {
  const ciphers = kinds.flatMap((kind) => [kind >> 16, (kind >> 8) & 0xff, kind & 0xff]);
  const body = Buffer.from([1, 0, 2, ...u16(ciphers.length), 0, 0, 0, 16, ...ciphers, ...randomBytes(16)]);
  return Buffer.concat([Buffer.from(u16(0x8000 | body.length)), body]);
}
