import { certificateSightings } from '../certificate.ts';
import { children, content, type Element, element, MalformedEvidence, oid, smallInteger } from '../der.ts';
import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';

/** Ways PKCS#12 encrypts (RFC 7292 App. C, RFC 8018), by object identifier. */
const PBE: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128',
  '1.2.840.113549.1.12.1.2': 'RC4-40',
  '1.2.840.113549.1.12.1.3': '3DES-CBC',
  '1.2.840.113549.1.12.1.4': '2TDEA-CBC',
  '1.2.840.113549.1.12.1.5': 'RC2-128',
  '1.2.840.113549.1.12.1.6': 'RC2-40',
  '1.2.840.113549.1.5.3': 'DES-CBC',
  '1.2.840.113549.1.5.10': 'DES-CBC',
  '1.2.840.113549.1.5.6': 'RC2-40',
  '1.2.840.113549.1.5.11': 'RC2-40',
};
const CIPHERS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.1.2': 'AES-128-CBC',
  '2.16.840.1.101.3.4.1.22': 'AES-192-CBC',
  '2.16.840.1.101.3.4.1.42': 'AES-256-CBC',
  '2.16.840.1.101.3.4.1.6': 'AES-128-GCM',
  '2.16.840.1.101.3.4.1.46': 'AES-256-GCM',
  '1.2.840.113549.3.7': '3DES-CBC',
  '1.2.840.113549.3.2': 'RC2-128',
  '1.3.14.3.2.7': 'DES-CBC',
};
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'HMAC-SHA1',
  '1.2.840.113549.2.8': 'HMAC-SHA224',
  '1.2.840.113549.2.9': 'HMAC-SHA256',
  '1.2.840.113549.2.10': 'HMAC-SHA384',
  '1.2.840.113549.2.11': 'HMAC-SHA512',
};
const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'HMAC-MD5',
  '1.3.14.3.2.26': 'HMAC-SHA1',
  '2.16.840.1.101.3.4.2.4': 'HMAC-SHA224',
  '2.16.840.1.101.3.4.2.1': 'HMAC-SHA256',
  '2.16.840.1.101.3.4.2.2': 'HMAC-SHA384',
  '2.16.840.1.101.3.4.2.3': 'HMAC-SHA512',
};

/** PKCS#12 (RFC 7292): how it is protected, and the certificates that lie open in it. No password is asked for or tried. */
export const pkcs12Adapter: Adapter = {
  type: 'pkcs12',
  version: '1',
  detect: ({ bytes }) => isPfx(bytes),
  read: ({ bytes }) => [...pfx(bytes)],
};

/** SEQUENCE { INTEGER 3, SEQUENCE { OID pkcs7-..., ... } ... } */
function isPfx(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 32) return false;
  try {
    const [version, safe] = children(element(bytes, 0));
    return (
      version?.tag === 0x02 &&
      smallInteger(version) === 3 &&
      safe?.tag === 0x30 &&
      oid(children(safe)[0]).startsWith('1.2.840.113549.1.7.')
    );
  } catch {
    return false;
  }
}

function* pfx(bytes: Uint8Array): Generator<Sighting> {
  const [, safe, mac] = children(element(bytes, 0));
  const data = contentOf(safe!, DATA);
  const found: Sighting[] = [];
  if (data) {
    for (const info of children(element(data.bytes, data.start, data.end))) found.push(...safeContents(info));
  } else found.push(unread('the outer layer is not plain data'));
  if (mac) found.push(...macData(mac));
  else
    found.push({ layer: 'cert', role: 'mac', alg: 'no integrity', state: 'not-tested', note: 'PKCS#12 without a MAC' });
  yield* found;
  if (!found.some(({ layer, role }) => layer === 'cert' && role === 'key'))
    yield unread('its certificates are encrypted, so that they were not seen');
}

function unread(note: string): Sighting {
  return { layer: 'cert', role: 'key', alg: 'PKCS#12', state: 'not-tested', note };
}

/** The OCTET STRING inside a ContentInfo of the type. */
function contentOf(info: Element, type: string): Element | undefined {
  const [name, wrapper] = children(info);
  if (oid(name) !== type || !wrapper) return undefined;
  const [inner] = children(wrapper);
  return inner?.tag === 0x04 ? inner : undefined;
}

