import type { ObservationParams } from './observation.ts';

/** What a clause can speak of. A suite, a certificate or a proposal is judged as the atoms it is made of. */
export type AtomKind =
  | 'encryption'
  | 'signature'
  | 'signature-scheme'
  | 'signature-hash'
  | 'agreement'
  | 'agreement-scheme'
  | 'transport'
  | 'transport-scheme'
  | 'mac'
  | 'kdf'
  | 'hash'
  | 'rng'
  | 'wrap'
  | 'authentication'
  | 'protocol'
  | 'suite'
  | 'feature'
  | 'validity'
  | 'plain'
  | 'unrecognised';

/** One algorithm in one use, in canonical words (`AES`, `3DES`, `RSA`, `SHA-1`, `P-256`, `ffdhe2048`). */
export interface Atom {
  readonly kind: AtomKind;
  readonly alg: string;
  readonly bits?: number;
  readonly mode?: string;
  readonly padding?: string;
  readonly hash?: string;
  /** Named group or curve; `custom` for parameters that are in no list. */
  readonly group?: string;
  readonly version?: string;
}

/** Canonical name of a hash: `sha1`, `SHA1`, `SHA`, `sha-1` are `SHA-1`; undefined if the text names none. */
export function hashName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (/^sha3(224|256|384|512)$/.test(bare)) return `SHA3-${bare.slice(4)}`;
  if (/^shake(128|256)$/.test(bare)) return `SHAKE${bare.slice(5)}`;
  const sha2 = /^sha2?(224|256|384|512)$/.exec(bare);
  if (sha2) return `SHA-${sha2[1]}`;
  const truncated = /^sha512(224|256)$/.exec(bare);
  if (truncated) return `SHA-512/${truncated[1]}`;
  if (/^sha1?(160)?$/.test(bare)) return 'SHA-1';
  if (/^md[245]$/.test(bare)) return bare.toUpperCase();
  if (/^(?:ripemd|rmd)-?160$/.test(bare)) return 'RIPEMD-160';
  if (bare === 'sm3') return 'SM3';
  if (/^(?:gost|streebog)/.test(bare)) return 'GOST';
  if (bare === 'md5sha1') return 'MD5';
  return undefined;
}

const CURVES: readonly (readonly [name: RegExp, canonical: string, bits: number])[] = [
  [/^(?:secp192r1|prime192v1|(?:nist)?p-?192)$/, 'P-192', 192],
  [/^(?:secp224r1|(?:nist)?p-?224)$/, 'P-224', 224],
  [/^(?:secp256r1|prime256v1|(?:nist)?p-?256|ecp-?256)$/, 'P-256', 256],
  [/^(?:secp384r1|(?:nist)?p-?384|ecp-?384)$/, 'P-384', 384],
  [/^(?:secp521r1|(?:nist)?p-?521|ecp-?521)$/, 'P-521', 521],
  [/^ecp-?192$/, 'P-192', 192],
  [/^ecp-?224$/, 'P-224', 224],
  [/^(?:x25519|curve25519|25519|ecdh_x25519)$/, 'X25519', 253],
  [/^(?:x448|curve448|448|ecdh_x448)$/, 'X448', 446],
  [/^secp256k1$/, 'secp256k1', 256],
  [/^ed25519$/, 'Ed25519', 253],
  [/^ed448$/, 'Ed448', 446],
  [/^(?:curvesm2|sm2(?:p256v1)?)$/, 'SM2', 256],
];
const BINARY = /^(?:sect|nist)?([kb]-?|)(163|193|233|239|283|409|571)([kr][12])?$/;

export interface NamedGroup {
  readonly alg: 'DH' | 'ECDH' | 'ML-KEM' | 'hybrid';
  readonly group: string;
  readonly bits: number | undefined;
}

