import { type Atom, cipherAtom, hashName, macAtom, namedGroup } from './atom.ts';
import type { CryptoObservation } from './observation.ts';
import { registry, type Suite } from './registry.ts';

/** The atoms an observation is made of; one of kind `unrecognised` where its words say nothing we know. */
export function atomsOf(observation: CryptoObservation): Atom[] {
  const { layer, role, suite, version, alg } = observation;
  if (suite !== undefined) {
    const found = registry().suites.get(suite.toLowerCase().replace(/^0x/, ''));
    if (found === undefined) return [{ kind: 'unrecognised', alg: `suite ${suite}` }];
    return suiteAtoms(found, observation);
  }
  const named = layer === 'tls' && (role === 'select' || role === 'offer') ? suiteByName(alg) : undefined;
  if (named) return suiteAtoms(named, observation);
  const protocol: Atom[] =
    version !== undefined && (layer === 'tls' || layer === 'ike' || layer === 'ssh')
      ? [{ kind: 'protocol', alg: PROTOCOL[layer], version: versionName(layer, version) }]
      : [];
  if (alg === undefined) return protocol.length > 0 ? protocol : [{ kind: 'unrecognised', alg: role }];
  if (layer === 'plain') return [{ kind: 'plain', alg: alg.toUpperCase() }];
  const bare = algorithmAtoms(alg, observation);
  if (layer === 'tls' && (role === 'select' || role === 'offer')) return [...protocol, ...bare];
  return bare;
}

/** A suite that is given by its name alone. */
function suiteByName(alg: string | undefined): Suite | undefined {
  if (alg === undefined) return undefined;
  if (/^(?:TLS|SSL)_/.test(alg)) return registry().byName.get(alg);
  return alg.includes('-SHA') ? registry().byOpenssl.get(alg) : undefined;
}

const PROTOCOL = { tls: 'TLS', ike: 'IKE', ssh: 'SSH' } as const;

function versionName(layer: string, version: string): string {
  if (layer === 'ike') return version.replace(/^(?:IKE)?v?/i, 'v').replace(/\.0$/, '');
  if (layer === 'ssh') return version.replace(/^(?:SSH-?)?v?/i, '').replace(/^(\d)$/, '$1.0');
  return version
    .replace(/^TLSv?1$/, 'TLSv1.0')
    .replace(/^TLS ?(1\.\d)$/, 'TLSv$1')
    .replace(/^SSL ?v?([23])(?:\.0)?$/, 'SSLv$1');
}

function suiteAtoms(suite: Suite, { version, params = {} }: CryptoObservation): Atom[] {
  const atoms: Atom[] = [];
  if (version !== undefined) atoms.push({ kind: 'protocol', alg: 'TLS', version: versionName('tls', version) });
  atoms.push(...exchangeAtoms(suite, params));
  if (suite.auth !== 'any') atoms.push({ kind: 'authentication', alg: suite.auth });
  atoms.push({ kind: 'encryption', alg: suite.enc, bits: suite.encBits, mode: suite.mode });
  if (suite.mac !== 'AEAD') atoms.push({ kind: 'mac', alg: suite.mac === 'GOST' ? 'GOST' : 'HMAC', hash: suite.mac });
  atoms.push(prfAtom(suite, version));
  atoms.push({ kind: 'suite', alg: suite.id });
  return atoms;
}

function exchangeAtoms(suite: Suite, params: NonNullable<CryptoObservation['params']>): Atom[] {
  if (suite.kx === 'any') return groupAtoms(params);
  if (suite.kx === 'RSA') {
    const bits = suite.kxBits ?? params.bits;
    const shape = { alg: 'RSA', padding: 'PKCS1-v1.5' };
    // Without a size the scheme is judged here and the key where the certificate is.
    return [bits === undefined ? { kind: 'transport-scheme', ...shape } : { kind: 'transport', ...shape, bits }];
  }
  if (['DH', 'DHE', 'ECDH', 'ECDHE'].includes(suite.kx)) {
    if (suite.kxBits !== undefined) return [{ kind: 'agreement', alg: 'DH', bits: suite.kxBits }];
    const sized = groupAtoms(params, suite.kx.startsWith('EC') ? 'ECDH' : 'DH');
    // A suite fixes the scheme, not the group: the group is an observation of its own (role kex).
    return sized.length > 0 ? sized : [{ kind: 'agreement-scheme', alg: suite.kx }];
  }
  return [{ kind: 'agreement-scheme', alg: suite.kx }];
}

