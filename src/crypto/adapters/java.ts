import type { Sighting } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { lastOf, sections } from './keyed.ts';
import { type Setting, tlsVersion, versionsIn } from './tls-settings.ts';

/** java.security: what is not disabled is allowed. */
export const javaSecurityAdapter: Adapter = {
  type: 'java.security',
  version: '1',
  detect: ({ text }) => /^[ \t]*(?:security\.provider\.1|jdk\.(?:tls|certpath)\.disabledAlgorithms)\s*=/m.test(text),
  read: ({ text }) => {
    const [file] = sections(text, /^\s*[#!]/);
    const tls = lastOf(file!, 'jdk.tls.disabledAlgorithms');
    const path = lastOf(file!, 'jdk.certpath.disabledAlgorithms');
    return [...tlsAllowed(tls), ...pathAllowed(path)];
  },
};

const words = (setting: Setting): string[] => setting.value.split(',').map((word) => word.trim());

function* tlsAllowed(setting: Setting | undefined): Generator<Sighting> {
  if (!setting) {
    yield {
      layer: 'tls',
      role: 'offer',
      alg: 'TLS',
      state: 'not-tested',
      note: 'jdk.tls.disabledAlgorithms is not in the file',
    };
    return;
  }
  const off = words(setting);
  const { line } = setting;
  const note = 'not in jdk.tls.disabledAlgorithms';
  for (const version of ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']) {
    if (off.includes(version)) continue;
    yield {
      layer: 'tls',
      role: 'offer',
      version: tlsVersion(version) ?? version,
      alg: version,
      subject: { line },
      note,
    };
  }
  const ciphers: [string, string[], string][] = [
    ['RC4', ['RC4', 'RC4_40', 'RC4_128'], 'RC4'],
    ['DES', ['DES', 'DES_CBC', 'DES40_CBC'], 'DES'],
    ['3DES', ['3DES_EDE_CBC', 'DESede', '3DES'], '3DES'],
    ['NULL', ['NULL'], 'NULL'],
  ];
  for (const [, names, alg] of ciphers) {
    if (names.some((name) => off.includes(name))) continue;
    yield { layer: 'tls', role: 'offer', alg, subject: { line }, note };
  }
  yield* smallest(off, 'DH', line, { layer: 'tls', role: 'kex', alg: 'DH' });
  yield* smallest(off, 'EC', line, { layer: 'tls', role: 'kex', alg: 'ECDH' });
  yield* smallest(off, 'RSA', line, { layer: 'cert', role: 'key', alg: 'RSA' });
}

function* pathAllowed(setting: Setting | undefined): Generator<Sighting> {
  if (!setting) return;
  const off = words(setting);
  const { line } = setting;
  for (const hash of ['MD2', 'MD5', 'SHA1']) {
    const entry = off.find((word) => new RegExp(`^${hash}(?:\\s|$)`).test(word));
    // `SHA1 jdkCA & ...` and `usage TLSServer` narrow the ban; what is left is allowed.
    if (entry === hash || (entry && /usage\s+TLSServer/.test(entry))) continue;
    const note = entry ? 'banned for some certificates only' : 'not in jdk.certpath.disabledAlgorithms';
    yield { layer: 'cert', role: 'signature', alg: `${hash}withRSA`, direction: 'process', subject: { line }, note };
  }
  yield* smallest(off, 'RSA', line, { layer: 'cert', role: 'key', alg: 'RSA', direction: 'process' });
  yield* smallest(off, 'DSA', line, { layer: 'cert', role: 'key', alg: 'DSA', direction: 'process' });
}

/** `DH keySize < 1024` allows 1024; without the word nothing is known of what is allowed. */
function* smallest(off: readonly string[], alg: string, line: number, shape: Sighting): Generator<Sighting> {
  const limit = off
    .map((word) => new RegExp(`^${alg} keySize (<=?) (\\d+)`).exec(word))
    .find((found) => found !== null && found !== undefined);
  const subject = { line };
  if (!limit) yield { ...shape, state: 'not-tested', subject, note: `no least size of ${alg} keys is set` };
  else
    yield {
      ...shape,
      params: { bits: Number(limit[2]) + (limit[1] === '<=' ? 1 : 0) },
      subject,
      note: `the least size of ${alg} keys that is allowed`,
    };
}

/** WebSphere's ssl.client.props. */
export const sslClientPropsAdapter: Adapter = {
  type: 'ssl.client.props',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*com\.ibm\.(?:ssl\.(?:protocol|securityLevel|alias|enabledCipherSuites)|jsse2\.sp800-131|security\.useFIPS)\s*=/m.test(
      text,
    ),
  read: ({ text }) => [...clientProps(text)],
};

function* clientProps(text: string): Generator<Sighting> {
  const [file] = sections(text, /^\s*[#!]/);
  const mode = lastOf(file!, 'com.ibm.jsse2.sp800-131') ?? lastOf(file!, 'com.ibm.websphere.security.FIPSLevel');
  const strict = mode && /strict|sp800-131$/i.test(mode.value);
  const suites = lastOf(file!, 'com.ibm.ssl.enabledCipherSuites');
  const protocols = file!.entries.filter(({ key }) => key === 'com.ibm.ssl.protocol');
  if (protocols.length === 0) {
    yield { layer: 'tls', role: 'offer', alg: 'TLS', state: 'not-tested', note: 'com.ibm.ssl.protocol is not set' };
  }
  for (const { value, line } of protocols) {
    const versions = strict ? (['TLSv1.2'] as const) : protocolVersions(value);
    const note = `com.ibm.ssl.protocol${strict ? ', narrowed by sp800-131 strict' : ''}`;
    if (versions.length === 0)
      yield { layer: 'tls', role: 'offer', alg: 'TLS', state: 'not-tested', subject: { line }, note };
    for (const version of versions) {
      yield { layer: 'tls', role: 'offer', version, alg: version, subject: { line }, note };
      for (const name of suites?.value.split(/[\s,]+/).filter((word) => word !== '') ?? []) {
        const suite = registry().byName.get(name) ?? registry().byName.get(name.replace(/^SSL_/, 'TLS_'));
        const place = { subject: { line: suites!.line }, note: 'com.ibm.ssl.enabledCipherSuites' };
        if (suite) yield { layer: 'tls', role: 'offer', version, suite: suite.id, alg: suite.name, ...place };
        else yield { layer: 'tls', role: 'offer', version, alg: 'cipher suite', state: 'not-tested', ...place };
      }
    }
  }
  if (!suites || suites.value === '') {
    yield {
      layer: 'tls',
      role: 'offer',
      alg: 'TLS',
      state: 'not-tested',
      note: 'the suites follow com.ibm.ssl.securityLevel, whose list is not in the file',
    };
  }
}

/** IBM JSSE2's words: SSL_TLS and SSL_TLSv2 switch several versions on. */
function protocolVersions(value: string) {
  if (/^SSL_TLSv2$/i.test(value)) return versionsIn(['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2']);
  if (/^(?:SSL_TLS|SSL|TLS)$/i.test(value)) return versionsIn(['SSLv3', 'TLSv1']);
  return versionsIn(value.split(/[\s,]+/));
}