function* safeContents(info: Element): Generator<Sighting> {
  const [name, wrapper] = children(info);
  if (oid(name) === ENCRYPTED_DATA && wrapper) {
    const [encrypted] = children(wrapper);
    const [, inner] = encrypted ? children(encrypted) : [];
    const [, algorithm] = inner ? children(inner) : [];
    if (algorithm) yield* encryption(algorithm, 'certificates');
    yield unread('a part of it is encrypted, so that its certificates were not seen');
    return;
  }
  const data = contentOf(info, DATA);
  if (!data) return;
  for (const bag of children(element(data.bytes, data.start, data.end))) {
    const [type, value] = children(bag);
    if (oid(type) === '1.2.840.113549.1.12.10.1.2' && value) {
      const [key] = children(value);
      const [algorithm] = key ? children(key) : [];
      if (algorithm) yield* encryption(algorithm, 'private key');
    } else if (oid(type) === '1.2.840.113549.1.12.10.1.1') {
      yield { layer: 'cert', role: 'offer', alg: 'NULL', note: 'a private key lies in it without encryption' };
    } else if (oid(type) === '1.2.840.113549.1.12.10.1.3' && value) {
      const [certBag] = children(value);
      const [, holder] = certBag ? children(certBag) : [];
      const [octets] = holder ? children(holder) : [];
      if (octets?.tag === 0x04) yield* certificateSightings(content(octets), 'certificate');
    }
  }
}

/** AlgorithmIdentifier of a password-based encryption, as cipher and key derivation. */
function* encryption(algorithm: Element, what: string): Generator<Sighting> {
  const [name, parameters] = children(algorithm);
  const id = oid(name);
  const note = `${what} of a PKCS#12 file`;
  if (id === '1.2.840.113549.1.5.13' && parameters) {
    const [kdf, cipher] = children(parameters);
    const [, kdfParameters] = kdf ? children(kdf) : [];
    const prf = kdfParameters ? children(kdfParameters).find(({ tag }) => tag === 0x30) : undefined;
    const prfName = prf ? (PRFS[oid(children(prf)[0])] ?? 'PRF of no known name') : 'HMAC-SHA1';
    yield { layer: 'cert', role: 'prf', alg: prfName, note };
    const cipherName = cipher ? CIPHERS[oid(children(cipher)[0])] : undefined;
    yield sealed(cipherName, note);
  } else {
    yield sealed(PBE[id], note);
    yield { layer: 'cert', role: 'prf', alg: 'PKCS12-KDF', note };
  }
}

function sealed(alg: string | undefined, note: string): Sighting {
  return { layer: 'cert', role: 'offer', alg: alg ?? 'encryption of no known name', note };
}

function* macData(mac: Element): Generator<Sighting> {
  const [digestInfo] = children(mac);
  const [algorithm] = digestInfo ? children(digestInfo) : [];
  const name = algorithm ? DIGESTS[oid(children(algorithm)[0])] : undefined;
  yield { layer: 'cert', role: 'mac', alg: name ?? 'MAC of no known name', note: 'integrity of a PKCS#12 file' };
}

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;

/** Java key stores JKS and JCEKS: certificates are open in them; private keys are sealed in a way of Sun's own. */
export const jksAdapter: Adapter = {
  type: 'jks',
  version: '1',
  detect: ({ bytes }) => bytes.length > 12 && [JKS, JCEKS].includes(view(bytes).getUint32(0)),
  read: ({ bytes }) => [...jks(bytes)],
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function* jks(bytes: Uint8Array): Generator<Sighting> {
  const data = view(bytes);
  let at = 0;
  const take = (count: number): number => {
    const start = at;
    at += count;
    if (at > bytes.length) throw new MalformedEvidence('key store ends early', start);
    return start;
  };
  const u32 = (): number => data.getUint32(take(4));
  const text = (): void => void take(data.getUint16(take(2)));
  const old = u32() === JKS;
  const version = u32();
  const count = u32();
  if (count > 100_000) throw new MalformedEvidence('key store with too many entries', 8);
  // JKS is sealed with a digest of password and content by SHA-1, which is no MAC that is approved.
  yield { layer: 'cert', role: 'mac', alg: 'JKS-DIGEST', note: 'integrity of a Java key store' };
  let number = 0;
  const certificate = function* (): Generator<Sighting> {
    if (version === 2) text();
    const length = u32();
    const der = bytes.subarray(take(length), at);
    yield* certificateSightings(der, `certificate ${++number}`);
  };
  for (let entry = 0; entry < count; entry++) {
    const tag = u32();
    text();
    take(8);
    if (tag === 1) {
      take(u32());
      const alg = old ? 'JKS-CIPHER' : '3DES-CBC';
      yield { layer: 'cert', role: 'offer', alg, note: `private key of entry ${entry + 1}` };
      for (let left = u32(); left > 0; left--) yield* certificate();
    } else if (tag === 2) yield* certificate();
    else {
      yield {
        layer: 'cert',
        role: 'key',
        alg: 'key store',
        state: 'not-tested',
        note: `entry ${entry + 1} and those after it are of a kind that is not read`,
      };
      return;
    }
  }
}