function groupAtoms(params: NonNullable<CryptoObservation['params']>, alg = 'DH'): Atom[] {
  const named = namedGroup(params.group ?? params.curve);
  if (named) {
    const bits = named.bits ?? params.bits;
    return [{ kind: 'agreement', alg: named.alg, group: named.group, ...(bits !== undefined && { bits }) }];
  }
  if (params.bits === undefined && params.group === undefined) return [];
  return [
    {
      kind: 'agreement',
      alg,
      ...(params.bits !== undefined && { bits: params.bits }),
      ...(params.group !== undefined && { group: params.group.toLowerCase() }),
    },
  ];
}

function prfAtom(suite: Suite, version: string | undefined): Atom {
  const name = version === undefined ? undefined : versionName('tls', version);
  if (name === 'SSLv2' || name === 'SSLv3' || suite.id.length === 6) return { kind: 'kdf', alg: 'SSL' };
  if (name === 'TLSv1.0' || name === 'TLSv1.1') return { kind: 'kdf', alg: 'TLS1.0', hash: 'MD5+SHA-1' };
  return { kind: 'kdf', alg: suite.kx === 'any' ? 'HKDF' : 'TLS1.2', hash: suite.prf };
}

/** Reads an algorithm's name by what it can be in its role; several atoms where it names several (`sha1WithRSA`). */
function algorithmAtoms(alg: string, observation: CryptoObservation): Atom[] {
  const { role, params = {}, layer } = observation;
  const low = alg.toLowerCase().replaceAll('_', '-').trim();
  if (/drbg|rng|fips-?186-?2|x9\.(?:31|62)-?prng/.test(low)) return [{ kind: 'rng', alg: rngName(low) }];
  if (/(?:^|[- ])(?:kw|kwp|wrap|tkw)$|key-?wrap/.test(low)) {
    const cipher = cipherAtom(low.replace(/-?(?:key-?)?(?:kwp?|wrap|tkw)$/, ''), params);
    return [{ kind: 'wrap', alg: cipher?.alg ?? (/tkw|3des|tdea/.test(low) ? '3DES' : 'AES') }];
  }
  // Sun's own constructions: known, and approved by nobody.
  if (low === 'jks-digest') return [{ kind: 'mac', alg: 'JKS-DIGEST' }];
  if (low === 'jks-cipher') return [{ kind: 'encryption', alg: 'JKS-CIPHER' }];
  if (FEATURES.has(low)) return [{ kind: 'feature', alg: low }];
  if (low.startsWith('validity ')) return [{ kind: 'validity', alg: low.slice('validity '.length) }];
  if (low === 'psk' || low === 'secret') {
    return [{ kind: 'authentication', alg: 'PSK', ...(params.bits !== undefined && { bits: params.bits }) }];
  }
  if (role === 'mac') return [macAtom(alg, params) ?? cipherMac(alg, params) ?? unrecognised(alg)];
  if (role === 'prf') {
    const mac = macAtom(alg, params);
    if (mac) return [{ kind: 'kdf', alg: mac.alg, ...(mac.hash !== undefined && { hash: mac.hash }) }];
    return [
      { kind: 'kdf', alg: alg.toUpperCase(), ...(params.hash && { hash: hashName(params.hash) ?? params.hash }) },
    ];
  }
  if (role === 'kex') return kexAtoms(low, params, layer);
  if (role === 'key' || role === 'signature') return signatureAtoms(low, observation);
  const version = layer === 'tls' && /^(?:ssl|tls) ?v?\d/i.test(alg) ? versionName('tls', alg) : undefined;
  if (version) return [{ kind: 'protocol', alg: 'TLS', version }];
  const cipher = cipherAtom(alg, params);
  if (cipher) return [cipher];
  const hash = hashName(alg);
  if (hash && !/hmac/.test(low)) return [{ kind: 'hash', alg: hash, hash }];
  const mac = macAtom(alg, params);
  if (mac) return [mac];
  const kex = kexAtoms(low, params, layer);
  if (kex[0]?.kind !== 'unrecognised') return kex;
  return signatureAtoms(low, observation);
}

/** Handshake properties, judged by whether they are there. */
const FEATURES = new Set([
  'extended-master-secret',
  'encrypt-then-mac',
  'secure-renegotiation',
  'compression-deflate',
  'compression-lzs',
  'fallback-scsv',
  'status-request',
  'sni',
  'anonymous-http',
  'pfs',
]);

