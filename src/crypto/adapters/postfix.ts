import type { Sighting, TlsVersion } from '../observation.ts';
import type { Adapter } from '../observe.ts';
import { lastOf, type Section, sections } from './keyed.ts';
import { type Setting, settingsSightings, tlsVersion, versionRange, versionsIn } from './tls-settings.ts';

/** Postfix main.cf, server side and client side. */
export const postfixAdapter: Adapter = {
  type: 'postfix',
  version: '1',
  detect: ({ text }) => /^[ \t]*(?:smtpd?_tls_\w+|smtpd_use_tls|tls_(?:high|medium)_cipherlist)\s*=/m.test(text),
  read: ({ text }) => {
    // A line that begins with white space goes on with the one before it.
    const [file] = sections(text.replaceAll(/\r?\n[ \t]+(?=\S)/g, ' '), /^\s*#/);
    return ['smtpd', 'smtp']
      .filter((side) => file!.entries.some(({ key }) => key.startsWith(`${side}_tls_`)))
      .flatMap((side) => [...one(file!, side)]);
  },
};

/** TLS_README, default values of tls_*_cipherlist. */
const GRADES: Readonly<Record<string, string>> = {
  high: 'aNULL:-aNULL:HIGH:@STRENGTH',
  medium: 'aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH',
  low: 'aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH',
  export: 'aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH',
  null: 'eNULL:!aNULL',
};

function* one(file: Section, side: string): Generator<Sighting> {
  const find = (key: string): Setting | undefined => lastOf(file, `${side}_tls_${key}`);
  const level = find('security_level');
  const enforced =
    /^(?:encrypt|verify|secure|dane-only|fingerprint)$/.test(level?.value ?? '') ||
    /^yes$/i.test(lastOf(file, `${side}_enforce_tls`)?.value ?? '');
  const note = `${side}, ${enforced ? 'TLS enforced' : 'TLS where the peer agrees'}`;
  if (!enforced)
    yield {
      layer: 'plain',
      role: 'offer',
      alg: 'SMTP',
      subject: { line: level?.line ?? 1 },
      note: `${side}: mail also goes in clear`,
    };
  if (level?.value === 'none') return;
  const protocols = find(enforced ? 'mandatory_protocols' : 'protocols');
  const grade = find(enforced ? 'mandatory_ciphers' : 'ciphers');
  const own = lastOf(file, `tls_${grade?.value ?? 'medium'}_cipherlist`);
  const excluded = [find('exclude_ciphers'), enforced ? find('mandatory_exclude_ciphers') : undefined]
    .flatMap((setting) => setting?.value.split(/[\s,:]+/) ?? [])
    .filter((word) => word !== '');
  const line = protocols?.line ?? grade?.line ?? 1;
  const base = own?.value ?? GRADES[grade?.value ?? 'medium'] ?? GRADES['medium']!;
  const curves = lastOf(file, 'tls_eecdh_auto_curves');
  yield* settingsSightings({
    versions: protocols && protocolSet(protocols.value),
    versionsLine: line,
    // A grade that holds what no present library has is not refused for it.
    ciphers: { value: [base, ...excluded.map((word) => `!${word}`)].join(':'), line: grade?.line ?? line },
    ...(curves && { curves: { ...curves, value: curves.value.replaceAll(/\s+/g, ':') } }),
    dhe: { note: 'the parameters are built in or in a file of their own' },
    line,
    note,
  });
}

/** `!SSLv2, !SSLv3`, `TLSv1.2, TLSv1.3` or `>=TLSv1.2`. */
function protocolSet(value: string): Set<TlsVersion> {
  const words = value.split(/[\s,:]+/).filter((word) => word !== '');
  const range = words.map((word) => /^(>=|<=)(.*)$/.exec(word)).filter((found) => found !== null);
  if (range.length > 0) {
    const at = (sign: string) => tlsVersion(range.find((found) => found[1] === sign)?.[2] ?? '');
    return versionRange(at('>=') ?? 'SSLv3', at('<='));
  }
  const off = versionsIn(words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)));
  const on = versionsIn(words.filter((word) => !word.startsWith('!')));
  const versions = new Set(on.length > 0 ? on : versionRange('SSLv3'));
  for (const version of off) versions.delete(version);
  return versions;
}