/** RFC 2409, 3526, 5114, 5903, 6954, 8031 group numbers of IKE. */
const IKE_GROUPS: Readonly<Record<string, NamedGroup>> = {
  1: { alg: 'DH', group: 'modp768', bits: 768 },
  2: { alg: 'DH', group: 'modp1024', bits: 1024 },
  5: { alg: 'DH', group: 'modp1536', bits: 1536 },
  14: { alg: 'DH', group: 'modp2048', bits: 2048 },
  15: { alg: 'DH', group: 'modp3072', bits: 3072 },
  16: { alg: 'DH', group: 'modp4096', bits: 4096 },
  17: { alg: 'DH', group: 'modp6144', bits: 6144 },
  18: { alg: 'DH', group: 'modp8192', bits: 8192 },
  19: { alg: 'ECDH', group: 'P-256', bits: 256 },
  20: { alg: 'ECDH', group: 'P-384', bits: 384 },
  21: { alg: 'ECDH', group: 'P-521', bits: 521 },
  22: { alg: 'DH', group: 'modp1024s160', bits: 1024 },
  23: { alg: 'DH', group: 'modp2048s224', bits: 2048 },
  24: { alg: 'DH', group: 'modp2048s256', bits: 2048 },
  25: { alg: 'ECDH', group: 'P-192', bits: 192 },
  26: { alg: 'ECDH', group: 'P-224', bits: 224 },
  27: { alg: 'ECDH', group: 'brainpoolP224r1', bits: 224 },
  28: { alg: 'ECDH', group: 'brainpoolP256r1', bits: 256 },
  29: { alg: 'ECDH', group: 'brainpoolP384r1', bits: 384 },
  30: { alg: 'ECDH', group: 'brainpoolP512r1', bits: 512 },
  31: { alg: 'ECDH', group: 'X25519', bits: 253 },
  32: { alg: 'ECDH', group: 'X448', bits: 446 },
  35: { alg: 'ML-KEM', group: 'ML-KEM-512', bits: 512 },
  36: { alg: 'ML-KEM', group: 'ML-KEM-768', bits: 768 },
  37: { alg: 'ML-KEM', group: 'ML-KEM-1024', bits: 1024 },
};

/** A curve, finite-field group or KEM by any of its names; undefined if the text names none. */
export function namedGroup(text: string | undefined): NamedGroup | undefined {
  if (text === undefined) return undefined;
  const low = text.toLowerCase().trim();
  for (const [name, group, bits] of CURVES) if (name.test(low)) return { alg: 'ECDH', group, bits };
  const brainpool = /^(?:brainpool|ecp)?-?p?(160|192|224|256|320|384|512)(r1|t1|bp)(?:tls13)?$/.exec(low);
  if (brainpool) {
    return {
      alg: 'ECDH',
      group: `brainpoolP${brainpool[1]}${brainpool[2] === 't1' ? 't1' : 'r1'}`,
      bits: Number(brainpool[1]),
    };
  }
  const prime = /^secp(1\d\d|224)(k1|r[12])$/.exec(low);
  if (prime) return { alg: 'ECDH', group: low, bits: Number(prime[1]) };
  const hybrid = /^(secp256r1|p-?256|x25519|secp384r1|p-?384|x448|curvesm2)-?_?mlkem-?(512|768|1024)$/.exec(low);
  const sshHybrid = /^mlkem(768|1024)(x25519|nistp256|nistp384)/.exec(low);
  if (hybrid || sshHybrid) {
    const classic = namedGroup(hybrid?.[1] ?? sshHybrid?.[2])?.group ?? '';
    const size = Number(hybrid?.[2] ?? sshHybrid?.[1]);
    return { alg: 'hybrid', group: `${classic}+ML-KEM-${size}`, bits: size };
  }
  const kem = /^ml-?kem-?_?(512|768|1024)$/.exec(low);
  if (kem) return { alg: 'ML-KEM', group: `ML-KEM-${kem[1]}`, bits: Number(kem[1]) };
  const field = /^(ffdhe|modp)-?_?(\d{3,5})(s\d{3})?$/.exec(low);
  if (field) return { alg: 'DH', group: `${field[1]}${field[2]}${field[3] ?? ''}`, bits: Number(field[2]) };
  if (/kyber|sntrup|frodo|bike|hqc|ntru|sike/.test(low)) return { alg: 'hybrid', group: low, bits: undefined };
  if (/^gc(256|512)[a-d]$/.test(low)) return { alg: 'ECDH', group: text.toUpperCase(), bits: Number(low.slice(2, 5)) };
  const numbered = /^(?:dh[- ]?)?(?:group|grp)[-_ ]?(\d{1,2})$/.exec(low);
  if (numbered) return IKE_GROUPS[numbered[1]!];
  const binary = BINARY.exec(low);
  if (binary) return { alg: 'ECDH', group: low, bits: Number(binary[2]) };
  return undefined;
}

/** IKE's Diffie-Hellman transform by number (IANA, IKEv2 Transform Type 4). */
export function ikeGroup(number: number): NamedGroup | undefined {
  return IKE_GROUPS[number];
}