function rngName(low: string): string {
  if (/dual/.test(low)) return 'DUAL-EC';
  if (/ctr.*(?:3des|tdea)|(?:3des|tdea).*ctr/.test(low)) return 'CTR-DRBG-3DES';
  if (/ctr/.test(low)) return 'CTR-DRBG-AES';
  if (/hmac/.test(low)) return 'HMAC-DRBG';
  if (/hash/.test(low)) return 'HASH-DRBG';
  return 'OLD-RNG';
}

function cipherMac(alg: string, params: NonNullable<CryptoObservation['params']>): Atom | undefined {
  const cipher = cipherAtom(alg, params);
  if (!cipher) return undefined;
  // An AEAD cipher named where a MAC is expected brings its own.
  return cipher.mode === 'GCM' || cipher.mode === 'CCM' || cipher.alg.startsWith('CHACHA') ? cipher : undefined;
}

function unrecognised(alg: string): Atom {
  return { kind: 'unrecognised', alg: alg.slice(0, 64) };
}

function kexAtoms(low: string, params: NonNullable<CryptoObservation['params']>, layer: string): Atom[] {
  const bare = low.replace(/@.*$/, '');
  const ssh = /^diffie-hellman-group(\d+)-(sha\d+)/.exec(bare);
  if (ssh) {
    const named = namedGroup(`group${ssh[1]}`);
    const hash = hashName(ssh[2]) ?? 'SHA-1';
    return [
      { kind: 'agreement', alg: 'DH', group: named?.group ?? 'custom', ...(named?.bits && { bits: named.bits }) },
      { kind: 'kdf', alg: 'SSH', hash },
    ];
  }
  const exchange = /^diffie-hellman-group-exchange-(sha\d+)/.exec(bare);
  if (exchange) {
    const bits = params.bits;
    return [
      { kind: 'agreement', alg: 'DH', ...(bits !== undefined && { bits }) },
      { kind: 'kdf', alg: 'SSH', hash: hashName(exchange[1]) ?? 'SHA-1' },
    ];
  }
  const curve = /^ecdh-sha2-(nist[pkb]\d+)/.exec(bare)?.[1] ?? /^(curve25519|curve448)-sha/.exec(bare)?.[1];
  const sshHybrid = /^(?:mlkem|sntrup)/.test(bare) ? bare : undefined;
  const named = namedGroup(
    curve ?? sshHybrid ?? params.group ?? params.curve ?? bare.replace(/^(?:ecdhe?|dhe?)[- ]/, ''),
  );
  if (named) {
    // A field's own size is in its name; what was measured counts where it says otherwise.
    const bits = named.alg === 'DH' ? (params.bits ?? named.bits) : named.bits;
    return [{ kind: 'agreement', alg: named.alg, group: named.group, ...(bits !== undefined && { bits }) }];
  }
  const sized = /^(?:dhe?|diffie-hellman|mqv|ffc-?dh|edh)-?(\d{3,5})?(?:-bits?)?$/.exec(bare);
  if (sized) {
    const bits = params.bits ?? (sized[1] ? Number(sized[1]) : undefined);
    const group = params.group?.toLowerCase();
    return [{ kind: 'agreement', alg: 'DH', ...(bits !== undefined && { bits }), ...(group && { group }) }];
  }
  if (/^(?:ecdhe?|ecmqv|eecdh)/.test(bare)) {
    return [{ kind: 'agreement', alg: 'ECDH', ...(params.bits !== undefined && { bits: params.bits }) }];
  }
  const rsa = /^rsa(?:es)?-?(pkcs1|oaep|kem)?/.exec(bare);
  if (rsa) {
    const named = params.padding ?? rsa[1];
    // RSA in TLS is PKCS 1 v1.5 (RFC 5246 s.7.4.7.1); elsewhere a scheme of SP 800-56B unless the evidence says otherwise.
    const standing = layer === 'tls' ? 'PKCS1-v1.5' : '56B';
    const padding =
      named === undefined ? standing : /oaep/i.test(named) ? 'OAEP' : /kem/i.test(named) ? 'KEM' : 'PKCS1-v1.5';
    const bits = params.bits ?? sizeIn(bare);
    if (bits === undefined && padding === 'PKCS1-v1.5') return [{ kind: 'transport-scheme', alg: 'RSA', padding }];
    return [{ kind: 'transport', alg: 'RSA', padding, ...(bits !== undefined && { bits }) }];
  }
  return [unrecognised(bare)];
}

