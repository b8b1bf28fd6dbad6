import type { Sighting, TlsVersion } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { registry } from '../registry.ts';
import { type Setting, settingsSightings, TLS_VERSIONS, tlsVersion, versionRange, versionsIn } from './tls-settings.ts';

/** Apache httpd (mod_ssl) and IBM HTTP Server (mod_ibm_ssl): the main server and every virtual host. */
export const apacheAdapter: Adapter = {
  type: 'apache',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*(?:SSLProtocol|SSLCipherSuite|SSLEngine|SSLCipherSpec|SSLEnable|SSLProtocolDisable|SSLProtocolEnable)\b/im.test(
      text,
    ),
  read: ({ text }) => [...hosts(text)],
};

interface Scope {
  readonly line: number;
  readonly note: string;
  readonly settings: Map<string, Setting>;
  readonly specs: Setting[];
  readonly disabled: Set<TlsVersion>;
  readonly enabled: Set<TlsVersion>;
}

const scope = (line: number, note: string): Scope => ({
  line,
  note,
  settings: new Map(),
  specs: [],
  disabled: new Set(),
  enabled: new Set(),
});

function* hosts(text: string): Generator<Sighting> {
  const main = scope(1, 'main server');
  const virtual: Scope[] = [];
  let current = main;
  let line = 0;
  let joined = '';
  for (const raw of text.split('\n')) {
    line++;
    joined += raw.trim();
    if (joined.endsWith('\\')) {
      joined = joined.slice(0, -1);
      continue;
    }
    const whole = joined;
    joined = '';
    if (/^<VirtualHost\b/i.test(whole)) {
      current = scope(line, 'virtual host');
      virtual.push(current);
    } else if (/^<\/VirtualHost>/i.test(whole)) current = main;
    else take(current, whole, line);
  }
  const on = virtual.filter(
    (host) => /^on$/i.test(effective(host, main, 'sslengine')?.value ?? '') || host.settings.has('sslenable'),
  );
  const shown = on.length > 0 ? on : [main];
  for (const host of shown)
    yield* (host.specs.length > 0 || main.specs.length > 0 || host.settings.has('sslenable') ? ibm : modSsl)(
      host,
      main,
    );
}

function take(current: Scope, text: string, line: number): void {
  const found = /^(SSL\w+)(?:\s+(.*))?$/i.exec(text);
  if (!found) return;
  const name = found[1]!.toLowerCase();
  const value = (found[2] ?? '').trim().replaceAll(/^"|"$/g, '');
  const versions = versionsIn(value.split(/[\s,]+/));
  if (name === 'sslcipherspec') current.specs.push({ value, line });
  else if (name === 'sslprotocoldisable') for (const version of versions) current.disabled.add(version);
  else if (name === 'sslprotocolenable') for (const version of versions) current.enabled.add(version);
  else if (name === 'sslciphersuite' && /^TLSv1\.3\s/i.test(value)) {
    current.settings.set('sslciphersuite13', { value: value.replace(/^\S+\s+/, ''), line });
  } else if (name === 'sslopensslconfcmd') {
    const [command = '', ...rest] = value.split(/\s+/);
    current.settings.set(`conf ${command.toLowerCase()}`, { value: rest.join(' ').replaceAll('"', ''), line });
  } else current.settings.set(name, { value: name === 'sslciphersuite' ? value.replace(/^SSL\s+/i, '') : value, line });
}

function effective(host: Scope, main: Scope, name: string): Setting | undefined {
  return host.settings.get(name) ?? main.settings.get(name);
}

function* modSsl(host: Scope, main: Scope): Generator<Sighting> {
  const protocol = effective(host, main, 'sslprotocol');
  const ciphers = effective(host, main, 'sslciphersuite');
  const ciphersuites = effective(host, main, 'sslciphersuite13') ?? effective(host, main, 'conf ciphersuites');
  const curves =
    effective(host, main, 'conf curves') ??
    effective(host, main, 'conf groups') ??
    effective(host, main, 'conf ecdhparameters');
  yield* settingsSightings({
    versions: protocol && protocolSet(protocol.value),
    ...(protocol && { versionsLine: protocol.line }),
    ciphers: ciphers ?? { value: 'DEFAULT', line: host.line },
    ...(ciphersuites && { ciphersuites }),
    ...(curves && { curves }),
    dhe: { note: 'the parameters follow the certificate or its file' },
    line: host.line,
    note: host.note,
  });
}

/** `all -SSLv3 +TLSv1.2`: a bare word begins anew, as mod_ssl reads it. */
function protocolSet(value: string): Set<TlsVersion> {
  let versions = new Set<TlsVersion>();
  for (const word of value.split(/\s+/)) {
    const [, sign = '', name = ''] = /^([+-]?)(.*)$/.exec(word) ?? [];
    const named: Iterable<TlsVersion> = /^all$/i.test(name) ? versionRange('TLSv1.0') : versionsIn([name]);
    if (sign === '') versions = new Set(named);
    for (const version of named) {
      if (sign === '-') versions.delete(version);
      else versions.add(version);
    }
  }
  return versions;
}

/** IBM HTTP Server names suites one by one, with a protocol before them. */
function* ibm(host: Scope, main: Scope): Generator<Sighting> {
  const disabled = new Set([...main.disabled, ...host.disabled]);
  const enabled = new Set([...main.enabled, ...host.enabled]);
  const note = host.note;
  if (disabled.size === 0 && enabled.size === 0) {
    yield {
      layer: 'tls',
      role: 'offer',
      alg: 'TLS',
      state: 'not-tested',
      subject: { line: host.line },
      note: `${note}: the versions are left to a default`,
    };
  }
  const specs = host.specs.length > 0 ? host.specs : main.specs;
  const standing: readonly TlsVersion[] = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2'];
  const on = TLS_VERSIONS.filter(
    (version) => enabled.has(version) || (standing.includes(version) && !disabled.has(version)),
  );
  for (const { value, line } of specs) {
    const words = value.split(/\s+/);
    const version = tlsVersion(words[0]!.replace(/^TLSv1([0-3])$/i, 'TLSv1.$1'));
    for (const word of version ? words.slice(1) : words) {
      if (word.startsWith('-') || word === 'NONE' || word === 'ALL') continue;
      const name = word.replace(/^[+]/, '');
      const suite = registry().byName.get(name) ?? registry().byName.get(name.replace(/^SSL_/, 'TLS_'));
      for (const one of version ? [version] : on.filter((each) => (each === 'TLSv1.3') === (suite?.kx === 'any'))) {
        yield suite
          ? { layer: 'tls', role: 'offer', version: one, suite: suite.id, alg: suite.name, subject: { line }, note }
          : {
              layer: 'tls',
              role: 'offer',
              version: one,
              alg: 'cipher spec',
              state: 'not-tested',
              subject: { line },
              note: `${note}: a cipher spec that has no full name`,
            };
      }
    }
  }
  if (specs.length === 0)
    for (const version of on)
      yield { layer: 'tls', role: 'offer', version, alg: version, subject: { line: host.line }, note };
}
