import type { Sighting, TlsVersion } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { lastOf, sections } from './keyed.ts';
import { settingsSightings, tlsVersion, versionRange } from './tls-settings.ts';

/** openssl.cnf: what the system default section says of TLS. */
export const opensslCnfAdapter: Adapter = {
  type: 'openssl.cnf',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*openssl_conf\s*=|^[ \t]*\.include\b|^[ \t]*HOME\s*=/m.test(text) && /^[ \t]*\[[^\]\n]{1,200}\]/m.test(text),
  read: ({ text }) => [...read(text)],
};

const KEYS = ['MinProtocol', 'MaxProtocol', 'CipherString', 'Ciphersuites', 'Groups', 'Curves', 'Protocol'];

function* read(text: string): Generator<Sighting> {
  const bare = sections(text.replaceAll(/[ \t]#[^\n]*/g, ''), /^[ \t]*#/);
  const settled = bare.filter((section) => KEYS.some((key) => lastOf(section, key)));
  for (const section of settled) {
    const min = lastOf(section, 'MinProtocol');
    const max = lastOf(section, 'MaxProtocol');
    const protocol = lastOf(section, 'Protocol');
    const ciphersuites = lastOf(section, 'Ciphersuites');
    const curves = lastOf(section, 'Groups') ?? lastOf(section, 'Curves');
    const lowest = min && (/^none$/i.test(min.value) ? 'SSLv3' : tlsVersion(min.value));
    const versions = versionRange(lowest ?? 'SSLv3', max && tlsVersion(max.value));
    if (protocol) applyProtocol(protocol.value, versions);
    yield* settingsSightings({
      versions: lowest || protocol ? versions : undefined,
      ciphers: lastOf(section, 'CipherString') ?? { value: 'DEFAULT', line: section.line },
      ...(ciphersuites && { ciphersuites }),
      ...(curves && { curves }),
      dhe: { note: "the parameters are the program's" },
      line: section.line,
      note: `section ${section.name || 'default'}`,
    });
  }
  if (settled.length === 0) {
    yield {
      layer: 'tls',
      role: 'offer',
      alg: 'TLS',
      state: 'not-tested',
      note: 'the file says nothing of TLS: built-in defaults apply',
    };
  }
}

/** `ALL, -SSLv3, -TLSv1`. */
function applyProtocol(value: string, versions: Set<TlsVersion>): void {
  for (const word of value.split(/[\s,]+/)) {
    const version = tlsVersion(word.replace(/^[+-]/, ''));
    if (version && word.startsWith('-')) versions.delete(version);
  }
}
