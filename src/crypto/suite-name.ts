/** What a cipher suite is made of, read from its name: RFC 5246 Appendix A.5, RFC 8446 B.4 and the older ones alike. */
export interface SuiteParts {
  /** `RSA DH DHE ECDH ECDHE PSK ...`; `any` for TLS 1.3, where groups and certificates are chosen apart. */
  readonly kx: string;
  /** Size an export suite limits the key exchange to. */
  readonly kxBits?: number;
  /** `RSA DSA ECDSA anon PSK KRB5 SRP GOST SM2 ... any`. */
  readonly auth: string;
  readonly enc: string;
  /** Key bits of the cipher; 0 for NULL. */
  readonly encBits: number;
  readonly mode: string;
  /** Hash of the record MAC, or `AEAD`. */
  readonly mac: string;
  /** Hash of the TLS 1.2 PRF or the TLS 1.3 HKDF; older versions have a PRF of their own. */
  readonly prf: string;
}

interface Exchange {
  readonly kx: string;
  readonly auth: string;
}

const EXCHANGES: Readonly<Record<string, Exchange>> = {
  NULL: { kx: 'NULL', auth: 'NULL' },
  RSA: { kx: 'RSA', auth: 'RSA' },
  RSA_FIPS: { kx: 'RSA', auth: 'RSA' },
  DH_DSS: { kx: 'DH', auth: 'DSA' },
  DH_RSA: { kx: 'DH', auth: 'RSA' },
  DHE_DSS: { kx: 'DHE', auth: 'DSA' },
  DHE_RSA: { kx: 'DHE', auth: 'RSA' },
  DH_anon: { kx: 'DHE', auth: 'anon' },
  KRB5: { kx: 'KRB5', auth: 'KRB5' },
  PSK: { kx: 'PSK', auth: 'PSK' },
  DHE_PSK: { kx: 'DHE', auth: 'PSK' },
  PSK_DHE: { kx: 'DHE', auth: 'PSK' },
  RSA_PSK: { kx: 'RSA', auth: 'PSK' },
  ECDHE_PSK: { kx: 'ECDHE', auth: 'PSK' },
  ECDH_ECDSA: { kx: 'ECDH', auth: 'ECDSA' },
  ECDH_RSA: { kx: 'ECDH', auth: 'RSA' },
  ECDHE_ECDSA: { kx: 'ECDHE', auth: 'ECDSA' },
  ECDHE_RSA: { kx: 'ECDHE', auth: 'RSA' },
  ECDH_anon: { kx: 'ECDHE', auth: 'anon' },
  SRP_SHA: { kx: 'SRP', auth: 'SRP' },
  SRP_SHA_RSA: { kx: 'SRP', auth: 'RSA' },
  SRP_SHA_DSS: { kx: 'SRP', auth: 'DSA' },
  ECCPWD: { kx: 'ECCPWD', auth: 'ECCPWD' },
  ECJPAKE: { kx: 'ECJPAKE', auth: 'ECJPAKE' },
  GOSTR341094: { kx: 'GOST', auth: 'GOST' },
  GOSTR341001: { kx: 'GOST', auth: 'GOST' },
  GOSTR341112_256: { kx: 'GOST', auth: 'GOST' },
  FORTEZZA_KEA: { kx: 'FORTEZZA', auth: 'FORTEZZA' },
  // GB/T 38636
  ECDHE: { kx: 'SM2', auth: 'SM2' },
  ECC: { kx: 'SM2', auth: 'SM2' },
  IBSDH: { kx: 'SM9', auth: 'SM9' },
  IBC: { kx: 'SM9', auth: 'SM9' },
};