const CIPHERS: readonly (readonly [RegExp, string, number | undefined])[] = [
  [/^chacha20-?_?poly1305|^chacha20/, 'CHACHA20-POLY1305', 256],
  [/^(?:2|two)-?(?:key)?-?_?(?:3des|tdea|tdes|triple-?des)/, '2TDEA', 112],
  [/^2tdea|^des-?ede-?(?:cbc|ecb|cfb|ofb|$)/, '2TDEA', 112],
  [/^(?:3|three)-?key-?_?(?:3?des|tdea)|^3-?tdea|^3des|^tdea|^tdes|^triple-?des|^des-?_?ede3?|^des-?cbc3/, '3DES', 168],
  [/^des-?40|^exp.*des/, 'DES', 40],
  [/^des(?![a-z])/, 'DES', 56],
  [/^(?:aes|rijndael)/, 'AES', undefined],
  [/^camellia/, 'CAMELLIA', undefined],
  [/^aria/, 'ARIA', undefined],
  [/^(?:rc4|arcfour|arc4)/, 'RC4', 128],
  [/^rc2/, 'RC2', undefined],
  [/^rc5/, 'RC5', undefined],
  [/^idea/, 'IDEA', 128],
  [/^seed/, 'SEED', 128],
  [/^blowfish|^bf-/, 'BLOWFISH', undefined],
  [/^cast/, 'CAST', undefined],
  [/^twofish/, 'TWOFISH', undefined],
  [/^serpent/, 'SERPENT', undefined],
  [/^skipjack/, 'SKIPJACK', 80],
  [/^sm4/, 'SM4', 128],
  [/^sm1/, 'SM1', 128],
  [/^(?:gost|kuznyechik|magma)/, 'GOST', 256],
  [/^(?:estream-)?salsa20/, 'SALSA20', 256],
  [/^aegis/, 'AEGIS', undefined],
  [/^null$|^cipher-?null$/, 'NULL', 0],
];

/** A cipher in the notation of TLS, IKE, ESP, SSH, OpenSSL, JCA or PKCS#12; undefined if the text names none. */
export function cipherAtom(text: string, params: ObservationParams = {}): Atom | undefined {
  const low = text.toLowerCase().replace(/@.*$/, '').replaceAll(/[_ ]/g, '-').trim();
  if (/(?:^|-)(?:cmac|gmac|xcbc|kw|kwp|wrap)(?:-|$)/.test(low)) return undefined;
  const found = CIPHERS.find(([pattern]) => pattern.test(low));
  if (found === undefined) return undefined;
  const [, alg, fixed] = found;
  const written = /(?:^|[^0-9])(40|56|64|128|192|256)(?:[^0-9]|$)/.exec(
    low.replace(/gcm-?(?:64|96|128|8|12|16)$/, 'gcm'),
  );
  const mode =
    /gcm|ccm|cbc|ctr|ecb|xts|ofb|cfb|cts|ff1|ff3/.exec(low)?.[0]?.toUpperCase() ?? params.mode?.toUpperCase();
  const size = alg === '3DES' || alg === '2TDEA' ? (fixed as number) : written ? Number(written[1]) : fixed;
  const bits = alg === '3DES' || alg === '2TDEA' ? size : (params.bits ?? size);
  // A key of 112 or 128 bits (with parity) is two-key TDEA, whatever the name says (SP 800-67r2 s.3.2).
  const twoKey = alg === '3DES' && (params.bits === 112 || params.bits === 128 || params.bits === 80);
  return {
    kind: 'encryption',
    alg: twoKey ? '2TDEA' : alg,
    ...(bits !== undefined && { bits: twoKey ? 112 : bits }),
    ...(mode !== undefined && { mode }),
  };
}

/** A MAC in the notation of IKE, ESP, SSH or JCA; undefined if the text names none. `bits` are key bits. */
export function macAtom(text: string, params: ObservationParams = {}): Atom | undefined {
  const low = text.toLowerCase().replace(/@.*$/, '').replace(/-etm$/, '').replaceAll('_', '-').trim();
  const bits = params.bits !== undefined ? { bits: params.bits } : {};
  if (/gmac/.test(low)) return { kind: 'mac', alg: 'GMAC', ...bits };
  if (/kmac/.test(low)) return { kind: 'mac', alg: 'KMAC', ...bits };
  if (/cmac/.test(low)) {
    if (/2-?(?:key-?)?t?dea|2tdea/.test(low)) return { kind: 'mac', alg: 'CMAC-2TDEA', ...bits };
    return { kind: 'mac', alg: /3des|tdea|des-?ede/.test(low) ? 'CMAC-3DES' : 'CMAC-AES', ...bits };
  }
  if (/xcbc/.test(low)) return { kind: 'mac', alg: 'XCBC', ...bits };
  if (/umac/.test(low)) return { kind: 'mac', alg: 'UMAC', ...bits };
  if (/poly1305/.test(low)) return { kind: 'mac', alg: 'POLY1305', ...bits };
  const named = hashName(params.hash);
  const bare = low.replace(/^(?:prf)?-?hmac-?(?:with)?-?/, '').replace(/^prf-?/, '');
  const hash = hashName(bare) ?? hashName(bare.replace(/-(?:64|96|112|128|160|192|256)$/, '')) ?? named;
  const ripemd = /ripemd/.test(bare) ? 'RIPEMD-160' : undefined;
  if (hash === undefined && ripemd === undefined)
    return /^hmac$/.test(low) ? { kind: 'mac', alg: 'HMAC', ...bits } : undefined;
  return { kind: 'mac', alg: 'HMAC', hash: ripemd ?? (hash as string), ...bits };
}
