import { namedGroup } from '../atom.ts';
import { evaluateCipherString } from '../cipher-string.ts';
import type { Sighting, TlsVersion } from '../observation.ts';
import { registry, type Suite } from '../registry.ts';

/** A directive's value with the line it stands on. */
export interface Setting {
  readonly value: string;
  readonly line: number;
}

/** TLS settings of one server or client, as a configuration file gives them. */
export interface TlsSettings {
  /** Versions that are on; undefined where the file leaves them to a default that depends on the program's version. */
  readonly versions: ReadonlySet<TlsVersion> | undefined;
  readonly versionsLine?: number;
  /** OpenSSL cipher string. */
  readonly ciphers: Setting;
  /** Names of TLS 1.3 suites, separated by colons. */
  readonly ciphersuites?: Setting;
  /** Groups separated by colons; undefined means the library's default. */
  readonly curves?: Setting;
  /** `off` where the program does no DHE without parameters; otherwise where the parameters come from. */
  readonly dhe: 'off' | { readonly group: string } | { readonly note: string };
  readonly line: number;
  readonly note: string;
}

export const TLS_VERSIONS: readonly TlsVersion[] = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** OpenSSL 1.1.1 and 3.0, where nothing is set. */
const DEFAULT_GROUPS = ['x25519', 'secp256r1', 'x448', 'secp521r1', 'secp384r1'];

/** `TLSv1`, `TLSv1.2`, `tls1.2`, `TLSV12`, `SSLv3`, `SSL_TLSv2` are what they mean; undefined for other words. */
export function tlsVersion(word: string): TlsVersion | undefined {
  const found = /^(ssl|tls)v?_?([123])(?:[._]?([0123]))?$/i.exec(word);
  if (!found) return undefined;
  const [, family, major, minor] = found;
  if (family!.toLowerCase() === 'ssl')
    return major === '2' || major === '3' ? (`SSLv${major}` as TlsVersion) : undefined;
  return major === '1' ? (`TLSv1.${minor ?? '0'}` as TlsVersion) : undefined;
}

/** The versions among some words. */
export function versionsIn(words: readonly string[]): TlsVersion[] {
  return words.map(tlsVersion).filter((version) => version !== undefined);
}

/** Versions from `min` to `max`, both included. */
export function versionRange(min: TlsVersion = 'SSLv3', max: TlsVersion = 'TLSv1.3'): Set<TlsVersion> {
  return new Set(TLS_VERSIONS.slice(TLS_VERSIONS.indexOf(min), TLS_VERSIONS.indexOf(max) + 1));
}

/** True if OpenSSL would use the suite under the version. */
export function suiteFits({ flags, kx, mode, mac }: Suite, version: TlsVersion): boolean {
  if (version === 'TLSv1.3') return kx === 'any';
  if (kx === 'any' || version === 'SSLv2') return false;
  if (version === 'TLSv1.2') return true;
  const recent = flags.endsWith('o2') || ['GCM', 'CCM', 'AEAD'].includes(mode) || /^SHA-(?:256|384)$/.test(mac);
  return !recent && (version !== 'SSLv3' || !flags.endsWith('o1'));
}

/** The suites, groups and gaps that settings amount to. Suites need keys too: PSK, SRP and DSS are left out. */
export function* settingsSightings(settings: TlsSettings): Generator<Sighting> {
  const { versions, ciphers, ciphersuites, curves, dhe, line, note } = settings;
  const unknown = (why: string, at = line): Sighting => ({
    layer: 'tls',
    role: 'offer',
    alg: 'TLS',
    state: 'not-tested',
    subject: { line: at },
    note: `${note}: ${why}`,
  });
  if (versions === undefined) yield unknown('the versions are left to a default that depends on the program');
  const modern = ciphersuites?.value.split(':').flatMap((name) => registry().byName.get(name)?.id ?? []);
  const { suites, historic, valid } = evaluateCipherString(ciphers.value, modern);
  if (!valid) yield unknown('OpenSSL 3.0 would refuse the cipher string', ciphers.line);
  const usable = [...suites, ...historic].filter(
    ({ auth, kx }) => auth !== 'PSK' && kx !== 'SRP' && auth !== 'DSA' && !(dhe === 'off' && kx === 'DHE'),
  );
  let finite = false;
  let elliptic = false;
  for (const version of TLS_VERSIONS) {
    if (!(versions ?? versionRange('TLSv1.2')).has(version)) continue;
    const fitting = usable.filter((suite) => suiteFits(suite, version));
    if (fitting.length === 0 && version < 'TLSv1.2') {
      yield {
        layer: 'tls',
        role: 'offer',
        version,
        alg: version,
        subject: { line: settings.versionsLine ?? line },
        note,
      };
    }
    for (const suite of fitting) {
      finite ||= suite.kx === 'DHE';
      elliptic ||= suite.kx === 'ECDHE' || suite.kx === 'any';
      const at = suite.kx === 'any' ? (ciphersuites?.line ?? line) : ciphers.line;
      yield { layer: 'tls', role: 'offer', version, suite: suite.id, alg: suite.name, subject: { line: at }, note };
    }
  }
  if (finite && dhe !== 'off') {
    const shape = { layer: 'tls', role: 'kex', alg: 'DHE', subject: { line } } as const;
    if ('group' in dhe) yield { ...shape, params: { group: dhe.group }, note };
    else yield { ...shape, state: 'not-tested', note: `${note}: ${dhe.note}` };
  }
  if (elliptic) yield* groupSightings(curves, line, note);
}

/** Groups by name, or the library's own. */
function* groupSightings(curves: Setting | undefined, line: number, note: string): Generator<Sighting> {
  const names = curves?.value.split(/[:,\s]+/).filter((name) => name !== '' && name !== 'auto') ?? [];
  const own = names.length === 0;
  for (const name of own ? DEFAULT_GROUPS : names) {
    const bare = name.replace(/^[?*-]/, '');
    const known = namedGroup(bare);
    yield {
      layer: 'tls',
      role: 'kex',
      alg: 'group',
      params: { group: known ? bare : 'unknown' },
      ...(known === undefined && { state: 'not-tested' as const }),
      subject: { line: curves?.line ?? line },
      note: own ? `${note}: default of OpenSSL 1.1.1 and 3.0` : note,
    };
  }
}
