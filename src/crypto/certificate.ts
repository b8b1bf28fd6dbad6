import { children, content, type Element, element, integerBits, MalformedEvidence, oid } from './der.ts';
import type { Sighting } from './observation.ts';

interface PublicKey {
  readonly alg: string;
  readonly bits?: number;
  readonly curve?: string;
}

/** What a certificate says of its cryptography. */
export interface CertificateFacts {
  readonly key: PublicKey;
  readonly signature: { readonly alg: string; readonly hash?: string; readonly padding?: string };
  /** ISO days. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly selfIssued: boolean;
  readonly isCa: boolean;
}

const CURVES: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.132.0.33': 'P-224',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
  '1.3.132.0.8': 'secp160r1',
  '1.3.132.0.9': 'secp160k1',
  '1.3.132.0.30': 'secp160r2',
  '1.3.132.0.31': 'secp192k1',
  '1.3.132.0.32': 'secp224k1',
  '1.3.132.0.1': 'sect163k1',
  '1.3.132.0.15': 'sect163r2',
  '1.3.132.0.26': 'sect233k1',
  '1.3.132.0.27': 'sect233r1',
  '1.3.132.0.16': 'sect283k1',
  '1.3.132.0.17': 'sect283r1',
  '1.3.132.0.36': 'sect409k1',
  '1.3.132.0.37': 'sect409r1',
  '1.3.132.0.38': 'sect571k1',
  '1.3.132.0.39': 'sect571r1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
  '1.2.156.10197.1.301': 'SM2',
};

const HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.2': 'MD2',
  '1.2.840.113549.2.4': 'MD4',
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
};

type SignatureName = readonly [alg: string, hash?: string];
const SIGNATURES: Readonly<Record<string, SignatureName>> = {
  '1.2.840.113549.1.1.2': ['RSA', 'MD2'],
  '1.2.840.113549.1.1.3': ['RSA', 'MD4'],
  '1.2.840.113549.1.1.4': ['RSA', 'MD5'],
  '1.2.840.113549.1.1.5': ['RSA', 'SHA-1'],
  '1.3.14.3.2.29': ['RSA', 'SHA-1'],
  '1.2.840.113549.1.1.14': ['RSA', 'SHA-224'],
  '1.2.840.113549.1.1.11': ['RSA', 'SHA-256'],
  '1.2.840.113549.1.1.12': ['RSA', 'SHA-384'],
  '1.2.840.113549.1.1.13': ['RSA', 'SHA-512'],
  '2.16.840.1.101.3.4.3.14': ['RSA', 'SHA3-256'],
  '2.16.840.1.101.3.4.3.15': ['RSA', 'SHA3-384'],
  '2.16.840.1.101.3.4.3.16': ['RSA', 'SHA3-512'],
  '1.2.840.10040.4.3': ['DSA', 'SHA-1'],
  '2.16.840.1.101.3.4.3.1': ['DSA', 'SHA-224'],
  '2.16.840.1.101.3.4.3.2': ['DSA', 'SHA-256'],
  '2.16.840.1.101.3.4.3.3': ['DSA', 'SHA-384'],
  '2.16.840.1.101.3.4.3.4': ['DSA', 'SHA-512'],
  '1.2.840.10045.4.1': ['ECDSA', 'SHA-1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'SHA-224'],
  '1.2.840.10045.4.3.2': ['ECDSA', 'SHA-256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'SHA-384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'SHA-512'],
  '2.16.840.1.101.3.4.3.10': ['ECDSA', 'SHA3-256'],
  '1.3.101.112': ['Ed25519'],
  '1.3.101.113': ['Ed448'],
  '1.3.101.110': ['X25519'],
  '1.3.101.111': ['X448'],
  '2.16.840.1.101.3.4.3.17': ['ML-DSA-44'],
  '2.16.840.1.101.3.4.3.18': ['ML-DSA-65'],
  '2.16.840.1.101.3.4.3.19': ['ML-DSA-87'],
  '1.2.156.10197.1.501': ['SM2', 'SM3'],
  '1.2.643.7.1.1.3.2': ['GOST', 'GOST'],
  '1.2.643.7.1.1.3.3': ['GOST', 'GOST'],
  '1.2.643.2.2.3': ['GOST', 'GOST'],
};

/** Reads the fields of an X.509 certificate (RFC 5280) that cryptography is judged by. @throws MalformedEvidence */
export function certificateFacts(der: Uint8Array): CertificateFacts {
  const certificate = element(der, 0);
  const [body, outer] = children(certificate);
  if (certificate.tag !== 0x30 || body?.tag !== 0x30 || outer?.tag !== 0x30)
    throw new MalformedEvidence('no certificate');
  const fields = children(body);
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [, , issuer, validity, subject, key] = fields.slice(at);
  if (!issuer || !validity || !subject || !key) throw new MalformedEvidence('no certificate', body.at);
  const [notBefore, notAfter] = children(validity);
  if (!notBefore || !notAfter) throw new MalformedEvidence('no validity', validity.at);
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  return {
    key: publicKey(key),
    signature: signatureOf(outer),
    notBefore: day(notBefore),
    notAfter: day(notAfter),
    selfIssued: Buffer.compare(whole(issuer), whole(subject)) === 0,
    isCa: extensions !== undefined && basicConstraintsCa(extensions),
  };
}

function whole({ bytes, at, end }: Element): Uint8Array {
  return bytes.subarray(at, end);
}

function basicConstraintsCa(wrapper: Element): boolean {
  const [list] = children(wrapper);
  for (const extension of list ? children(list) : []) {
    const parts = children(extension);
    if (oid(parts[0]) !== '2.5.29.19') continue;
    const value = parts.at(-1);
    if (value?.tag !== 0x04) return false;
    const [flag] = children(element(value.bytes, value.start, value.end));
    return flag?.tag === 0x01 && content(flag)[0] !== 0;
  }
  return false;
}

/** SubjectPublicKeyInfo. */
function publicKey(info: Element): PublicKey {
  const [algorithm, bitString] = children(info);
  if (!algorithm || bitString?.tag !== 0x03) throw new MalformedEvidence('no public key', info.at);
  const [name, parameters] = children(algorithm);
  const id = oid(name);
  if (id === '1.2.840.113549.1.1.1' || id === '1.2.840.113549.1.1.10') {
    const [modulus] = children(element(bitString.bytes, bitString.start + 1, bitString.end));
    if (!modulus) throw new MalformedEvidence('no modulus', bitString.at);
    return { alg: id.endsWith('.10') ? 'RSA-PSS' : 'RSA', bits: integerBits(modulus) };
  }
  if (id === '1.2.840.10045.2.1') return ecKey(parameters);
  if (id === '1.2.840.10040.4.1' || id === '1.2.840.113549.1.3.1' || id === '1.2.840.10046.2.1') {
    const [prime] = parameters?.tag === 0x30 ? children(parameters) : [];
    return { alg: id === '1.2.840.10040.4.1' ? 'DSA' : 'DH', ...(prime && { bits: integerBits(prime) }) };
  }
  const known = SIGNATURES[id];
  if (known) return { alg: known[0] };
  if (id.startsWith('1.2.643.')) return { alg: 'GOST' };
  return { alg: `oid ${id}` };
}

function ecKey(parameters: Element | undefined): PublicKey {
  const named = CURVES[oid(parameters)];
  if (named) return { alg: 'ECDSA', curve: named };
  if (parameters?.tag !== 0x30) return { alg: 'ECDSA' };
  // Curve written out: its order tells the strength (SEC 1, C.2: version, fieldID, curve, base, order).
  const order = children(parameters)[4];
  return { alg: 'ECDSA', curve: 'explicit', ...(order && { bits: integerBits(order) }) };
}

function signatureOf(algorithm: Element): CertificateFacts['signature'] {
  const [name, parameters] = children(algorithm);
  const id = oid(name);
  if (id === '1.2.840.113549.1.1.10') {
    // RFC 4055 s.3.1: hashAlgorithm [0] defaults to SHA-1.
    const hash = parameters?.tag === 0x30 ? children(parameters).find(({ tag }) => tag === 0xa0) : undefined;
    const [algorithmId] = hash ? children(hash) : [];
    const found = algorithmId ? HASHES[oid(children(algorithmId)[0])] : 'SHA-1';
    return { alg: 'RSA', padding: 'PSS', ...(found !== undefined && { hash: found }) };
  }
  const known = SIGNATURES[id];
  if (!known) return { alg: `oid ${id}` };
  const padding = known[0] === 'RSA' ? 'PKCS1-v1.5' : undefined;
  return { alg: known[0], ...(known[1] !== undefined && { hash: known[1] }), ...(padding && { padding }) };
}

/** Day of a UTCTime or GeneralizedTime (RFC 5280 s.4.1.2.5). */
function day(time: Element): string {
  const text = Buffer.from(content(time)).toString('latin1');
  const found = time.tag === 0x17 ? /^(\d\d)(\d\d)(\d\d)/.exec(text) : /^(\d{4})(\d\d)(\d\d)/.exec(text);
  if (!found) throw new MalformedEvidence('time that is no time', time.at);
  const year = time.tag === 0x17 ? (Number(found[1]) < 50 ? `20${found[1]}` : `19${found[1]}`) : found[1];
  return `${year}-${found[2]}-${found[3]}`;
}

/** A certificate as sightings: its key, the signature on it, its validity. */
export function certificateSightings(der: Uint8Array, place: string): Sighting[] {
  const { key, signature, notBefore, notAfter, selfIssued, isCa } = certificateFacts(der);
  const { bits, curve } = key;
  const size = { ...(bits !== undefined && { bits }), ...(curve !== undefined && { curve }) };
  const { hash, padding } = signature;
  // A root's signature on itself protects nothing: it is a trust anchor, and only ever verified.
  const anchor = selfIssued && isCa;
  return [
    { layer: 'cert', role: 'key', alg: key.alg, params: size, note: place },
    {
      layer: 'cert',
      role: 'signature',
      alg: signature.alg,
      params: { ...(hash !== undefined && { hash }), ...(padding !== undefined && { padding }) },
      direction: anchor ? 'process' : 'apply',
      note: anchor ? `${place}, trust anchor` : place,
    },
    { layer: 'cert', role: 'offer', alg: `validity ${notBefore}/${notAfter}`, note: place },
  ];
}