/** Cipher by the start of what follows `_WITH_`; the first that fits counts, so longer ones stand first. */
const CIPHERS: readonly (readonly [start: string, enc: string, bits: number, mode: string])[] = [
  ['NULL', 'NULL', 0, 'none'],
  ['RC4_40', 'RC4', 40, 'stream'],
  ['RC4_56', 'RC4', 56, 'stream'],
  ['RC4_64', 'RC4', 64, 'stream'],
  ['RC4_128_EXPORT40', 'RC4', 40, 'stream'],
  ['RC4_128', 'RC4', 128, 'stream'],
  ['RC2_CBC_40', 'RC2', 40, 'CBC'],
  ['RC2_CBC_56', 'RC2', 56, 'CBC'],
  ['RC2_128_CBC_EXPORT40', 'RC2', 40, 'CBC'],
  ['RC2_128_CBC', 'RC2', 128, 'CBC'],
  ['IDEA_CBC', 'IDEA', 128, 'CBC'],
  ['IDEA_128_CBC', 'IDEA', 128, 'CBC'],
  ['DES40_CBC', 'DES', 40, 'CBC'],
  ['DES_CBC_40', 'DES', 40, 'CBC'],
  ['DES_CBC', 'DES', 56, 'CBC'],
  ['DES_64_CBC', 'DES', 56, 'CBC'],
  ['DES_64_CFB64', 'DES', 56, 'CFB'],
  ['DES_192_EDE3_CBC', '3DES', 168, 'CBC'],
  ['3DES_EDE_CBC', '3DES', 168, 'CBC'],
  ['FORTEZZA_CBC', 'SKIPJACK', 80, 'CBC'],
  ['CHACHA20_POLY1305', 'CHACHA20-POLY1305', 256, 'AEAD'],
  ['AEGIS_256', 'AEGIS', 256, 'AEAD'],
  ['AEGIS_128L', 'AEGIS', 128, 'AEAD'],
  ['SEED_CBC', 'SEED', 128, 'CBC'],
  ['ESTREAM_SALSA20', 'SALSA20', 256, 'stream'],
  ['SALSA20', 'SALSA20', 256, 'stream'],
  ['KUZNYECHIK_CTR', 'GOST', 256, 'CTR'],
  ['KUZNYECHIK_MGM', 'GOST', 256, 'AEAD'],
  ['MAGMA_CTR', 'GOST', 256, 'CTR'],
  ['MAGMA_MGM', 'GOST', 256, 'AEAD'],
  ['28147_CNT', 'GOST', 256, 'CTR'],
  ['SM4_GCM', 'SM4', 128, 'GCM'],
  ['SM4_CCM', 'SM4', 128, 'CCM'],
  ['SM4_CBC', 'SM4', 128, 'CBC'],
  ['SM1', 'SM1', 128, 'CBC'],
  // RFC 9150: integrity only
  ['SHA256_SHA256', 'NULL', 0, 'none'],
  ['SHA384_SHA384', 'NULL', 0, 'none'],
];

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'MD5',
  SHA: 'SHA-1',
  SHA1: 'SHA-1',
  SHA256: 'SHA-256',
  SHA384: 'SHA-384',
  SHA512: 'SHA-512',
  SM3: 'SM3',
  OMAC: 'GOST',
  IMIT: 'GOST',
  L: 'GOST',
  S: 'GOST',
  GOSTR3411: 'GOST',
  NULL: 'NULL',
};

/** @throws Error if the grammar does not cover the name: a bug in the registry, held by a test over all of it. */
export function suiteParts(name: string): SuiteParts {
  const bare = name.replace(/^(?:TLS|SSL_CK|SSL)_/, '').replace(/_1$/, '');
  const withAt = bare.indexOf('_WITH_');
  if (name.startsWith('SSL_CK_')) {
    const cipher = bare.slice(0, withAt < 0 ? undefined : withAt);
    const hash = withAt < 0 ? 'NULL' : bare.slice(withAt + 6);
    return { kx: 'RSA', auth: 'RSA', ...cipherParts(cipher, name), mac: HASHES[hash] ?? 'NULL', prf: 'MD5' };
  }
  const gb = /^(ECDHE|ECC|IBSDH|IBC|RSA)_(SM[14].*)$/.exec(bare);
  const [exchange, cipher] = gb
    ? [gb[1]!, gb[2]!]
    : withAt < 0
      ? ['', bare]
      : [bare.slice(0, withAt), bare.slice(withAt + 6)];
  const limited = /^(.*)_EXPORT(1024)?$/.exec(exchange);
  const known = exchange === '' ? { kx: 'any', auth: 'any' } : EXCHANGES[limited?.[1] ?? exchange];
  if (known === undefined) throw new Error(`key exchange of ${name} is not in the grammar`);
  const parts = cipherParts(cipher, name);
  const last = /_CCM(?:_8)?$/.test(cipher) ? 'SHA256' : (cipher.split('_').at(-1) ?? '');
  const hash = HASHES[last];
  if (hash === undefined) throw new Error(`hash of ${name} is not in the grammar`);
  const aead = ['GCM', 'CCM', 'AEAD'].includes(parts.mode);
  const prf = ['SHA-384', 'SHA-512', 'SM3', 'GOST'].includes(hash) ? hash : 'SHA-256';
  return {
    ...known,
    ...(limited && { kxBits: limited[2] ? 1024 : 512 }),
    ...parts,
    mac: aead ? 'AEAD' : hash,
    prf,
  };
}

function cipherParts(cipher: string, name: string): Pick<SuiteParts, 'enc' | 'encBits' | 'mode'> {
  const modern = /^(AES|CAMELLIA|ARIA)_(128|256)_(CBC|GCM|CCM)/.exec(cipher);
  if (modern) return { enc: modern[1]!, encBits: Number(modern[2]), mode: modern[3]! };
  const found = CIPHERS.find(([start]) => cipher.startsWith(start));
  if (found === undefined) throw new Error(`cipher of ${name} is not in the grammar`);
  return { enc: found[1], encBits: found[2], mode: found[3] };
}
