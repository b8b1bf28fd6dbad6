import { ikeGroup } from '../atom.ts';
import type { ObservationSubject, Sighting } from '../observation.ts';

/** IANA, IKEv2 Transform Type 1. */
const ENCR: Readonly<Record<number, string>> = {
  1: 'DES-CBC',
  2: 'DES-CBC',
  3: '3DES-CBC',
  4: 'RC5',
  5: 'IDEA',
  6: 'CAST',
  7: 'BLOWFISH',
  9: 'DES-CBC',
  11: 'NULL',
  12: 'AES-CBC',
  13: 'AES-CTR',
  14: 'AES-CCM',
  15: 'AES-CCM',
  16: 'AES-CCM',
  18: 'AES-GCM',
  19: 'AES-GCM',
  20: 'AES-GCM',
  23: 'CAMELLIA-CBC',
  24: 'CAMELLIA-CTR',
  25: 'CAMELLIA-CCM',
  28: 'CHACHA20-POLY1305',
};
/** IANA, IKEv2 Transform Type 2. */
const PRF: Readonly<Record<number, string>> = {
  1: 'HMAC-MD5',
  2: 'HMAC-SHA1',
  4: 'AES-XCBC',
  5: 'HMAC-SHA256',
  6: 'HMAC-SHA384',
  7: 'HMAC-SHA512',
  8: 'AES-CMAC',
};
/** IANA, IKEv2 Transform Type 3. */
const INTEG: Readonly<Record<number, string>> = {
  1: 'HMAC-MD5-96',
  2: 'HMAC-SHA1-96',
  5: 'AES-XCBC-96',
  6: 'HMAC-MD5-128',
  7: 'HMAC-SHA1-160',
  8: 'AES-CMAC-96',
  9: 'AES-GMAC',
  10: 'AES-GMAC',
  11: 'AES-GMAC',
  12: 'HMAC-SHA256-128',
  13: 'HMAC-SHA384-192',
  14: 'HMAC-SHA512-256',
};
/** IANA, IPsec registry (IKEv1), attribute 1 and 2. */
const ENCR_V1: Readonly<Record<number, string>> = {
  1: 'DES-CBC',
  2: 'IDEA-CBC',
  3: 'BLOWFISH-CBC',
  4: 'RC5-CBC',
  5: '3DES-CBC',
  6: 'CAST-CBC',
  7: 'AES-CBC',
  8: 'CAMELLIA-CBC',
};
const HASH_V1: Readonly<Record<number, string>> = { 1: 'MD5', 2: 'SHA-1', 4: 'SHA-256', 5: 'SHA-384', 6: 'SHA-512' };
const PSK_V1 = new Set([1, 65001]);

/** Proposals in the first messages of IKE (RFC 7296 s.3, RFC 2408 s.3), which are in clear. */
export function* ikeSightings(message: Buffer, place: (responds: boolean) => ObservationSubject): Generator<Sighting> {
  if (message.length < 28 || message.readUInt32BE(24) > message.length) return;
  const major = message[17]! >> 4;
  const exchange = message[18]!;
  const second = major === 2 ? (message[19]! & 0x20) !== 0 : message.readBigUInt64BE(8) !== 0n;
  const subject = place(second);
  const note = second ? 'chosen by the responder' : 'offered by the initiator';
  const first = (major === 2 && exchange === 34) || (major === 1 && (exchange === 2 || exchange === 4));
  if (!first) return;
  const base = { subject, note };
  yield { layer: 'ike', role: 'offer', version: `v${major}`, ...base };
  try {
    for (const { type, body } of payloads(message)) {
      if (major === 2 && type === 33) yield* proposalsV2(body, base);
      if (major === 1 && type === 1) yield* proposalsV1(body, base);
    }
  } catch {
    yield {
      layer: 'ike',
      role: 'offer',
      alg: 'proposal',
      state: 'not-tested',
      subject,
      note: 'a proposal that could not be read',
    };
  }
}

type Base = Pick<Sighting, 'subject' | 'note'>;

function* payloads(message: Buffer): Generator<{ type: number; body: Buffer }> {
  let type = message[16]!;
  for (let at = 28; type !== 0 && at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    if (length < 4 || at + length > message.length) throw new RangeError('payload reaches past the message');
    yield { type, body: message.subarray(at + 4, at + length) };
    type = message[at]!;
    at += length;
  }
}

/** Substructures that say of themselves whether another follows. */
function* chain(body: Buffer, at: number): Generator<Buffer> {
  for (let more = true; more && at + 8 <= body.length; ) {
    const length = body.readUInt16BE(at + 2);
    if (length < 8 || at + length > body.length) throw new RangeError('substructure reaches past its parent');
    yield body.subarray(at, at + length);
    more = body[at] !== 0;
    at += length;
  }
}

/** Key length (attribute 14) of a transform, 0 if it has none. */
function attributes(transform: Buffer): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = 8; at + 4 <= transform.length; ) {
    const type = transform.readUInt16BE(at);
    if (type & 0x8000) {
      found.set(type & 0x7fff, transform.readUInt16BE(at + 2));
      at += 4;
    } else at += 4 + transform.readUInt16BE(at + 2);
  }
  return found;
}

const sized = (bits: number | undefined): { params?: { bits: number } } => (bits ? { params: { bits } } : {});

function unread(layer: 'ike' | 'esp', base: Base): Sighting {
  return { layer, role: 'offer', alg: 'transform', state: 'not-tested', ...base };
}

function* proposalsV2(body: Buffer, base: Base): Generator<Sighting> {
  for (const proposal of chain(body, 0)) {
    const layer = proposal[5] === 1 ? 'ike' : 'esp';
    for (const transform of chain(proposal, 8 + proposal[6]!)) {
      const [type, id] = [transform[4]!, transform.readUInt16BE(6)];
      const group = ikeGroup(id);
      if (type === 1)
        yield ENCR[id]
          ? { layer, role: 'offer', alg: ENCR[id], ...sized(attributes(transform).get(14)), ...base }
          : unread(layer, base);
      else if (type === 2) yield PRF[id] ? { layer, role: 'prf', alg: PRF[id], ...base } : unread(layer, base);
      else if (type === 3 && id !== 0)
        yield INTEG[id] ? { layer, role: 'mac', alg: INTEG[id], ...base } : unread(layer, base);
      else if (type === 4 && id !== 0)
        yield group
          ? { layer, role: 'kex', alg: group.group, params: { group: group.group }, ...base }
          : unread(layer, base);
    }
  }
}

function* proposalsV1(body: Buffer, base: Base): Generator<Sighting> {
  for (const proposal of chain(body, 8)) {
    for (const transform of chain(proposal, 8 + proposal[6]!)) {
      const found = attributes(transform);
      const cipher = ENCR_V1[found.get(1) ?? 0];
      yield cipher
        ? { layer: 'ike', role: 'offer', alg: cipher, ...sized(found.get(14)), ...base }
        : unread('ike', base);
      const hash = HASH_V1[found.get(2) ?? 0];
      yield hash ? { layer: 'ike', role: 'prf', alg: `HMAC-${hash}`, ...base } : unread('ike', base);
      const group = ikeGroup(found.get(4) ?? 0);
      yield group
        ? { layer: 'ike', role: 'kex', alg: group.group, params: { group: group.group }, ...base }
        : unread('ike', base);
      if (PSK_V1.has(found.get(3) ?? 0)) yield { layer: 'ike', role: 'key', alg: 'PSK', ...base };
    }
  }
}
