import type { Sighting, TlsVersion } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { lastOf, type Section, sections } from './keyed.ts';
import { type Setting, settingsSightings, tlsVersion, versionRange, versionsIn } from './tls-settings.ts';

/** stunnel: every service, with the global part before it. */
export const stunnelAdapter: Adapter = {
  type: 'stunnel',
  version: '1',
  detect: ({ text }) =>
    /^[ \t]*\[[^\]\n]{1,200}\]/m.test(text) && /^[ \t]*accept\s*=/m.test(text) && /^[ \t]*connect\s*=/m.test(text),
  read: ({ text }) => {
    const [global, ...services] = sections(text, /^\s*[#;]/);
    return services.flatMap((service) => [...one(service, global!)]);
  },
};

function* one(service: Section, global: Section): Generator<Sighting> {
  const find = (key: string): Setting | undefined => lastOf(service, key) ?? lastOf(global, key);
  const exact = find('sslVersion');
  const min = find('sslVersionMin');
  const max = find('sslVersionMax');
  const versions =
    exact && !/^all$/i.test(exact.value)
      ? new Set(versionsIn([exact.value]))
      : versionRange(bound(min) ?? 'TLSv1.0', bound(max));
  const taken = [...global.entries, ...service.entries].filter(({ key }) => key === 'options');
  for (const { value } of taken) {
    const off = /^NO_(SSLv[23]|TLSv1(?:[._][123])?)$/i.exec(value)?.[1];
    if (off) versions.delete(tlsVersion(off.replace('_', '.')) as TlsVersion);
  }
  const known =
    exact !== undefined || bound(min) !== undefined || (!versions.has('TLSv1.0') && !versions.has('TLSv1.1'));
  const ciphersuites = find('ciphersuites');
  const curves = find('curves') ?? find('curve');
  yield* settingsSightings({
    versions: known ? versions : undefined,
    ciphers: find('ciphers') ?? { value: 'HIGH:!aNULL:!SSLv2:!DH:!kDHEPSK', line: service.line },
    ...(ciphersuites && { ciphersuites }),
    ...(curves && { curves }),
    dhe: { note: 'the parameters are in a file of their own, or made at run time' },
    line: service.line,
    note: `service ${service.name}`,
  });
}

function bound(setting: Setting | undefined): TlsVersion | undefined {
  return setting && (/^all$/i.test(setting.value) ? 'SSLv3' : tlsVersion(setting.value));
}
