import { isIP } from 'node:net';
import { connect, createSecureContext, type DetailedPeerCertificate, type SecureContext } from 'node:tls';
import type { Prober } from './prober.ts';

/** One list per kind of key, so that a server with several certificates shows each of them. */
const FAMILIES = [
  'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512',
  'rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512',
  'ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512',
  'ed25519:ed448',
];

/** All of RFC 8446 (Node leaves out CCM), and keys of any size. */
const CIPHERS =
  'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256:DEFAULT:@SECLEVEL=0';

let contexts: readonly SecureContext[] | undefined;

/** Made once. Nothing is trusted: reading the root certificates that Node brings costs more than the handshake. */
function contextOfEachKind(): readonly SecureContext[] {
  contexts ??= FAMILIES.map((sigalgs) =>
    createSecureContext({
      ca: [],
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      sigalgs,
      ciphers: CIPHERS,
      ecdhCurve: 'X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072:ffdhe4096',
    }),
  );
  return contexts;
}

/**
 * Certificates of TLS 1.3 are encrypted, so these handshakes are finished by Node's own TLS. It cannot do ML-KEM: a server
 * that does nothing else shows no certificate here.
 */
export async function tls13Leaves(prober: Prober): Promise<Buffer[][]> {
  const chains = await Promise.all(contextOfEachKind().map((context) => leaf(prober, context)));
  return chains.filter((chain) => chain.length > 0);
}

async function leaf(prober: Prober, secureContext: SecureContext): Promise<Buffer[]> {
  const opened = await prober.open();
  if (!opened) return [];
  const { servername } = prober.target;
  return new Promise((resolve) => {
    let ended = false;
    const finish = (chain: Buffer[]): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      socket.destroy();
      opened.release();
      resolve(chain);
    };
    const timer = setTimeout(() => finish([]), prober.timeout);
    const socket = connect({
      socket: opened.socket,
      // What is to be seen is the certificate, whatever it is worth.
      rejectUnauthorized: false,
      secureContext,
      ...(servername !== undefined && servername !== '' && isIP(servername) === 0 && { servername }),
    });
    socket.on('error', () => finish([]));
    socket.on('close', () => finish([]));
    socket.once('secureConnect', () => {
      const chain: Buffer[] = [];
      const seen = new Set<string>();
      let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
      while (next?.raw && !seen.has(next.fingerprint256)) {
        seen.add(next.fingerprint256);
        chain.push(next.raw);
        next = next.issuerCertificate;
      }
      finish(chain);
    });
  });
}