function sizeIn(text: string): number | undefined {
  const found = /(?:^|[^0-9])(512|768|1024|1536|2047|2048|3072|4096|7680|8192|15360|16384)(?:[^0-9]|$)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

const SIGNATURE_HASH =
  /(md2|md4|md5|sha-?3-?(?:224|256|384|512)|sha-?2-?(?:224|256|384|512)|sha-?(?:224|256|384|512)|sha-?1|sha(?![a-z0-9]))/;

function signatureAtoms(low: string, { role, layer, params = {} }: CryptoObservation): Atom[] {
  const bare = low.replace(/@.*$/, '').replace(/-cert-v\d+$/, '');
  const inName = SIGNATURE_HASH.exec(bare.replace(/^(?:ecdsa-sha2-nistp|ssh-rsa)/, ''))?.[0];
  const sshDefault = bare === 'ssh-rsa' || bare === 'ssh-dss' ? 'SHA-1' : undefined;
  const hash = hashName(params.hash) ?? hashName(inName) ?? (role === 'signature' ? sshDefault : undefined);
  const family = signatureFamily(bare);
  const hashAtom: Atom[] =
    hash !== undefined && role === 'signature' ? [{ kind: 'signature-hash', alg: hash, hash }] : [];
  if (family === undefined) {
    const curve = role === 'key' ? namedGroup(bare) : undefined;
    if (curve?.alg === 'ECDH' && curve.bits !== undefined) {
      return [{ kind: 'signature', alg: 'ECDSA', group: curve.group, bits: curve.bits }];
    }
    return hashName(bare) !== undefined && hashAtom.length > 0 ? hashAtom : [unrecognised(bare), ...hashAtom];
  }
  if (family === 'X25519' || family === 'X448' || family === 'DH' || family === 'ECDH') {
    return groupAtoms({ group: family, ...params }, 'DH');
  }
  const curve = namedGroup(
    params.curve ?? params.group ?? /nistp\d+|secp\w+|prime\d+v1|brainpool\w+|p-?\d{3}/.exec(bare)?.[0],
  );
  // A curve that is in no list has a size, but not a strength that any row speaks of.
  const unlisted = params.curve !== undefined && curve === undefined;
  const bits = unlisted
    ? undefined
    : (params.bits ?? curve?.bits ?? FIXED_BITS[family] ?? (family === 'ECDSA' ? undefined : sizeIn(bare)));
  const padding = family === 'RSA' && (/pss/.test(bare) || /pss/i.test(params.padding ?? '')) ? 'PSS' : params.padding;
  const x931 = /x9\.?31/i.test(`${bare} ${params.padding ?? ''}`) ? 'X9.31' : padding;
  const shape = { alg: family, ...(curve && { group: curve.group }), ...(x931 && { padding: x931 }) };
  // How a signature is made is judged where it is seen; the size of its key where the key is (certificate, host key).
  const sized: Atom =
    bits === undefined && role === 'signature' && (hash !== undefined || layer === 'ssh')
      ? { kind: 'signature-scheme', ...shape }
      : { kind: 'signature', ...shape, ...(bits !== undefined && { bits }) };
  if (role === 'signature' && bits !== undefined && hash === undefined && layer === 'ssh') return [sized];
  return [sized, ...hashAtom];
}

const FIXED_BITS: Readonly<Record<string, number>> = {
  Ed25519: 253,
  Ed448: 446,
  'ML-DSA': 256,
  'SLH-DSA': 256,
  LMS: 256,
};

function signatureFamily(bare: string): string | undefined {
  if (/ed25519/.test(bare)) return 'Ed25519';
  if (/ed448/.test(bare)) return 'Ed448';
  if (/^eddsa/.test(bare)) return 'Ed25519';
  if (/^x25519$/.test(bare)) return 'X25519';
  if (/^x448$/.test(bare)) return 'X448';
  if (/ecdsa|^ec$|^ecc$|id-ecpublickey|ec-?dsa/.test(bare)) return 'ECDSA';
  if (/ml-?dsa|dilithium/.test(bare)) return 'ML-DSA';
  if (/slh-?dsa|sphincs/.test(bare)) return 'SLH-DSA';
  if (/^(?:lms|hss|xmss)/.test(bare)) return 'LMS';
  if (/sm2/.test(bare)) return 'SM2';
  if (/gost/.test(bare)) return 'GOST';
  if (/ecdh|ecmqv/.test(bare)) return 'ECDH';
  if (/dss|dsa/.test(bare)) return 'DSA';
  if (/rsa/.test(bare)) return 'RSA';
  if (/^dhe?$|diffie/.test(bare)) return 'DH';
  return undefined;
}
