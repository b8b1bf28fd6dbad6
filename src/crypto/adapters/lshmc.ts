import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';

/**
 * `lshmc -r`: the HMC's remote access settings. In mode `legacy` its consoles speak TLS 1.2 with SSLv3 to fall back to, in
 * `nist_sp800_131a` TLS 1.2 (IBM documentation, HMC V8R8, chhmc).
 */
export const lshmcAdapter: Adapter = {
  type: 'lshmc',
  version: '1',
  detect: ({ text }) => /(?:^|[\s,])security=(?:legacy|nist_sp800_131a)\b/m.test(text),
  read: ({ text }) => [...read(text)],
};

function* read(text: string): Generator<Sighting> {
  for (const [at, line] of text.split('\n').entries()) {
    const mode = /(?:^|[\s,])security=(\w+)/.exec(line)?.[1];
    if (mode === undefined) continue;
    const place = { subject: { line: at + 1 }, note: `security=${mode === 'legacy' ? 'legacy' : 'nist_sp800_131a'}` };
    if (mode === 'legacy') yield { layer: 'tls', role: 'offer', version: 'SSLv3', alg: 'SSLv3', ...place };
    yield { layer: 'tls', role: 'offer', version: 'TLSv1.2', alg: 'TLSv1.2', ...place };
  }
}
